"""How the time and memory of scoring grow with the length of a video, beside the dense form.

    python benchmarks/long_videos.py [--longest 162000] [--dense 8192] [--out long.json]

Five lengths, each twice the one before, up to a day of video (24 h at 30 fps, a snippet every 16
frames: 162,000). Each is scored in a process of its own, so that its peak memory is its own: in
averaged windows (both directions), in a causal stream, and, as far as it can go, by one dense
attention over the whole video. TCSAL of the presets: 4 layers, 4 heads, D = 512, R = 256.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tpwng_core.nn.long import score_long
from tpwng_core.nn.temporal import Head, TemporalConfig, build_temporal

DIM = 512
FORMS = ("windows", "causal", "dense")


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
    before = _peak_mb()
    start_s, start_cpu_s = time.perf_counter(), time.process_time()
    (score_dense if form == "dense" else score_long)(temporal, head, rows)
    return {
        "seconds": round(time.perf_counter() - start_s, 2),
        "cpu_seconds": round(time.process_time() - start_cpu_s, 2),
        "added_mb": round(_peak_mb() - before, 1),
        "peak_mb": round(_peak_mb(), 1),
    }


def _peak_mb() -> float:
    """Largest resident memory of this process so far (Linux)."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    (peak,) = (line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))
    return int(peak) / 1024


def in_child(form: str, length: int) -> dict[str, Any]:
    """:func:`measure` in a process of its own."""
    command = [sys.executable, __file__, "--one", form, str(length)]
    answer = subprocess.run(command, capture_output=True, check=True, text=True)
    return {"form": form, "snippets": length, **json.loads(answer.stdout)}


def main() -> None:
    """Run the forms over the lengths, print a table, write JSON."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--longest", type=int, default=162_000)
    parser.add_argument("--dense", type=int, default=8192, help="longest video for the dense form")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(measure(options.one[0], int(options.one[1]))))
        return
    lengths = [options.longest // 2**power for power in (4, 3, 2, 1, 0)]
    jobs = [(form, length) for form in FORMS[:2] for length in lengths]
    jobs += [("dense", options.dense // 2**power) for power in (3, 2, 1, 0)]
    rows = []
    print(
        f"{torch.get_num_threads()} threads\nform      snippets  seconds      CPU  peak MB  added"
    )
    for form, length in jobs:
        row = in_child(form, length)
        rows.append(row)
        print(
            f"{form:8} {length:9} {row['seconds']:8.2f} {row['cpu_seconds']:8.2f} "
            f"{row['peak_mb']:8.0f} {row['added_mb']:6.0f}",
            flush=True,
        )
    if options.out:
        options.out.write_text(json.dumps(rows, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
