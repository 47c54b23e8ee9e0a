"""What a verb says while it works.

Verbs take ``report: Reporter`` and call it with the records below. The command line draws them
as progress bars, ``--events json`` and the worker write them as JSON lines, the studio shows
them. A reporter cancels the verb by raising :class:`tpwng_core.errors.Cancelled`, and asks it to
end early and keep its work by raising ``Stopped`` at every :class:`Progress` from then on.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

Level = Literal["debug", "info", "warning", "error"]


@dataclass(frozen=True, kw_only=True)
class Started:
    """A verb begins; ``total`` is its number of steps, or None where it is not known."""

    verb: str
    total: int | None = None


@dataclass(frozen=True, kw_only=True)
class Progress:
    """``done`` of ``total`` units are finished; ``rate`` is units per second."""

    done: int
    total: int | None
    unit: str
    eta_s: float | None = None
    rate: float | None = None


@dataclass(frozen=True, kw_only=True)
class Metric:
    """Named numbers of one step or epoch (loss terms, AUC)."""

    step: int
    epoch: int
    values: Mapping[str, float]


@dataclass(frozen=True, kw_only=True)
class Message:
    """A line for a person."""

    level: Level
    text: str


@dataclass(frozen=True, kw_only=True)
class Artifact:
    """A file is whole and on disk; sent after the write, never before."""

    kind: str
    path: Path


@dataclass(frozen=True, kw_only=True)
class Finished:
    """The verb is done."""

    summary: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Failed:
    """The verb ended with an error."""

    error: str
    hint: str
    exit_code: int


Event = Started | Progress | Metric | Message | Artifact | Finished | Failed
Reporter = Callable[[Event], None]


def silent(event: Event) -> None:
    """Report to nobody."""


def to_json(event: Event, *, request_id: int | str | None = None, with_id: bool = False) -> str:
    """One event as one JSON line (spec: worker protocol), without the newline.

    Args:
        event: the event.
        request_id: the worker's request number.
        with_id: whether ``id`` is there even where it is None.

    Returns:
        A JSON object with ``event`` (lower-case name), ``time`` (Unix seconds) and the fields.
    """
    body: dict[str, Any] = {"event": type(event).__name__.lower(), "time": round(time.time(), 3)}
    if with_id or request_id is not None:
        body["id"] = request_id
    body.update({key: _strict(value) for key, value in asdict(event).items()})
    return json.dumps(body, default=str, allow_nan=False)


def _strict(value: Any) -> Any:
    """``value`` with the numbers that JSON cannot say (NaN, infinity) as None."""
    if isinstance(value, Mapping):
        return {str(key): _strict(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_strict(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


class Ticker:
    """Turns "one more is done" into :class:`Progress` with rate and remaining time.

    Args:
        report: where the progress goes.
        total: number of units, or None where unknown.
        unit: name of a unit, singular ("video", "step").
        done: units that were finished before, in a run that is resumed.
    """

    def __init__(self, report: Reporter, total: int | None, unit: str, *, done: int = 0) -> None:
        self._report = report
        self._total = total
        self._unit = unit
        self._done = self._before = done
        self._start_s = time.monotonic()

    def advance(self, count: int = 1) -> None:
        """Add ``count`` finished units and report."""
        self._done += count
        elapsed_s = max(time.monotonic() - self._start_s, 1e-9)
        rate = (self._done - self._before) / elapsed_s
        left = None if self._total is None else max(self._total - self._done, 0)
        eta_s = None if left is None else left / rate if rate > 0 else None
        self._report(
            Progress(done=self._done, total=self._total, unit=self._unit, eta_s=eta_s, rate=rate)
        )
