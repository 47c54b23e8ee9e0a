"""How long the evaluation of a whole test set of UCF-Crime's size takes, and of a bootstrap.

    python benchmarks/evaluation.py [--lists DIR] [--bootstrap 1000]

290 videos, 1.1 million frames, 140 of them abnormal. Lengths, intervals and scores are drawn from
a fixed seed; with ``--lists`` lengths and intervals are the published ones
(``frame_gt.PEL4VAD.npz`` and ``Temporal_Anomaly_Annotation.txt`` in that folder). Seconds are of
the metrics and, apart, of the verb with its files.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.contract import Bench, make_parser
from tpwng_core.evaluation import evaluate
from tpwng_core.events import silent
from tpwng_core.groundtruth import read_frame_counts
from tpwng_core.run.evaluate import EvaluateRequest, evaluate_scores

NUM_VIDEOS, NUM_ABNORMAL, NUM_FRAMES = 290, 140, 1_110_000
STRIDE = 16
Scores = dict[str, NDArray[np.float32]]


def made_up(folder: Path) -> tuple[Path, dict[str, int]]:
    """An annotation file in UCF-Crime's format, and the lengths of its videos."""
    rng = np.random.default_rng(0)
    drawn = rng.lognormal(7.4, 1.0, NUM_VIDEOS)
    lengths = np.maximum(drawn / drawn.sum() * NUM_FRAMES, 64).astype(int)
    lines, counts = [], {}
    for number, length in enumerate(lengths.tolist()):
        is_abnormal = number < NUM_ABNORMAL
        category = "Fighting" if is_abnormal else "Normal"
        name = f"Fighting{number:03}_x264" if is_abnormal else f"Normal_Videos_{number:03}_x264"
        start = int(rng.integers(1, length // 2))
        end = int(rng.integers(start + 1, length))
        first = f"{start}  {end}" if is_abnormal else "-1  -1"
        lines.append(f"{name}.mp4  {category}  {first}  -1  -1  ")
        counts[name] = length
    path = folder / "annotations.txt"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path, counts


def draw_scores(counts: dict[str, int]) -> Scores:
    """Frame scores, constant within a snippet, as a model gives them."""
    rng = np.random.default_rng(1)
    return {
        video: np.repeat(rng.random(-(-length // STRIDE), dtype=np.float32), STRIDE)[:length]
        for video, length in counts.items()
    }


def seconds(call: Callable[[], Any]) -> float:
    """On the clock."""
    start_s = time.perf_counter()
    call()
    return time.perf_counter() - start_s


def run(bench: Bench, options: argparse.Namespace, folder: Path) -> None:
    """The metrics, the metrics with resamples, the verb."""
    from tpwng_core.groundtruth import read_ground_truth

    if options.lists:
        annotations = options.lists / "Temporal_Anomaly_Annotation.txt"
        counts = read_frame_counts(options.lists / "frame_gt.PEL4VAD.npz")
    else:
        annotations, counts = made_up(folder)
    scores, truth = draw_scores(counts), read_ground_truth(annotations, "ucf-crime")
    found = evaluate(scores, truth, protocol="ucf-crime")
    print(f"AUC of random scores {found.to_json()['auc']:.3f}")
    best = min(seconds(lambda: evaluate(scores, truth, protocol="ucf-crime")) for _ in range(3))
    total, kind = sum(counts.values()), "the published" if options.lists else "made-up"
    size = f"{len(counts)} videos, {total:,} frames ({kind} lengths)"
    bench.add("metrics", f"all metrics of a test set, {size}", best, "s", goal=1.0)
    resampled = seconds(
        lambda: evaluate(scores, truth, protocol="ucf-crime", num_bootstrap=options.bootstrap)
    )
    bench.add("bootstrap", f"the same with {options.bootstrap:,} resamples", resampled, "s")
    (folder / "scores").mkdir()
    for video, values in scores.items():
        np.save(folder / "scores" / f"{video}.npy", values)
    request = EvaluateRequest(
        scores=folder / "scores", ground_truth=annotations, out=folder / "report.json"
    )
    whole = seconds(lambda: evaluate_scores(request, silent))
    bench.add(
        "verb", "the verb evaluate: reads scores, writes report.json and its page", whole, "s"
    )


def main() -> None:
    """Command line."""
    parser = make_parser(__doc__)
    parser.add_argument("--lists", type=Path, help="folder with UCF-Crime's published lists")
    parser.add_argument("--bootstrap", type=int, default=1000)
    options = parser.parse_args()
    if options.quick:
        options.bootstrap = 50
    with tempfile.TemporaryDirectory() as folder:
        run(Bench(options.rows), options, Path(folder))


if __name__ == "__main__":
    main()
