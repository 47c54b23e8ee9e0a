"""Feature files of the real size for ``full_size.py``: the published lists, made-up features.

Reads the lists from ``$TPWNG_REAL_DATA`` (default ``../shared/data``).
"""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Literal

import numpy as np

from tpwng_core.datasets import VideoRecord, read_manifest
from tpwng_core.features import SUFFIX, FeatureMeta, FeatureSet, write_features
from tpwng_core.groundtruth import read_frame_counts
from tpwng_core.synthetic import VideoPlan, get_preset, make_video, make_world

ROOT = Path(__file__).resolve().parents[1]
DIM, STRIDE = 512, 16
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
