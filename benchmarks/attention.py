"""Banded attention beside dense attention with the same mask, in time, memory and result.

    python benchmarks/attention.py [--snippets 2048] [--span 64] [--repeat 5]

A causal layer whose heads reach 64 snippets (z = 48, R = 16) over one video, without gradients:
dense, as training sees it, every snippet against every other; and banded, as the product's stream
does it, blocks against the keys that a head may reach. Attention alone (a layer whose projections
and feed-forward part are taken out) and the whole layer (4 heads, D = 512), each in a process of
its own. Goals, of attention alone: at most a tenth of the dense time and memory.
"""

from __future__ import annotations

import argparse
import json
import math
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, cast

import torch
from torch import Tensor

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.contract import Bench, make_parser, peak_mb
from tpwng_core.nn.long import BLOCK, CausalStream
from tpwng_core.nn.span import WINDOW
from tpwng_core.nn.tcsal import Heads, Layer, Tcsal, TcsalConfig

DIM, SOFTNESS = 512, 16.0
PARTS = {"attention": "attention alone", "layer": "the whole layer"}
FORMS = ("dense", "banded")


class AttentionOnly(Layer):
    """A layer that projects nothing and adds nothing: queries, keys and values are the input."""

    def project(self, x: Tensor) -> Heads:
        """Input (B, T, D) as heads; spans as learned."""
        split = x.view(*x.shape[:2], self.num_heads, -1).transpose(1, 2)
        return Heads(split, split, split, self._share(x))

    def finish(self, x: Tensor, mixed: Tensor) -> Tensor:
        """The joined heads."""
        return mixed.transpose(1, 2).reshape(x.shape)


def make_temporal(part: str, reach: int) -> Tcsal:
    """One causal layer whose every head gives weight to ``reach`` snippets back and no further."""
    torch.manual_seed(0)
    config = TcsalConfig(num_layers=1, softness=SOFTNESS, causal=True)
    temporal = Tcsal(DIM, config).eval()
    if part == "attention":
        temporal.layers[0] = AttentionOnly(DIM, config, adaptive=True).eval()
    span = cast(torch.nn.Linear, temporal.layers[0].span)
    share = (reach - SOFTNESS) / WINDOW
    torch.nn.init.zeros_(span.weight)
    torch.nn.init.constant_(span.bias, math.log(share / (1 - share)))
    return temporal


def hidden_states(form: str, temporal: Tcsal, rows: Tensor) -> Tensor:
    """(T, D) of the whole video."""
    if form == "dense":
        return cast(Tensor, temporal(rows[None], torch.ones(1, len(rows), dtype=torch.bool))[0])
    stream = CausalStream(temporal)
    return torch.cat([stream.push(block) for block in torch.split(rows, BLOCK)])


@torch.inference_mode()
def measure(part: str, form: str, options: argparse.Namespace) -> dict[str, float]:
    """Shortest seconds of several runs, and peak memory above the start."""
    temporal = make_temporal(part, options.span)
    rows = torch.randn(options.snippets, DIM)
    hidden_states(form, temporal, rows[:300])
    before_mb = peak_mb()
    seconds, cpu_seconds = math.inf, math.inf
    for _ in range(options.repeat):
        start_s, start_cpu_s = time.perf_counter(), time.process_time()
        hidden_states(form, temporal, rows)
        seconds = min(seconds, time.perf_counter() - start_s)
        cpu_seconds = min(cpu_seconds, time.process_time() - start_cpu_s)
    return {"seconds": seconds, "cpu_seconds": cpu_seconds, "added_mb": peak_mb() - before_mb}


@torch.inference_mode()
def largest_difference(options: argparse.Namespace) -> float:
    """Between both forms of the whole layer."""
    temporal, rows = make_temporal("layer", options.span), torch.randn(options.snippets, DIM)
    dense, banded = (hidden_states(form, temporal, rows) for form in FORMS)
    return float((dense - banded).abs().max())


def in_child(part: str, form: str, options: argparse.Namespace) -> dict[str, float]:
    """:func:`measure` in a process of its own."""
    sizes = [f"--{name}={getattr(options, name)}" for name in ("snippets", "span", "repeat")]
    command = [sys.executable, __file__, "--one", part, form, *sizes]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def run(bench: Bench, options: argparse.Namespace) -> None:
    """Both forms of both parts."""
    words = f"{options.snippets:,} snippets, spans of {options.span}"
    for part, what in PARTS.items():
        dense, banded = (in_child(part, form, options) for form in FORMS)
        is_goal = part == "attention"
        for name, key, unit in (("time", "cpu_seconds", "s"), ("memory", "added_mb", "MB")):
            bench.add(
                f"{part}-{name}",
                f"banded over dense, {what}: {'processor time' if unit == 's' else 'memory'}, "
                f"{words}",
                banded[key] / dense[key], "x", goal=0.1 if is_goal else None,
                detail=f"{banded[key]:.3g} and {dense[key]:.3g} {unit}",
                numbers={"banded": banded[key], "dense": dense[key]},
            )  # fmt: skip
    bench.add(
        "difference", "largest difference between both, the whole layer",
        largest_difference(options), goal=1e-4,
    )  # fmt: skip


def main() -> None:
    """Command line."""
    parser = make_parser(__doc__)
    parser.add_argument("--snippets", type=int, default=2048)
    parser.add_argument("--span", type=int, default=64, help="snippets back that get any weight")
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    options: Any = parser.parse_args()
    if options.quick:
        options.snippets, options.repeat = 768, 2
    if options.one:
        part, form = options.one
        print(json.dumps(measure(part, form, options)))
        return
    run(Bench(options.rows), options)


if __name__ == "__main__":
    main()
