"""How long until the window is visible, against a bare window with one plot of pyqtgraph.

    python benchmarks/startup.py [--runs 7]

Each start is a process of its own, the two kinds in turn, after one start of each that warms the
disk. Time is from the first line of Python to the first paint of the shown window, with imports.
Processor time, of the whole process until then, is told too: a busy machine hardly changes it.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
GOAL = 1.5
FIRST_PAINT = """
from PySide6.QtCore import QEvent, QObject
class First(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint and window.isVisible():
            app.removeEventFilter(self)
            app.postEvent(self, QEvent(QEvent.Type.User))
        return False
    def event(self, event):
        print(time.perf_counter() - begun, time.process_time(), flush=True)
        window.close()
        app.quit()
        return True
first = First()
app.installEventFilter(first)
window.show()
app.exec()
"""
BARE = """
import time
begun = time.perf_counter()
import numpy as np
import pyqtgraph
from PySide6.QtWidgets import QApplication, QMainWindow
app = QApplication([])
window = QMainWindow()
plot = pyqtgraph.PlotWidget()
plot.plot(np.sin(np.linspace(0, 60, 10_800)))
window.setCentralWidget(plot)
window.resize(1280, 800)
"""
STUDIO = """
import time
begun = time.perf_counter()
import sys, tempfile
from pathlib import Path
from tpwng_studio.app import make_app, make_window
from tpwng_studio.settings import Settings
app = make_app()
window = make_window(app, Settings.in_file(Path(tempfile.mkdtemp()) / "settings.ini"))
"""


def seconds(code: str) -> tuple[float, float]:
    """Time of one start, on the clock and of the processor.

    Raises:
        CalledProcessError: it did not come so far; stderr says why.
    """
    environment = {"QT_QPA_PLATFORM": "offscreen", **os.environ}
    done = subprocess.run(
        [sys.executable, "-c", code + FIRST_PAINT],
        env=environment,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=120,
    )
    clock, processor = done.stdout.split()
    return float(clock), float(processor)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=7)
    runs = parser.parse_args().runs
    kinds = {"bare window with one plot": BARE, "studio": STUDIO}
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in kinds}
    for number in range(runs + 1):
        for name, code in kinds.items():
            taken = seconds(code)
            if number:
                times[name].append(taken)
    for place, what in enumerate(("clock", "processor")):
        medians = []
        for name, values in times.items():
            column = [value[place] * 1000 for value in values]
            medians.append(statistics.median(column))
            print(f"{name:28} {medians[-1]:6.0f} ms  ({min(column):.0f} to {max(column):.0f})")
        print(f"{what}: ratio {medians[1] / medians[0]:.2f}, goal {GOAL} or less")


if __name__ == "__main__":
    main()
