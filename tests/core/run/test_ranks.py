"""Two processes train what one trains."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import torch

from tpwng_core.checkpoint import read_checkpoint
from tpwng_core.errors import ConfigError
from tpwng_core.nn.bags import Bags
from tpwng_core.run.ranks import ALONE, Ranks, joined_ranks

OVERRIDES = (
    "training.epochs=3", "training.batch_size=8", "prompts.num_context=2", "temporal.dropout=0",
)  # fmt: skip


def run(bench: Path, out: Path, num_processes: int, *extra: str, overrides=OVERRIDES) -> str:
    words = [word for override in overrides for word in ("--set", override)]
    launcher = ["-m", "torch.distributed.run", "--standalone", f"--nproc-per-node={num_processes}"]
    done = subprocess.run(
        [
            sys.executable, *(launcher if num_processes > 1 else []), "-m", "tpwng_core", "train",
            "--manifest", str(bench / "manifest.csv"), "--features", str(bench / "features"),
            "--out", str(out), "--config", str(bench / "settings.toml"), "--device", "cpu",
            *words, *extra,
        ],
        check=False, capture_output=True, text=True, timeout=200,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stderr


def lines_of(folder: Path) -> list[dict[str, float]]:
    return [json.loads(line) for line in (folder / "metrics.jsonl").read_text().splitlines()]


def assert_close(one: Path, other: Path, epochs: Sequence[int] = (0, 1, 2)) -> None:
    first, second = lines_of(one), lines_of(other)
    assert len(first) == len(second) == 3
    for epoch in epochs:
        mine, theirs = first[epoch], second[epoch]
        for name in ("total", "cl", "rank_n", "rank_a", "dil"):
            assert mine[name] == pytest.approx(theirs[name], rel=2e-4, abs=1e-6), name
    weights = [read_checkpoint(run / "checkpoint.safetensors").tensors for run in (one, other)]
    for name, value in weights[0].items():
        np.testing.assert_allclose(value, weights[1][name], atol=2e-3, err_msg=name)


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_two_processes_give_the_curve_of_one_and_resume_each_others_runs(
    bench: Path, tmp_path: Path
) -> None:
    run(bench, tmp_path / "one", 1)
    run(bench, tmp_path / "two", 2)
    assert_close(tmp_path / "one", tmp_path / "two")
    # the same schedule, cut off after the first epoch, and finished by the other number
    for first, second in ((1, 2), (2, 1)):
        out = tmp_path / f"{first}-then-{second}"
        cut_off(bench, out, first)
        assert len(lines_of(out)) == 1
        run(bench, out, second, "--resume")
        # the line of the epoch that was cut is the mean of its later steps only
        assert_close(tmp_path / "one", out, epochs=(0, 2))


def cut_off(bench: Path, out: Path, num_processes: int) -> None:
    """Train and stop soon after the first epoch."""
    stopper = Path(__file__).with_name("stop_after.py")
    launcher = ["-m", "torch.distributed.run", "--standalone", f"--nproc-per-node={num_processes}"]
    done = subprocess.run(
        [
            sys.executable, *(launcher if num_processes > 1 else []), str(stopper), str(bench),
            str(out), *OVERRIDES,
        ],
        check=False, capture_output=True, text=True, timeout=200,
        env={**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(Path.cwd())},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]


def bags_of(count: int) -> Bags:
    rows = torch.arange(count)
    return Bags(*(rows.clone() for _ in Bags._fields))


def test_bags_are_shared_without_loss() -> None:
    parts = [Ranks(rank=rank, count=3).share(bags_of(6)).abnormal for rank in range(3)]
    assert sorted(torch.cat(parts).tolist()) == list(range(6))
    assert ALONE.share(bags_of(6)).abnormal.tolist() == list(range(6))


def test_bags_that_cannot_be_shared_evenly_are_refused() -> None:
    with pytest.raises(ConfigError, match="no multiple of 4 processes"):
        Ranks(rank=0, count=4).share(bags_of(6))


def test_a_process_alone_changes_nothing() -> None:
    with joined_ranks("cpu") as ranks:
        assert ranks == ALONE
        assert ranks.mean(torch.tensor(3.0)) == 3
        assert ranks.any(True, torch.device("cpu"))
        module = torch.nn.Linear(1, 1)
        assert ranks.wrap(module) is module
