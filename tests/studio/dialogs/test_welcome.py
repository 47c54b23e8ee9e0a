"""The first-run card and the form of a new project."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialogButtonBox, QPushButton
from pytestqt.qtbot import QtBot

from tpwng_studio.dialogs.new_project import NewProject, NewProjectDialog
from tpwng_studio.dialogs.welcome import WelcomeCard


@pytest.fixture
def videos(tmp_path: Path) -> Path:
    folder = tmp_path / "clips"
    folder.mkdir()
    return folder


def ok(dialog: NewProjectDialog) -> QPushButton:
    return dialog.buttons.button(QDialogButtonBox.StandardButton.Ok)


def test_three_doors_lead_where_they_say(qtbot: QtBot) -> None:
    card = WelcomeCard()
    qtbot.addWidget(card)
    card.show()
    for signal, button in (
        (card.folder_asked, card.folder),
        (card.project_asked, card.project),
        (card.demo_asked, card.demo),
    ):
        with qtbot.waitSignal(signal):
            qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(card.folder_asked):
        qtbot.mouseClick(card.zone, Qt.MouseButton.LeftButton)


def test_recent_projects_open_with_a_click(qtbot: QtBot, tmp_path: Path) -> None:
    card = WelcomeCard()
    qtbot.addWidget(card)
    card.show_recent([tmp_path / "one", tmp_path / "two"])
    card.show_recent([tmp_path / "one", tmp_path / "two"])
    button = next(b for b in card.findChildren(QPushButton) if b.text().startswith("two"))
    with qtbot.waitSignal(card.recent_asked) as asked:
        button.click()
    assert asked.args == [tmp_path / "two"]


def test_a_project_is_proposed_beside_its_videos(
    qtbot: QtBot, videos: Path, tmp_path: Path
) -> None:
    dialog = NewProjectDialog(videos, tmp_path / "data")
    qtbot.addWidget(dialog)
    assert dialog.folder.path == tmp_path / "clips project"
    assert ok(dialog).isEnabled()


def test_what_is_wrong_is_said_and_nothing_is_made(
    qtbot: QtBot, videos: Path, tmp_path: Path
) -> None:
    dialog = NewProjectDialog(videos, tmp_path / "data")
    qtbot.addWidget(dialog)
    dialog.links["manifest"].line.setText(str(tmp_path / "gone.csv"))
    assert not ok(dialog).isEnabled()
    assert "gone.csv" in dialog.note.text()
    dialog.links["manifest"].line.clear()
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "project.toml").write_text("")
    dialog.folder.line.setText(str(tmp_path / "there"))
    assert not ok(dialog).isEnabled()
    assert "project" in dialog.note.text()


def test_create_tells_what_is_wanted(qtbot: QtBot, videos: Path, tmp_path: Path) -> None:
    truth = tmp_path / "truth.txt"
    truth.write_text("")
    dialog = NewProjectDialog(videos, tmp_path / "data")
    dialog.links["ground_truth"].line.setText(str(truth))
    with qtbot.waitSignal(dialog.created) as created:
        ok(dialog).click()
    assert created.args == [
        NewProject(folder=tmp_path / "clips project", videos=videos, links={"ground_truth": truth})
    ]
