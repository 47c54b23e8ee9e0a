"""Labels reach the disk: the journal first, the file soon after, and nothing is lost between."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.core.drawn import labels_of
from tpwng_core.errors import ArtifactError, OutputError
from tpwng_core.labels import Journal, label_path, read_labels
from tpwng_studio.state.labelbook import LabelBook

ONE = labels_of(50, (0, 10, "abnormal"))
TWO = labels_of(50, (0, 10, "abnormal"), (20, 30, "normal"))


def book_in(folder: Path) -> LabelBook:
    return LabelBook(folder / "labels", folder / "journal.jsonl")


def test_a_change_is_in_the_journal_before_the_file(tmp_path: Path) -> None:
    book = book_in(tmp_path)
    assert book.get("drawn") is None
    book.put(ONE, "Mark")
    assert book.get("drawn") == ONE
    assert [entry.labels for entry in Journal(tmp_path / "journal.jsonl").entries()] == [ONE]
    assert not (tmp_path / "labels").exists()
    assert book.num_unsaved == 1


def test_saving_writes_the_file_and_forgets_the_journal(tmp_path: Path) -> None:
    book = book_in(tmp_path)
    book.put(ONE, "Mark")
    assert book.save() == 1
    assert book.save() == 0
    assert read_labels(label_path(tmp_path / "labels", "drawn")) == ONE
    assert not (tmp_path / "journal.jsonl").exists()
    assert book_in(tmp_path).get("drawn") == ONE
    assert book_in(tmp_path).lost() is None


def test_what_a_crash_left_is_counted_and_restored(tmp_path: Path) -> None:
    book = book_in(tmp_path)
    book.put(ONE, "Mark abnormal")
    book.save()
    book.put(labels_of(50), "Delete")
    book.put(TWO, "Mark normal")
    after = book_in(tmp_path)
    lost = after.lost()
    assert lost is not None
    assert lost.num_edits == 2
    (video,) = lost.videos
    assert (video.before, video.after, video.last) == (ONE, TWO, "Mark normal")
    after.restore(lost)
    assert book_in(tmp_path).get("drawn") == TWO
    assert book_in(tmp_path).lost() is None


def test_what_is_discarded_is_put_aside(tmp_path: Path) -> None:
    book_in(tmp_path).put(ONE, "Mark")
    after = book_in(tmp_path)
    assert after.lost() is not None
    after.discard()
    assert book_in(tmp_path).lost() is None
    assert (tmp_path / "journal.jsonl.discarded").is_file()
    after.put(TWO, "Mark again")
    assert book_in(tmp_path).lost() is not None


def test_a_crash_between_file_and_journal_loses_nothing_and_asks_nothing(tmp_path: Path) -> None:
    book = book_in(tmp_path)
    book.put(ONE, "Mark")
    journal = (tmp_path / "journal.jsonl").read_bytes()
    book.save()
    (tmp_path / "journal.jsonl").write_bytes(journal)
    assert book_in(tmp_path).lost() is None
    assert not (tmp_path / "journal.jsonl").exists()


def test_a_torn_last_line_is_not_an_edit(tmp_path: Path) -> None:
    book_in(tmp_path).put(ONE, "Mark")
    with (tmp_path / "journal.jsonl").open("ab") as stream:
        stream.write(b'{"seq": 2, "time": "2026')
    lost = book_in(tmp_path).lost()
    assert lost is not None
    assert lost.videos[0].after == ONE


@pytest.mark.parametrize("torn", [b"", b'{"seq": 1, "time": "2026'], ids=["empty", "torn"])
def test_a_crash_amid_the_first_line_leaves_no_journal(tmp_path: Path, torn: bytes) -> None:
    (tmp_path / "journal.jsonl").write_bytes(torn)
    assert book_in(tmp_path).lost() is None
    assert not (tmp_path / "journal.jsonl").exists()


def test_a_folder_that_cannot_be_written_keeps_the_journal(tmp_path: Path) -> None:
    book = book_in(tmp_path)
    book.put(ONE, "Mark")
    (tmp_path / "labels").write_text("in the way")
    with pytest.raises(OutputError, match="labels"):
        book.save()
    assert book.num_unsaved == 1
    (tmp_path / "labels").unlink()
    lost = book_in(tmp_path).lost()
    assert lost is not None
    assert lost.num_edits == 1


def test_a_journal_that_cannot_be_written_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "journal.jsonl").mkdir()
    book = book_in(tmp_path)
    with pytest.raises((OutputError, ArtifactError), match="journal"):
        book.put(ONE, "Mark")
    assert book.get("drawn") is None
    assert book.num_unsaved == 0
