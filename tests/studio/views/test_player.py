"""The player shows what the session says, and tells the session what somebody wants."""

from __future__ import annotations

from fractions import Fraction

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton, QWidget

from tpwng_studio.playing.decode_work import Shown
from tpwng_studio.playing.playback import Playback
from tpwng_studio.state.clock import Clock
from tpwng_studio.views.player import PlayerView


@pytest.fixture
def playback(session):
    playback = Playback(session, make_sink=lambda: None)
    yield playback
    playback.shutdown()


@pytest.fixture
def player(qtbot, session, playback):
    player = PlayerView(session, playback)
    qtbot.addWidget(player)
    player.resize(760, 480)
    player.show()
    qtbot.waitUntil(lambda: playback.shown is not None)
    return player


def press(qtbot, player, name):
    qtbot.mouseClick(player.findChild(QToolButton, name), Qt.MouseButton.LeftButton)


def said(player):
    return player.canvas.accessibleDescription()


def test_the_open_video_is_shown_with_its_reading(player, session):
    assert not player.canvas.image.isNull()
    assert "ψ" in said(player)
    assert player.header.category.currentText() == "fighting"


def test_buttons_move_the_playhead(qtbot, player, session):
    for name, place in (("last", 232), ("first", 0), ("on", 1), ("on_1s", 13), ("back", 12),
                        ("back_1s", 0)):  # fmt: skip
        press(qtbot, player, name)
        assert session.playhead == place


def test_play_and_pause(qtbot, player, playback):
    press(qtbot, player, "play")
    assert playback.is_playing
    press(qtbot, player, "play")
    assert not playback.is_playing


@pytest.mark.parametrize(
    ("words", "frame"), [("100", 100), ("f7", 7), ("2s", 24), ("0:05", 60), ("99999", 232)]
)
def test_a_place_can_be_typed(qtbot, player, session, words, frame):
    place = player.transport.place
    qtbot.mouseClick(place, Qt.MouseButton.LeftButton)
    place.selectAll()
    qtbot.keyClicks(place, words)
    qtbot.keyClick(place, Qt.Key.Key_Return)
    assert session.playhead == frame
    assert place.text().endswith(f"f{frame}")
    assert not place.hasFocus()


def test_what_is_no_place_is_told_and_moves_nothing(qtbot, player, session):
    session.seek(50)
    place = player.transport.place
    place.selectAll()
    qtbot.keyClicks(place, "soon")
    with qtbot.waitSignal(session.message) as message:
        qtbot.keyClick(place, Qt.Key.Key_Return)
    assert "soon" in message.args[1]
    assert session.playhead == 50


def test_escape_gives_up_typing(qtbot, player, session):
    place = player.transport.place
    player.activateWindow()
    qtbot.waitUntil(player.isActiveWindow)
    place.setFocus()
    place.selectAll()
    qtbot.keyClicks(place, "120")
    qtbot.keyClick(place, Qt.Key.Key_Escape)
    assert session.playhead == 0
    assert place.text().endswith("f0")


def test_the_place_follows_the_playhead(player, session):
    session.seek(24)
    assert player.transport.place.text() == "0:02.00  f24"


def test_naming_the_category_reaches_the_session(player, session):
    box = player.header.category
    choice = box.findData("fire")
    assert choice > 0
    box.setCurrentIndex(choice)
    box.activated.emit(choice)
    assert session.labels.category == "fire"
    assert session.video.category == "fire"
    assert box.currentData() == "fire"
    session.undo()
    assert box.currentIndex() == 0
    assert box.currentText() == "fighting"


