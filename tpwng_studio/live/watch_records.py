"""What is to be watched, and an alarm as the window saw it.

Made by the form and by ``watch``; read by the live panel. No Qt.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class WatchWish:
    """What to watch, and when to ring.

    Attributes:
        source: ``camera:0``, an address, or a file.
        checkpoint: of a model that looks back only.
        log: alarms are appended to it; pictures lie beside it.
        threshold: score that begins an alarm.
        release: score below which it ends.
        hold: snippets in a row below the release that end it.
        patience_s: seconds without data after which a stream is lost and a file has ended.
    """

    source: str
    checkpoint: Path
    log: Path
    threshold: float = 0.5
    release: float = 0.4
    hold: int = 2
    patience_s: float = 10.0

    @property
    def pictures(self) -> Path:
        """Folder of the pictures."""
        return self.log.with_name(f"{self.log.stem} pictures")


@dataclass(eq=False, kw_only=True)
class SeenAlarm:
    """One alarm.

    Attributes:
        began_s: Unix seconds, when it was told.
        start_ms: where it begins on the axis of time.
        end_ms: where its last high snippet ends, as far as known.
        peak: highest score so far.
        is_open: it has not ended.
        picture: of its peak; None where there is none.
    """

    began_s: float
    start_ms: int
    end_ms: int
    peak: float
    is_open: bool = True
    picture: Path | None = None
