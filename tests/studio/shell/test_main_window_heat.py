"""Where in the picture: by its key, in the window, from a real worker, for one frame at a time."""

from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tpwng_studio.shell.main_window import MainWindow

WAIT_MS = 150_000  # a worker loads torch; on a machine busy with other work that takes long


def test_a_key_shows_where_and_takes_it_off_again(qtbot: QtBot, demo: MainWindow) -> None:
    canvas, bar = demo.player.canvas, demo.player.heat_bar
    demo.session.seek(70)

    def press() -> None:
        qtbot.keyClick(demo.timeline, Qt.Key.Key_H, Qt.KeyboardModifier.ShiftModifier)

    press()
    assert bar.isVisible()
    qtbot.waitUntil(lambda: canvas.has_heat, timeout=WAIT_MS)
    assert bar.legend.text.startswith("patches that make the picture match “fire” · 8 x 8 grid")
    demo.session.step(1)
    assert not canvas.has_heat
    qtbot.waitUntil(lambda: canvas.has_heat, timeout=WAIT_MS)
    demo.session.open_video("test_normal_000")
    assert not canvas.has_heat
    assert "type what to look for" in bar.legend.text
    press()
    assert not demo.heat.is_on
    assert not bar.isVisible()
