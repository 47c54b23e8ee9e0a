"""One window writes a project at a time: a lock file with process and host in the folder.

A folder in, whether it is ours out. Called by ``project``. Of Qt only QLockFile is used, which
knows on every system whether the process that holds a lock is still alive, so that the lock of a
killed window is taken over.
"""

from __future__ import annotations

import time
from pathlib import Path

from PySide6.QtCore import QLockFile

NAME = ".studio.lock"
_TORN_S = 10.0  # who made the file writes into it at once; so long after, nobody will


class ProjectLock:
    """The lock of one project folder.

    Args:
        folder: the project's.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / NAME
        self._file = QLockFile(str(self.path))
        # Age alone never makes a lock stale: a window may stand open for a week.
        self._file.setStaleLockTime(0)

    def acquire(self) -> bool:
        """Take the lock, also over from a process of this host that died; False if it is held."""
        if self._file.tryLock(0):
            return True
        return self._is_torn() and self._file.removeStaleLockFile() and self._file.tryLock(0)

    def release(self) -> None:
        """Give the lock back; nothing happens where it is not ours."""
        self._file.unlock()

    @property
    def obstacle(self) -> str:
        """Why it could not be had, in words that follow ``Read only:``."""
        if self._file.error() == QLockFile.LockError.PermissionError:
            return "the project's folder cannot be written"
        pid, host, _ = self._file.getLockInfo()
        place = host or "an unknown host"
        return f"the project is open in another window (process {pid} on {place})"

    def _is_torn(self) -> bool:
        """Whether a crash left the file without a word, which would lock everybody out for good."""
        try:
            stat = self.path.stat()
        except OSError:
            return False
        return stat.st_size == 0 and time.time() - stat.st_mtime > _TORN_S
