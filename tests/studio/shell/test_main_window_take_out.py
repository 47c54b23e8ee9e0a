"""A video is taken out of the project in the window, by its menus, and comes back by itself."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from tpwng_studio.actions.actions import BY_ID
from tpwng_studio.project.project import Project
from tpwng_studio.shell.main_window import MainWindow
from tpwng_studio.views.library.model import Column

_NONE = Qt.KeyboardModifier.NoModifier
_CTRL = Qt.KeyboardModifier.ControlModifier
LEFT = Qt.MouseButton.LeftButton
TAKE_OUT = "file.take_out"


def press(qtbot: QtBot, window: MainWindow, key: Qt.Key, modifier: object = _NONE) -> None:
    qtbot.keyClick(QApplication.focusWidget() or window, key, modifier)


def choose_in_the_file_menu(window: MainWindow, qtbot: QtBot) -> None:
    """Open the menu File and click on the action."""
    bar = window.menuBar()
    menu = next(a.menu() for a in bar.actions() if a.text() == "&File")
    assert isinstance(menu, QMenu)
    menu.popup(bar.mapToGlobal(QPoint(0, bar.height())))
    qtbot.waitUntil(menu.isVisible)
    place = menu.actionGeometry(window.actions_by_id[TAKE_OUT]).center()
    qtbot.mouseClick(menu, LEFT, pos=place)


def listed(window: MainWindow) -> list[str]:
    model = window.panels.library.table.model()
    return [str(model.index(row, Column.VIDEO).data()) for row in range(model.rowCount())]


def opened(window: MainWindow) -> str:
    return "" if window.session.video is None else window.session.video.id


def test_a_corrupt_file_goes_from_the_list_and_stays_on_the_disk(
    window: MainWindow, qtbot: QtBot, clips_and_a_broken_one: Path, tmp_path: Path
) -> None:
    broken = clips_and_a_broken_one / "broken.mp4"
    session, library = window.session, window.panels.library
    session.open_project(Project.create(tmp_path / "project", [broken.parent]))
    qtbot.waitUntil(lambda: "1 unreadable" in library.footer.text())
    index = library.table.model().index(listed(window).index("broken"), Column.VIDEO)
    where = library.table.visualRect(index).center()
    qtbot.mouseClick(library.table.viewport(), LEFT, pos=where)
    assert opened(window) == "broken"
    qtbot.waitUntil(lambda: "Take the video out of the project" in window.player._note())
    choose_in_the_file_menu(window, qtbot)
    assert listed(window) == ["test_fire_001", "test_normal_000"]
    assert opened(window) == "test_fire_001"
    assert library.footer.text() == "0/2 reviewed"
    assert window.stage.toast.text().startswith("broken is out of the project; its file and labels")
    assert broken.is_file()
    window.projects.take([broken])  # dropped on the window
    assert listed(window)[-1] == "broken"


def test_undo_and_redo_by_keys(demo: MainWindow, qtbot: QtBot) -> None:
    before = listed(demo)
    demo.session.set_mark(40, 49)
    press(qtbot, demo, Qt.Key.Key_N)
    choose_in_the_file_menu(demo, qtbot)
    assert "test_fire_001" not in listed(demo)
    assert demo.actions_by_id["edit.undo"].text() == "Undo Take test_fire_001 out"
    demo.timeline.setFocus()
    press(qtbot, demo, Qt.Key.Key_Z, _CTRL)
    assert listed(demo) == before
    assert opened(demo) == "test_fire_001"
    assert demo.stage.toast.text() == "Undone: test_fire_001 is in the project again"
    segment = demo.session.labels.segment_at(40)
    assert segment is not None
    press(qtbot, demo, Qt.Key.Key_Z, _CTRL)
    assert demo.session.labels.segment_at(40) is None
    press(qtbot, demo, Qt.Key.Key_Y, _CTRL)
    press(qtbot, demo, Qt.Key.Key_Y, _CTRL)
    assert "test_fire_001" not in listed(demo)


def test_an_emptied_project_says_what_to_do_and_can_be_undone(
    demo: MainWindow, qtbot: QtBot
) -> None:
    action = demo.actions_by_id[TAKE_OUT]
    for _ in range(8):
        assert action.isEnabled()
        action.trigger()
    library = demo.panels.library
    qtbot.waitUntil(library.empty.isVisible)
    assert "Drop a folder" in library.empty.text()
    assert library.footer.text() == "0/0 reviewed"
    assert opened(demo) == ""
    assert demo.player._note() == "No video open"
    assert demo.windowTitle() == "demo[*] – TPWNG Studio"
    assert not action.isEnabled()
    assert not demo.actions_by_id["play.toggle"].isEnabled()
    assert demo.stage.messages.isHidden()
    QTest.qWait(300)  # decoder, thumbnails, survey and histogram go on without a video
    for key in (Qt.Key.Key_Space, Qt.Key.Key_Tab, Qt.Key.Key_PageDown, Qt.Key.Key_Right):
        press(qtbot, demo, key)
    demo.timeline.setFocus()
    press(qtbot, demo, Qt.Key.Key_Z, _CTRL)
    assert len(listed(demo)) == 1
    qtbot.waitUntil(lambda: demo.session.index is not None)


def test_the_palette_finds_it_by_what_people_call_it(demo: MainWindow) -> None:
    from tpwng_studio.actions.synonyms import SYNONYMS

    assert BY_ID[TAKE_OUT].keys == ()
    assert "remove video" in SYNONYMS[TAKE_OUT]


def test_a_job_over_the_video_goes_on(demo: MainWindow, qtbot: QtBot) -> None:
    """What it makes lies in the project's folder for when the video comes back."""
    session, project = demo.session, demo.session.project
    assert project is not None
    path = project.folder / "videos/test_fire_001.mp4"
    feature = next(project.features_dir.glob("test_fire_001*"))
    feature.unlink()
    session.reload_curves()
    args = {"inputs": [str(path)], "out": str(project.features_dir), "clip": "demo", "stride": 8}
    job = demo.jobs.submit("extract", args, "Extract 1 video")
    session.take_out("test_fire_001")
    qtbot.waitUntil(lambda: not job.is_open, timeout=90_000)
    assert job.state == "done", job.error
    assert feature.is_file()
    assert "test_fire_001" not in listed(demo)
    session.undo()
    assert session.video is not None
    assert session.video.has_features
