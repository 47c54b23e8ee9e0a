"""Keeping: autosave, recovery after a crash, read-only windows, labels of another file."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.studio.state.test_session_labels import said
from tpwng_core.config import read_toml
from tpwng_core.labels import Journal, LabelSegment, VideoLabels, label_path, read_labels
from tpwng_studio.project.project import NAME, Project
from tpwng_studio.state.session import Session


@pytest.fixture
def crashed(demo_project: Project) -> Project:
    """A project with two edits that only the journal has."""
    labels = VideoLabels(video="test_fire_001", num_frames=224, fps=12)  # type: ignore[arg-type]
    journal = Journal(demo_project.journal)
    for start in (10, 40):
        labels = labels.paint(LabelSegment(start=start, end=start + 10, state="abnormal"))
        journal.append(labels, "Mark abnormal")
    return demo_project


@pytest.fixture
def restarted(qtbot: QtBot, crashed: Project) -> Session:
    session = Session()
    session.open_project(crashed)
    session.open_video("test_fire_001")
    return session


def test_edits_are_saved_soon_by_themselves(session: Session, qtbot: QtBot) -> None:
    session.set_autosave(0.05)
    with qtbot.waitSignal(session.saved):
        session.paint(0, 20, "normal")
        assert session.num_unsaved == 1
    assert session.num_unsaved == 0
    assert session.project is not None
    path = label_path(session.project.labels_dir, "test_fighting_000")
    assert read_labels(path) == session.labels
    assert not session.project.journal.exists()


def test_sliders_are_kept_long_before_labels_and_once_a_drag(
    session: Session, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = session.project
    assert project is not None
    written: list[float] = []
    save = Project.save

    def counted(saved: Project) -> None:
        written.append(saved.tuning.theta)
        save(saved)

    monkeypatch.setattr(Project, "save", counted)
    session.set_autosave(600)
    session.paint(0, 20, "normal")
    for theta in (0.41, 0.42, 0.43):
        session.set_tuning(theta=theta)
    assert written == []
    qtbot.waitUntil(lambda: bool(written))
    assert written == [0.43]
    assert session.num_unsaved == 1
    # what a window finds that opens the project after this one was killed
    assert read_toml(project.folder / NAME)["tuning"]["theta"] == 0.43


def test_another_video_and_closing_save_at_once(session: Session) -> None:
    assert session.project is not None
    folder = session.project.labels_dir
    session.paint(0, 20, "normal")
    session.open_video("test_fire_001")
    assert label_path(folder, "test_fighting_000").is_file()
    session.paint(0, 20, "normal")
    session.close_project()
    assert label_path(folder, "test_fire_001").is_file()


def test_who_edits_stands_in_the_labels(session: Session) -> None:
    session.set_author("ada")
    session.paint(0, 20, "normal")
    assert session.labels.segments[0].author == "ada"


def test_a_crash_is_told_and_nothing_is_edited_until_it_is_answered(restarted: Session) -> None:
    recovery = restarted.recovery
    assert recovery is not None
    assert (recovery.num_edits, recovery.videos[0].video) == (2, "test_fire_001")
    heard: list[str] = []
    restarted.message.connect(lambda _, text: heard.append(text))
    restarted.paint(0, 5, "normal")
    assert said(restarted) == []
    assert "Restore or discard" in heard[0]
    restarted.shutdown()


def test_restoring_brings_the_edits_back(restarted: Session) -> None:
    restarted.restore_recovery()
    assert said(restarted) == [(10, 20, "abnormal"), (40, 50, "abnormal")]
    assert restarted.recovery is None
    assert restarted.video is not None
    assert restarted.video.progress > 0
    restarted.paint(0, 5, "normal")
    assert len(said(restarted)) == 3
    restarted.shutdown()


def test_discarding_leaves_the_files_and_puts_the_journal_aside(restarted: Session) -> None:
    restarted.discard_recovery()
    assert said(restarted) == []
    assert restarted.project is not None
    assert (restarted.project.folder / "journal.jsonl.discarded").is_file()
    restarted.paint(0, 5, "normal")
    restarted.undo()
    restarted.shutdown()


def test_closing_without_an_answer_asks_again(restarted: Session) -> None:
    assert restarted.project is not None
    folder = restarted.project.folder
    restarted.close_project()
    restarted.open_project(folder)
    assert restarted.recovery is not None
    assert restarted.recovery.num_edits == 2
    restarted.shutdown()


def test_a_second_window_reads_and_neither_edits_nor_recovers(
    session: Session, qtbot: QtBot
) -> None:
    assert session.project is not None
    session.paint(0, 20, "normal")
    session.save()
    session.paint(30, 40, "normal")
    other = Session()
    heard: list[str] = []
    other.message.connect(lambda _, text: heard.append(text))
    other.open_project(session.project.folder)
    assert other.is_read_only
    assert "Read only" in heard[0]
    other.open_video("test_fighting_000")
    assert other.recovery is None
    assert said(other) == [(0, 20, "normal")]
    other.set_tuning(theta=0.9)
    other.accept_pseudo_labels()
    assert other.save() is False
    other.shutdown()
    assert session.project.journal.exists()
    session.undo()
    assert said(session) == [(0, 20, "normal")]


def test_labels_of_a_file_of_another_length_are_shown_and_not_edited(
    session: Session, tmp_path: Path
) -> None:
    assert session.project is not None
    folder = session.project.folder
    session.paint(220, 230, "normal")
    session.close_project()
    path = label_path(folder / "labels", "test_fighting_000")
    path.write_text(path.read_text().replace('"num_frames": 233', '"num_frames": 500'))
    heard: list[str] = []
    session.message.connect(lambda _, text: heard.append(text))
    session.open_project(folder)
    session.open_video("test_fighting_000")
    assert said(session) == [(220, 230, "normal")]
    session.paint(0, 5, "normal")
    assert any("500 frames, the video has 233" in text for text in heard)
    assert said(session) == [(220, 230, "normal")]


def test_damaged_labels_are_told_and_never_overwritten(session: Session) -> None:
    assert session.project is not None
    folder = session.project.folder
    session.close_project()
    path = label_path(folder / "labels", "test_fighting_000")
    path.parent.mkdir(exist_ok=True)
    path.write_text("{ torn")
    heard: list[str] = []
    session.message.connect(lambda _, text: heard.append(text))
    session.open_project(folder)
    session.open_video("test_fighting_000")
    session.paint(0, 5, "normal")
    assert any("is damaged" in text for text in heard)
    session.save()
    assert path.read_text() == "{ torn"


def test_reviewed_turns_to_changed_when_parameters_alter_what_holds(
    session: Session, qtbot: QtBot
) -> None:
    session.toggle_reviewed()
    assert session.video is not None
    assert session.video.reviewed
    assert not session.video.is_changed
    session.set_tuning(theta=0.2)
    session.settle()
    assert session.video.is_changed
    session.set_tuning(theta=0.55)
    session.settle()
    assert not session.video.is_changed
    session.set_tuning(theta=0.2)
    session.settle()
    session.toggle_reviewed()
    assert session.video.reviewed
    assert not session.video.is_changed
    session.toggle_reviewed()
    assert not session.video.reviewed


def test_reviewed_videos_are_compared_also_while_closed(session: Session, qtbot: QtBot) -> None:
    session.toggle_reviewed()
    assert session.project is not None
    folder = session.project.folder
    session.close_project()
    session.open_project(folder)
    session.set_tuning(theta=0.2)

    def is_changed() -> bool:
        return any(item.is_changed for item in session.videos if item.id == "test_fighting_000")

    qtbot.waitUntil(is_changed)
    session.set_tuning(theta=0.55)
    qtbot.waitUntil(lambda: not is_changed())


def test_a_full_disk_refuses_the_edit_and_says_so(session: Session) -> None:
    assert session.project is not None
    session.project.journal.mkdir()
    heard: list[tuple[str, str]] = []
    session.message.connect(lambda level, text: heard.append((level, text)))
    session.paint(0, 20, "normal")
    assert said(session) == []
    assert heard[0][0] == "error"
    assert not session.undo_text
    session.project.journal.rmdir()
    session.paint(0, 20, "normal")
    assert said(session) == [(0, 20, "normal")]
