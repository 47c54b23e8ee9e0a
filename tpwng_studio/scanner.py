"""Examines the video files of a project one after the other without holding up the window.

A project in, a signal per video out. Owned by the session. What was examined before and has not
changed is told at once, from the project's ``scan.json``.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QRunnable, Qt, QThreadPool, Signal

from tpwng_studio.project import Project
from tpwng_studio.scanning import (
    VideoScan,
    duplicates,
    is_current,
    read_scans,
    scan_video,
    write_scans,
)


class Scanner(QObject):
    """Runs :func:`scan_video` in a pool of one thread.

    Signals:
        scanned: video id, its :class:`VideoScan`, and the id it is a copy of or "".
        finished: all videos of the project are examined.

    Args:
        parent: the owner.
        scan: what examines a file.
    """

    scanned = Signal(str, object, str)
    finished = Signal()
    _answered = Signal(int, str, object)

    def __init__(
        self, parent: QObject | None = None, scan: Callable[[Path], VideoScan] = scan_video
    ) -> None:
        super().__init__(parent)
        self._scan = scan
        # One thread: FFmpeg's demuxer holds the interpreter in short bursts, and more threads
        # would make them long.
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._round = 0
        self._folder: Path | None = None
        self._order: list[str] = []
        self._scans: dict[str, VideoScan] = {}
        self._answered.connect(self._on_answered, Qt.ConnectionType.QueuedConnection)

    @property
    def is_busy(self) -> bool:
        """Whether files are still to be examined."""
        return len(self._scans) < len(self._order)

    def start(self, project: Project) -> None:
        """Examine all videos of a project; what was under way is dropped."""
        self.stop()
        self._folder = None if project.is_read_only else project.folder
        self._order = [video.id for video in project.videos]
        known = read_scans(project.folder)
        self._scans = {}
        for video in project.videos:
            scan = known.get(video.id)
            if scan is not None and is_current(scan, video.path):
                self._scans[video.id] = scan
            else:
                self._pool.start(_Look(self, self._round, video.id, video.path))
        copies = duplicates(self._scans)
        for name, scan in tuple(self._scans.items()):
            self.scanned.emit(name, scan, copies.get(name, ""))
        if not self.is_busy:
            self.finished.emit()

    def stop(self) -> None:
        """Drop what is not begun; the answer of a file under way is not heard."""
        self._round += 1
        self._pool.clear()
        self._order, self._scans = [], {}

    def wait(self) -> None:
        """Wait for the file under way, before the program ends."""
        self.stop()
        self._pool.waitForDone()

    def look(self, number: int, video: str, path: Path) -> None:
        """Examine one file; called in the pool."""
        if number == self._round:
            self._answered.emit(number, video, self._scan(path))

    def _on_answered(self, number: int, video: str, scan: VideoScan) -> None:
        if number != self._round:
            return
        self._scans[video] = scan
        ordered = {name: self._scans[name] for name in self._order if name in self._scans}
        self.scanned.emit(video, scan, duplicates(ordered).get(video, ""))
        if not self.is_busy:
            if self._folder is not None:
                write_scans(self._folder, ordered)
            self.finished.emit()


class _Look(QRunnable):
    def __init__(self, scanner: Scanner, number: int, video: str, path: Path) -> None:
        super().__init__()
        self._scanner = scanner
        self._work = (number, video, path)

    def run(self) -> None:
        self._scanner.look(*self._work)
