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
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tpwng_core.datasets import VideoRecord, read_manifest
from tpwng_core.events import Event, Progress
from tpwng_core.features import SUFFIX, FeatureMeta, FeatureSet, write_features
from tpwng_core.groundtruth import read_frame_counts
from tpwng_core.synthetic import VideoPlan, get_preset, make_video, make_world

DIM, STRIDE, STEPS, WARM_UP = 512, 16, 20, 3
ROOT = Path(__file__).resolve().parents[1]
STAGES = ("load", "train", "score", "evaluate")
XD_HOURS, XD_FPS = 217, 24


@dataclass(frozen=True, kw_only=True)
class Benchmark:
    """A data set's preset, lists and annotations, relative to the real data."""

    preset: Literal["ucf-crime", "xd-violence"]
    world: str
    train_list: str
    annotations: str
    test_lengths: str


BENCHMARKS = {
    "ucf-crime": Benchmark(
        preset="ucf-crime",
        world="ucf-like",
        train_list="ucf_crime/ucf_CLIP_rgb.csv.gz",
        annotations="ucf_crime/Temporal_Anomaly_Annotation.txt",
        test_lengths="ucf_crime/frame_gt.PEL4VAD.npz",
    ),
    "xd-violence": Benchmark(
        preset="xd-violence",
        world="xd-like",
        train_list="xd_violence/xd_CLIP_rgb.csv.gz",
        annotations="xd_violence/annotations.txt",
        test_lengths="xd_violence/frame_gt.PEL4VAD.npz",
    ),
}


def real_data() -> Path:
    """Folder of the published lists; ends the program where it is missing."""
    folder = Path(os.environ.get("TPWNG_REAL_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        sys.exit(f"no real data at {folder}; set TPWNG_REAL_DATA")
    return folder


def lengths_of(benchmark: Benchmark, records: list[VideoRecord]) -> dict[str, int]:
    """Frames of every video, training and test."""
    data = real_data()
    test = read_frame_counts(data / benchmark.test_lengths)
    if benchmark.preset == "ucf-crime":
        return {**read_frame_counts(data / "ucf_crime/train_frame_counts.ekosman.txt"), **test}
    rng = np.random.default_rng(0)
    drawn = rng.choice(list(test.values()), len(records)).astype(np.float64)
    drawn *= (XD_HOURS * 3600 * XD_FPS - sum(test.values())) / drawn.sum()
    names = [record.video for record in records]
    return {**dict(zip(names, np.maximum(drawn, 1).astype(int).tolist(), strict=True)), **test}


def write_data(folder: Path, benchmark: Benchmark, num_crops: int) -> dict[str, float]:
    """Feature files of all videos; their number and size."""
    from tpwng_core.run.synthetic_clip import cached_tower

    world = make_world(get_preset(benchmark.world), 0, DIM)
    shutil.copytree(cached_tower(world), folder / "clip")
    records = read_manifest(real_data() / benchmark.train_list)
    labels = {record.video: record.labels for record in records}
    lengths = lengths_of(benchmark, records)
    ids = world.preset.category_ids
    (folder / "features").mkdir()
    for number, (video, num_frames) in enumerate(lengths.items()):
        plan = VideoPlan(
            video=video,
            number=number,
            split="train" if video in labels else "test",
            categories=tuple(ids.index(label) for label in labels.get(video, ())),
            num_snippets=-(-num_frames // STRIDE),
        )
        rows = make_video(world, plan).features
        _write(folder / "features", video, rows, num_frames, num_crops)
    size = sum(path.stat().st_size for path in (folder / "features").iterdir())
    return {
        "num_train": len(records),
        "num_test": len(lengths) - len(records),
        "num_snippets": sum(-(-count // STRIDE) for count in lengths.values()),
        "gigabytes": round(size / 1e9, 2),
    }


def _write(folder: Path, video: str, rows: np.ndarray, num_frames: int, num_crops: int) -> None:
    """Our own file for one crop, the field's (T, crops, D) array for ten."""
    if num_crops > 1:
        crops = np.repeat(rows.astype(np.float16)[:, None], num_crops, axis=1)
        np.save(folder / f"{video}.npy", crops)
        return
    features = FeatureSet(
        video=video,
        features=rows,
        snippet_start=np.arange(len(rows), dtype=np.int32) * STRIDE,
        pts=np.arange(num_frames, dtype=np.int64),
        meta=_meta(num_frames),
    )
    write_features(folder / f"{video}{SUFFIX}", features)


def _meta(num_frames: int) -> FeatureMeta:
    """Enough for the verbs; the weights' hash is left to --clip, which is given."""
    return FeatureMeta(
        num_frames=num_frames,
        fps=Fraction(30),
        time_base=Fraction(1, 30),
        width=320,
        height=240,
        fingerprint="synthetic",
        pts_digest="synthetic",
        stride=STRIDE,
        sampling="centre",
        crop="center",
        resize="none",
        normalisation="none",
        clip_name="synthetic",
        pretrained="none",
        activation="gelu",
        weight_sha256=os.environ["TPWNG_TOWER_SHA256"],
        dtype="float32",
    )


def load(folder: Path, benchmark: Benchmark) -> dict[str, float]:
    """Open every file, check every value, pool every training bag."""
    from tpwng_core.features import open_feature_folder
    from tpwng_core.run.batches import BagStore
    from tpwng_core.run.settings import load_settings

    start = time.perf_counter()
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
        "seconds": round(time.perf_counter() - start, 2),
    }


def train(folder: Path, benchmark: Benchmark) -> dict[str, float]:
    """Twenty steps of the paper's preset, one epoch of bags and the checkpoint included."""
    from tpwng_core.run.settings import load_settings
    from tpwng_core.run.train import TrainRequest, train

    times: list[float] = []

    def clock(event: Event) -> None:
        if isinstance(event, Progress):
            times.append(time.perf_counter())

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
    start = time.perf_counter()
    train(request, clock)
    end = time.perf_counter()
    records = read_manifest(request.manifest)
    share = 1 - settings.validation.share
    num_normal = sum(record.is_normal for record in records)
    longer = share * max(num_normal, len(records) - num_normal)
    steps_per_epoch = -(-int(longer) // settings.training.batch_size)
    step_s = float(np.median(np.diff(times)[WARM_UP:]))
    return {
        "seconds_until_first_step": round(times[0] - start, 2),
        "seconds_per_step": round(step_s, 3),
        "steps_per_epoch": steps_per_epoch,
        "seconds_per_epoch": round(step_s * steps_per_epoch, 1),
        "epochs": load_settings(benchmark.preset).training.epochs,
        "seconds_validate_and_save": round(end - times[-1], 2),
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
    start = time.perf_counter()
    found = score(request, lambda event: None)
    return {"videos": found["scored"], "seconds": round(time.perf_counter() - start, 2)}


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
    seconds = _seconds(lambda: evaluate(scores, truth, protocol=protocol))
    boot = _seconds(lambda: evaluate(scores, truth, protocol=protocol, num_bootstrap=1000))
    request = EvaluateRequest(
        scores=folder / "scores", ground_truth=annotations, out=folder / "report.json"
    )
    whole = _seconds(lambda: evaluate_scores(request, silent))
    found = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    return {
        "frames": found["num_frames"],
        "abnormal_frames": found["num_abnormal_frames"],
        "seconds_metrics": round(seconds, 3),
        "seconds_with_1000_resamples": round(boot, 2),
        "seconds_verb_with_page": round(whole, 2),
    }


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


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
