"""Small pictures of a watch: what was seen last, and the peak of each alarm.

Centre frames of snippets in, JPEG files out, each whole when it is announced. The latest picture
is one file that is written over once a second; an alarm's is written again while its peak rises.
Called by ``run.watch``.
"""

from __future__ import annotations

import io
import time
from datetime import UTC, datetime
from pathlib import Path

from PIL import Image

from tpwng_core.events import Artifact, Reporter
from tpwng_core.files import write_bytes
from tpwng_core.run.alarms import Alarm
from tpwng_core.video.picture import Picture

LATEST = "latest.jpg"
WIDTH_PX = 480
_EVERY_S = 1.0
_QUALITY = 82


class AlarmPictures:
    """Writes into one folder.

    Args:
        folder: made where missing.
        report: hears of each picture: Artifact ``picture`` (the latest) or ``alarm-picture``.

    Attributes:
        alarm_path: picture of the alarm that was open last; None before the first.
    """

    def __init__(self, folder: Path, report: Reporter) -> None:
        self.alarm_path: Path | None = None
        self._folder = folder
        self._report = report
        self._next_s = 0.0
        self._alarm: tuple[int, int] | None = None  # connection and first frame tell it apart
        self._peak = 0.0

    def take(self, picture: Picture, alarm: Alarm | None) -> None:
        """The next snippet.

        Args:
            picture: (H, W, 3) uint8 RGB, its centre frame.
            alarm: the one that is open, this snippet counted in.

        Raises:
            OutputError: a picture cannot be written.
        """
        now_s = time.monotonic()
        if now_s >= self._next_s:
            self._next_s = now_s + _EVERY_S
            self._write(self._folder / LATEST, picture, "picture")
        if alarm is not None and self._is_peak(alarm):
            assert self.alarm_path is not None
            self._write(self.alarm_path, picture, "alarm-picture")

    def _is_peak(self, alarm: Alarm) -> bool:
        """Whether this snippet began the alarm, or its score is the highest so far."""
        which = alarm.connection, alarm.start
        if which != self._alarm:
            stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
            name = f"alarm-{stamp}-{alarm.connection}-{alarm.start:08}.jpg"
            self.alarm_path, self._alarm, self._peak = self._folder / name, which, -1.0
        if alarm.peak <= self._peak:
            return False
        self._peak = alarm.peak
        return True

    def _write(self, path: Path, picture: Picture, kind: str) -> None:
        image = Image.fromarray(picture)
        image.thumbnail((WIDTH_PX, WIDTH_PX), reducing_gap=2.0)
        stream = io.BytesIO()
        image.save(stream, "JPEG", quality=_QUALITY)
        write_bytes(path, stream.getvalue())
        self._report(Artifact(kind=kind, path=path))
