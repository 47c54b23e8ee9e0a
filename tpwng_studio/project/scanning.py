"""What is known of a video file before it is opened: frames, rate, and what is wrong with it.

A path in, a :class:`VideoScan` out; kept in the project so that a file is examined once. Called
by the session, which runs it in a thread. No Qt.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from tpwng_core.errors import InputError, OutputError
from tpwng_core.files import write_json

NAME = "scan.json"


@dataclass(frozen=True, kw_only=True)
class VideoScan:
    """One video file, examined.

    Attributes:
        num_frames: None where it cannot be read.
        fps: "num/den", "" where it cannot be read.
        badge: "", "missing", "corrupt", "cut off" or "vfr", the worst there is.
        note: sentences for a person; empty for a plain file.
        fingerprint: equal for copies; "" where it cannot be read.
        size: bytes; with ``mtime_ns`` it tells whether the file is still the same.
        mtime_ns: time of the last change.
    """

    num_frames: int | None = None
    fps: str = ""
    badge: str = ""
    note: str = ""
    fingerprint: str = ""
    size: int = 0
    mtime_ns: int = 0

    @property
    def rate(self) -> Fraction | None:
        """Frames a second."""
        return Fraction(self.fps) if self.fps else None


def scan_video(path: Path) -> VideoScan:
    """Examine a video file without decoding all of it; never raises for a bad file."""
    from tpwng_core.video.health import health  # FFmpeg is loaded with it

    try:
        stat = path.stat()
    except OSError:
        return _missing(path)
    try:
        found = health(path)
    except (InputError, OSError) as error:
        if not path.exists():  # moved away while it was read
            return _missing(path)
        note = str(error)
        return VideoScan(badge="corrupt", note=note, size=stat.st_size, mtime_ns=stat.st_mtime_ns)
    badge = "cut off" if found.num_lacking else "vfr" if found.vfr else ""
    return VideoScan(
        num_frames=found.num_frames,
        fps=found.fps,
        badge=badge,
        note="; ".join(found.warnings),
        fingerprint=found.fingerprint,
        size=stat.st_size,
        mtime_ns=stat.st_mtime_ns,
    )


def _missing(path: Path) -> VideoScan:
    return VideoScan(badge="missing", note=f"there is no file {path}: relink it")


def is_current(scan: VideoScan, path: Path) -> bool:
    """Whether a scan is still of the file as it lies there."""
    try:
        stat = path.stat()
    except OSError:
        return False
    return (scan.size, scan.mtime_ns) == (stat.st_size, stat.st_mtime_ns)


def duplicates(scans: Mapping[str, VideoScan]) -> dict[str, str]:
    """Video id -> id of the earlier video of which it is a copy."""
    first: dict[str, str] = {}
    found = {}
    for video, scan in scans.items():
        if scan.fingerprint and first.setdefault(scan.fingerprint, video) != video:
            found[video] = first[scan.fingerprint]
    return found


def read_scans(folder: Path) -> dict[str, VideoScan]:
    """Scans kept in a project, by video id; none where the file is missing or unreadable.

    They only save time: a file that cannot be read is made again.
    """
    try:
        content: dict[str, dict[str, Any]] = json.loads((folder / NAME).read_bytes())
        return {video: VideoScan(**values) for video, values in content.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def write_scans(folder: Path, scans: Mapping[str, VideoScan]) -> None:
    """Keep scans in a project; a folder that cannot be written costs time at the next start."""
    try:
        write_json(folder / NAME, {video: asdict(scan) for video, scan in scans.items()})
    except OutputError:
        return
