"""After a crash: what was lost is shown, and restored or put aside as the user says."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tpwng_core.labels import Journal, LabelSegment, VideoLabels
from tpwng_studio.dialogs.recovery import RecoveryDialog, differences, summary
from tpwng_studio.project.project import Project
from tpwng_studio.state.session import Session

VIDEO = "test_fire_001"


@pytest.fixture
def crashed(qapp: QApplication, demo_project: Project) -> Iterator[Session]:
    """A session on a project whose journal has two edits that no file has."""
    first = Session()
    first.open_project(demo_project)
    first.open_video(VIDEO)
    blank = first.labels
    folder = demo_project.folder
    first.shutdown()
    journal = Journal(folder / "journal.jsonl")
    edited = blank.paint(LabelSegment(start=10, end=20, state="abnormal"))
    journal.append(edited, "Mark abnormal")
    journal.append(edited.paint(LabelSegment(start=30, end=40, state="normal")), "Mark normal")
    session = Session()
    session.open_project(folder)
    yield session
    session.shutdown()


def dialog_of(session: Session) -> RecoveryDialog:
    assert session.recovery is not None
    return RecoveryDialog(session, session.recovery)


def test_it_says_how_many_edits_of_which_video(crashed: Session, qtbot: QtBot) -> None:
    dialog = dialog_of(crashed)
    qtbot.addWidget(dialog)
    assert dialog.restore.text() == "Restore 2 edits made after the last save"
    model = dialog.table.model()
    row = [str(model.index(0, column).data()) for column in range(5)]
    assert row[:2] == [VIDEO, "2"]
    assert row[3] == "none"
    assert "abnormal 10–20" in row[4]


def test_restore_brings_them_back(crashed: Session) -> None:
    dialog = dialog_of(crashed)
    dialog.restore.click()
    crashed.open_video(VIDEO)
    assert [(s.start, s.end) for s in crashed.labels.segments] == [(10, 20), (30, 40)]
    assert crashed.recovery is None


def test_discard_leaves_the_labels_as_saved(crashed: Session) -> None:
    dialog = dialog_of(crashed)
    dialog.discard.click()
    crashed.open_video(VIDEO)
    assert crashed.labels.segments == ()
    assert crashed.recovery is None


def test_deciding_later_decides_nothing(crashed: Session) -> None:
    dialog = dialog_of(crashed)
    dialog.later.click()
    assert crashed.recovery is not None


def test_differences_name_what_came_and_what_went() -> None:
    before = VideoLabels(video="v", num_frames=100, fps=25).paint(  # type: ignore[arg-type]
        LabelSegment(start=0, end=10, state="normal")
    )
    after = before.erase(0, 100).paint(LabelSegment(start=5, end=9, state="unknown"))
    assert differences(before, after).splitlines() == ["+ 5–9 unknown ", "− 0–10 normal "]
    assert summary(after) == "1 segment, unknown 5–9"
