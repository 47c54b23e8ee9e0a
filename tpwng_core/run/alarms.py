"""From a stream of scores to alarms, with hysteresis, and the log they are appended to.

Scores of a live source in, ``Alarm`` records out. Called by ``run.watch``.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tpwng_core.address import without_password
from tpwng_core.config import require
from tpwng_core.errors import OutputError
from tpwng_core.files import why_not_written


@dataclass(frozen=True, kw_only=True)
class AlarmConfig:
    """When an alarm begins and ends.

    Attributes:
        threshold: score in (0, 1] at which an alarm begins.
        release: score below which it ends; lower than ``threshold``, so that a score that
            hovers about the threshold rings once.
        hold_snippets: snippets in a row that must lie below ``release``.
    """

    threshold: float = 0.5
    release: float = 0.4
    hold_snippets: int = 2

    def __post_init__(self) -> None:
        require(0 < self.threshold <= 1, "the threshold must be above 0 and at most 1")
        require(
            0 <= self.release <= self.threshold,
            f"the release ({self.release}) must be at most the threshold ({self.threshold})",
        )
        require(self.hold_snippets >= 1, "hold_snippets must be at least 1")


@dataclass(frozen=True, kw_only=True)
class Alarm:
    """One alarm, so far.

    Attributes:
        connection: of the source; frames and seconds count from its start.
        start: first frame.
        end: frame behind the last one.
        start_s: seconds.
        end_s: seconds, of the last snippet's start.
        peak: highest score.
    """

    connection: int
    start: int
    end: int
    start_s: float
    end_s: float
    peak: float


class Hysteresis:
    """Opens an alarm at the threshold, closes it when the score stays below the release."""

    def __init__(self, config: AlarmConfig) -> None:
        self._config = config
        self._quiet = 0
        self.open: Alarm | None = None

    def push(self, here: Alarm) -> tuple[str, Alarm] | None:
        """Take the next snippet as an alarm of its own length with its score as the peak.

        Returns:
            ``("begin", alarm)``, ``("end", alarm)``, or None where nothing changed.
        """
        score = here.peak
        if self.open is None:
            if score < self._config.threshold:
                return None
            self.open, self._quiet = here, 0
            return "begin", here
        if score < self._config.release:
            self._quiet += 1
            return self.close() if self._quiet >= self._config.hold_snippets else None
        self._quiet = 0
        self.open = Alarm(
            connection=self.open.connection,
            start=self.open.start,
            end=here.end,
            start_s=self.open.start_s,
            end_s=here.end_s,
            peak=max(self.open.peak, score),
        )
        return None

    def close(self) -> tuple[str, Alarm] | None:
        """End the alarm that is open, if any: the source ended or broke off."""
        ended, self.open, self._quiet = self.open, None, 0
        return None if ended is None else ("end", ended)


class AlarmLog:
    """Appends one JSON object a line to a file; each line is on disk before the next is begun.

    Args:
        path: appended to; made with its folder where missing.
        source: written into every line, without a password.
    """

    def __init__(self, path: Path, source: str) -> None:
        self._path = path
        self._source = without_password(source)

    def append(self, what: str, content: Alarm | Mapping[str, Any]) -> None:
        """Write a line.

        Raises:
            OutputError: the disk is full or the file cannot be written.
        """
        body = asdict(content) if isinstance(content, Alarm) else content
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        line = json.dumps({"event": what, "time": now, "source": self._source, **body})
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("a", encoding="utf-8") as stream:
                stream.write(line + "\n")
                stream.flush()
                os.fsync(stream.fileno())
        except OSError as error:
            reason, remedy = why_not_written(self._path, error)
            raise OutputError(f"{self._path} cannot be written: {reason}", remedy) from error
