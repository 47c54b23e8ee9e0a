"""What the machine computes on, and how busy it is: ``GPU 31%`` or ``CPU 54%``.

In: ``nvidia-smi`` where there is one, asked in a child process; else the load of the system. Out:
a text every few seconds. The window process never asks torch. Read by the window's top bar.
"""

from __future__ import annotations

import os
import shutil

from PySide6.QtCore import QObject, QProcess, QTimer, Signal

_EVERY_MS = 3000
_QUESTION = ("--query-gpu=name,utilization.gpu,memory.used,memory.total", "--format=csv,noheader")


class DeviceMeter(QObject):
    """Asks now and then; :meth:`stop` before the window goes.

    Signals:
        measured: a short text and a longer one for the tooltip.
    """

    measured = Signal(str, str)

    def __init__(self, program: str | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._program = program if program is not None else shutil.which("nvidia-smi") or ""
        self._process = QProcess(self)
        self._process.finished.connect(self._read)
        self._process.errorOccurred.connect(self._give_up)
        self._timer = QTimer(self, interval=_EVERY_MS)
        self._timer.timeout.connect(self._ask)

    def start(self) -> None:
        """Measure now and from now on."""
        self._timer.start()
        self._ask()

    def stop(self) -> None:
        """Measure no more; ends a question that is still out."""
        self._timer.stop()
        if self._process.state() != QProcess.ProcessState.NotRunning:
            self._process.kill()
            self._process.waitForFinished(1000)

    def _ask(self) -> None:
        if not self._program:
            self.measured.emit(*cpu_words())
        elif self._process.state() == QProcess.ProcessState.NotRunning:
            self._process.start(self._program, list(_QUESTION))

    def _read(self) -> None:
        answer = bytes(self._process.readAllStandardOutput().data()).decode("utf-8", "replace")
        words = gpu_words(answer)
        if words is None:
            self._give_up()
        else:
            self.measured.emit(*words)

    def _give_up(self) -> None:
        """A driver that does not answer: tell of the CPU from now on."""
        self._program = ""
        if self._timer.isActive():
            self.measured.emit(*cpu_words())


def gpu_words(answer: str) -> tuple[str, str] | None:
    """Short and long text of what ``nvidia-smi`` wrote; None where it is not an answer."""
    rows = [[cell.strip() for cell in line.split(",")] for line in answer.strip().splitlines()]
    rows = [row for row in rows if len(row) == 4]
    if not rows:
        return None
    busiest = max(rows, key=lambda row: _percent(row[1]))
    lines = [f"{name}: {load} busy, {used} of {total}" for name, load, used, total in rows]
    return f"GPU {_percent(busiest[1])}%", "\n".join(lines)


def cpu_words() -> tuple[str, str]:
    """Short and long text of the load of the CPU."""
    cores = os.cpu_count() or 1
    if not hasattr(os, "getloadavg"):  # Windows
        return "CPU", f"{cores} cores"
    load = os.getloadavg()[0]
    return f"CPU {min(load / cores, 1):.0%}", f"{cores} cores, load {load:.1f} in the last minute"


def _percent(text: str) -> int:
    digits = "".join(letter for letter in text if letter.isdigit())
    return int(digits) if digits else 0
