"""Scripted edits, to be killed at any moment: ``python -m ... FOLDER SEED [window]``.

Before an edit it does nothing; after it, when the edit is on screen and so committed, it prints
the edit's number. Label files are saved all the while. The same seed makes the same edits. With
``window`` the whole window does it, while its worker scores; it prints ``worker PID`` first.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtCore import QCoreApplication, QTimer
from PySide6.QtWidgets import QApplication

from tpwng_core.labels import VideoLabels
from tpwng_studio.jobs.jobs import Job
from tpwng_studio.project.project import Project
from tpwng_studio.settings import Settings
from tpwng_studio.shell.main_window import MainWindow
from tpwng_studio.state.session import Session

VIDEOS = ("test_fighting_000", "test_fire_001")
NUM_EDITS = 400


def edits(session: Session, seed: int) -> Iterator[dict[str, VideoLabels]]:
    """Do one edit after the other; after each, the labels of both videos."""
    rng = np.random.default_rng(seed)
    states: dict[str, VideoLabels] = {}
    for _ in range(NUM_EDITS):
        if rng.random() < 0.1 or session.video is None or session.video.id not in VIDEOS:
            session.open_video(VIDEOS[int(rng.integers(2))])
        edit(session, rng)
        states[session.labels.video] = session.labels
        yield dict(states)


def edit(session: Session, rng: np.random.Generator) -> None:
    """One edit as a person would make it."""
    start = int(rng.integers(0, session.num_frames - 30))
    how = rng.choice(["paint", "erase", "undo", "redo", "accept", "delete", "split", "category"])
    session.seek(start)
    session.select(None)
    if how == "paint":
        state = str(rng.choice(["abnormal", "normal", "unknown"]))
        session.paint(start, start + int(rng.integers(1, 30)), state)  # type: ignore[arg-type]
    elif how == "erase":
        session.erase(start, start + 20)
    elif how == "accept":
        session.accept_range(start, start + 15)
    elif how == "delete":
        session.select_next(1)
        session.delete_selected()
    elif how == "split":
        session.split_selected()
    elif how == "category":
        session.set_video_category(str(rng.choice(["fire", "fighting", "normal"])))
    else:
        (session.undo if how == "undo" else session.redo)()


def score_for_ever(window: MainWindow, project: Project) -> None:
    """Keep the worker busy, each time with a folder of its own; say who it is."""
    jobs, numbers = window.jobs, count()

    def submit() -> None:
        args = {
            "inputs": [str(project.features_dir)],
            "checkpoint": project.checkpoint,
            "out": project.folder / "again" / str(next(numbers)),
        }
        jobs.submit("score", args, "Score again")

    def follow(job: Job) -> None:
        if not job.is_open:
            QTimer.singleShot(0, submit)

    def tell(job: Job, event: dict[str, object]) -> None:
        if event["event"] == "started":
            print(f"worker {jobs._worker.process_id}", flush=True)

    jobs.job_changed.connect(follow)
    jobs.job_event.connect(tell)
    submit()


def main() -> None:
    """Edit until killed."""
    app = QApplication([])
    project = Project.open(Path(sys.argv[1]))
    window = None
    if sys.argv[3:] == ["window"]:
        window = MainWindow(Settings.in_file(project.folder.parent / "settings.ini"))
        window.show()
    session = Session() if window is None else window.session
    session.set_autosave(0.003)
    session.open_project(project)
    if window is not None:
        score_for_ever(window, project)
    done = enumerate(edits(session, int(sys.argv[2])))

    def step() -> None:
        number = next(done, None)
        if number is None:
            timer.stop()
            QCoreApplication.quit()
            return
        print(number[0], flush=True)

    timer = QTimer()
    timer.timeout.connect(step)
    timer.start(2)
    app.exec()
    session.shutdown()


if __name__ == "__main__":
    main()
