"""How the time and memory of scoring grow with the length of a video, beside the dense form.

    python benchmarks/long_videos.py [--longest 162000] [--dense 4096]

Five lengths, each twice the one before, up to a day of video (24 h at 30 fps, a snippet every 16
frames: 162,000). Each is scored in a process of its own, so that its peak memory is its own: in
averaged windows (both directions), in a causal stream, and, as far as it can go, by one dense
attention over the whole video, beside which the other two are scored at the same length. TCSAL of
the presets: 4 layers, 4 heads, D = 512, R = 256.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.contract import Bench, make_parser, peak_mb
from tpwng_core.nn.long import score_long
from tpwng_core.nn.temporal import Head, TemporalConfig, build_temporal

DIM = 512
DOUBLINGS = 4
WORDS = {"windows": "in averaged windows", "causal": "in a causal stream"}
Found = dict[tuple[str, int], dict[str, float]]


def score_dense(temporal: torch.nn.Module, head: torch.nn.Module, rows: torch.Tensor) -> None:
    """One call over the whole video: every snippet against every other."""
    mask = torch.ones(1, len(rows), dtype=torch.bool)
    torch.sigmoid(head(temporal(rows[None], mask)))


@torch.inference_mode()
def measure(form: str, length: int) -> dict[str, float]:
    """Seconds on the clock and of the processors, and peak resident megabytes above the start."""
    torch.manual_seed(0)
    config = TemporalConfig(causal=form == "causal")
    temporal = build_temporal("tcsal", DIM, config).eval()
    head = Head(DIM, config.head).eval()
    rows = torch.randn(length, DIM)
    score_long(temporal, head, rows[:300])
    before = peak_mb()
    start_s, start_cpu_s = time.perf_counter(), time.process_time()
    (score_dense if form == "dense" else score_long)(temporal, head, rows)
    return {
        "seconds": round(time.perf_counter() - start_s, 2),
        "cpu_seconds": round(time.process_time() - start_cpu_s, 2),
        "added_mb": round(peak_mb() - before, 1),
        "peak_mb": round(peak_mb(), 1),
    }


def in_child(form: str, length: int) -> dict[str, float]:
    """:func:`measure` in a process of its own."""
    command = [sys.executable, __file__, "--one", form, str(length)]
    answer = subprocess.run(command, capture_output=True, check=True, text=True)
    found: dict[str, float] = json.loads(answer.stdout)
    print(f"{form:8} {length:9} snippets  {found}", flush=True)
    return found


def add_growth(bench: Bench, form: str, lengths: list[int], found: Found) -> None:
    """How a form's time and memory grow, and what the longest costs."""
    runs = [found[form, length] for length in lengths]
    longest, hours = lengths[-1], lengths[-1] * 16 / 30 / 3600
    words = f"{hours:.3g} h of video ({longest:,} snippets) {WORDS[form]}"
    last = runs[-1]
    is_a_day = longest == 162_000
    bench.add(
        f"{form}-seconds", f"scoring {words}, on the clock", last["seconds"], "s",
        goal=60 if is_a_day else None, detail=f"{last['cpu_seconds']:.3g} processor seconds",
        numbers={"snippets": longest, **last},
    )  # fmt: skip
    bench.add(
        f"{form}-memory", "the same, peak memory of the process", last["peak_mb"], "MB",
        goal=2000 if is_a_day else None, detail=f"{last['added_mb']:.0f} MB of it while scoring",
    )  # fmt: skip
    for what, key in (("time", "cpu_seconds"), ("memory", "added_mb")):
        values = [run[key] for run in runs]
        ratios = [later / before for before, later in pairwise(values)]
        bench.add(
            f"{form}-{what}-per-doubling",
            f"{'processor time' if what == 'time' else 'memory'} {WORDS[form]} where the video is "
            f"twice as long, largest of {len(ratios)} doublings",
            max(ratios), "x", goal=2.2 if what == "time" else None,
            detail=f"{', '.join(f'{ratio:.2f}' for ratio in ratios)}, from {lengths[0]:,} snippets",
        )  # fmt: skip


def add_dense(bench: Bench, lengths: list[int], found: Found) -> None:
    """One dense attention, and how much less the other forms cost at its longest."""
    longest = lengths[-1]
    dense = found["dense", longest]
    times = [found["dense", length]["cpu_seconds"] for length in lengths]
    bench.add(
        "dense-time-per-doubling",
        "processor time of one dense attention where the video is twice as long, last doubling",
        times[-1] / times[-2], "x", detail=f"to {longest:,} snippets",
    )  # fmt: skip
    for form, words in WORDS.items():
        ours = found[form, longest]
        for what, key, unit in (("time", "cpu_seconds", "s"), ("memory", "added_mb", "MB")):
            bench.add(
                f"{form}-{what}-over-dense",
                f"{'processor time' if what == 'time' else 'memory'} {words} over dense "
                f"attention, {longest:,} snippets",
                ours[key] / dense[key], "x",
                detail=f"{ours[key]:.3g} and {dense[key]:.3g} {unit}",
            )  # fmt: skip


def run(bench: Bench, options: argparse.Namespace) -> None:
    """All forms over all lengths."""
    doublings = range(1 if options.quick else DOUBLINGS, -1, -1)
    lengths = [options.longest // 2**power for power in doublings]
    dense = [options.dense // 2**power for power in doublings if power < DOUBLINGS]
    jobs: list[tuple[str, int]] = [("dense", length) for length in dense]
    for form in WORDS:
        jobs += [(form, length) for length in [*lengths, dense[-1]]]
    found: Found = {job: in_child(*job) for job in jobs}
    for form in WORDS:
        add_growth(bench, form, lengths, found)
    add_dense(bench, dense, found)


def main() -> None:
    """Command line."""
    parser = make_parser(__doc__)
    parser.add_argument("--longest", type=int, default=162_000)
    parser.add_argument("--dense", type=int, default=4096, help="longest video for the dense form")
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    options: Any = parser.parse_args()
    if options.one:
        print(json.dumps(measure(options.one[0], int(options.one[1]))))
        return
    if options.quick:
        options.longest, options.dense = 2400, 512
    print(f"{torch.get_num_threads()} threads")
    run(Bench(options.rows), options)


if __name__ == "__main__":
    main()
