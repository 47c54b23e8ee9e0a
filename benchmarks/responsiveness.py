"""Does the window answer while a training runs? The longest gaps of Qt's event loop, measured.

    python benchmarks/responsiveness.py [--seconds 20]

Offscreen, the miniature project with the whole training page on screen: a precise timer should
come every 2 ms; a gap is how late it came. First with an idle worker, then from the start of a
training (process, torch, epochs, charts, pinned video) to its cancel. Also given: the processor
time of the window's thread in the worst gap, the one to trust on a shared machine (goal: no gap
over 50 ms), and how long the cancel took (goal: 2 s).
"""

from __future__ import annotations

import argparse
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

from tpwng_studio import theme
from tpwng_studio.jobs.dataset_plan import Plan
from tpwng_studio.jobs.errands import plan_of
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

    def line(self, name: str) -> str:
        """A row of the table."""
        wall, cpu = np.array(self.wall_ms), np.array(self.cpu_ms)
        over = int((wall > 50).sum())
        return (
            f"{name:<22} {len(wall):>7} {np.percentile(wall, 99):>8.1f} {wall.max():>8.1f}"
            f" {cpu[wall.argmax()]:>12.1f} {cpu.max():>8.1f} {over:>6}"
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
    training = TrainingView(session, jobs)
    for part in (TimelineView(session, thumbnails), training, JobsView(jobs)):
        column.addWidget(part)
    window.resize(1280, 1100)
    window.show()
    window.destroyed.connect(thumbnails.shutdown)
    window.thumbnails = thumbnails  # type: ignore[attr-defined]
    return session, jobs, window, training


def measure(seconds: float) -> None:
    """Idle, then training, then cancel."""
    app = QApplication([])
    theme.apply(app, "light")
    with tempfile.TemporaryDirectory() as name:
        session, jobs, window, training = open_page(Path(name))
        wait(2.0)
        clock = Clock()
        wait(seconds / 2)
        idle = clock.take()
        training.form.preset.setCurrentText("demo")
        training.form.numbers["training.epochs"].setValue(1000)
        job = training.start()
        assert job is not None
        wait(seconds)
        busy = clock.take()
        begun_s = time.perf_counter()
        jobs.cancel(job)
        while job.is_open:
            wait(0.01)
        cancel_s = time.perf_counter() - begun_s
        clock.stop()
        print(
            f"epochs seen: {len(job.metrics)}, pinned video drawn at epoch "
            f"{training.pinned.epoch}, cancelled in {cancel_s:.2f} s"
        )
        head = ("ticks", "p99", "longest", "its cpu", "most cpu", "> 50")
        print(
            f"{'gaps in ms':<22} {head[0]:>7} {head[1]:>8} {head[2]:>8} {head[3]:>12} "
            f"{head[4]:>8} {head[5]:>6}"
        )
        print(idle.line("idle worker"))
        print(busy.line("training"))
        jobs.shutdown()
        window.thumbnails.shutdown()  # type: ignore[attr-defined]
        session.shutdown()
        window.close()


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=20.0)
    measure(parser.parse_args().seconds)


if __name__ == "__main__":
    main()
