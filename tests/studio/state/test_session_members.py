"""Videos go from the open project and come back, with all that was said of them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tpwng_core.errors import OutputError
from tpwng_core.labels import label_path, read_labels
from tpwng_core.review import ReviewItem
from tpwng_studio.project import project as project_module
from tpwng_studio.project.project import Project
from tpwng_studio.project.scanning import read_scans
from tpwng_studio.state.project_psi import ProjectPsi
from tpwng_studio.state.session import Session

OPEN = "test_fighting_000"
OTHER = "test_fire_001"


def ids(session: Session) -> list[str]:
    return [item.id for item in session.videos]


def opened(session: Session) -> str:
    return "" if session.video is None else session.video.id


@pytest.fixture
def heard(session: Session) -> list[tuple[str, str]]:
    """Messages, in order."""
    found: list[tuple[str, str]] = []
    session.message.connect(lambda level, text: found.append((level, text)))
    return found


def path_of(session: Session, video: str) -> Path:
    return next(item.path for item in session.videos if item.id == video)


def test_the_next_video_is_opened_and_nothing_is_deleted(
    session: Session, heard: list[tuple[str, str]]
) -> None:
    project = session.project
    assert project is not None
    before, path = ids(session), path_of(session, OPEN)
    session.paint(10, 20, "normal")  # not saved yet
    kept = {file for file in project.folder.rglob("*") if file.is_file()}
    assert session.take_out(OPEN)
    assert ids(session) == [video for video in before if video != OPEN]
    assert opened(session) == before[before.index(OPEN) + 1]
    assert path.is_file()
    assert kept - {project.journal} <= set(project.folder.rglob("*"))
    labels = read_labels(label_path(project.labels_dir, OPEN))
    assert [(one.start, one.end) for one in labels.segments] == [(10, 20)]
    assert session.num_unsaved == 0
    level, text = heard[-1]
    assert level == "info"
    assert text.startswith(f"{OPEN} is out of the project; its file and labels stay")


def test_added_again_it_has_its_labels_also_in_another_session(session: Session) -> None:
    assert session.project is not None
    folder, path = session.project.folder, path_of(session, OPEN)
    session.paint(10, 20, "normal")
    session.set_video_category("robbery")
    session.take_out(OPEN)
    session.close_project()
    session.open_project(folder)
    assert OPEN not in ids(session)
    assert session.add_videos([path]) == 1
    assert ids(session)[-1] == OPEN
    assert session.videos[-1].category == "robbery"
    assert session.videos[-1].progress > 0
    session.open_video(OPEN)
    assert [(one.start, one.end) for one in session.labels.segments] == [(10, 20)]
    assert session.scores is not None
    assert session.curves is not None


def test_undo_brings_it_back_to_its_place_and_goes_on_to_its_edits(
    session: Session, heard: list[tuple[str, str]]
) -> None:
    before = session.videos
    session.paint(10, 20, "normal")
    session.take_out(OPEN)
    session.open_video(OTHER)
    assert session.undo_text == f"Take {OPEN} out"
    session.undo()
    assert ids(session) == [item.id for item in before]
    assert opened(session) == OPEN
    assert heard[-1] == ("info", f"Undone: {OPEN} is in the project again")
    assert session.labels.segments
    session.undo()
    assert not session.labels.segments
    session.redo()
    session.redo()
    assert OPEN not in ids(session)
    assert heard[-1] == ("info", f"Redone: {OPEN} is out of the project")
    assert session.redo_text == ""


def test_a_closed_video_goes_and_the_open_one_stays(session: Session) -> None:
    session.seek(40)
    session.take_out(OTHER)
    assert opened(session) == OPEN
    assert session.playhead == 40
    assert OTHER not in ids(session)


def test_an_edit_of_a_video_that_is_out_is_refused_in_one_line(
    session: Session, heard: list[tuple[str, str]]
) -> None:
    """It was taken out, added again and edited; all is undone, then its going is redone."""
    path = path_of(session, OPEN)
    session.take_out(OPEN)
    session.add_videos([path])
    session.open_video(OPEN)
    session.paint(10, 20, "normal")
    session.undo()
    session.undo()  # it is there already
    assert OPEN in ids(session)
    session.redo()
    assert OPEN not in ids(session)
    session.redo()
    level, text = heard[-1]
    assert level == "warning"
    assert text == f"Mark normal: {OPEN} is out of the project. Add it again first"
    session.add_videos([path])
    session.redo()
    assert opened(session) == OPEN
    assert session.labels.segments


def test_the_last_of_the_list_gives_way_to_the_one_before(session: Session) -> None:
    *_, before, last = ids(session)
    session.open_video(last)
    session.take_out(last)
    assert opened(session) == before


def test_the_wish_which_one_comes_next_is_heard(session: Session) -> None:
    first = ids(session)[0]
    session.take_out(OPEN, then=first)
    assert opened(session) == first
    session.take_out(first, then=OPEN)  # that one is out
    assert opened(session) == ids(session)[0]


def test_a_project_may_be_emptied_and_filled_again(session: Session, qtbot: QtBot) -> None:
    before = ids(session)
    for video in before:
        assert session.take_out(video)
    assert session.videos == ()
    assert session.video is None
    assert session.num_frames == 0
    assert list(session.review_queue) == []
    assert session.project is not None
    folder = session.project.folder
    session.undo()
    assert ids(session) == [before[-1]]
    session.redo()
    session.close_project()
    session.open_project(folder)
    assert session.videos == ()
    session.add_videos([folder / "videos"])
    assert sorted(ids(session)) == sorted(before)


def test_whoever_hears_of_anything_finds_everything_fitting(session: Session) -> None:
    lengths: list[set[int]] = []

    def look(*_: object) -> None:
        assert session.video is None or session.video.id in ids(session)
        found = {session.effective.num_frames, session.labels.num_frames, session.num_frames}
        lengths.append(found | {session.pseudo_runs.num_frames})
        assert len(list(session.segments)) >= 0

    names = ("project", "videos", "video", "index", "curves", "derived", "labels", "selection")
    for name in (*names, "playhead", "agreement", "review", "mark", "tuning", "undo"):
        getattr(session, f"{name}_changed").connect(look)
    for video in ids(session):
        session.take_out(video)
    session.undo()
    assert len(lengths) > 30
    assert all(len(found) == 1 for found in lengths)


def test_the_review_queue_lists_it_no_more(session: Session, qtbot: QtBot) -> None:
    def others() -> list[ReviewItem]:
        return [item for item in session.review_queue if item.video != OPEN]

    qtbot.waitUntil(lambda: len({item.video for item in others()}) > 1)
    place = others()[0]
    session.go_to_review(place)
    with qtbot.waitSignal(session.review_changed):
        session.take_out(place.video)
    assert session.review_item is None
    assert session.review_queue
    assert all(item.video != place.video for item in session.review_queue)


def test_the_histogram_counts_it_no_more(session: Session, qtbot: QtBot) -> None:
    psi = ProjectPsi(session)
    with qtbot.waitSignal(psi.changed):
        pass
    before = len(psi.population.samples)
    with qtbot.waitSignal(psi.changed):
        session.take_out(OPEN)
    assert len(psi.population.samples) == before - 1


def test_what_is_known_of_its_file_stays(session: Session, qtbot: QtBot) -> None:
    assert session.project is not None
    folder = session.project.folder
    qtbot.waitUntil(lambda: len(read_scans(folder)) == 8)
    scan = read_scans(folder)[OPEN]
    with qtbot.waitSignal(session._scanner.finished):
        session.take_out(OPEN)
    assert read_scans(folder)[OPEN] == scan


def test_the_copy_of_a_video_that_is_out_is_no_duplicate(
    session: Session, qtbot: QtBot, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.mp4"
    shutil.copy(path_of(session, OTHER), copy)
    session.add_videos([copy])
    qtbot.waitUntil(lambda: session.videos[-1].badge == "duplicate")
    session.take_out(OTHER)
    qtbot.waitUntil(lambda: session.videos[-1].badge == "")


def test_the_first_video_of_a_project_without_any_is_opened(session: Session) -> None:
    paths = [item.path for item in session.videos]
    for video in ids(session):
        session.take_out(video)
    assert opened(session) == ""
    assert session.add_videos(paths[:2]) == 2
    assert opened(session) == ids(session)[0]
    session.add_videos(paths[2:])
    assert opened(session) == ids(session)[0]


def test_nothing_goes_from_a_project_that_is_read_only(
    session: Session, heard: list[tuple[str, str]]
) -> None:
    assert session.project is not None
    session.project.is_read_only = True
    session.project.why_read_only = "another window has it"
    assert not session.take_out(OPEN)
    assert heard == [("warning", "Read only: another window has it")]
    assert OPEN in ids(session)


@contextmanager
def a_full_disk_for_labels(session: Session, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Label files cannot be written meanwhile."""
    book = session._book
    assert book is not None

    def full() -> int:
        raise OutputError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(book, "save", full)
        yield


