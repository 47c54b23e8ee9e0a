"""A tiny synthetic project whose trainings take seconds or for ever, and jobs that run on it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from tpwng_studio.jobs.jobs import Job, Jobs

WAIT_MS = 150_000  # a worker loads torch; on a machine busy with other work that takes long
LONG = 100_000


_MAKE = """
import sys
from pathlib import Path
from tests.core.run.conftest import SMALL, quick_request
from tpwng_core.events import silent
from tpwng_core.run.synth import synth
from tpwng_core.run.train import train
folder = Path(sys.argv[1])
synth("ucf-like-plain", 10_001, folder / "bench", silent, counts=SMALL)
train(quick_request(folder / "bench", folder / "run"), silent)
"""


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A synthetic world and a run on it, made in another process: no torch in the window's."""
    folder = tmp_path_factory.mktemp("made")
    root = Path(__file__).resolve().parents[2]
    subprocess.run([sys.executable, "-c", _MAKE, str(folder)], check=True, cwd=root)
    return folder


@pytest.fixture(scope="session")
def bench(made: Path) -> Path:
    """Features, manifest, annotations and settings of a small synthetic world."""
    return made / "bench"


@pytest.fixture(scope="session")
def run_folder(made: Path) -> Path:
    """A finished run on it."""
    return made / "run"


def train_args(bench: Path, out: Path, epochs: int = 2, **more: Any) -> dict[str, Any]:
    few = ["training.batch_size=8", "prompts.num_context=2", "validation.every=1"]
    return {
        "manifest": bench / "manifest.csv",
        "features": bench / "features",
        "out": out,
        "config": bench / "settings.toml",
        "set": [*few, f"training.epochs={epochs}"],
        "device": "cpu",
        **more,
    }


def wait_for(qtbot: QtBot, job: Job, *states: str) -> Job:
    qtbot.waitUntil(lambda: job.state in states, timeout=WAIT_MS)
    return job


def wait_for_end(qtbot: QtBot, job: Job) -> Job:
    qtbot.waitUntil(lambda: not job.is_open, timeout=WAIT_MS)
    return job


def wait_for_metrics(qtbot: QtBot, job: Job, count: int = 1) -> None:
    qtbot.waitUntil(lambda: len(job.metrics) >= count, timeout=WAIT_MS)


def submit_training(jobs: Jobs, bench: Path, out: Path, epochs: int = 2, **more: Any) -> Job:
    return jobs.submit("train", train_args(bench, out, epochs, **more), "Train")
