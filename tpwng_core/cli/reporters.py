"""Where a verb's events go on the command line: bars and lines on stderr, or JSON on stdout."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, TextIO

from tpwng_core.cli.metric_words import epoch_words, snippet_words
from tpwng_core.events import (
    Artifact,
    Event,
    Level,
    Message,
    Metric,
    Progress,
    Started,
    to_json,
)

if TYPE_CHECKING:
    from tqdm import tqdm

_RANK: dict[Level, int] = {"debug": 0, "info": 1, "warning": 2, "error": 3}


class JsonReporter:
    """One JSON object a line, flushed, so that a program reading us is never behind."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def __call__(self, event: Event) -> None:
        """Write one event."""
        print(to_json(event), file=self._stream, flush=True)

    def close(self) -> None:
        """Nothing is left open."""


class TerminalReporter:
    """A progress bar and plain lines on stderr; stdout stays free for data.

    Args:
        stream: where to draw, usually ``sys.stderr``.
        at_least: the lowest level of message shown; "error" for ``--quiet``.
    """

    def __init__(self, stream: TextIO, at_least: Level = "info") -> None:
        from tqdm import tqdm  # a quarter of what --help would take

        self._bars = tqdm
        self._stream = stream
        self._at_least = at_least
        self._verb = ""
        self._bar: tqdm | None = None  # type: ignore[type-arg,unused-ignore]
        self._draw: dict[type, Callable[..., None]] = {
            Started: self._started,
            Progress: self._progress,
            Metric: self._metric,
            Message: self._message,
            Artifact: self._artifact,
        }

    def __call__(self, event: Event) -> None:
        """Draw one event."""
        draw = self._draw.get(type(event))
        if draw is not None:
            draw(event)

    def close(self) -> None:
        """Take the bar down."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None

    @property
    def _is_quiet(self) -> bool:
        return self._at_least == "error"

    def _started(self, event: Started) -> None:
        # A verb that runs other verbs (demo) starts several: each gets a bar of its own.
        self.close()
        self._verb = event.verb

    def _progress(self, event: Progress) -> None:
        if self._is_quiet:
            return
        if self._bar is not None and (self._bar.unit, self._bar.total) != (event.unit, event.total):
            self.close()
        if self._bar is None:
            self._bar = self._bars(
                total=event.total, unit=event.unit, file=self._stream, dynamic_ncols=True
            )
        self._bar.update(event.done - self._bar.n)
        if event.total is not None and event.done >= event.total:
            self.close()

    def _metric(self, event: Metric) -> None:
        text = snippet_words(event) if self._verb == "watch" else epoch_words(event)
        if text:
            self._line("info", text)

    def _message(self, event: Message) -> None:
        prefix = "" if event.level in ("info", "debug") else f"{event.level}: "
        self._line(event.level, prefix + event.text)

    def _artifact(self, event: Artifact) -> None:
        self._line("debug", f"wrote {event.kind} {event.path}")

    def _line(self, level: Level, text: str) -> None:
        if _RANK[level] >= _RANK[self._at_least]:
            self._bars.write(text, file=self._stream)


def make_reporter(events: str, *, quiet: bool, verbose: bool) -> JsonReporter | TerminalReporter:
    """The reporter that the options ask for."""
    if events == "json":
        return JsonReporter(sys.stdout)
    level: Level = "error" if quiet else "debug" if verbose else "info"
    return TerminalReporter(sys.stderr, level)
