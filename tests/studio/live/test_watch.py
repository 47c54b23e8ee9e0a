"""The watch by what a worker says: states, alarms, losses, crashes, and that it can be ended."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from tests.studio.live_scripts import START, command, lost, metric, wish
from tests.studio.scripted_worker import HEARD
from tpwng_studio.live.watch import ALARMS_KEPT, Watch
from tpwng_studio.live.watch_words import (
    detail_words,
    length_words,
    measure_words,
    source_words,
    state_words,
)

Start = Callable[..., Watch]
WAIT_MS = 20_000


@pytest.fixture
def start(qapp: object, tmp_path: Path) -> Iterator[Start]:
    made: list[Watch] = []

    def begin(events: list[dict[str, Any]], source: str = "rtsp://ada:secret@cam/1") -> Watch:
        watch = Watch(command(tmp_path, events))
        made.append(watch)
        watch.start(wish(tmp_path, source))
        return watch

    yield begin
    for watch in made:
        watch.shutdown()


def until(qtbot: QtBot, holds: Callable[[], bool]) -> None:
    qtbot.waitUntil(holds, timeout=WAIT_MS)


def test_from_quiet_to_alarm_and_back(qtbot: QtBot, start: Start, tmp_path: Path) -> None:
    rise = ((2, 0.7), (3, 0.9), (3, 0.9))
    high = [{"start_s": 4.0, "end_s": 2.0 * n, "peak": peak} for n, peak in rise]
    picture = {"event": "artifact", "kind": "alarm-picture", "path": str(tmp_path / "a.jpg")}
    events = [*START, metric(1, 0.1, lag_s=0.25), picture, metric(2, 0.7, alarm=high[0])]
    events += [picture, metric(3, 0.9, alarm=high[1]), metric(4, 0.2, alarm=high[2])]
    stamped = [{**event, "time": 1000.0 + 2 * n} for n, event in enumerate(events)]
    watch = start(stamped)
    began: list[Any] = []
    watch.alarm_began.connect(began.append)
    assert state_words(watch) == "loading the model"
    until(qtbot, lambda: watch.num_snippets == 4)
    assert watch.state == "alarm"
    (alarm,) = watch.alarms
    assert began == [alarm]
    assert (alarm.peak, alarm.is_open, alarm.picture) == (0.9, True, tmp_path / "a.jpg")
    # from the place of the first high snippet to the one behind the last
    assert alarm.start_ms == 1000 * 1008
    assert alarm.end_ms == 1000 * 1014
    assert length_words(alarm) == "6.00 s …"
    assert state_words(watch).startswith("ALARM since ")
    assert source_words(watch) == "rtsp://ada:***@cam/1"
    asked = json.loads((tmp_path / HEARD).read_text().splitlines()[0])
    assert asked["verb"] == "watch"
    assert asked["args"]["source"] == "rtsp://ada:secret@cam/1"
    assert asked["args"]["pictures"] == str(tmp_path / "alarms pictures")


def test_the_alarm_ends_with_the_metric_that_says_so(qtbot: QtBot, start: Start) -> None:
    high = {"start_s": 0.0, "end_s": 0.0, "peak": 0.8}
    quiet = metric(2, 0.1)
    quiet["values"].update({f"alarm_{key}": value for key, value in high.items()})
    watch = start([*START, metric(1, 0.8, alarm=high, dropped=3), quiet])
    until(qtbot, lambda: watch.state == "quiet")
    assert [alarm.is_open for alarm in watch.alarms] == [False]
    assert state_words(watch) == "quiet"
    assert "2 snippets" in measure_words(watch)


def test_a_loss_ends_the_alarm_and_is_counted(qtbot: QtBot, start: Start) -> None:
    high = {"start_s": 0.0, "end_s": 0.0, "peak": 0.8}
    watch = start([*START, metric(1, 0.8, alarm=high), *lost(1), *lost(2), {"sleep": 0.5}])
    until(qtbot, lambda: watch.num_lost == 2)
    assert state_words(watch) == "connection lost, trying again (2)"
    assert detail_words(watch) == "the stream ended; opening it again in 1 s"
    assert not watch.is_hearing
    assert watch.open_alarm is None


def test_it_comes_back_after_a_loss(qtbot: QtBot, start: Start) -> None:
    watch = start([*START, metric(1, 0.1), *lost(1), metric(2, 0.2)])
    until(qtbot, lambda: watch.num_snippets == 2)
    assert watch.state == "quiet"
    assert watch.num_lost == 0
    assert len(watch.history.steps().values) == 3  # the gap is one


def test_silence_is_told(qtbot: QtBot, start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    watch = start([*START, metric(1, 0.1, lag_s=0.2)])
    until(qtbot, lambda: watch.state == "quiet")
    assert measure_words(watch) == "delay 0.20 s · 1 snippet"
    now_s = time.monotonic()
    monkeypatch.setattr("tpwng_studio.live.watch.time.monotonic", lambda: now_s + 5)
    assert state_words(watch) == "waiting: no data for 5 s"
    assert measure_words(watch) == "1 snippet"


def test_stop_ends_it(qtbot: QtBot, start: Start) -> None:
    watch = start([*START, metric(1, 0.1)])
    until(qtbot, lambda: watch.state == "quiet")
    watch.stop()
    assert watch.state == "stopping"
    until(qtbot, lambda: not watch.is_running)
    assert (watch.state, state_words(watch)) == ("ended", "stopped")
    until(qtbot, lambda: not watch.process_id)  # what it held of models is free


def test_a_worker_that_does_not_listen_is_ended_within_two_seconds(
    qtbot: QtBot, start: Start
) -> None:
    watch = start([{"deaf": True}, *START, metric(1, 0.1)])
    until(qtbot, lambda: watch.state == "quiet")
    asked_s = time.monotonic()
    watch.stop()
    until(qtbot, lambda: not watch.is_running)
    assert time.monotonic() - asked_s < 2
    assert watch.state == "ended"


def test_a_crash_is_told_with_its_last_words(qtbot: QtBot, start: Start) -> None:
    watch = start([*START, metric(1, 0.1), {"sleep": 0.2}, {"die": 3}])
    until(qtbot, lambda: watch.state == "failed")
    assert detail_words(watch) == "the worker ended with code 3 (Fatal: the decoder broke)"
    assert not watch.is_running


def test_a_refusal_is_told_with_its_remedy(qtbot: QtBot, start: Start) -> None:
    refusal = {"event": "failed", "error": "no stream", "hint": "plug it in", "exit_code": 3}
    watch = start([START[0], refusal])
    until(qtbot, lambda: watch.state == "failed")
    assert detail_words(watch) == "no stream (plug it in)"


def test_a_file_that_ends_is_no_stop(qtbot: QtBot, start: Start, tmp_path: Path) -> None:
    film = tmp_path / "film.ts"
    film.touch()
    end = {"event": "finished", "summary": {"snippets": 1}}
    watch = start([*START, metric(1, 0.1), end], str(film))
    until(qtbot, lambda: watch.state == "ended")
    assert state_words(watch) == "the source ended"
    assert not watch.is_clock
    assert watch.history.last_ms == 2000  # the place in the file, not the clock


def test_another_watch_begins_in_a_fresh_process_with_nothing_of_the_last(
    qtbot: QtBot, start: Start, tmp_path: Path
) -> None:
    high = {"start_s": 0.0, "end_s": 0.0, "peak": 0.8}
    watch = start([*START, metric(1, 0.8, alarm=high)])
    until(qtbot, lambda: watch.state == "alarm")
    first = watch.process_id
    watch.stop()
    until(qtbot, lambda: not watch.is_running)
    watch.start(wish(tmp_path))
    assert not watch.alarms
    until(qtbot, lambda: watch.state == "alarm")
    assert watch.process_id not in (0, first)


def test_alarms_and_scores_are_bounded(qtbot: QtBot, start: Start) -> None:
    events: list[dict[str, Any]] = []
    for number in range(ALARMS_KEPT + 20):
        high = {"start_s": 4.0 * number, "end_s": 4.0 * number, "peak": 0.8}
        events += [metric(2 * number + 1, 0.8, alarm=high), metric(2 * number + 2, 0.1)]
    watch = start([*START, *events])
    until(qtbot, lambda: watch.num_snippets == 2 * (ALARMS_KEPT + 20))
    assert len(watch.alarms) == ALARMS_KEPT
    assert not any(alarm.is_open for alarm in watch.alarms)
