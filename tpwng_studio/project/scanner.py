"""Examines the video files of a project one after the other without holding up the window.

A project in, a signal per video out. Owned by the session. What was examined before and has not
changed is told at once, from the project's ``scan.json``.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from tpwng_studio.lane import Lane
from tpwng_studio.project.project import Project
from tpwng_studio.project.scanning import (
    VideoScan,
    duplicates,
    is_current,
    read_scans,
    scan_video,
    write_scans,
)


class Scanner(QObject):
    """Runs :func:`scan_video` on every file of a project, in one thread.

    FFmpeg's demuxer holds the interpreter in short bursts; more threads would make them long.

    Signals:
        scanned: video id, its :class:`VideoScan`, and the id it is a copy of or "".
        finished: all videos of the project are examined.

    Args:
        parent: the owner.
        scan: what examines a file.
    """

    scanned = Signal(str, object, str)
    finished = Signal()

    def __init__(
        self, parent: QObject | None = None, scan: Callable[[Path], VideoScan] = scan_video
    ) -> None:
        super().__init__(parent)
        self._scan = scan
        self._lane = Lane(self)
        self._lane.answered.connect(self._on_answered)
        self._lane.finished.connect(self._on_finished)
        self._folder: Path | None = None
        self._is_written = False
        self._scans: dict[str, VideoScan | None] = {}
        self._kept: dict[str, VideoScan] = {}
        self._taken_out: tuple[str, ...] = ()

    @property
    def is_busy(self) -> bool:
        """Whether files are still to be examined."""
        return None in self._scans.values()

    def start(self, project: Project) -> None:
        """Examine all videos of a project; what was under way is dropped.

        Videos come and go while others are examined: of the same project nothing is done twice.
        """
        answered = self._answered() if project.folder == self._folder else {}
        self._folder, self._is_written = project.folder, not project.is_read_only
        self._kept = kept = {**read_scans(project.folder), **answered}
        self._taken_out = tuple(video.id for video in project.taken_out)
        current = {
            video.id: kept[video.id]
            for video in project.videos
            if video.id in kept and is_current(kept[video.id], video.path)
        }
        self._scans = {video.id: current.get(video.id) for video in project.videos}
        copies = duplicates(current)
        for name, scan in current.items():
            self.scanned.emit(name, scan, copies.get(name, ""))
        new = [video for video in project.videos if video.id not in current]
        self._lane.start((video.id, self._scan(video.path)) for video in new)

    def stop(self) -> None:
        """Drop what is not begun; the answer of a file under way is not heard."""
        self._lane.stop()
        self._scans = {}

    def wait(self) -> None:
        """Stop and wait for the file under way, before the program ends."""
        self.stop()
        self._lane.wait()

    def _known(self) -> dict[str, VideoScan]:
        return {name: scan for name, scan in self._scans.items() if scan is not None}

    def _answered(self) -> dict[str, VideoScan]:
        """What files were; of one that is gone, what was known before says more."""
        return {name: scan for name, scan in self._known().items() if scan.badge != "missing"}

    def _of_gone(self) -> dict[str, VideoScan]:
        """What files were that are gone now: by their content they are found again."""
        gone = [name for name, scan in self._known().items() if scan.badge == "missing"]
        return {name: self._kept[name] for name in gone if name in self._kept}

    def _of_taken_out(self) -> dict[str, VideoScan]:
        """What is known of videos that may come back to the project."""
        return {name: self._kept[name] for name in self._taken_out if name in self._kept}

    def _on_answered(self, answer: tuple[str, VideoScan]) -> None:
        video, scan = answer
        self._scans[video] = scan
        self.scanned.emit(video, scan, duplicates(self._known()).get(video, ""))

    def _on_finished(self) -> None:
        if self._folder is not None and self._is_written:
            write_scans(self._folder, {**self._of_taken_out(), **self._known(), **self._of_gone()})
        self.finished.emit()
