"""kill -9 of the worker at random moments of a training: every file stays whole."""

from __future__ import annotations

import json
import random
import time
from pathlib import Path

import pytest

from tests.core.cli.driving import Driver, train_args
from tpwng_core.checkpoint import read_checkpoint
from tpwng_core.scores import read_scores


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_twenty_kills_harm_no_file_and_the_run_goes_on(bench: Path, tmp_path: Path) -> None:
    rng = random.Random(0)
    run, reached = tmp_path / "run", 0
    video = next((bench / "features").glob("*")).name.partition(".features")[0]
    for _ in range(20):
        resume = (run / "resume" / "state.pt").is_file()
        with Driver() as worker:
            worker.run(1, "train", **train_args(bench, run, 10**6, resume=resume, pin=video))
            worker.until(lambda event: event["event"] == "artifact")
            time.sleep(rng.uniform(0, 0.3))
            worker.process.kill()
            worker.process.wait()
        epoch = read_checkpoint(run / "checkpoint.safetensors").meta.epoch
        assert epoch > reached
        reached = epoch
        for line in (run / "metrics.jsonl").read_text().splitlines():
            json.loads(line)
        for path in (run / "pinned").glob("*.scores.npz"):
            read_scores(path)
