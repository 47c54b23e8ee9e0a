"""Does a live stream cost the same after hours, and does it give what the recording gives later?

    python benchmarks/live.py [--snippets 5000]

First the causal stream alone (TCSAL of the presets, D = 512), a snippet at a time: processor time
of the last thousand over that of the first thousand after the memory of 255 snippets is full,
resident memory gained meanwhile, and the largest difference to the same video scored at once.
Then the whole verb watch on a recording, with the small CLIP, beside extract and score.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path
from typing import cast

import numpy as np
import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.contract import Bench, make_parser, resident_mb
from benchmarks.footage import FPS, as_stream, causal_checkpoint, film
from tpwng_core.events import Event, Metric, silent
from tpwng_core.nn.long import CausalStream, score_long
from tpwng_core.nn.tcsal import Tcsal
from tpwng_core.nn.temporal import Head, TemporalConfig, build_temporal
from tpwng_core.run.score import ScoreRequest, score
from tpwng_core.run.watch import WatchRequest, watch
from tpwng_core.scores import read_scores

DIM, STRIDE = 512, 16
FULL = 300  # by then the stream keeps all it will ever keep


@torch.inference_mode()
def stream_alone(bench: Bench, num_snippets: int) -> None:
    """One snippet at a time, as a camera gives them."""
    torch.manual_seed(0)
    temporal = cast(Tcsal, build_temporal("tcsal", DIM, TemporalConfig(causal=True)).eval())
    head = Head(DIM, TemporalConfig().head).eval()
    rows = torch.randn(num_snippets, DIM)
    stream, seconds, scores = CausalStream(temporal), [], []
    memory = {}
    for number in range(num_snippets):
        if number in (FULL, num_snippets - 1):
            memory[number] = resident_mb()
        start_s = time.process_time()
        hidden = stream.push(rows[number : number + 1])
        scores.append(torch.sigmoid(head(hidden[None]))[0, 0])
        seconds.append(time.process_time() - start_s)
    count = min(1000, (num_snippets - FULL) // 2)
    first, last = np.median(seconds[FULL : FULL + count]), np.median(seconds[-count:])
    hours = num_snippets * STRIDE / FPS / 3600
    bench.add(
        "cost-over-time",
        f"a snippet of a causal stream after {hours:.2g} h over one near the beginning, medians of "
        "processor time",
        last / first, "x", goal=1.1, detail=f"{1000 * last:.2f} and {1000 * first:.2f} ms",
        numbers={"snippet_s": float(last)},
    )  # fmt: skip
    bench.add(
        "memory-over-time", f"memory gained over those {hours:.2g} h",
        memory[num_snippets - 1] - memory[FULL], "MB", goal=20,
        detail=f"of {memory[num_snippets - 1]:.0f} MB, most of it torch",
    )  # fmt: skip
    whole = score_long(temporal, head, rows)
    bench.add(
        "difference-to-whole", "largest difference to the same video scored at once",
        float((torch.stack(scores).flatten() - whole).abs().max()), goal=1e-4,
    )  # fmt: skip


def whole_verb(bench: Bench, folder: Path, num_frames: int) -> None:
    """A recording watched, then extracted and scored."""
    checkpoint = causal_checkpoint(folder)
    recording = as_stream(film(folder / "camera.mp4", 320, 240, num_frames))
    live: list[float] = []

    def hear(event: Event) -> None:
        if isinstance(event, Metric):
            live.append(event.values["score"])

    request = WatchRequest(
        source=str(recording), checkpoint=checkpoint, out=folder / "alarms.jsonl",
        device="cpu", patience_s=1.0,
    )  # fmt: skip
    watch(request, hear)
    later = ScoreRequest(
        inputs=[recording], checkpoint=checkpoint, out=folder / "scores",
        features=folder / "features", device="cpu",
    )  # fmt: skip
    score(later, silent)
    offline = read_scores(folder / "scores" / "camera.scores.npz").snippet_score
    assert len(live) == len(offline), f"{len(live)} live, {len(offline)} offline"
    bench.add(
        "difference-to-offline",
        f"watch beside extract and score, {len(live)} snippets through the small CLIP: largest "
        "difference of scores",
        float(np.abs(np.array(live) - offline).max()), goal=1e-4,
    )  # fmt: skip


def run(bench: Bench, options: argparse.Namespace) -> None:
    """Both."""
    stream_alone(bench, options.snippets)
    with tempfile.TemporaryDirectory() as folder:
        whole_verb(bench, Path(folder), 200 if options.quick else 1800)


def main() -> None:
    """Command line."""
    parser = make_parser(__doc__)
    parser.add_argument("--snippets", type=int, default=5000)
    options = parser.parse_args()
    if options.quick:
        options.snippets = 700
    run(Bench(options.rows), options)


if __name__ == "__main__":
    main()
