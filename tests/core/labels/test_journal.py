"""The journal keeps every change that returned, wherever a crash cuts the file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.core.labels.samples import empty, labels
from tpwng_core.errors import ArtifactError, OutputError
from tpwng_core.labels import Journal

_REUSED_FOLDER = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


def fill(path: Path, changes) -> bytes:
    journal = Journal(path)
    journal.clear()
    for number, change in enumerate(changes):
        journal.append(change, f'edit {number}\n"ü"')
    return path.read_bytes() if path.exists() else b""


@_REUSED_FOLDER
@given(st.lists(labels(), max_size=4))
def test_changes_come_back_in_order(tmp_path: Path, changes) -> None:
    path = tmp_path / "journal.jsonl"
    fill(path, changes)
    entries = Journal(path).entries()
    assert [entry.labels for entry in entries] == changes
    assert [entry.seq for entry in entries] == list(range(1, len(changes) + 1))
    assert all(entry.what == f'edit {index}\n"ü"' for index, entry in enumerate(entries))


@_REUSED_FOLDER
@given(st.lists(labels(), min_size=1, max_size=3), st.floats(0, 1), labels())
def test_a_cut_anywhere_loses_at_most_the_torn_line(tmp_path: Path, changes, where, later) -> None:
    path = tmp_path / "journal.jsonl"
    data = fill(path, changes)
    cut = round(where * len(data))
    path.write_bytes(data[:cut])
    num_whole = data[:cut].count(b"\n")
    assert [entry.labels for entry in Journal(path).entries()] == changes[:num_whole]
    Journal(path).append(later, "after the crash")
    again = Journal(path).entries()
    assert [entry.labels for entry in again] == [*changes[:num_whole], later]
    assert again[-1].seq == num_whole + 1


def test_every_single_cut_of_one_journal(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    data = fill(path, [empty(), replace(empty(), reviewed=True)])
    for cut in range(len(data) + 1):
        path.write_bytes(data[:cut])
        assert len(Journal(path).entries()) == data[:cut].count(b"\n")


def test_zeros_that_a_power_cut_leaves_are_a_torn_line(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    path.write_bytes(fill(path, [empty()]) + b"\0" * 100)
    assert len(Journal(path).entries()) == 1


def test_damage_in_the_middle_is_told(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    data = fill(path, [empty(), empty()])
    path.write_bytes(b"x" + data)
    with pytest.raises(ArtifactError, match="line 1 is damaged"):
        Journal(path).entries()


def test_a_cleared_journal_counts_from_one_again(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.jsonl")
    journal.clear()
    journal.append(empty(), "a")
    journal.clear()
    assert journal.entries() == []
    journal.append(empty(), "b")
    assert [(entry.seq, entry.what) for entry in journal.entries()] == [(1, "b")]


def test_a_journal_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(OutputError, match="cannot write"):
        Journal(tmp_path / "file" / "journal.jsonl").append(empty(), "a")
