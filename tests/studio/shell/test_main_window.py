"""The window: what a person does with keys and mouse, on the demo."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot

from tpwng_studio.project.project import Project
from tpwng_studio.settings import Settings
from tpwng_studio.shell.main_window import MainWindow

_NONE = Qt.KeyboardModifier.NoModifier
_CTRL = Qt.KeyboardModifier.ControlModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier


def press(qtbot: QtBot, window: MainWindow, key: Qt.Key, modifier: object = _NONE) -> None:
    target = QApplication.focusWidget() or window
    qtbot.keyClick(target, key, modifier)


def dialog(window: QWidget, name: str) -> QDialog | None:
    return window.findChild(QDialog, name)


def test_without_a_project_there_is_the_card_and_nothing_to_edit(window: MainWindow) -> None:
    assert window.stage.welcome.isVisible()
    assert not window.layouts.is_shown
    assert not window.actions_by_id["file.export"].isEnabled()
    assert window.windowTitle() == "TPWNG Studio"


def test_a_project_brings_video_curves_and_panels(demo: MainWindow) -> None:
    assert demo.player.isVisible()
    assert demo.timeline.isVisible()
    assert not demo.layouts.docks["library"].isHidden()
    assert "test_fire_001" in demo.windowTitle()
    assert demo.settings.recent == [demo.session.project.folder]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("key", "modifier", "frame"),
    [
        (Qt.Key.Key_Right, _NONE, 51),
        (Qt.Key.Key_Comma, _NONE, 49),
        (Qt.Key.Key_Right, _SHIFT, 62),
        (Qt.Key.Key_Left, _SHIFT, 38),
        (Qt.Key.Key_Right, _CTRL, 170),
        (Qt.Key.Key_Home, _NONE, 0),
        (Qt.Key.Key_End, _NONE, 223),
    ],
)
def test_keys_move_the_playhead(
    demo: MainWindow, qtbot: QtBot, key: Qt.Key, modifier: object, frame: int
) -> None:
    demo.session.seek(50)
    press(qtbot, demo, key, modifier)
    assert demo.session.playhead == frame


def test_j_k_and_l_are_those_of_editing_programs(demo: MainWindow, qtbot: QtBot) -> None:
    playback = demo.playback
    demo.session.seek(150)
    seen = []
    for key in (
        *(Qt.Key.Key_K, Qt.Key.Key_L, Qt.Key.Key_L, Qt.Key.Key_K, Qt.Key.Key_J, Qt.Key.Key_J),
        *(Qt.Key.Key_L, Qt.Key.Key_K, Qt.Key.Key_Space, Qt.Key.Key_Space),
    ):
        press(qtbot, demo, key)
        seen.append(playback.speed if playback.is_playing else 0)
    assert seen == [0, 1, 2, 0, -1, -2, 1, 0, 1, 0]
    press(qtbot, demo, Qt.Key.Key_J, _SHIFT)
    assert playback.speed == 0.5
    press(qtbot, demo, Qt.Key.Key_J)
    qtbot.waitUntil(lambda: demo.session.playhead < 149)
    assert demo.player.transport.speed_button.text() == "\u22121x"
    press(qtbot, demo, Qt.Key.Key_K)
    assert demo.player.transport.speed_button.text() == "1x"


def test_a_segment_is_made_judged_split_and_undone_by_keys(demo: MainWindow, qtbot: QtBot) -> None:
    session = demo.session
    for frame, key in ((100, Qt.Key.Key_I), (119, Qt.Key.Key_O)):
        session.seek(frame)
        press(qtbot, demo, key)
    press(qtbot, demo, Qt.Key.Key_Return)
    assert [(s.start, s.end, s.state) for s in session.labels.segments] == [(100, 120, "abnormal")]
    press(qtbot, demo, Qt.Key.Key_U)
    assert session.labels.segments[0].state == "unknown"
    session.seek(110)
    press(qtbot, demo, Qt.Key.Key_S)
    press(qtbot, demo, Qt.Key.Key_N)
    assert {s.state for s in session.labels.segments} == {"unknown", "normal"}
    for _ in range(4):
        press(qtbot, demo, Qt.Key.Key_Z, _CTRL)
    assert session.labels.segments == ()


def test_what_is_marked_is_judged_before_what_is_selected_or_under_review(
    demo: MainWindow, qtbot: QtBot
) -> None:
    session = demo.session
    wanted = []
    for start, key, state in ((20, Qt.Key.Key_N, "normal"), (60, Qt.Key.Key_A, "abnormal")):
        session.set_mark(start, start + 9)
        press(qtbot, demo, key)
        wanted.append((start, start + 9, state))
        assert [(s.start, s.end, s.state) for s in session.labels.segments] == wanted
        assert session.mark == (None, None)
    press(qtbot, demo, Qt.Key.Key_Tab)
    item = session.review_item
    assert item is not None
    session.set_mark(0, 9)
    press(qtbot, demo, Qt.Key.Key_U)
    assert session.labels.segments[0].state == "unknown"
    assert session.review_item == item


def test_a_number_names_the_category(demo: MainWindow, qtbot: QtBot) -> None:
    press(qtbot, demo, Qt.Key.Key_Down)
    press(qtbot, demo, Qt.Key.Key_2)
    names = list(demo.session.categories)
    assert demo.session.selected is not None
    assert demo.session.selected.category == names[1]


def test_tab_goes_to_what_is_worth_a_look_and_a_judges_it(demo: MainWindow, qtbot: QtBot) -> None:
    session = demo.session
    press(qtbot, demo, Qt.Key.Key_Tab)
    item = session.review_item
    assert item is not None
    press(qtbot, demo, Qt.Key.Key_N)
    assert session.review_item != item
    session.open_video(item.video)
    judged = session.labels.segment_at(item.start)
    assert judged is not None
    assert judged.state == "normal"


def test_enter_agrees_with_what_is_under_review(demo: MainWindow, qtbot: QtBot) -> None:
    press(qtbot, demo, Qt.Key.Key_Tab)
    item = demo.session.review_item
    assert item is not None
    press(qtbot, demo, Qt.Key.Key_Return)
    assert demo.session.review_item != item
    demo.session.open_video(item.video)
    assert demo.session.labels.segment_at(item.start) is not None


def test_letters_typed_into_the_filter_change_no_label(demo: MainWindow, qtbot: QtBot) -> None:
    press(qtbot, demo, Qt.Key.Key_F, _CTRL)
    assert demo.panels.library.filter.hasFocus()
    qtbot.keyClicks(demo.panels.library.filter, "anus")
    assert demo.panels.library.filter.text() == "anus"
    assert demo.session.labels.segments == ()


@pytest.mark.parametrize(
    ("key", "modifier", "name"),
    [
        (Qt.Key.Key_G, _NONE, "goto"),
        (Qt.Key.Key_E, _CTRL, "export"),
        (Qt.Key.Key_Comma, _CTRL, "settings"),
        (Qt.Key.Key_P, _CTRL | _SHIFT, "palette"),
    ],
)
def test_dialogs_open_without_blocking_and_close(
    demo: MainWindow, qtbot: QtBot, key: Qt.Key, modifier: object, name: str
) -> None:
    press(qtbot, demo, key, modifier)
    opened = dialog(demo, name)
    assert opened is not None
    opened.close()
    qtbot.waitUntil(lambda: dialog(demo, name) is None)


def test_the_theme_follows_its_key_and_is_kept(demo: MainWindow, qtbot: QtBot) -> None:
    press(qtbot, demo, Qt.Key.Key_L, _CTRL | _SHIFT)
    first = demo.settings.scheme
    press(qtbot, demo, Qt.Key.Key_L, _CTRL | _SHIFT)
    assert {first, demo.settings.scheme} == {"light", "dark"}
    demo.settings.scheme = "light"


def test_changed_keys_hold_at_once(demo: MainWindow, qtbot: QtBot) -> None:
    demo.settings.keys = {"move.on": ("F7",)}
    press(qtbot, demo, Qt.Key.Key_F7)
    assert demo.session.playhead == 1


def drop(window: MainWindow, path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    event = QDropEvent(
        QPointF(300, 300), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, _NONE
    )
    window.dropEvent(event)


def test_a_dropped_project_is_opened(window: MainWindow, demo_project: Project) -> None:
    folder = demo_project.folder
    demo_project.close()
    drop(window, folder)
    assert window.session.project is not None
    assert window.session.project.folder == folder


def test_a_dropped_folder_becomes_a_project(
    window: MainWindow, demo_project: Project, qtbot: QtBot
) -> None:
    drop(window, demo_project.folder / "videos")
    form = dialog(window, "new_project")
    assert form is not None
    with qtbot.waitSignal(window.session.project_changed):
        form.accept()
    assert len(window.session.videos) == 8


def test_videos_dropped_on_a_project_come_into_it(demo: MainWindow, tmp_path: Path) -> None:
    extra = tmp_path / "extra"
    extra.mkdir()
    first = demo.session.videos[0].path
    for name in ("one.mp4", "two.mp4"):
        (extra / name).write_bytes(first.read_bytes())
    drop(demo, extra / "one.mp4")
    assert demo.session.videos[-1].id == "one"
    drop(demo, extra)
    assert [item.id for item in demo.session.videos[-2:]] == ["one", "two"]
    assert demo.stage.toast.text() == "One video was added"
    drop(demo, extra)
    assert demo.stage.toast.text() == "No video of these is new"


def test_what_cannot_be_opened_is_said_and_the_project_stays(
    demo: MainWindow, tmp_path: Path
) -> None:
    before = demo.session.project
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "project.toml").write_text("[project\n")
    demo.projects.open(broken)
    assert demo.session.project is before
    assert "project.toml" in demo.stage.messages.text.text()


def test_the_open_project_opened_again_stays_writable(demo: MainWindow) -> None:
    project = demo.session.project
    assert project is not None
    demo.projects.open(project.folder)
    demo.projects.take([project.folder])
    assert demo.session.project is project
    assert not demo.session.is_read_only
    assert not demo.stage.messages.isVisible()


def test_what_cannot_be_read_of_a_project_is_said(demo: MainWindow, tmp_path: Path) -> None:
    project = demo.session.project
    assert project is not None
    assert project.manifest is not None
    assert project.checkpoint is not None
    project.manifest.unlink()
    project.checkpoint.unlink()
    demo.session.message.emit("warning", "This was before")
    for read in (demo.session.reload_project, lambda: demo.projects.open(project.folder)):
        read()
        messages = demo.stage.messages
        assert str(project.checkpoint) in messages.text.text()
        messages.take_away()
        assert str(project.manifest) in messages.text.text()
        messages.take_away()
        assert not messages.isVisible()
    demo.session.close_project()
    demo.projects.open(project.folder)
    assert str(project.checkpoint) in demo.stage.messages.text.text()


def test_a_message_names_no_option_of_the_terminal(demo: MainWindow) -> None:
    said = "cannot write /a: No space left (free some space or choose another --out)"
    demo.session.message.emit("error", said)
    shown = demo.stage.messages.text.text()
    assert shown == "cannot write /a: No space left (free some space)"


def test_an_error_about_a_video_goes_when_another_one_is_opened(
    demo: MainWindow, qtbot: QtBot
) -> None:
    session, messages = demo.session, demo.stage.messages
    session.message.emit("warning", "The disk is nearly full")
    broken = next(item for item in session.videos if item.id == "test_robbery_004")
    broken.path.write_bytes(b"nothing that can be played")
    session.open_video(broken.id)
    qtbot.waitUntil(lambda: str(broken.path) in messages.text.text())
    session.open_video("test_accident_003")
    assert messages.text.text() == "The disk is nearly full"


@pytest.mark.parametrize("layout", ["review", "tune", "train"])
def test_at_1280_pixels_the_length_of_the_video_is_shown(
    demo: MainWindow, qtbot: QtBot, layout: str
) -> None:
    demo.resize(1280, 800)
    demo.choose_layout(layout)
    assert demo.width() == 1280
    qtbot.waitUntil(demo.player.transport.length.isVisible)
    assert demo.player.transport.length.text() == "/ 0:18.58"


def test_the_next_window_stands_as_the_last_one(
    demo: MainWindow, settings: Settings, qtbot: QtBot
) -> None:
    demo.choose_layout("tune")
    demo.player.set_veil("grey")
    demo.timeline.set_row_visible("s_normal", False)
    demo.resize(1100, 700)
    demo.close()
    again = MainWindow(settings)
    # The width would not fit the small screen of the offscreen platform.
    assert again.height() == 700
    assert again.layouts.name == "tune"
    assert again.player.canvas.veil == "grey"
    assert list(again.timeline.hidden_rows) == ["s_normal"]
    again.close()


def test_panels_that_float_close_with_the_window(demo: MainWindow) -> None:
    segments = demo.layouts.docks["segments"]
    segments.setFloating(True)
    assert segments.isVisible()
    demo.close()
    assert not segments.isVisible()


def test_torch_and_opencv_are_not_loaded_when_the_window_is_shown(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path;"
        "from tpwng_studio.app import make_app, make_window;"
        "from tpwng_studio.settings import Settings;"
        f"window = make_window(make_app(), Settings.in_file(Path({str(tmp_path / 's.ini')!r})));"
        "window.show();"
        "print([n for n in ('torch', 'open_clip', 'cv2', 'matplotlib') if n in sys.modules]);"
        "window.close()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout.strip() == "[]"
