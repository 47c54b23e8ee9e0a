"""Two processes that train together beside one: the same loss curve, and how much sooner.

    python benchmarks/distributed.py [--steps 20] [--batch 16]

Both start as a person starts them (``python -m tpwng_core train`` and ``torchrun``), on the CPU,
one thread a process, on a synthetic benchmark of features. Seconds are of the steps alone, from
the third on, as the run's events tell them.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.contract import ROOT, Bench, make_parser
from tpwng_core.events import silent
from tpwng_core.run.synth import synth
from tpwng_core.synthetic import Counts

COUNTS = Counts(train_abnormal=48, train_normal=48, test_abnormal=4, test_normal=4)
WARM_UP = 2
LAUNCHER = ("-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2")


def train(data: Path, out: Path, launcher: tuple[str, ...], options: argparse.Namespace) -> float:
    """Seconds of a step after the warm-up; the run's losses lie in ``out``."""
    settings = (
        "training.epochs=0", f"training.steps={options.steps}", "temporal.dropout=0",
        f"training.batch_size={options.batch}", "validation.every=1000",
    )  # fmt: skip
    words = [word for setting in settings for word in ("--set", setting)]
    command = [
        sys.executable, *launcher, "-m", "tpwng_core", "train", "--events", "json", "--device",
        "cpu", "--manifest", str(data / "manifest.csv"), "--features", str(data / "features"),
        "--config", str(data / "settings.toml"), "--out", str(out), *words,
    ]  # fmt: skip
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True
    )
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    events = [json.loads(line) for line in lines]
    times = [
        (event["done"], event["time"])
        for event in events
        if event["event"] == "progress" and event["unit"] == "step"
    ]
    (first, begun_s), (last, ended_s) = times[WARM_UP], times[-1]
    return float((ended_s - begun_s) / (last - first))


def losses(out: Path) -> list[dict[str, float]]:
    """Named losses of every epoch."""
    lines = (out / "metrics.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def largest_difference(one: Path, other: Path) -> float:
    """Of the losses, relative to those of the first."""
    names = ("total", "cl", "rank_n", "rank_a", "dil")
    return max(
        abs(mine[name] - theirs[name]) / max(abs(mine[name]), 1e-9)
        for mine, theirs in zip(losses(one), losses(other), strict=True)
        for name in names
    )


def run(bench: Bench, options: argparse.Namespace, folder: Path) -> None:
    """One, then two."""
    synth("ucf-like-plain", 0, folder / "data", silent, counts=COUNTS)
    one_s = train(folder / "data", folder / "one", (), options)
    two_s = train(folder / "data", folder / "two", LAUNCHER, options)
    bags = f"{options.batch} + {options.batch} bags"
    bench.add(
        "time", f"a training step of two processes over one's, {bags}, a thread each, CPU",
        two_s / one_s, "x", detail=f"{two_s:.2f} and {one_s:.2f} s; {options.steps} steps; 0.5x "
        "would be ideal on two free cores",
        numbers={"one_s": one_s, "two_s": two_s},
    )  # fmt: skip
    difference = largest_difference(folder / "one", folder / "two")
    bench.add(
        "losses", "their losses: largest relative difference, means of the run", difference,
        goal=2e-4,
    )  # fmt: skip


def main() -> None:
    """Command line."""
    parser = make_parser(__doc__)
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--batch", type=int, default=16, help="bags of each kind")
    options = parser.parse_args()
    if options.quick:
        options.steps, options.batch = 5, 4
    with tempfile.TemporaryDirectory() as folder:
        run(Bench(options.rows), options, Path(folder))


if __name__ == "__main__":
    main()
