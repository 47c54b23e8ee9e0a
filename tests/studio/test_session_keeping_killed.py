"""``kill -9`` at any moment: after the restart no committed edit is lost and no file is broken."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from tests.studio.editing_process import VIDEOS, edits
from tpwng_core.config import read_toml
from tpwng_core.labels import VideoLabels, read_label_folder
from tpwng_studio.project import NAME, Project
from tpwng_studio.session import Session

ROOT = Path(__file__).resolve().parents[2]
NUM_KILLS = 20


def timeless(labels: VideoLabels | None) -> VideoLabels | None:
    """Labels without the times of day at which they were said; None where nothing was."""
    if labels is None or (not labels.segments and labels.category is None):
        return None
    return replace(labels, segments=tuple(replace(item, time="") for item in labels.segments))


def run_and_kill(folder: Path, seed: int, after_s: float) -> int:
    """Run the scripted edits, kill them, and return the number of the last committed one."""
    command = [sys.executable, "-m", "tests.studio.editing_process", str(folder), str(seed)]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        last = int(process.stdout.readline())
        time.sleep(after_s)
        process.send_signal(signal.SIGKILL)
        numbers = process.stdout.read().split("\n")
    whole = [int(number) for number in numbers[:-1]]
    return whole[-1] if whole else last


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_no_committed_edit_is_lost_by_kill_9(qapp: QApplication, tmp_path: Path) -> None:
    twin = Project.create_demo(tmp_path / "twin")
    Project.create_demo(tmp_path / "work").close()
    chance = random.Random(5)
    num_recovered = 0
    for seed in range(NUM_KILLS):
        reference = Session()
        reference.open_project(twin)
        states = [{}, *edits(reference, seed)]
        reference.shutdown()
        last = run_and_kill(tmp_path / "work", seed, chance.uniform(0, 0.8))
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
        assert read_toml(tmp_path / "work" / NAME)["project"]["version"] == 1
        assert not (tmp_path / "work/journal.jsonl").exists()
        for folder in (tmp_path / "work", tmp_path / "twin"):
            for file in (folder / "labels").iterdir():
                file.unlink()
        twin = Project.open(tmp_path / "twin")
    twin.close()
    assert num_recovered > 0