def test_nothing_goes_whose_edits_cannot_be_saved(
    session: Session, heard: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    session.paint(10, 20, "normal")
    with a_full_disk_for_labels(session, monkeypatch):
        assert not session.take_out(OPEN)
    assert heard[-1][0] == "error"
    assert OPEN in ids(session)
    assert session.undo_text == "Mark normal"


def test_nothing_goes_again_whose_edits_cannot_be_saved(
    session: Session, heard: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    session.paint(10, 20, "normal")
    session.take_out(OPEN)
    session.undo()
    session.undo()
    session.redo()  # an edit that is not saved yet
    with a_full_disk_for_labels(session, monkeypatch):
        session.redo()
    assert heard[-1][0] == "error"
    assert OPEN in ids(session)
    assert session.redo_text == f"Take {OPEN} out"
    session.redo()
    assert OPEN not in ids(session)
    assert session.num_unsaved == 0


def test_nothing_goes_where_the_projects_file_cannot_be_written(
    session: Session, heard: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OutputError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(project_module, "write_text", full)
        assert not session.take_out(OPEN)
    assert heard[-1] == ("error", f"{OPEN} stays in the project: the disk is full")
    assert opened(session) == OPEN
    assert session.undo_text == ""


def test_labels_of_a_manifest_stay_with_it(session: Session) -> None:
    assert session.records[OPEN].labels
    path, record = path_of(session, OPEN), session.records[OPEN]
    session.take_out(OPEN)
    assert OPEN not in session.records
    assert list(session.records_set_aside) == [record]
    session.add_videos([path])
    assert session.records[OPEN] == record
    assert list(session.records_set_aside) == []
    assert session.videos[-1].category == "|".join(record.labels)


def test_the_keys_of_categories_stay_when_the_last_video_of_one_goes(
    session: Session,
) -> None:
    assert session.project is not None
    session.project.link(checkpoint=None)
    session.reload_project()
    before = session.categories
    assert "fire" in before
    for video in [item.id for item in session.videos if item.category == "fire"]:
        session.take_out(video)
    assert session.categories == before


def test_the_project_opens_without_it(demo_project: Project, qtbot: QtBot) -> None:
    demo_project.take_out(demo_project.videos[0].id)
    session = Session()
    session.open_project(demo_project)
    assert len(session.videos) == 7
    session.shutdown()