def test_the_picture_can_be_hidden_and_its_words_taken_off(qtbot, player):
    player.toggle_blur()
    assert player.canvas.veil == "blur"
    assert player.transport.veil_button.isChecked()
    press(qtbot, player, "veil")
    assert player.canvas.veil == "none"
    player.transport._choose_kind("grey")
    assert player.canvas.veil == "grey"
    player.toggle_blur()
    player.toggle_blur()
    assert player.canvas.veil == "grey"
    player.toggle_overlay()
    assert "ψ" not in said(player)
    player.toggle_overlay()
    assert "ψ" in said(player)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"is_approximate": True, "frame": 30}, "≈ frame 30"),
        ({"fault": "damaged"}, "DAMAGED FRAME"),
        (
            {"fault": "missing", "wanted": 5, "frame": 4, "is_approximate": True},
            "FRAME 5 CANNOT BE DECODED, this is frame 4",
        ),
    ],
)
def test_faults_and_stand_ins_are_said_even_without_the_overlay(player, playback, changes, words):
    player.toggle_overlay()
    image = player.canvas.image
    playback._show(Shown(**{"image": image, "frame": 0, "wanted": 0, **changes}))
    assert words in said(player)


def test_a_video_that_cannot_be_read_says_why(player, playback):
    playback._forget()
    player._show_video()
    playback._fail("broken.mp4 is empty (copy or download it again)")
    assert "broken.mp4 is empty" in said(player)
    assert player.canvas.image.isNull()


def test_another_video_replaces_everything(qtbot, player, session, playback):
    session.seek(100)
    session.open_video("test_normal_000")
    assert player.canvas.image.isNull()
    qtbot.waitUntil(lambda: not player.canvas.image.isNull())
    assert player.header.category.currentText() == "normal"
    assert player.transport.place.text().endswith("f0")
    assert "normal video" in said(player)


def test_only_a_video_that_takes_long_says_that_it_is_being_read(qtbot, player, playback):
    playback._forget()
    player._show_video()
    assert said(player) == ""
    qtbot.waitUntil(lambda: "Reading the video" in said(player))


def test_speed_and_loop_are_shown(qtbot, player, playback, session):
    playback.set_speed(4)
    assert player.findChild(QToolButton, "speed").text() == "4x"
    session.paint(20, 40, "abnormal")
    session.select(session.segments[0])
    press(qtbot, player, "loop")
    assert playback.loop is not None
    assert player.findChild(QToolButton, "loop").isChecked()
    press(qtbot, player, "loop")
    assert playback.loop is None


def test_silence_is_explained(player, playback):
    assert player.transport.mute_button.toolTip() == playback.sound.note != ""
    assert not player.transport.volume.isEnabled()


def test_every_control_has_an_accessible_name(player):
    for control in (*player.findChildren(QToolButton), player.transport.place,
                    player.transport.volume, player.header.category):  # fmt: skip
        assert control.accessibleName() or control.objectName() == "qt_toolbar_ext_button"


def test_nothing_is_cut_off_in_a_small_window(qtbot, player):
    assert player.minimumSizeHint().width() <= 480
    for width in (player.minimumSizeHint().width(), 520, 560, 640, 900):
        player.resize(width, 300)
        qtbot.wait(10)
        shown = [part for part in player.transport.findChildren(QWidget) if part.isVisible()]
        assert {"play", "back", "on", "place", "speed"} <= {part.objectName() for part in shown}
        for part in shown:
            assert player.transport.rect().contains(part.geometry())
            assert part.width() >= part.minimumSizeHint().width()
    assert player.transport.volume.isVisible()


def test_the_length_is_shown_also_of_a_long_video_opened_in_a_narrow_window(
    qtbot, player, session, monkeypatch
):
    player.resize(560, 300)
    long = Clock(num_frames=250_000, fps=Fraction(30))
    monkeypatch.setattr(session, "_clock", long)  # the file itself would take hours to draw
    player.transport.show_place()
    qtbot.wait(10)
    shown = [part for part in player.transport.findChildren(QWidget) if part.isVisible()]
    assert player.transport.length in shown
    assert player.transport.length.text() == "/ 2:18:53.30"
    for part in shown:
        assert player.transport.rect().contains(part.geometry())
        assert part.width() >= part.minimumSizeHint().width()


def test_a_video_that_is_gone_says_how_to_find_it(qtbot, player, session, tmp_path):
    gone = next(item for item in session.videos if item.id == "test_fire_001")
    gone.path.rename(tmp_path / "elsewhere.mp4")
    session.open_video(gone.id)
    qtbot.waitUntil(lambda: "Find moved videos" in said(player))
