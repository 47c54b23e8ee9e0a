"""How long a search over a project of UCF-Crime's size takes, text encoding apart.

    python benchmarks/search.py [--videos 2000] [--snippets 435] [--dim 512]

Writes random feature files (0.9 GB at full size) to a temporary folder and searches twice: the
first search opens every file, the second finds them open and in the page cache.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from fractions import Fraction
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.contract import Bench, make_parser
from tpwng_core.features import SUFFIX, FeatureMeta, FeatureSet, open_feature_folder, write_features
from tpwng_core.run.hits import best_hits
from tpwng_core.run.search import similarity_curves

STRIDE = 16


def feature_set(video: str, rows: np.ndarray) -> FeatureSet:
    """Rows (T, D) with a real header, as if from a video of 30 frames a second."""
    num_frames = len(rows) * STRIDE
    meta = FeatureMeta(
        num_frames=num_frames, fps=Fraction(30), time_base=Fraction(1, 30), width=320, height=240,
        fingerprint="", pts_digest="", stride=STRIDE, sampling="centre", crop="center",
        resize="", normalisation="", clip_name="random", pretrained="", activation="gelu",
        weight_sha256="", dtype="float16",
    )  # fmt: skip
    return FeatureSet(
        video=video,
        features=rows,
        snippet_start=np.arange(len(rows), dtype=np.int32) * STRIDE,
        pts=np.arange(num_frames, dtype=np.int64),
        meta=meta,
    )


def write_project(folder: Path, num_videos: int, num_snippets: int, dim: int) -> None:
    """Random features with real headers."""
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(num_snippets, dim)).astype(np.float16)
    for number in range(num_videos):
        video = f"v{number:05}"
        features = feature_set(video, np.roll(rows, number, axis=1))
        write_features(folder / f"{video}{SUFFIX}", features)


def search_twice(folder: Path, dim: int) -> dict[str, float]:
    """Seconds until the files are listed, and of each search on the clock and the processors."""
    query = np.random.default_rng(1).normal(size=dim).astype(np.float32)
    start_s = time.perf_counter()
    features = open_feature_folder(folder)
    found = {"list_s": time.perf_counter() - start_s}
    for run in ("first", "second"):
        start_s, start_cpu_s = time.perf_counter(), time.process_time()
        curves = similarity_curves(features, query)
        best_hits(features, curves, top=20)
        found[f"{run}_s"] = time.perf_counter() - start_s
        found[f"{run}_cpu_s"] = time.process_time() - start_cpu_s
    return found


def run(bench: Bench, options: argparse.Namespace) -> None:
    """Write, search twice, tell."""
    with tempfile.TemporaryDirectory() as scratch:
        write_project(Path(scratch), options.videos, options.snippets, options.dim)
        found = search_twice(Path(scratch), options.dim)
    total = options.videos * options.snippets
    words = f"{options.videos:,} videos, {total:,} snippets, after the text is encoded"
    for run, what in (("second", "search over"), ("first", "the first search, which opens files:")):
        bench.add(
            run, f"{what} {words}", found[f"{run}_s"], "s",
            detail=f"{found[f'{run}_cpu_s']:.2f} processor seconds", numbers=found,
        )  # fmt: skip


def main() -> None:
    """Command line."""
    parser = make_parser(__doc__)
    parser.add_argument("--videos", type=int, default=2000)
    parser.add_argument("--snippets", type=int, default=435)
    parser.add_argument("--dim", type=int, default=512)
    options = parser.parse_args()
    if options.quick:
        options.videos = 100
    run(Bench(options.rows), options)


if __name__ == "__main__":
    main()
