"""Does the window answer while a training runs? The longest gaps of Qt's event loop, measured.

    python benchmarks/responsiveness.py [--seconds 20]

Offscreen, the miniature project with the whole training page on screen: a precise timer should
come every 2 ms; a gap is how late it came. First with an idle worker, then from the start of a
training (process, torch, epochs, charts, pinned video) to its cancel. Also given: the processor
time of the window's thread in the worst gap, the one to trust on a shared machine (goal: no gap
over 50 ms), and how long the cancel took (goal: 2 s).
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from benchmarks.contract import Bench, make_parser
from tpwng_studio import theme
from tpwng_studio.garbage import Garbage
from tpwng_studio.jobs.dataset_plan import Plan
from tpwng_studio.jobs.errands import plan_of
from tpwng_studio.jobs.job_follower import JobFollower
from tpwng_studio.jobs.jobs import Jobs
from tpwng_studio.playing.thumbnails import Thumbnails
from tpwng_studio.project.project import Project
from tpwng_studio.state.session import Session
from tpwng_studio.views.jobs import JobsView
from tpwng_studio.views.timeline import TimelineView
from tpwng_studio.views.training import TrainingView

TICK_MS = 2


@dataclass
class Gaps:
    """How late a timer came, and what this thread computed meanwhile."""

    wall_ms: list[float] = field(default_factory=list)
    cpu_ms: list[float] = field(default_factory=list)

    def detail(self) -> str:
        """What stands behind the longest."""
        wall, cpu = np.array(self.wall_ms), np.array(self.cpu_ms)
        return (
            f"{len(wall):,} ticks, p99 {np.percentile(wall, 99):.1f} ms, {int((wall > 50).sum())} "
            f"over 50 ms; the window's own processor time in the longest "
            f"{cpu[wall.argmax()]:.1f} ms, at most {cpu.max():.1f} ms"
        )


class Clock:
    """Ticks as fast as it may and keeps the gaps."""

    def __init__(self) -> None:
        self.gaps = Gaps()
        self._timer = QTimer(interval=TICK_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._restart()
        self._timer.start()

    def take(self) -> Gaps:
        """The gaps since the last take."""
        found, self.gaps = self.gaps, Gaps()
        self._restart()
        return found

    def stop(self) -> None:
        """Tick no more."""
        self._timer.stop()

    def _restart(self) -> None:
        self._wall_s, self._cpu_s = time.perf_counter(), time.thread_time()

    def _tick(self) -> None:
        wall_s, cpu_s = self._wall_s, self._cpu_s
        self._restart()
        self.gaps.wall_ms.append(1000 * (self._wall_s - wall_s))
        self.gaps.cpu_ms.append(1000 * (self._cpu_s - cpu_s))


def wait(seconds: float) -> None:
    """Let the window live."""
    loop = QEventLoop()
    QTimer.singleShot(round(1000 * seconds), loop.quit)
    loop.exec()


def open_page(folder: Path) -> tuple[Session, Jobs, QWidget, TrainingView]:
    """The miniature with a split to train on, and everything that a training moves."""
    project = Project.create_demo(folder / "demo")
    session, jobs = Session(), Jobs()
    session.open_project(project)
    plan: Plan = plan_of(session).with_split({"test": 0.5})
    project.link(manifest=plan.write(project.folder))
    session.reload_project()
    jobs.open(project.jobs_dir)
    window = QWidget()
    column = QVBoxLayout(window)
    thumbnails = Thumbnails(window)
    training = TrainingView(session, jobs, JobFollower(session, jobs, jobs))
    for part in (TimelineView(session, thumbnails), training, JobsView(jobs)):
        column.addWidget(part)
    window.resize(1280, 1100)
    window.show()
    window.destroyed.connect(thumbnails.shutdown)
    window.thumbnails = thumbnails  # type: ignore[attr-defined]
    return session, jobs, window, training


def measure(bench: Bench, seconds: float) -> None:
    """Idle, then training, then cancel."""
    app = QApplication([])
    theme.apply(app, "light")
    with tempfile.TemporaryDirectory() as name:
        session, jobs, window, training = open_page(Path(name))
        garbage = Garbage(window)  # as the main window has it
        wait(2.0)
        clock = Clock()
        wait(seconds / 2)
        add_gaps(bench, "idle", clock.take())
        training.form.preset.setCurrentText("demo")
        training.form.numbers["training.epochs"].setValue(1000)
        job = training.start()
        assert job is not None
        wait(seconds)
        add_gaps(bench, "training", clock.take())
        begun_s = time.perf_counter()
        jobs.cancel(job)
        while job.is_open:
            wait(0.01)
        cancel_s = time.perf_counter() - begun_s
        bench.add(
            "cancel", "from cancel to a training that has ended", cancel_s, "s", goal=2,
            detail=f"{len(job.metrics)} epochs were charted, the last of them drawn for the pinned "
            f"video was {training.pinned.epoch}",
        )  # fmt: skip
        clock.stop()
        garbage.stop()
        jobs.shutdown()
        window.thumbnails.shutdown()  # type: ignore[attr-defined]
        session.shutdown()
        window.close()


def add_gaps(bench: Bench, name: str, gaps: Gaps) -> None:
    """The longest pause of the window while the worker idles or trains."""
    what = "while a training starts and runs" if name == "training" else "with an idle worker"
    bench.add(
        f"longest-{name}", f"longest pause of the window {what}", max(gaps.wall_ms), "ms",
        goal=50, detail=gaps.detail(),
    )  # fmt: skip


def main() -> None:
    """Command line."""
    parser = make_parser(__doc__)
    parser.add_argument("--seconds", type=float, default=20.0)
    options = parser.parse_args()
    measure(Bench(options.rows), 6.0 if options.quick else options.seconds)


if __name__ == "__main__":
    main()
