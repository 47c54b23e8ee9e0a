"""Does the window answer while a live source is watched? The gaps of Qt's event loop, measured.

    python benchmarks/live_window.py [--seconds 60]

Offscreen, the whole window on the miniature project with the live layout, light theme, 1440 x 900:
first idle, then while the drawn videos are watched as an HTTP stream that ffmpeg serves at their
own speed, with curve, pictures and alarms. The same timer as ``responsiveness.py`` (goal: no gap
over 50 ms). Also: how long Stop took (goal: 2 s) and how late the scores came. Needs ffmpeg, Linux.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np

from benchmarks.contract import Bench, make_parser
from benchmarks.responsiveness import Clock, wait
from scripts.live_stage import can_serve, served, train_looking_back
from tpwng_studio.app import make_app, make_window
from tpwng_studio.project.project import Project
from tpwng_studio.settings import Settings
from tpwng_studio.shell.main_window import MainWindow

NAMES = ("test_normal_000.mp4", "test_fire_001.mp4", "test_fighting_000.mp4")


def open_window(folder: Path) -> MainWindow:
    """The window with a video open, so that the player and the timeline are there too."""
    window = make_window(make_app(), Settings.in_file(folder / "settings.ini"))
    window.resize(1440, 900)
    window.show()
    window.session.open_project(Project.create_demo(folder / "demo"))
    window.session.open_video("test_fire_001")
    window.actions_by_id["run.watch"].trigger()
    return window


def begin(window: MainWindow, checkpoint: Path, address: str) -> None:
    """Fill the form and start."""
    form = window.panels.live.form
    form.model.line.setText(str(checkpoint))
    form.source.line.setText(address)
    form.start.click()
    while not window.live.watch.num_snippets:
        if not window.live.watch.is_running:
            raise SystemExit(f"the watch failed: {window.live.watch.reason}")
        wait(0.1)


def measure(bench: Bench, seconds: float) -> None:
    """Idle, then watching, then stop."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        checkpoint = train_looking_back(folder)
        window = open_window(folder)
        wait(4.0)
        clock = Clock()
        wait(seconds / 2)
        idle = clock.take()
        bench.add(
            "longest-not-watching", "longest pause of the window with the live panel idle",
            max(idle.wall_ms), "ms", goal=50, detail=idle.detail(),
        )  # fmt: skip
        with served(NAMES, folder) as address:
            begin(window, checkpoint, address)
            watch_and_stop(bench, window, clock, seconds)
        clock.stop()
        window.close()
        wait(0.5)


def watch_and_stop(bench: Bench, window: MainWindow, clock: Clock, seconds: float) -> None:
    """While scores come, and when they shall come no more."""
    lags: list[float] = []
    watch = window.live.watch
    watch.scored.connect(lambda: lags.append(watch.lag_s or 0.0))
    clock.take()  # starting is not watching
    wait(seconds)
    busy = clock.take()
    asked_s = time.perf_counter()
    watch.stop()
    while watch.is_running:
        wait(0.01)
    stop_s = time.perf_counter() - asked_s
    bench.add(
        "longest-watching", "longest pause of the window while a stream is watched",
        max(busy.wall_ms), "ms", goal=50, detail=busy.detail(),
    )  # fmt: skip
    bench.add(
        "lag", "from the arrival of a snippet's last frame to its score, median",
        float(np.median(lags)), "s",
        detail=f"{len(lags)} snippets, {len(watch.alarms)} alarms, worst {max(lags):.2f} s",
    )  # fmt: skip
    bench.add("stop", "from stop to a watch that has ended", stop_s, "s", goal=2)


def main() -> None:
    """Command line."""
    parser = make_parser(__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    options = parser.parse_args()
    bench = Bench(options.rows)
    if can_serve():
        measure(bench, 8.0 if options.quick else options.seconds)
    else:
        what = "longest pause of the window while a stream is watched"
        bench.skip("longest-watching", what, "needs ffmpeg, on Linux")


if __name__ == "__main__":
    main()
