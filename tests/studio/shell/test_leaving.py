"""Leaving a project whose sliders cannot be written: the window asks before they are lost."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from tpwng_core.config import read_toml
from tpwng_core.errors import OutputError
from tpwng_studio.dialogs.closing import ClosingDialog
from tpwng_studio.dialogs.unkept import UnkeptDialog
from tpwng_studio.jobs.job import Job
from tpwng_studio.jobs.jobs import Jobs
from tpwng_studio.project.project import NAME, Project
from tpwng_studio.shell.main_window import MainWindow

THETA = 0.41


@pytest.fixture
def full(
    demo: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> Iterator[pytest.MonkeyPatch]:
    """The disk is full while a slider moves; undo this to make room."""

    def fail(project: Project) -> None:
        raise OutputError(f"cannot write {project.folder / NAME}: no space left")

    monkeypatch.setattr(Project, "save", fail)
    with qtbot.waitSignal(demo.session.message):
        demo.session.set_tuning(theta=THETA)
    assert demo.isWindowModified()
    yield monkeypatch
    monkeypatch.undo()  # before the window is closed for good


def asked(window: MainWindow) -> UnkeptDialog:
    found = [one for one in window.findChildren(UnkeptDialog) if one.isVisible()]
    assert len(found) == 1
    return found[0]


def answer(qtbot: QtBot, window: MainWindow, button: str) -> None:
    pressed: QPushButton = getattr(asked(window), button)
    qtbot.mouseClick(pressed, Qt.MouseButton.LeftButton)


def test_closing_asks_and_stays_where_sliders_would_be_lost(
    demo: MainWindow, full: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    assert not demo.close()
    project = demo.session.project
    assert project is not None
    assert str(project.folder) in asked(demo).text.text()
    answer(qtbot, demo, "stay")
    assert demo.isVisible()
    assert demo.session.tuning.theta == THETA


def test_closing_tries_again_and_closes_once_there_is_room(
    demo: MainWindow, demo_project: Project, full: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    demo.close()
    answer(qtbot, demo, "again")
    assert demo.isVisible()  # still no room, so it asks again
    full.undo()
    answer(qtbot, demo, "again")
    assert not demo.isVisible()
    assert read_toml(demo_project.folder / NAME)["tuning"]["theta"] == THETA


def test_a_person_may_let_the_sliders_go(
    demo: MainWindow, full: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    demo.close()
    answer(qtbot, demo, "lose")
    assert not demo.isVisible()


def test_who_let_them_go_but_stays_for_a_job_is_asked_again(
    demo: MainWindow, full: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    demo.close()
    with pytest.MonkeyPatch.context() as patch:  # a job began while the question stood there
        patch.setattr(Jobs, "running", [Job(id="1", verb="train", args={}, title="Train run-1")])
        answer(qtbot, demo, "lose")
        (closing,) = demo.findChildren(ClosingDialog)
        qtbot.mouseClick(closing.stay, Qt.MouseButton.LeftButton)
    demo.session.set_tuning(theta=THETA + 0.1)
    assert not demo.close()
    answer(qtbot, demo, "stay")
    assert demo.isVisible()


def test_nothing_is_asked_where_there_is_room_again(
    demo: MainWindow, demo_project: Project, full: pytest.MonkeyPatch
) -> None:
    full.undo()
    assert demo.close()
    assert read_toml(demo_project.folder / NAME)["tuning"]["theta"] == THETA


def test_closing_a_project_and_opening_another_ask_too(
    demo: MainWindow, full: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    demo.actions_by_id["file.close"].trigger()
    answer(qtbot, demo, "stay")
    assert demo.session.project is not None
    demo.projects.open_demo()
    answer(qtbot, demo, "stay")
    assert demo.session.project is not None
    demo.actions_by_id["file.close"].trigger()
    answer(qtbot, demo, "lose")
    assert demo.session.project is None
