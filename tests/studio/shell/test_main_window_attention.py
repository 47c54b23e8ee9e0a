"""What the detector looked at: by its key, in the window, from a real worker."""

from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tpwng_studio.shell.main_window import MainWindow

WAIT_MS = 60_000


def test_a_key_shows_attention_and_takes_it_off_again(qtbot: QtBot, demo: MainWindow) -> None:
    timeline, session = demo.timeline, demo.session
    session.seek(70)

    def press() -> None:
        qtbot.keyClick(timeline, Qt.Key.Key_A, Qt.KeyboardModifier.ShiftModifier)

    press()
    assert "attention" in timeline.scene.geometry.rows
    qtbot.waitUntil(lambda: "attention" in timeline.scene.content.curves, timeout=WAIT_MS)
    found = demo.attention.found
    assert found is not None
    assert abs(float(found.mean.sum()) - 1) < 1e-4
    score = timeline.scene.content.curves["score"]
    assert found.edges.tolist() == score.edges.tolist()
    start, end = found.edges[found.snippet : found.snippet + 2]
    assert start <= 70 < end
    press()
    assert "attention" not in timeline.scene.geometry.rows
