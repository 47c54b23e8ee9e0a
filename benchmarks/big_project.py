"""Does the window stay quick and small with a project of 300 videos and 10 GB of features?

    python benchmarks/big_project.py [--videos 300] [--gigabytes 10] [--walk 50] [--keep FOLDER]

Writes such a project (see ``big_project_data.py`` for what of it is real), opens it in the real
window, offscreen, in a process of its own: seconds from opening to the painted library and the
first video's painted curves, resident memory when everything in the background is done, and again
after a walk through 50 videos. Goals: 1 s, 1 GB.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtGui import QImage

from benchmarks.contract import Bench, make_parser, peak_mb, resident_mb
from benchmarks.painted import Painted
from tpwng_studio.app import make_app, make_window
from tpwng_studio.settings import Settings
from tpwng_studio.shell.main_window import MainWindow

PATIENCE_S = 60.0
IDLE_SHARE = 0.03
GOAL_S, GOAL_MB = 1.0, 1000.0


def live(seconds: float) -> None:
    """Let the window live."""
    loop = QEventLoop()
    QTimer.singleShot(round(1000 * seconds), loop.quit)
    loop.exec()


def rest() -> float:
    """Until nothing is done in the background any more; seconds it took."""
    start_s, share = time.perf_counter(), 1.0
    while share > IDLE_SHARE and time.perf_counter() - start_s < PATIENCE_S:
        before_s = time.process_time()
        live(0.5)
        share = (time.process_time() - before_s) / 0.5
    return time.perf_counter() - start_s


class Visitor:
    """Opens the project and its videos, and times until both views show it."""

    def __init__(self, window: MainWindow, app: Any) -> None:
        self._window, self._app = window, app
        self._painted = Painted(app, "library", "timeline")
        self._timeline = Painted(app, "timeline")
        self._has_picture = False
        window.playback.frame_ready.connect(self._look)

    def _look(self, _image: QImage, _frame: int, is_approximate: bool) -> None:
        self._has_picture = self._has_picture or not is_approximate

    def open_project(self, folder: Path) -> dict[str, float]:
        """Seconds until library and curves are painted, and until the exact picture is there."""
        self._painted.forget()
        self._has_picture = False
        start_s, start_cpu_s = time.perf_counter(), time.process_time()
        self._window.projects.open(folder)
        returned_s = time.perf_counter() - start_s
        self._until(lambda: self._painted.all)
        painted_s, cpu_s = time.perf_counter() - start_s, time.process_time() - start_cpu_s
        assert self._window.session.curves is not None
        self._until(lambda: self._has_picture)
        picture_s = time.perf_counter() - start_s
        return {
            "returned_s": returned_s,
            "painted_s": painted_s,
            "painted_cpu_s": cpu_s,
            "picture_s": picture_s,
        }

    def walk(self, count: int) -> list[float]:
        """Milliseconds from each of so many videos to its painted curves."""
        times = []
        videos = [item.id for item in self._window.session.videos][1 : count + 1]
        for video in videos:
            self._timeline.forget()
            start_s = time.perf_counter()
            self._window.session.open_video(video)
            self._until(lambda: self._timeline.all)
            times.append(1000 * (time.perf_counter() - start_s))
            live(0.1)
        return times

    def _until(self, done: Any) -> None:
        end_s = time.perf_counter() + PATIENCE_S
        while not done():
            if time.perf_counter() > end_s:
                raise TimeoutError(f"the window did not come so far within {PATIENCE_S:g} s")
            self._app.processEvents()


def visit(folder: Path, walk: int) -> dict[str, Any]:
    """Everything, in this process; without a walk, the opening only."""
    app = make_app()
    with tempfile.TemporaryDirectory() as own:
        window = make_window(app, Settings.in_file(Path(own) / "settings.ini"))
        window.show()
        rest()
        found: dict[str, Any] = {"before_mb": resident_mb()}
        visitor = Visitor(window, app)
        found |= visitor.open_project(folder)
        found["opened_mb"] = resident_mb()
        if walk:
            found["background_s"] = rest()
            found["rested_mb"] = resident_mb()
            found["walk_ms"] = visitor.walk(walk)
            rest()
            found["walked_mb"], found["peak_mb"] = resident_mb(), peak_mb()
        window.close()
        live(0.5)
    return found


def in_child(folder: Path, walk: int) -> dict[str, Any]:
    """:func:`visit` in a process of its own."""
    command = [sys.executable, __file__, "--visit", str(folder), "--walk", str(walk)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    print(found, flush=True)
    return found


def add_rows(bench: Bench, size: str, found: dict[str, Any], first: dict[str, Any]) -> None:
    """What the goals are about, and what stands behind it."""
    bench.add(
        "open", f"{size}: from opening to painted library and curves", found["painted_s"], "s",
        goal=GOAL_S, detail=f"processor {found['painted_cpu_s']:.2f} s; first exact picture "
        f"{found['picture_s']:.2f} s; the background was done after {found['background_s']:.0f} s",
    )  # fmt: skip
    bench.add(
        "first-open", "the same, opened for the first time: no file was examined before",
        first["painted_s"], "s", goal=GOAL_S, detail=f"processor {first['painted_cpu_s']:.2f} s; "
        f"first exact picture {first['picture_s']:.2f} s",
    )  # fmt: skip
    bench.add(
        "memory", "resident memory of the window when its background work is done",
        found["rested_mb"], "MB", goal=GOAL_MB,
        detail=f"{found['before_mb']:.0f} MB without a project, {found['opened_mb']:.0f} just open",
    )  # fmt: skip
    walk = np.array(found["walk_ms"])
    bench.add(
        "memory-after-walk", f"the same after a walk through {len(walk)} videos",
        found["walked_mb"], "MB", goal=GOAL_MB, detail=f"peak {found['peak_mb']:.0f} MB",
    )  # fmt: skip
    bench.add(
        "walk", "from one video to the next: painted curves, p95", np.percentile(walk, 95), "ms",
        detail=f"median {np.median(walk):.0f} ms",
    )  # fmt: skip


def run(bench: Bench, options: argparse.Namespace, folder: Path) -> None:
    """Write, open, tell."""
    # Not above: it imports torch, which the window in the child does not have.
    from benchmarks.big_project_data import snippets_for, write_project

    num_snippets = snippets_for(options.gigabytes, options.videos)
    gigabytes = write_project(folder, options.videos, num_snippets)
    hours = num_snippets * 16 / 30 / 3600
    size = f"{options.videos} videos of {hours:.2g} h, {gigabytes:.2g} GB of features"
    print(size, flush=True)
    found = in_child(folder, options.walk)
    (folder / "scan.json").unlink()
    first = in_child(folder, 0)
    add_rows(bench, size, found, first)


def main() -> None:
    """Command line."""
    parser = make_parser(__doc__)
    parser.add_argument("--videos", type=int, default=300)
    parser.add_argument("--gigabytes", type=float, default=10.0)
    parser.add_argument("--walk", type=int, default=50, help="videos gone through")
    parser.add_argument("--keep", type=Path, help="where the project is left; else it is removed")
    parser.add_argument("--visit", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.visit:
        print(json.dumps(visit(options.visit, options.walk)))
        return
    if options.quick:
        options.videos, options.gigabytes, options.walk = 30, 0.1, 5
    bench = Bench(options.rows)
    if options.keep:
        run(bench, options, options.keep)
        return
    with tempfile.TemporaryDirectory() as folder:
        run(bench, options, Path(folder))


if __name__ == "__main__":
    main()
