"""Where a file and people say different things, somebody is asked who wins."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialogButtonBox

from tpwng_studio.dialogs.import_labels import ImportDialog
from tpwng_studio.state.session import Session

HEAD = (
    "video,start_frame,end_frame,start_s,end_s,class,state,provenance,mean_score,max_score,reviewed"
)
LINES = (
    "test_fire_001,30,60,2.5,5.0,fire,abnormal,human,,,0",
    "test_fire_001,80,90,6.7,7.5,,normal,human,,,0",
    "stranger,1,5,0.1,0.2,,normal,human,,,0",
)
Open = Callable[..., ImportDialog]


@pytest.fixture
def opened(qtbot, session: Session, tmp_path: Path) -> Iterator[Open]:
    dialogs: list[ImportDialog] = []

    def make(*lines: str) -> ImportDialog:
        path = tmp_path / "labels.csv"
        path.write_text("\n".join([HEAD, *lines]) + "\n", encoding="utf-8")
        made = ImportDialog(session, [path])
        made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
        qtbot.addWidget(made)
        made.show()
        dialogs.append(made)
        qtbot.waitUntil(lambda: made.answer.text() != "Reading…")
        return made

    yield make
    for dialog in dialogs:
        dialog.close()


def press_import(qtbot, dialog: ImportDialog) -> None:
    button = dialog.buttons.button(QDialogButtonBox.StandardButton.Ok)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def places(session: Session) -> list[tuple[int, int, str]]:
    return [(item.start, item.end, item.state) for item in session.labels.segments]


def test_the_file_is_counted_against_the_project(opened: Open) -> None:
    dialog = opened(*LINES)
    assert "2 segments of 1 video of the project." in dialog.answer.text()
    assert "Not in the project: 1 video: stranger" in dialog.answer.text()
    assert dialog.table.topLevelItemCount() == 1


def test_imported_labels_are_one_undoable_step(qtbot, session: Session, opened: Open) -> None:
    press_import(qtbot, opened(*LINES))
    assert session.video is not None
    assert session.video.id == "test_fire_001"
    assert places(session) == [(30, 60, "abnormal"), (80, 90, "normal")]
    session.undo()
    assert places(session) == []


@pytest.mark.parametrize(
    ("mine_wins", "expected"),
    [
        (True, [(30, 50, "abnormal"), (50, 70, "unknown"), (80, 90, "normal")]),
        (False, [(30, 60, "abnormal"), (60, 70, "unknown"), (80, 90, "normal")]),
    ],
)
def test_who_wins_is_asked(
    qtbot, session: Session, opened: Open, mine_wins: bool, expected: list[tuple[int, int, str]]
) -> None:
    session.open_video("test_fire_001")
    session.paint(50, 70, "unknown")
    dialog = opened(*LINES)
    row = dialog.table.topLevelItem(0)
    assert row is not None
    assert row.text(3) == "10"
    (dialog.mine if mine_wins else dialog.theirs).click()
    press_import(qtbot, dialog)
    assert places(session) == expected


def test_a_broken_line_says_so_and_nothing_can_be_imported(opened: Open) -> None:
    dialog = opened("test_fire_001,30,soon,,,fire,abnormal,human,,,0")
    assert "soon" in dialog.answer.text()
    assert not dialog.buttons.button(QDialogButtonBox.StandardButton.Ok).isEnabled()


def test_another_format_reads_again(qtbot, opened: Open) -> None:
    dialog = opened(*LINES)
    dialog.format.setCurrentIndex(dialog.format.findData("ucf-crime"))
    qtbot.waitUntil(lambda: dialog.answer.text() != "Reading…")
    assert dialog.table.topLevelItemCount() == 0
    assert not dialog.buttons.button(QDialogButtonBox.StandardButton.Ok).isEnabled()
