"""A training step of TPWNG beside VadCLIP's published one: same bags, machine, type and order.

    python benchmarks/training.py [--vadclip CLONE] [--steps 5] [--device auto] [--quick]

32 abnormal and 32 normal bags of random features (D = 512) a step, once as long as UCF-Crime's
(``training_bags.py``), once all 256 long. Both methods are complete: text tower (ViT-B/16's, random
weights), both halves, backward pass, optimiser; fp32. TPWNG runs in the product's own loop with
the preset ucf-crime; VadCLIP, a clone of its public repository (or ``$TPWNG_VADCLIP``), in its own
training function (``training_peer.py``). They run in turn, each in a process of its own. Beside
the time stands what a step has to compute: the floating point operations of its matrix products.
On a GPU the whole schedule of UCF-Crime is run too.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import open_clip
import torch
from torch.utils.flop_counter import FlopCounterMode

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.contract import Bench, make_parser, peak_mb
from benchmarks.training_bags import KINDS, WORDS, make_store, write_for_peer
from tpwng_core.nn.clip import Clip, build_model
from tpwng_core.nn.device import resolve_device
from tpwng_core.nn.text_tower import TextTower, Tokenizer
from tpwng_core.run.loop import Loop
from tpwng_core.run.model import build_model as build_tpwng
from tpwng_core.run.objective import TpwngObjective
from tpwng_core.run.settings import Settings, load_settings

WARM_UP, BATCH, GOAL = 2, 32, 2.0
UCF_VIDEOS, UCF_SECONDS = 810, 120.0
Timing = dict[str, Any]


def random_clip(device: torch.device) -> Clip:
    """ViT-B/16's text tower with random weights; training needs no image tower."""
    torch.manual_seed(0)
    config = open_clip.get_model_config("ViT-B-16-quickgelu")
    model = build_model({**config, "vision_cfg": {**config["vision_cfg"], "layers": 1}})
    pairs = open_clip.SimpleTokenizer()
    tower = TextTower(
        {name: getattr(model, name) for name in ("token_embedding", "transformer", "ln_final")},
        model.positional_embedding,
        model.text_projection,
        Tokenizer(pairs.encode, pairs.sot_token_id, pairs.eot_token_id),
    )
    return Clip(
        name="ViT-B-16-quickgelu",
        pretrained="random",
        activation="quick_gelu",
        weight_sha256="",
        dim=config["embed_dim"],
        image_size=224,
        mean=open_clip.OPENAI_DATASET_MEAN,
        std=open_clip.OPENAI_DATASET_STD,
        interpolation="bicubic",
        sim_scale=10.0,
        words=None,
        text=tower.to(device),
        visual=None,
    )


def make_loop(kind: str, num_bags: int, settings: Settings, device: torch.device) -> Loop:
    """The product's loop over random bags."""
    store = make_store(kind, num_bags, list(settings.categories))
    model = build_tpwng(settings, random_clip(device), device)
    objective = TpwngObjective(model, settings.loss, settings.pseudolabels)
    return Loop(objective, objective.halves(), store, settings.training, device)


def settings_of(steps: int, batch_size: int) -> Settings:
    """The paper's preset for so many steps."""
    wanted = {"epochs": 0, "steps": steps, "batch_size": batch_size}
    return load_settings(
        "ucf-crime", overrides=[f"training.{name}={value}" for name, value in wanted.items()]
    )


def time_own(kind: str, steps: int, batch_size: int, device: torch.device) -> Timing:
    """Seconds of each step after the warm-up, and the operations of one."""
    loop = make_loop(kind, 4 * batch_size, settings_of(WARM_UP + steps, batch_size), device)
    moments: list[tuple[float, float]] = []
    counter: Any = FlopCounterMode(display=False)

    def on_step(step: int) -> None:
        if step == 1:
            counter.__exit__(None, None, None)
        if device.type == "cuda":
            torch.cuda.synchronize()
        moments.append((time.perf_counter(), time.process_time()))

    counter.__enter__()
    for _ in loop.epochs(on_step):
        pass
    wall, cpu = (np.diff([pair[side] for pair in moments])[WARM_UP - 1 :] for side in (0, 1))
    return {
        "seconds": wall.tolist(),
        "cpu_seconds": cpu.tolist(),
        "gflop": counter.get_total_flops() / 1e9,
        "peak_mb": peak_mb(),
    }


def time_peer(clone: Path, kind: str, steps: int, batch_size: int, device: str) -> Timing:
    """The same of VadCLIP."""
    settings = settings_of(1, batch_size)
    store = make_store(kind, 4 * batch_size, list(settings.categories))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bags.npz"
        write_for_peer(path, store, settings.categories, WARM_UP + steps + 1, batch_size)
        script = Path(__file__).with_name("training_peer.py")
        return in_child([str(script), str(clone), str(path), device, str(WARM_UP), str(steps)])


