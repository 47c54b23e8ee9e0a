"""VadCLIP's published training function on given bags, untouched, with a clock in its data loader.

    python benchmarks/training_peer.py CLONE BAGS.npz DEVICE WARM_UP STEPS

CLONE is a clone of VadCLIP's public repository; nothing of it is copied here. Its own
``ucf_train.train`` runs as it is: a step is the time between two batches that it asks for. What it
cannot find without its data and weights is stood in for: CLIP's weights are random and fp32, its
lists and ground truth are empty, nothing is tested or saved, and where it names "cuda" on a
machine without one it gets the CPU. Run by ``training.py`` in a process of its own; prints one
JSON object.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import json
import sys
import tempfile
import time
import types
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import open_clip
import torch
from torch.utils.flop_counter import FlopCounterMode

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.contract import peak_mb

Arrays = dict[str, np.ndarray]


class EnoughError(Exception):
    """Enough steps were timed."""


class TimedBags:
    """A loader of prepared batches that notes when it is asked.

    Args:
        batches: (features (B, 256, D), category names, lengths) of each step.
        batch_size: B, which the training function reads.
        clock: called at every request; raises EnoughError to end the training.
    """

    def __init__(self, batches: list[Any], batch_size: int, clock: Callable[[], None]) -> None:
        self.batches, self.batch_size, self._clock = batches, batch_size, clock

    def __len__(self) -> int:
        return len(self.batches)

    def __iter__(self) -> Iterator[Any]:
        for batch in self.batches:
            self._clock()
            yield batch


def stand_in(clone: Path, device: str) -> None:
    """Modules and names that the published code wants and a bare machine has not."""
    pandas, resources = types.ModuleType("pandas"), types.ModuleType("pkg_resources")
    resources.packaging = __import__("packaging.version")  # type: ignore[attr-defined]
    sys.modules.setdefault("pandas", pandas)
    sys.modules.setdefault("pkg_resources", resources)
    sys.path.insert(0, str(clone / "src"))
    layers: Any = importlib.import_module("utils.layers")
    if device == "cpu":
        layers.DistanceAdj.forward = staying_here(layers.DistanceAdj.forward)


def staying_here(forward: Callable[..., Any]) -> Callable[..., Any]:
    """A function whose ``.to("cuda")`` leaves tensors where they are."""

    def on_this_device(*arguments: Any) -> Any:
        to = torch.Tensor.to
        torch.Tensor.to = lambda tensor, *_, **__: tensor  # type: ignore[assignment, method-assign]
        try:
            return forward(*arguments)
        finally:
            torch.Tensor.to = to  # type: ignore[method-assign]

    return on_this_device


def random_clip(name: str, device: str) -> tuple[Any, None]:
    """In place of ``clip.load``: its own model in ViT-B/16's shape, random weights."""
    torch.manual_seed(0)
    like = open_clip.create_model("ViT-B-16-quickgelu", pretrained=None)
    build = importlib.import_module("clip.model").build_model
    return build(dict(like.state_dict())).to(device).float(), None


def batches_of(bags: Arrays, names: list[str]) -> tuple[list[Any], list[Any]]:
    """Normal and abnormal batches as its loaders give them: padded to 256, names, lengths."""
    halves: tuple[list[Any], list[Any]] = ([], [])
    for half, key in zip(halves, ("normal", "abnormal"), strict=True):
        for rows, lengths, labels in zip(
            bags[key], bags[f"{key}_lengths"], bags[f"{key}_labels"], strict=True
        ):
            half.append(
                (torch.from_numpy(rows), [names[i] for i in labels], torch.from_numpy(lengths))
            )
    return halves


class Clock:
    """Notes when a step begins; counts the operations of the first one.

    Args:
        num_steps: after so many it ends the training.
        is_cuda: whether to wait for the device.
    """

    def __init__(self, num_steps: int, is_cuda: bool) -> None:
        self.moments: list[tuple[float, float]] = []
        self._num_steps, self._is_cuda = num_steps, is_cuda
        self._counter: Any = FlopCounterMode(display=False)

    def __call__(self) -> None:
        """A step begins."""
        if self._is_cuda:
            torch.cuda.synchronize()
        self.moments.append((time.perf_counter(), time.process_time()))
        if len(self.moments) == 1:
            self._counter.__enter__()
        elif len(self.moments) == 2:
            self._counter.__exit__(None, None, None)
        if len(self.moments) > self._num_steps:
            raise EnoughError

    def answer(self, warm_up: int) -> dict[str, Any]:
        """What ``training.py`` reads."""
        wall, cpu = (np.diff([pair[side] for pair in self.moments])[warm_up:] for side in (0, 1))
        return {
            "seconds": wall.tolist(),
            "cpu_seconds": cpu.tolist(),
            "gflop": self._counter.get_total_flops() / 1e9,
            "peak_mb": peak_mb(),
        }


def published_training(device: str) -> tuple[Any, Any, Any]:
    """Its training module, options and model, with what is missing stood in for."""
    clip: Any = importlib.import_module("clip")
    clip.load = clip.clip.load = random_clip
    training: Any = importlib.import_module("ucf_train")
    args = importlib.import_module("ucf_option").parser.parse_args([])
    empty = Path(tempfile.mkdtemp()) / "empty.npy"
    np.save(empty, np.zeros(1))
    args.gt_path = args.gt_segment_path = args.gt_label_path = str(empty)
    training.test = lambda *_: (0.0, 0.0)
    training.torch.save = lambda *_, **__: None
    shape = "classes_num embed_dim visual_length visual_width visual_head visual_layers"
    names = f"{shape} attn_window prompt_prefix prompt_postfix".split()
    model = training.CLIPVAD(*(getattr(args, name) for name in names), device)
    return training, args, model


def main() -> None:
    """Train until enough steps were timed."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("clone", type=Path)
    parser.add_argument("bags", type=Path)
    parser.add_argument("device")
    parser.add_argument("warm_up", type=int)
    parser.add_argument("steps", type=int)
    options: Any = parser.parse_args()
    stand_in(options.clone, options.device)
    training, args, model = published_training(options.device)
    with np.load(options.bags) as arrays:
        bags = dict(arrays)
    label_map = json.loads(str(bags["label_map"]))
    normal, abnormal = batches_of(bags, list(label_map))
    size = len(bags["normal_lengths"][0])
    clock = Clock(options.warm_up + options.steps, options.device != "cpu")
    loaders = TimedBags(normal, size, clock), TimedBags(abnormal, size, lambda: None)
    with contextlib.suppress(EnoughError), contextlib.redirect_stdout(sys.stderr):
        training.train(model, *loaders, None, args, label_map, options.device)
    print(json.dumps(clock.answer(options.warm_up)))


if __name__ == "__main__":
    main()
