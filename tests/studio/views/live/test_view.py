"""The live panel by clicks and keys, with a worker that says what the test wrote down."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.studio.live.test_watch_setup import look_back
from tests.studio.live_scripts import START, command, lost, metric
from tests.studio.scripted_worker import HEARD
from tpwng_studio import theme
from tpwng_studio.live.watch import Watch
from tpwng_studio.state.session import Session
from tpwng_studio.views.live import LiveView
from tpwng_studio.widgets.columns import column_borders

WAIT_MS = 20_000
HIGH = {"start_s": 4.0, "end_s": 4.0, "peak": 0.8}
Open = Callable[[list[dict[str, Any]]], LiveView]


@pytest.fixture
def begin(qtbot: QtBot, session: Session, tmp_path: Path) -> Iterator[Open]:
    """A panel on which a watch was started by typing and Return."""
    watches: list[Watch] = []

    def make(events: list[dict[str, Any]]) -> LiveView:
        assert session.project is not None
        assert session.project.checkpoint is not None
        able = look_back(session.project.checkpoint, tmp_path / "able.safetensors")
        watch = Watch(command(tmp_path, events))
        watches.append(watch)
        view = LiveView(session, watch)
        qtbot.addWidget(view)
        view.resize(560, 720)
        with qtbot.waitExposed(view):
            view.show()
        view.form.model.line.setText(str(able))
        view.set_up()
        qtbot.keyClicks(view.form.source.line, "rtsp://ada:secret@cam/1")
        qtbot.keyClick(view.form.source.line, Qt.Key.Key_Return)
        return view

    yield make
    for watch in watches:
        watch.shutdown()


def picture(path: Path, colour: str) -> Path:
    image = QImage(48, 32, QImage.Format.Format_RGB32)
    image.fill(QColor(colour))
    assert image.save(str(path))
    return path


def artifact(kind: str, path: Path) -> dict[str, Any]:
    return {"event": "artifact", "kind": kind, "path": str(path)}


def until(qtbot: QtBot, holds: Callable[[], bool]) -> None:
    qtbot.waitUntil(holds, timeout=WAIT_MS)


def test_the_form_gives_way_to_the_watch(qtbot: QtBot, begin: Open, tmp_path: Path) -> None:
    view = begin([*START, metric(1, 0.07, lag_s=0.25)])
    assert not view.is_setting_up
    monitor = view.monitor
    assert monitor.state.text() == "loading the model"
    assert monitor.source.text == "rtsp://ada:***@cam/1"
    until(qtbot, lambda: monitor.score.text() == "0.07")
    assert monitor.state.text() == "quiet"
    assert monitor.measures.text == "delay 0.25 s · 1 snippet"
    asked = json.loads((tmp_path / HEARD).read_text())["args"]
    assert asked["out"].endswith("live/alarms.jsonl")
    assert (asked["threshold"], asked["release"], asked["hold"]) == (0.5, 0.4, 2)


def test_an_alarm_is_listed_drawn_and_looked_at(qtbot: QtBot, begin: Open, tmp_path: Path) -> None:
    latest = picture(tmp_path / "latest.png", "blue")
    peak = picture(tmp_path / "peak.png", "red")
    events = [*START, artifact("picture", latest), metric(1, 0.1)]
    events += [artifact("alarm-picture", peak), metric(2, 0.8, alarm=HIGH), metric(3, 0.2)]
    view = begin(events)
    monitor, table = view.monitor, view.monitor.table
    until(qtbot, lambda: table.model().rowCount() == 1 and view._watch.num_snippets == 3)
    assert "1" in monitor.count.text()
    assert monitor.picture.image.pixelColor(3, 3) == QColor("blue")
    row = [table.model().index(0, column).data() for column in range(3)]
    assert row[2] == "0.80"
    where = table.visualRect(table.model().index(0, 1)).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert monitor.picture.image.pixelColor(3, 3) == QColor("red")
    assert "peak 0.80" in monitor.picture.accessibleDescription()
    qtbot.keyClick(table, Qt.Key.Key_Escape)
    assert monitor.picture.image.pixelColor(3, 3) == QColor("blue")
    assert monitor.latest.isHidden()


def test_the_state_of_an_alarm_is_said_in_words_and_colour(qtbot: QtBot, begin: Open) -> None:
    view = begin([*START, metric(2, 0.8, alarm=HIGH)])
    until(qtbot, lambda: view.monitor.state.text().startswith("ALARM since "))
    assert theme.current().abnormal_text.name() in view.monitor.state.styleSheet()


def test_alarms_are_hatched_on_the_chart(qtbot: QtBot, begin: Open) -> None:
    view = begin([*START, metric(1, 0.1), {"sleep": 0.6}, metric(2, 0.8, alarm=HIGH)])
    until(qtbot, lambda: view._watch.open_alarm is not None)
    chart = view.monitor.chart
    start, end = chart.extent()
    inside = chart.alarm_columns(column_borders(start, end, 400))
    assert inside[-1]
    assert not inside[0]
    shot = chart.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    rows = np.frombuffer(shot.constBits(), np.uint8).reshape(shot.height(), -1, 4)
    column = rows[20:-30, shot.width() - 12, :3]
    ground = theme.current().background
    tinted = (column != [ground.blue(), ground.green(), ground.red()]).any(axis=1)
    assert tinted.all()  # the whole height, not only a line
    assert len(np.unique(column, axis=0)) > 2  # strokes on it


def test_a_loss_is_told_with_its_count_and_reason(qtbot: QtBot, begin: Open) -> None:
    view = begin([*START, metric(1, 0.1), *lost(1), *lost(2), *lost(3)])
    monitor = view.monitor
    until(qtbot, lambda: monitor.state.text() == "connection lost, trying again (3)")
    assert "opening it again in 1 s" in monitor.detail.text()
    assert monitor.score.text() == "–"


def test_stop_and_a_new_watch_by_clicks(qtbot: QtBot, begin: Open) -> None:
    view = begin([*START, metric(1, 0.1)])
    until(qtbot, lambda: view.monitor.state.text() == "quiet")
    qtbot.mouseClick(view.monitor.stop, Qt.MouseButton.LeftButton)
    until(qtbot, lambda: view.monitor.state.text() == "stopped")
    assert view.monitor.stop.text() == "New watch…"
    qtbot.mouseClick(view.monitor.stop, Qt.MouseButton.LeftButton)
    assert view.is_setting_up
    assert view.form.source.line.text() == "rtsp://ada:secret@cam/1"


def test_a_crash_is_told(qtbot: QtBot, begin: Open) -> None:
    view = begin([*START, metric(1, 0.1), {"die": 9}])
    until(qtbot, lambda: view.monitor.state.text() == "failed")
    assert "ended with code 9 (Fatal: the decoder broke)" in view.monitor.detail.text()
    assert not view.monitor.detail.isHidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_window_of_time_is_chosen(
    qtbot: QtBot, qapp: QApplication, begin: Open, scheme: Any
) -> None:
    theme.apply(qapp, scheme)
    events = [{**metric(n, 0.1 * (n % 9)), "time": 1e6 + 30 * n} for n in range(1, 40)]
    view = begin([*START, *events, {"event": "finished", "summary": {}}])
    until(qtbot, lambda: view.monitor.state.text() == "the source ended")
    lengths = []
    for text in ("last 1 min", "last 5 min", "last hour"):
        box = view.monitor.window_length
        box.setFocus()
        box.setCurrentText(text)
        box.activated.emit(box.currentIndex())
        start, end = view.monitor.chart.extent()
        lengths.append((end - start) / 60_000)
        assert not view.monitor.chart.grab().isNull()
    assert lengths[:2] == [1, 5]
    assert lengths[2] == pytest.approx(39 * 0.5, abs=0.6)  # all there is
    theme.apply(qapp, "light")
