"""``kill -9`` at any moment: after the restart no committed edit is lost and no file is broken."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from tests.studio.editing_process import NUM_EDITS, VIDEOS, edits
from tpwng_core.config import read_toml
from tpwng_core.labels import VideoLabels, read_label_folder
from tpwng_core.scores import read_scores
from tpwng_studio.project.migrations import VERSION
from tpwng_studio.project.project import NAME, Project
from tpwng_studio.state.session import Session

ROOT = Path(__file__).resolve().parents[3]
NUM_KILLS = 20


def timeless(labels: VideoLabels | None) -> VideoLabels | None:
    """Labels without the times of day at which they were said; None where nothing was."""
    if labels is None or (not labels.segments and labels.category is None):
        return None
    return replace(labels, segments=tuple(replace(item, time="") for item in labels.segments))


class Editing:
    """The scripted edits in a process of their own."""

    def __init__(self, folder: Path, seed: int, *words: str) -> None:
        command = [sys.executable, "-m", "tests.studio.editing_process", str(folder), str(seed)]
        environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
        self.process = subprocess.Popen(
            [*command, *words], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
        )
        self.last = -1
        self.worker = 0

    def until(self, is_enough: Callable[[], bool]) -> None:
        """Read what is committed until it is enough, or all there is."""
        assert self.process.stdout is not None
        while not is_enough():
            line = self.process.stdout.readline()
            if not line.endswith("\n"):
                return  # killed in the middle of a word
            kind, _, number = line.strip().rpartition(" ")
            if kind == "worker":
                self.worker = int(number)
            else:
                self.last = int(number)

    def kill(self) -> int:
        """Kill it; the number of the last committed edit."""
        self.process.kill()
        self.until(lambda: False)
        self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()
        return self.last


def run_and_kill(folder: Path, seed: int, after_s: float) -> int:
    """Run the edits, kill them, and return the number of the last committed one."""
    editing = Editing(folder, seed)
    editing.until(lambda: editing.last >= 0)
    time.sleep(after_s)
    return editing.kill()


def run_window_and_kill(folder: Path, seed: int, after_s: float) -> int:
    """The same in the whole window with a busy worker: kill the window, the worker, or both."""
    editing = Editing(folder, seed, "window")
    editing.until(lambda: editing.last >= 0 and editing.worker > 0)
    time.sleep(after_s)
    victim = ("window", "worker", "both")[seed % 3]
    if victim != "window":
        os.kill(editing.worker, signal.SIGKILL)
    if victim == "worker":
        # the window lives on and goes on committing, unless it is at the end of the script
        mark = editing.last
        editing.until(lambda: editing.last >= min(mark + 3, NUM_EDITS - 1))
    return editing.kill()


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
@pytest.mark.parametrize("run", [run_and_kill, run_window_and_kill], ids=["session", "window"])
def test_no_committed_edit_is_lost_by_kill_9(
    run: Callable[[Path, int, float], int], qapp: QApplication, tmp_path: Path
) -> None:
    twin = Project.create_demo(tmp_path / "twin")
    Project.create_demo(tmp_path / "work").close()
    chance = random.Random(5)
    num_recovered = 0
    for seed in range(NUM_KILLS):
        reference = Session()
        reference.open_project(twin)
        states = [{}, *edits(reference, seed)]
        reference.shutdown()
        last = run(tmp_path / "work", seed, chance.uniform(0, 0.8))
        session = Session()
        session.open_project(tmp_path / "work")
        assert not session.is_read_only
        if session.recovery is not None:
            num_recovered += 1
            session.restore_recovery()
        session.shutdown()
        found = read_label_folder(tmp_path / "work/labels")
        committed, next_one = (
            {video: timeless(state.get(video)) for video in VIDEOS}
            for state in (states[last + 1], states[min(last + 2, len(states) - 1)])
        )
        assert {video: timeless(found.get(video)) for video in VIDEOS} in (committed, next_one)
        assert read_toml(tmp_path / "work" / NAME)["project"]["version"] == VERSION
        assert not (tmp_path / "work/journal.jsonl").exists()
        # hidden is what a file was being written to when its worker was killed, or still is
        for path in (tmp_path / "work" / "again").rglob("[!.]*.npz"):
            read_scores(path)
        for folder in (tmp_path / "work", tmp_path / "twin"):
            for file in (folder / "labels").iterdir():
                file.unlink()
        twin = Project.open(tmp_path / "twin")
    twin.close()
    assert num_recovered > 0
