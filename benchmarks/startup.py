"""How long until the window is visible, against a bare window with one plot of pyqtgraph.

    python benchmarks/startup.py [--runs 7]

Each start is a process of its own, the two kinds in turn, after one start of each that warms the
disk. Time is from the first line of Python to the first paint of the shown window, with imports.
Processor time, of the whole process until then, is told too: a busy machine hardly changes it.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.contract import ROOT, Bench, make_parser

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
        heavy = [name for name in ("torch", "open_clip", "cv2") if name in sys.modules]
        print(time.perf_counter() - begun, time.process_time(), len(heavy), flush=True)
        window.close()
        app.quit()
        return True
first = First()
app.installEventFilter(first)
window.show()
app.exec()
"""
BARE = """
import sys, time
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
import sys, time
begun = time.perf_counter()
import tempfile
from pathlib import Path
from tpwng_studio.app import make_app, make_window
from tpwng_studio.settings import Settings
app = make_app()
window = make_window(app, Settings.in_file(Path(tempfile.mkdtemp()) / "settings.ini"))
"""


def start(code: str) -> tuple[float, float, int]:
    """Seconds of one start, on the clock and of the processor, and how many heavy imports it did.

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
    clock, processor, num_heavy = done.stdout.split()
    return float(clock), float(processor), int(num_heavy)


def run(bench: Bench, runs: int) -> None:
    """Starts in turn; medians."""
    kinds = {"bare": BARE, "studio": STUDIO}
    starts: dict[str, list[tuple[float, float, int]]] = {name: [] for name in kinds}
    for number in range(runs + 1):
        for name, code in kinds.items():
            taken = start(code)
            print(f"{name:8} {taken[0]:.3f} s, processor {taken[1]:.3f} s", flush=True)
            if number:
                starts[name].append(taken)
    clock, processor = (
        {name: statistics.median(each[place] for each in found) for name, found in starts.items()}
        for place in (0, 1)
    )
    bench.add(
        "ratio", "window visible over a bare PySide6 window with one pyqtgraph plot, medians",
        clock["studio"] / clock["bare"], "x", goal=GOAL,
        detail=f"{clock['studio']:.2f} and {clock['bare']:.2f} s; processor "
        f"{processor['studio'] / processor['bare']:.2f}x; {runs} starts each",
        numbers={"studio_s": clock["studio"], "bare_s": clock["bare"]},
    )  # fmt: skip
    bench.add(
        "imports", "of torch, open_clip and cv2, imported by the window when it is visible",
        max(each[2] for each in starts["studio"]), goal=0,
    )  # fmt: skip


def main() -> None:
    """Measure and tell."""
    parser = make_parser(__doc__)
    parser.add_argument("--runs", type=int, default=7)
    options = parser.parse_args()
    run(Bench(options.rows), 1 if options.quick else options.runs)


if __name__ == "__main__":
    main()
