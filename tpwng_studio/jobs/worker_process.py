"""One worker process as the window sees it: requests in, events out, and how it ended.

Wraps ``tpwng-core worker`` in a QProcess, so that torch, a GPU's error or a broken decoder never
reach the window. Two of them run at most: for jobs, and for live answers. Owned by ``jobs``.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections import deque
from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, Signal

_LAST_LINES = 12
_END_MS = 3000
# A busy machine takes its time over a last step; killing it there would lose what it learned.
_SAVE_MS = 15_000


class WorkerProcess(QObject):
    """Starts when first spoken to, and again after it died.

    Signals:
        spoke: an event of the protocol, a dict.
        logged: a line of its stderr.
        died: it ended; what happened, in words.

    Args:
        command: program and arguments; None runs this Python's ``tpwng_core``.
    """

    spoke = Signal(dict)
    logged = Signal(str)
    died = Signal(str)

    def __init__(self, command: list[str] | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._command = command or [sys.executable, "-m", "tpwng_core", "worker"]
        self._rest = {"out": b"", "err": b""}
        self._last: deque[str] = deque(maxlen=_LAST_LINES)
        self._is_ending = False
        self._process = QProcess(self)
        self._process.setProcessEnvironment(_environment())
        self._process.readyReadStandardOutput.connect(self._read_events)
        self._process.readyReadStandardError.connect(self._read_log)
        self._process.finished.connect(self._on_finished)
        self._process.errorOccurred.connect(self._on_error)

    @property
    def is_running(self) -> bool:
        """Whether there is a process."""
        return self._process.state() != QProcess.ProcessState.NotRunning

    @property
    def is_ending(self) -> bool:
        """Whether it was told to end and has not: what is said to it now may be lost."""
        return self._is_ending and self.is_running

    @property
    def process_id(self) -> int:
        """Of the system; 0 where none runs."""
        return int(self._process.processId())

    def say(self, request: Mapping[str, Any]) -> None:
        """Send a request; starts the process where there is none."""
        if not self.is_running:
            self._rest = {"out": b"", "err": b""}
            self._last.clear()
            self._is_ending = False
            self._process.start(self._command[0], self._command[1:])
        self._process.write(json.dumps(request, default=str).encode() + b"\n")

    def interrupt(self) -> None:
        """SIGINT: break off the verb that runs; where there are no signals, terminate."""
        if self.process_id and os.name == "posix":
            os.kill(self.process_id, signal.SIGINT)
        else:
            self.terminate()

    def terminate(self) -> None:
        """SIGTERM: break off the verb and end."""
        self._is_ending = True
        self._process.terminate()

    def kill(self) -> None:
        """End at once; every file is whole all the same."""
        self._is_ending = True
        self._process.kill()

    def shutdown(self, *, is_idle: bool) -> None:
        """End the process and wait for it; ``died`` is not said.

        Args:
            is_idle: nothing is lost by ending it at once; else it may save first.
        """
        self._process.finished.disconnect(self._on_finished)
        if not self.is_running:
            return
        if not is_idle:
            self._process.closeWriteChannel()
            if self._process.waitForFinished(_SAVE_MS):
                return
        self._process.kill()
        self._process.waitForFinished(_END_MS)

    def _read_events(self) -> None:
        for line in self._lines("out", self._process.readAllStandardOutput().data()):
            try:
                event = json.loads(line)
            except ValueError:
                self.logged.emit(line.decode(errors="replace"))
            else:
                self.spoke.emit(event)

    def _read_log(self) -> None:
        for line in self._lines("err", self._process.readAllStandardError().data()):
            text = line.decode(errors="replace").rstrip()
            self._last.append(text)
            self.logged.emit(text)

    def _lines(self, name: str, chunk: bytes | bytearray | memoryview) -> list[bytes]:
        *lines, self._rest[name] = (self._rest[name] + bytes(chunk)).split(b"\n")
        return [line for line in lines if line.strip()]

    def _on_finished(self, code: int, status: QProcess.ExitStatus) -> None:
        self._read_events()
        self._read_log()
        crashed = status == QProcess.ExitStatus.CrashExit
        how = f"was ended by signal {code}" if crashed else f"ended with code {code}"
        self.died.emit("\n".join([f"the worker {how}", *self._last]))

    def _on_error(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart:
            self.died.emit(f"the worker cannot be started: {self._process.errorString()}")


def _environment() -> QProcessEnvironment:
    """Ours, without what leads another Qt astray."""
    environment = QProcessEnvironment.systemEnvironment()
    for name in ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR", "QT_PLUGIN_PATH"):
        environment.remove(name)
    return environment
