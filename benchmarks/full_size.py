"""A dry run at the real size: UCF-Crime's and XD-Violence's own lists, synthetic features, D = 512.

    python benchmarks/full_size.py [--only ucf-crime,xd-violence] [--crops 10] [--out full.json]

Writes a feature file for every video of the published lists into a temporary folder, then, each in
a process of its own: loads everything once, trains 20 steps with the paper's preset, scores all
test videos, evaluates them on the real annotations. Prints seconds and peak memory. The scores
mean nothing. UCF-Crime's lengths are real; of XD-Violence's training videos no lengths are
published, so they are drawn from its test videos', scaled to the data set's 217 hours.

Reads the lists from ``$TPWNG_REAL_DATA`` (default ``../shared/data``).
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.full_size_data import (
    BENCHMARKS,
    DIM,
    Benchmark,
    real_data,
    write_data,
)
from tpwng_core.datasets import read_manifest
from tpwng_core.events import Event, Progress
from tpwng_core.features import SUFFIX
from tpwng_core.groundtruth import read_frame_counts
from tpwng_core.synthetic import get_preset, make_world

STEPS, WARM_UP = 20, 3
STAGES = ("load", "train", "score", "evaluate")


@dataclass(frozen=True)
class Clock:
    """Seconds on the clock and of the processors; on a shared machine trust the latter."""

    wall_s: float
    cpu_s: float

    @classmethod
    def now(cls) -> Clock:
        """This moment."""
        return cls(time.perf_counter(), time.process_time())

    def spent(self, name: str = "") -> dict[str, float]:
        """Seconds since then, by name."""
        end, suffix = Clock.now(), f"_{name}" if name else ""
        return {
            f"seconds{suffix}": round(end.wall_s - self.wall_s, 3),
            f"cpu_seconds{suffix}": round(end.cpu_s - self.cpu_s, 3),
        }


def load(folder: Path, benchmark: Benchmark) -> dict[str, float]:
    """Open every file, check every value, pool every training bag."""
    from tpwng_core.features import open_feature_folder
    from tpwng_core.run.batches import BagStore
    from tpwng_core.run.settings import load_settings

    start = Clock.now()
    settings = load_settings(benchmark.preset)
    features = open_feature_folder(folder / "features")
    ids = list(settings.categories)
    records = read_manifest(real_data() / benchmark.train_list, ids)
    store = BagStore(records, features, ids, max_snippets=256, seed=0)
    opened = [features[video].num_snippets for video in features]
    batch_size = settings.training.batch_size
    for step in range(store.num_steps(batch_size)):
        store.bags(step, batch_size)
    return {
        "videos": len(opened),
        "snippets": sum(opened),
        **start.spent(),
    }


def train(folder: Path, benchmark: Benchmark) -> dict[str, float]:
    """Twenty steps of the paper's preset, one epoch of bags and the checkpoint included."""
    from tpwng_core.run.settings import load_settings
    from tpwng_core.run.train import TrainRequest, train

    times: list[Clock] = []

    def clock(event: Event) -> None:
        if isinstance(event, Progress):
            times.append(Clock.now())

    overrides = ["training.epochs=0", f"training.steps={STEPS}", "validation.every=1000"]
    settings = load_settings(benchmark.preset, overrides=overrides)
    request = TrainRequest(
        manifest=real_data() / benchmark.train_list,
        features=folder / "features",
        out=folder / "run",
        settings=settings,
        clip=str(folder / "clip"),
        device=os.environ.get("TPWNG_DEVICE", "auto"),
    )
    start = Clock.now()
    train(request, clock)
    end = Clock.now()
    records = read_manifest(request.manifest)
    share = 1 - settings.validation.share
    num_normal = sum(record.is_normal for record in records)
    longer = share * max(num_normal, len(records) - num_normal)
    steps_per_epoch = -(-int(longer) // settings.training.batch_size)
    step_s = float(np.median(np.diff([item.wall_s for item in times])[WARM_UP:]))
    step_cpu_s = float(np.median(np.diff([item.cpu_s for item in times])[WARM_UP:]))
    return {
        "seconds_until_first_step": round(times[0].wall_s - start.wall_s, 2),
        "seconds_per_step": round(step_s, 3),
        "cpu_seconds_per_step": round(step_cpu_s, 3),
        "steps_per_epoch": steps_per_epoch,
        "seconds_per_epoch": round(step_s * steps_per_epoch, 1),
        "cpu_seconds_per_epoch": round(step_cpu_s * steps_per_epoch, 1),
        "epochs": load_settings(benchmark.preset).training.epochs,
        "seconds_validate_and_save": round(end.wall_s - times[-1].wall_s, 2),
    }


def score(folder: Path, benchmark: Benchmark) -> dict[str, float]:
    """All test videos to score files."""
    from tpwng_core.run.score import ScoreRequest, score

    data = real_data()
    test = read_frame_counts(data / benchmark.test_lengths)
    names = {path.name: path for path in (folder / "features").iterdir()}
    suffix = SUFFIX if any(name.endswith(SUFFIX) for name in names) else ".npy"
    request = ScoreRequest(
        inputs=[names[f"{video}{suffix}"] for video in test],
        checkpoint=folder / "run" / "checkpoint.safetensors",
        out=folder / "scores",
        device=os.environ.get("TPWNG_DEVICE", "auto"),
    )
    start = Clock.now()
    found = score(request, lambda event: None)
    return {"videos": found["scored"], **start.spent()}


def evaluate(folder: Path, benchmark: Benchmark) -> dict[str, float]:
    """The metrics alone, then the whole verb with its files and page."""
    from tpwng_core.evaluation import evaluate
    from tpwng_core.events import silent
    from tpwng_core.groundtruth import read_ground_truth, sniff_protocol
    from tpwng_core.run.evaluate import EvaluateRequest, evaluate_scores
    from tpwng_core.scores import read_score_folder

    annotations = real_data() / benchmark.annotations
    scores = {name: item.score for name, item in read_score_folder(folder / "scores").items()}
    protocol = sniff_protocol(annotations)
    truth = read_ground_truth(annotations, protocol)
    start = Clock.now()
    evaluate(scores, truth, protocol=protocol)
    metrics, start = start.spent("metrics"), Clock.now()
    evaluate(scores, truth, protocol=protocol, num_bootstrap=1000)
    resampled = start.spent("with_1000_resamples")
    request = EvaluateRequest(
        scores=folder / "scores", ground_truth=annotations, out=folder / "report.json"
    )
    start = Clock.now()
    evaluate_scores(request, silent)
    whole = start.spent("verb_with_page")
    found = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    return {
        "frames": found["num_frames"],
        "abnormal_frames": found["num_abnormal_frames"],
        **metrics,
        **resampled,
        **whole,
    }


def memory_mb() -> dict[str, float]:
    """Peak resident memory of this process, and what of it is now its own, not mapped files."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    values = dict(line.split(":", 1) for line in status.splitlines())
    kilobytes = {name: int(values[name].split()[0]) for name in ("VmHWM", "RssAnon")}
    return {
        "peak_mb": round(kilobytes["VmHWM"] / 1024, 1),
        "own_mb_at_end": round(kilobytes["RssAnon"] / 1024, 1),
    }


def leave(number: int, frame: object) -> None:
    """End by way of the exceptions that clean up, also when the process is told to end."""
    sys.exit(128 + number)


@contextmanager
def scratch(parent: Path | None) -> Iterator[Path]:
    """A folder that is gone afterwards, whatever happens."""
    with tempfile.TemporaryDirectory(prefix="tpwng-full-size-", dir=parent) as folder:
        yield Path(folder)


def run(name: str, num_crops: int, parent: Path | None) -> dict[str, Any]:
    """Write the data of a benchmark and run its stages, each in a process of its own."""
    from tpwng_core.run.synthetic_clip import cached_tower

    with scratch(parent) as folder:
        world = make_world(get_preset(BENCHMARKS[name].world), 0, DIM)
        os.environ["TPWNG_TOWER_SHA256"] = _weight_sha256(cached_tower(world))
        data = write_data(folder, BENCHMARKS[name], num_crops)
        print(f"{name}: {data}", flush=True)
        results: dict[str, Any] = {"crops": num_crops, "data": data}
        for stage in STAGES:
            command = [sys.executable, __file__, "--stage", stage, "--folder", str(folder)]
            done = subprocess.run([*command, "--only", name], check=True, stdout=subprocess.PIPE)
            results[stage] = json.loads(done.stdout.splitlines()[-1])
            print(f"  {stage}: {results[stage]}", flush=True)
        return results


def _weight_sha256(folder: Path) -> str:
    import torch

    from tpwng_core.nn.clip import load_clip

    return load_clip(str(folder), torch.device("cpu"), with_vision=False).weight_sha256


def main() -> None:
    """Run what was asked for, print it, write JSON."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--only", default=",".join(BENCHMARKS))
    parser.add_argument("--crops", type=int, default=1, help="1, or 10 as published")
    parser.add_argument("--scratch", type=Path, help="parent of the temporary folder")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--stage", choices=STAGES, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, leave)
    names = options.only.split(",")
    if options.stage:
        stages = {"load": load, "train": train, "score": score, "evaluate": evaluate}
        found = stages[options.stage](options.folder, BENCHMARKS[names[0]])
        print(json.dumps({**found, **memory_mb()}))
        return
    results = {name: run(name, options.crops, options.scratch) for name in names}
    if options.out:
        options.out.write_text(json.dumps(results, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