def in_child(arguments: list[str]) -> Timing:
    """A script's JSON answer."""
    answer = subprocess.run([sys.executable, *arguments], stdout=subprocess.PIPE, check=True)
    found: Timing = json.loads(answer.stdout)
    return found


def add_pair(bench: Bench, kind: str, own: list[Timing], peer: list[Timing], size: int) -> None:
    """Both methods' bags a second, their ratio, and what they had to compute."""
    ours, theirs = (
        {
            key: statistics.median(value for run in runs for value in run[key])
            for key in ("seconds", "cpu_seconds")
        }
        for runs in (own, peer)
    )
    bench.add(
        f"{kind}-ratio",
        f"bags a second in training over VadCLIP's, {WORDS[kind]}",
        theirs["seconds"] / ours["seconds"], "x", goal=GOAL, sense="least",
        detail=f"{2 * size / ours['seconds']:.1f} and {2 * size / theirs['seconds']:.1f} bags a "
        f"second; in processor seconds {theirs['cpu_seconds'] / ours['cpu_seconds']:.2f} x",
        numbers={"own_s": ours["seconds"], "vadclip_s": theirs["seconds"]},
    )  # fmt: skip
    flop = own[0]["gflop"], peer[0]["gflop"]
    rate = flop[0] / ours["cpu_seconds"], flop[1] / theirs["cpu_seconds"]
    bench.add(
        f"{kind}-operations", "operations of VadCLIP's step over ours", flop[1] / flop[0], "x",
        detail=f"{flop[0]:.0f} and {flop[1]:.0f} GFLOP of matrix products, done at {rate[0]:.0f} "
        f"and {rate[1]:.0f} GFLOP a processor second; peak memory {own[0]['peak_mb']:.0f} and "
        f"{peer[0]['peak_mb']:.0f} MB",
        numbers={"own_gflop": flop[0], "vadclip_gflop": flop[1]},
    )  # fmt: skip


def add_alone(bench: Bench, kind: str, own: list[Timing], size: int) -> None:
    """Our speed, where there is nothing to compare with."""
    seconds = statistics.median(value for run in own for value in run["seconds"])
    bench.add(f"{kind}-bags", f"training, {WORDS[kind]}", 2 * size / seconds, "bags/s",
              detail=f"{own[0]['gflop']:.0f} GFLOP a step of {2 * size} bags")  # fmt: skip
    bench.skip(
        f"{kind}-ratio",
        f"bags a second in training over VadCLIP's, {WORDS[kind]}",
        "no clone of VadCLIP's repository was given (--vadclip or $TPWNG_VADCLIP)",
    )


def add_schedule(bench: Bench, device: torch.device) -> None:
    """UCF-Crime's 1,610 videos, 50 epochs of 32 + 32."""
    name, what = "ucf-schedule", "UCF-Crime's whole training schedule"
    if device.type != "cuda":
        bench.skip(name, what, "there is no GPU here")
        return
    steps = 50 * -(-UCF_VIDEOS // BATCH)
    loop = make_loop("real", UCF_VIDEOS, settings_of(steps, BATCH), device)
    start = time.perf_counter()
    for _ in loop.epochs():
        pass
    torch.cuda.synchronize()
    seconds = time.perf_counter() - start
    bench.add(name, what, seconds, "s", goal=UCF_SECONDS, detail=f"{steps} steps on "
              f"{torch.cuda.get_device_name(device)}")  # fmt: skip


def run(bench: Bench, options: Any) -> None:
    """Both kinds of bags, the methods in turn, two rounds."""
    device = resolve_device(options.device)
    size, steps = (4, 1) if options.quick else (BATCH, options.steps)
    for kind in KINDS:
        own, peer = [], []
        for _ in range(1 if options.quick else 2):
            one = [__file__, "--device", str(device), "--one", kind, str(steps), str(size)]
            own.append(in_child(one))
            if options.vadclip:
                peer.append(time_peer(Path(options.vadclip), kind, steps, size, str(device)))
        if peer:
            add_pair(bench, kind, own, peer, size)
        else:
            add_alone(bench, kind, own, size)
    if not options.quick:
        add_schedule(bench, device)


def main() -> None:
    """Command line."""
    parser = make_parser(__doc__)
    parser.add_argument("--vadclip", default=os.environ.get("TPWNG_VADCLIP"), metavar="CLONE")
    parser.add_argument("--steps", type=int, default=5)
    parser.add_argument("--device", default="auto")
    parser.add_argument("--one", nargs=3, help=argparse.SUPPRESS)
    options: Any = parser.parse_args()
    if options.one:
        kind, steps, size = options.one
        device = resolve_device(options.device)
        print(json.dumps(time_own(kind, int(steps), int(size), device)))
        return
    print(f"{torch.get_num_threads()} threads")
    run(Bench(options.rows), options)


if __name__ == "__main__":
    main()
