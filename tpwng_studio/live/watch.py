"""The watch of one window: a live source scored by a worker process of its own, and its alarms.

A wish in; state, scores of the last hour, alarms and pictures out, in bounded memory. It runs for
hours beside jobs and live answers, so it shares no process with them; each watch has a fresh one.
Shown by the live panel. No widgets.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal

from PySide6.QtCore import QObject, QTimer, Signal

from tpwng_core.address import source_kind
from tpwng_core.errors import INTERRUPTED_EXIT_CODE
from tpwng_studio.jobs.worker_process import WorkerProcess
from tpwng_studio.live.watch_history import ScoreHistory
from tpwng_studio.live.watch_records import SeenAlarm, WatchWish

State = Literal[
    "idle", "starting", "connecting", "quiet", "alarm", "lost", "stopping", "ended", "failed"
]
ALARMS_KEPT = 500
SILENT_S = 3.0  # without a score for so long, the window says that it waits
_TICK_MS = 500
_STOP_MS = (1200, 400)  # asked, SIGTERM, SIGKILL
_OVER: tuple[State, ...] = ("idle", "ended", "failed")


class Watch(QObject):
    """At most one watch at a time.

    Signals:
        changed: another state, or another second of waiting.
        scored: a score came.
        alarms_changed: an alarm began, rose, or ended.
        alarm_began: the new :class:`SeenAlarm`.
        pictured: path of the latest picture, which is whole.

    Args:
        command: of the worker; None runs this Python's.

    Attributes:
        device: where it computes.
        state: how it stands.
        wish: what is watched, or was last; None before the first.
        score: the latest; None before the first.
        lag_s: seconds from the arrival of a snippet to its score; None where not known.
        num_snippets: scored so far.
        num_dropped: snippets that came faster than they were scored.
        num_lost: how often in a row it was lost; 0 while data comes.
        reason: why it was lost, or how it ended.
        hint: what to do about it.
        alarms: the last ones, oldest first.
    """

    changed = Signal()
    scored = Signal()
    alarms_changed = Signal()
    alarm_began = Signal(object)
    pictured = Signal(object)

    def __init__(self, command: list[str] | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.device = "auto"
        self.state: State = "idle"
        self.wish: WatchWish | None = None
        self.history = ScoreHistory()
        self._request = 0
        self._is_due = False  # another one waits for the worker of the last to be gone
        self._forget()
        self._worker = WorkerProcess(command, self)
        self._worker.spoke.connect(self._on_event)
        self._worker.died.connect(self._on_death)
        self._rungs: deque[Callable[[], None]] = deque()
        self._ladder = QTimer(self, singleShot=True)
        self._ladder.timeout.connect(self._climb)
        self._ticker = QTimer(self, interval=_TICK_MS)
        self._ticker.timeout.connect(self.changed)

    @property
    def is_running(self) -> bool:
        """Whether a source is watched, or about to be."""
        return self.state not in _OVER

    @property
    def is_clock(self) -> bool:
        """Whether the axis of time is the clock; else it is the place in the file."""
        return self._is_clock

    @property
    def silent_s(self) -> float:
        """Seconds since the last score."""
        return time.monotonic() - self._heard_s

    @property
    def is_hearing(self) -> bool:
        """Whether scores come, so that the latest one holds now."""
        return self.state in ("quiet", "alarm") and self.silent_s < SILENT_S

    @property
    def open_alarm(self) -> SeenAlarm | None:
        """The alarm that rings."""
        return self.alarms[-1] if self.alarms and self.alarms[-1].is_open else None

    @property
    def process_id(self) -> int:
        """Of the worker; 0 where none runs."""
        return self._worker.process_id

    def start(self, wish: WatchWish) -> None:
        """Watch a source; nothing happens while another one is watched."""
        if self.is_running:
            return
        self._forget()
        self.wish = wish
        self._is_clock = source_kind(wish.source) != "file"
        self._ticker.start()
        self._set("starting")
        self.alarms_changed.emit()
        if self._worker.is_running:
            self._is_due = True
        else:
            self._ask()

    def stop(self) -> None:
        """Let it end: asked first, then made to."""
        if not self.is_running or self.state == "stopping":
            return
        self._worker.say({"id": f"stop {self._request}", "stop": self._request})
        self._rungs = deque((self._worker.terminate, self._worker.kill))
        self._set("stopping")
        self._ladder.start(_STOP_MS[0])

    def shutdown(self) -> None:
        """End the process; an alarm that is open is closed in the log where there is time."""
        self._ticker.stop()
        self._ladder.stop()
        self._worker.shutdown(is_idle=not self.is_running)

    # Inside

    def _forget(self) -> None:
        self.score: float | None = None
        self.lag_s: float | None = None
        self.num_snippets = self.num_dropped = self.num_lost = 0
        self.reason = self.hint = ""
        self.alarms: deque[SeenAlarm] = deque(maxlen=ALARMS_KEPT)
        self.history.clear()
        self._is_clock = True
        self._heard_s = time.monotonic()
        self._end_s: float | None = None
        self._was_high = False
        self._picture: Path | None = None

    def _ask(self) -> None:
        assert self.wish is not None
        wish = self.wish
        self._is_due = False
        self._request += 1
        args = {
            "source": wish.source,
            "checkpoint": wish.checkpoint,
            "out": wish.log,
            "pictures": wish.pictures,
            "threshold": wish.threshold,
            "release": wish.release,
            "hold": wish.hold,
            "patience": wish.patience_s,
            "device": self.device,
        }
        self._worker.say({"id": self._request, "verb": "watch", "args": args})

    def _set(self, state: State) -> None:
        self.state = state
        self.changed.emit()

    def _climb(self) -> None:
        self._rungs.popleft()()
        if self._rungs:
            self._ladder.start(_STOP_MS[1])

    def _end(self, state: State, reason: str, hint: str = "") -> None:
        self._ticker.stop()
        self._ladder.stop()
        self._close_alarm()
        self.reason, self.hint = reason, hint
        self._worker.terminate()  # what it holds of models and buffers goes with it
        self._set(state)

    # The worker speaks

    def _on_event(self, event: Mapping[str, Any]) -> None:
        if event.get("id") != self._request or not self.is_running:
            return
        kind = event["event"]
        if kind == "metric":
            self._on_metric(event)
        elif kind == "progress" and self.state == "starting":
            self._set("connecting")
        elif kind == "message" and event["level"] == "warning":
            self.reason = str(event["text"])
        elif kind == "artifact":
            self._on_artifact(str(event["kind"]), Path(str(event["path"])))
        elif kind == "finished":
            stopped = bool(event["summary"].get("stopped"))
            self._end("ended", "stopped" if stopped else "the source ended")
        elif kind == "failed":
            self._on_failure(event)

    def _on_failure(self, event: Mapping[str, Any]) -> None:
        if self.state == "stopping" and event["exit_code"] in (0, INTERRUPTED_EXIT_CODE):
            self._end("ended", "stopped")
        else:
            self._end("failed", str(event["error"]), str(event["hint"]))

    def _on_metric(self, event: Mapping[str, Any]) -> None:
        values = event["values"]
        if "lost" in values:
            self.num_lost = round(values["lost"])
            self.history.gap()
            self._close_alarm()
            if self.state != "stopping":
                self._set("lost")
            return
        self.score, self.num_lost = float(values["score"]), 0
        self.num_snippets = int(event["step"])
        self.num_dropped = round(values.get("dropped", 0))
        self.lag_s = values.get("lag_s")
        self._heard_s = time.monotonic()
        place_s = event["time"] - (self.lag_s or 0.0) if self._is_clock else values["time_s"]
        self.history.append(round(1000 * place_s), self.score)
        self._follow_alarm(event)
        state: State = "alarm" if values["alarm"] else "quiet"
        if self.state not in ("stopping", state):
            self._set(state)
        self.scored.emit()

    def _follow_alarm(self, event: Mapping[str, Any]) -> None:
        values, alarm = event["values"], self.open_alarm
        here_ms = self.history.last_ms or 0
        if alarm is not None and self._was_high:
            alarm.end_ms = here_ms  # the snippet before lasted until this one
        self._was_high = bool(values["alarm"]) and values["alarm_end_s"] != self._end_s
        self._end_s = values.get("alarm_end_s")
        if not values["alarm"]:
            self._close_alarm()
        elif alarm is None:
            alarm = SeenAlarm(
                began_s=event["time"], start_ms=here_ms, end_ms=here_ms,
                peak=values["alarm_peak"], picture=self._picture,
            )  # fmt: skip
            self.alarms.append(alarm)
            self.alarm_began.emit(alarm)
            self.alarms_changed.emit()
        else:
            alarm.peak, alarm.picture = values["alarm_peak"], self._picture
            self.alarms_changed.emit()

    def _close_alarm(self) -> None:
        if (alarm := self.open_alarm) is not None:
            alarm.is_open = False
            self._picture, self._end_s = None, None
            self.alarms_changed.emit()

    def _on_artifact(self, kind: str, path: Path) -> None:
        if kind == "alarm-picture":
            self._picture = path
        elif kind == "picture":
            self.pictured.emit(path)

    def _on_death(self, reason: str) -> None:
        if self._is_due:
            self._ask()
        elif self.state == "stopping":
            self._end("ended", "stopped")
        elif self.is_running:
            first, _, rest = reason.partition("\n")
            self._end("failed", first, rest.splitlines()[-1] if rest else "start it again")
