"""How long a search over a project of UCF-Crime's size takes, text encoding apart.

    python benchmarks/search.py [--videos 2000] [--snippets 435] [--dim 512] [--out search.json]

Writes random feature files (0.9 GB at full size) to a temporary folder, searches twice, and
prints the seconds of each stage: files read from the page cache, as on a second query.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from fractions import Fraction
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tpwng_core.features import SUFFIX, FeatureMeta, FeatureSet, open_feature_folder, write_features
from tpwng_core.run.hits import best_hits
from tpwng_core.run.search import similarity_curves

STRIDE = 16


def write_project(folder: Path, num_videos: int, num_snippets: int, dim: int) -> None:
    """Random features with real headers."""
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(num_snippets, dim)).astype(np.float16)
    num_frames = num_snippets * STRIDE
    meta = FeatureMeta(
        num_frames=num_frames, fps=Fraction(30), time_base=Fraction(1, 30), width=320, height=240,
        fingerprint="", pts_digest="", stride=STRIDE, sampling="centre", crop="center",
        resize="", normalisation="", clip_name="random", pretrained="", activation="gelu",
        weight_sha256="", dtype="float16",
    )  # fmt: skip
    starts = np.arange(num_snippets, dtype=np.int32) * STRIDE
    for number in range(num_videos):
        features = FeatureSet(
            video=f"v{number:05}",
            features=np.roll(rows, number, axis=1),
            snippet_start=starts,
            pts=np.arange(num_frames, dtype=np.int64),
            meta=meta,
        )
        write_features(folder / f"v{number:05}{SUFFIX}", features)


def main() -> None:
    """Write, search twice, print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--videos", type=int, default=2000)
    parser.add_argument("--snippets", type=int, default=435)
    parser.add_argument("--dim", type=int, default=512)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    query = np.random.default_rng(1).normal(size=options.dim).astype(np.float32)
    results = {"videos": options.videos, "snippets": options.videos * options.snippets}
    with tempfile.TemporaryDirectory() as scratch:
        write_project(Path(scratch), options.videos, options.snippets, options.dim)
        start_s = time.perf_counter()
        features = open_feature_folder(Path(scratch))
        results["list_s"] = time.perf_counter() - start_s
        for run in ("first", "second"):
            start_s, start_cpu_s = time.perf_counter(), time.process_time()
            curves = similarity_curves(features, query)
            results[f"{run}_curves_s"] = time.perf_counter() - start_s
            best_hits(features, curves, top=20)
            results[f"{run}_total_s"] = time.perf_counter() - start_s
            results[f"{run}_cpu_s"] = time.process_time() - start_cpu_s
    text = json.dumps({name: round(value, 3) for name, value in results.items()}, indent=1)
    print(text)
    if options.out:
        options.out.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
