"""Taking edits back where the file's length, or what is open, has changed since."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.studio.state.test_session_labels import said
from tpwng_core.errors import OutputError
from tpwng_core.labels import LabelSegment, VideoLabels, label_path, read_labels
from tpwng_core.video import VideoIndex, index_video
from tpwng_studio.project.project import Project
from tpwng_studio.state.session import Session

OPEN = "test_fighting_000"
SHORTER = "test_fire_001"  # by nine frames


def kept(session: Session, video: str = OPEN) -> list[tuple[int, int, str]]:
    """What the file of labels says."""
    assert session.project is not None
    labels = read_labels(label_path(session.project.labels_dir, video))
    return [(item.start, item.end, item.state) for item in labels.segments]


@pytest.fixture
def whole(session: Session) -> VideoIndex:
    """The index of the open video, and two edits of it, the second one the last nine frames."""
    assert session.video is not None
    index = index_video(session.video.path)
    session.set_index(index)
    session.paint(10, 20, "normal")
    session.paint(index.num_frames - 9, index.num_frames, "abnormal")
    assert session.save()
    return index


@pytest.fixture
def shorter(session: Session, whole: VideoIndex) -> VideoIndex:
    """An index of the same path whose file is shorter now."""
    path = next(item.path for item in session.videos if item.id == SHORTER)
    index = replace(index_video(path), path=whole.path)
    assert index.num_frames == whole.num_frames - 9
    return index


def test_undo_takes_nothing_from_labels_that_a_shorter_file_cuts(
    session: Session, whole: VideoIndex, shorter: VideoIndex
) -> None:
    n = whole.num_frames
    session.set_index(shorter)
    assert said(session) == [(10, 20, "normal")]
    session.undo()
    assert session.save()
    assert kept(session) == [(10, 20, "normal")]
    session.redo()
    assert session.save()
    assert kept(session) == [(10, 20, "normal"), (n - 9, n, "abnormal")]
    session.set_index(whole)
    assert said(session) == [(10, 20, "normal"), (n - 9, n, "abnormal")]
    session.paint(30, 40, "normal")  # it fits again
    assert (30, 40, "normal") in said(session)


def test_undo_in_a_closed_video_is_made_of_all_of_its_labels(session: Session) -> None:
    assert session.video is not None
    longer = index_video(session.video.path)
    session.open_video(SHORTER)
    # Its file is longer than its curves, by which it is opened until the file has been read.
    session.set_index(replace(longer, path=session.video.path))
    session.paint(226, 230, "abnormal")
    session.paint(10, 20, "normal")
    session.open_video(OPEN)
    session.undo()
    assert session.video.id == SHORTER
    assert session.save()
    assert kept(session, SHORTER) == [(226, 230, "abnormal")]


def test_redo_in_a_file_that_has_become_shorter_raises_nothing_and_cuts_nothing(
    session: Session, whole: VideoIndex, shorter: VideoIndex
) -> None:
    n = whole.num_frames
    session.undo()
    session.undo()
    session.set_index(shorter)
    session.redo()
    session.redo()
    assert session.save()
    assert kept(session) == [(10, 20, "normal"), (n - 9, n, "abnormal")]


def test_labels_that_another_hand_changed_are_told_and_left_alone(
    session: Session, whole: VideoIndex
) -> None:
    assert session.project is not None
    assert session._book is not None
    heard: list[str] = []
    session.message.connect(lambda _, text: heard.append(text))
    other = session._book.get(OPEN)
    assert other is not None
    session._book.put(replace(other, segments=other.segments[:1]), "From elsewhere")
    session.undo()
    assert any("others than those that were edited" in text for text in heard)
    assert session.save()
    assert kept(session) == [(10, 20, "normal")]


def test_nothing_is_imported_over_labels_of_another_file(
    session: Session, whole: VideoIndex, shorter: VideoIndex
) -> None:
    before = kept(session)
    session.set_index(shorter)
    heard: list[str] = []
    session.message.connect(lambda _, text: heard.append(text))
    imported = replace(
        session.labels, segments=(LabelSegment(start=1, end=3, state="normal"),), category=None
    )
    session.import_labels([imported])
    assert any("relink the right file" in text for text in heard)
    session.save()
    assert kept(session) == before


def test_an_imported_category_of_a_closed_video_is_shown(session: Session) -> None:
    labels = VideoLabels(video=SHORTER, num_frames=224, fps=session.labels.fps, category="robbery")
    other = replace(labels, video=OPEN, num_frames=session.num_frames, category=None)
    session.import_labels([labels, other])
    assert next(item for item in session.videos if item.id == SHORTER).category == "robbery"
    session.undo()
    assert next(item for item in session.videos if item.id == SHORTER).category == "fire"


def test_sliders_that_could_not_be_written_are_written_the_next_time(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert session.project is not None
    saved: list[bool] = []
    session.saved.connect(lambda: saved.append(True))

    def full(_: Project) -> None:
        raise OutputError("the disk is full", "make room")

    with monkeypatch.context() as patch:
        patch.setattr(Project, "save", full)
        session.set_tuning(theta=0.77)
        assert not session.save()
    assert not saved
    assert session.save()
    assert saved
    folder: Path = session.project.folder
    session.close_project()
    session.open_project(folder)
    assert session.tuning.theta == 0.77


def test_a_handle_held_as_the_project_closed_holds_nothing_in_the_next(
    session: Session, qtbot
) -> None:
    assert session.project is not None
    folder = session.project.folder
    session.hold_tuning(True)
    session.close_project()
    session.open_project(folder)
    begun = session.tuning.theta
    session.set_tuning(theta=0.5)
    qtbot.waitUntil(lambda: not session._step_timer.isActive())
    session.set_tuning(theta=0.6)
    session.undo()
    assert session.tuning.theta == 0.5
    session.undo()
    assert session.tuning.theta == begun


def test_the_same_said_again_later_is_no_edit(session: Session) -> None:
    session.paint(10, 20, "normal")
    early = tuple(
        replace(item, time="2026-01-01T00:00:00+00:00") for item in session.labels.segments
    )
    session._put(replace(session.labels, segments=early), "As if long ago")
    last = session._history.last
    session.paint(10, 20, "normal")
    assert session._history.last is last
