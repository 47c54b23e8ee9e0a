"""How fast extraction is, against the loop that the field's scripts run.

    python benchmarks/extract.py [--quick] [--only encoder,stub,type,memory]

The loop: OpenCV reads every frame, PIL prepares one of every 16, the tower encodes it alone in
float32. Both sides see the same made-up footage and the same random ViT-B/16 (weights do not
change the speed), or a tower that costs nothing. Outside the package, because the loop imports a
decoder and open_clip's transform, which the product keeps behind one door each.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any
from unittest.mock import patch

import cv2
import numpy as np
import open_clip
import torch
from PIL import Image
from torch import Tensor, nn

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.contract import Bench, make_parser, peak_mb
from tpwng_core.events import silent
from tpwng_core.features import compare_features
from tpwng_core.nn.clip import Clip, build_model, load_clip
from tpwng_core.nn.clip_folder import ClipSource, write_clip_folder
from tpwng_core.run import extract as extract_room
from tpwng_core.run.extract import ExtractConfig, ExtractSummary, extract
from tpwng_core.video import write_video

STRIDE = 16
STUBBED = "encoder stubbed"
TOWER = "ViT-B-16-quickgelu"
TEXT = {"context_length": 77, "vocab_size": 49408, "width": 64, "heads": 2, "layers": 1}
VISION = {"layers": 1, "width": 64, "patch_size": 32, "image_size": 224}


@dataclass(frozen=True, kw_only=True)
class Race:
    """Both sides on the same videos: seconds on the clock and of the processors, shares of ours.

    On a shared machine the ratio of processor seconds is the one to trust; it leaves out what
    working on several videos at once gains.
    """

    what: str
    num_snippets: int
    naive_s: float
    ours_s: float
    naive_cpu_s: float
    ours_cpu_s: float
    shares: dict[str, float]


class StubTower(nn.Module):
    """An image tower that costs nothing: some of the pixels are the feature."""

    def __init__(self) -> None:
        super().__init__()
        self.unused = nn.Parameter(torch.zeros(1))

    def forward(self, images: Tensor) -> Tensor:
        """(N, 3, 224, 224) -> (N, 512)."""
        return images[:, 0, 100, :].repeat(1, 3)[:, :512]


def scene(number: int, width: int, height: int, texture: np.ndarray) -> np.ndarray:
    """A textured background that pans slowly, noise of a camera, and a block that walks."""
    shifted = np.roll(texture, number // 3, axis=1)
    frame = np.array(shifted[:height, :width])
    x, size = number * 3 % (width - width // 6), width // 6
    frame[height // 3 : height // 3 + size, x : x + size] = (200, 60, 40)
    return frame


def film(path: Path, num_frames: int, width: int, height: int) -> Path:
    """Write a video; blurred noise compresses about as surveillance footage does."""
    rng = np.random.default_rng(0)
    noise = rng.integers(0, 256, (height, width, 3), dtype=np.uint8)
    texture = cv2.GaussianBlur(noise, (0, 0), 3) // 2 + noise // 16 + 60
    frames = (scene(number, width, height, texture) for number in range(num_frames))
    write_video(path, frames, Fraction(30))
    return path


def naive(videos: list[Path], clip: Clip) -> int:
    """The field's loop; returns the number of features."""
    transform = open_clip.image_transform(224, is_train=False)
    num_features = 0
    for path in videos:
        capture = cv2.VideoCapture(str(path))
        number = 0
        while True:
            more, frame = capture.read()
            if not more:
                break
            if number % STRIDE == STRIDE // 2:
                picture = Image.fromarray(cv2.cvtColor(frame, cv2.COLOR_BGR2RGB))
                clip.encode_images(transform(picture)[None])
                num_features += 1
            number += 1
    return num_features


def ours(videos: list[Path], clip: Clip, out: Path, **config: Any) -> ExtractSummary:
    """Our extraction with ``clip`` already open."""
    with patch.object(extract_room, "load_clip", lambda _: clip):
        return extract(
            videos,
            out=out,
            clip="benchmark",
            config=ExtractConfig(**config),
            device="cpu",
            report=silent,
        )


def clip_with(visual: nn.Module, folder: Path) -> Clip:
    """A CLIP with the image tower given and a text tower nobody asks."""
    model = {"embed_dim": 512, "quick_gelu": True, "text_cfg": TEXT, "vision_cfg": VISION}
    write_clip_folder(
        folder, ClipSource(name="benchmark", model=model), build_model(model).state_dict()
    )
    return replace(load_clip(str(folder)), visual=visual.eval().requires_grad_(False))


def timed(call: Callable[[], Any], repeats: int) -> tuple[float, float, Any]:
    """Shortest of several runs, on the clock and of all processors, and the last result."""
    best_s, best_cpu_s, result = float("inf"), float("inf"), None
    for _ in range(repeats):
        start_s, start_cpu_s = time.perf_counter(), time.process_time()
        result = call()
        best_s = min(best_s, time.perf_counter() - start_s)
        best_cpu_s = min(best_cpu_s, time.process_time() - start_cpu_s)
    return best_s, best_cpu_s, result


def race(what: str, videos: list[Path], towers: Callable[[], nn.Module], repeats: int) -> Race:
    """Both sides on the same videos; each gets a tower of its own, since ours is cast."""
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch)
        theirs, our_clip = clip_with(towers(), root / "a"), clip_with(towers(), root / "b")
        runs = (str(number) for number in range(1000))
        naive_s, naive_cpu_s, _ = timed(lambda: naive(videos, theirs), repeats)
        ours_s, ours_cpu_s, summary = timed(
            lambda: ours(videos, our_clip, root / next(runs)), repeats
        )
    assert not summary.failed, summary.failed
    stages = {name: spent for name, spent in summary.seconds.items() if name != "total"}
    whole = sum(stages.values())
    return Race(
        what=what,
        num_snippets=summary.num_frames,
        naive_s=naive_s,
        ours_s=ours_s,
        naive_cpu_s=naive_cpu_s,
        ours_cpu_s=ours_cpu_s,
        shares={name: spent / whole for name, spent in stages.items()},
    )


def vit() -> nn.Module:
    """ViT-B/16 with random weights, the same each time."""
    torch.manual_seed(0)
    visual: nn.Module = build_model(open_clip.get_model_config(TOWER)).visual
    return visual


def measure_type(video: Path) -> dict[str, float]:
    """What bfloat16 does to features."""
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch)
        for dtype in ("float32", "bfloat16"):
            ours([video], clip_with(vit(), root / f"clip-{dtype}"), root / dtype, dtype=dtype)
        (result,) = compare_features(root / "float32", root / "bfloat16").videos
    assert result.cosine_min is not None
    assert result.cosine_mean is not None
    return {"cosine_min": result.cosine_min, "cosine_mean": result.cosine_mean}


def measure_memory(short: Path, long: Path) -> dict[str, float]:
    """Peak resident megabytes of a process that extracts, for a short and a long video."""
    peaks = {}
    for name, path in (("short_mb", short), ("long_mb", long)):
        command = [sys.executable, __file__, "--peak-of", str(path)]
        peaks[name] = float(subprocess.run(command, capture_output=True, check=True).stdout)
    return peaks


def peak_of(video: Path) -> float:
    """Extract in this process; its peak resident memory in MB (Linux)."""
    with tempfile.TemporaryDirectory() as scratch:
        ours([video], clip_with(StubTower(), Path(scratch) / "clip"), Path(scratch) / "out")
    return peak_mb()


def races(folder: Path, wanted: set[str], quick: bool) -> Iterator[Race]:
    """Footage of two sizes, two videos each, with the encoder and without."""
    repeats = 1 if quick else 2
    for name, width, height, num_frames in (
        ("320x240", 320, 240, 600 if quick else 4500),
        ("1080p", 1920, 1080, 96 if quick else 900),
    ):
        videos = [film(folder / f"{name}-{k}.mp4", num_frames, width, height) for k in range(2)]
        if "stub" in wanted:
            yield race(f"{name}, {STUBBED}", videos, StubTower, repeats)
        if "encoder" in wanted:
            few = [film(folder / f"{name}-few.mp4", 64 if quick else 640, width, height)]
            yield race(f"{name}, ViT-B/16", few, vit, 1)


def add_race(bench: Bench, race: Race) -> None:
    """A row: the ratio on the clock; behind it both times, processors, and where ours goes."""
    shares = ", ".join(f"{name} {share:.0%}" for name, share in race.shares.items())
    rate = race.num_snippets / race.ours_s
    is_stubbed = race.what.endswith(STUBBED)
    bench.add(
        race.what.replace(", ", "-").replace("/", "").replace(" ", "-").lower(),
        f"the field's loop over ours, {race.what}",
        race.naive_s / race.ours_s, "x", goal=3 if is_stubbed else 2, sense="least",
        detail=f"{race.naive_s:.2f} and {race.ours_s:.2f} s (processors {race.naive_cpu_s:.1f} and "
        f"{race.ours_cpu_s:.1f}); ours: {rate:.1f} snippets/s; {shares}",
        numbers={"snippets": race.num_snippets, "ours_s": race.ours_s,
                 "ours_cpu_s": race.ours_cpu_s, "naive_s": race.naive_s,
                 "naive_cpu_s": race.naive_cpu_s, **race.shares},
    )  # fmt: skip


def add_type(bench: Bench, folder: Path, quick: bool) -> None:
    """How far bfloat16 moves a feature."""
    found = measure_type(film(folder / "type.mp4", 64 if quick else 480, 320, 240))
    bench.add(
        "bfloat16", "features in bfloat16 against float32, largest 1 - cosine",
        1 - found["cosine_min"], detail=f"mean {1 - found['cosine_mean']:.1e}",
    )  # fmt: skip


def add_memory(bench: Bench, folder: Path, quick: bool) -> None:
    """Peak memory of a long video over that of a short one."""
    num_frames = 3600 if quick else 1800 * 30
    long = film(folder / "long.mp4", num_frames, 160, 120)
    found = measure_memory(film(folder / "short.mp4", 900, 160, 120), long)
    bench.add(
        "memory", f"peak memory for {num_frames:,} frames over that for 900, encoder stubbed",
        found["long_mb"] / found["short_mb"], "x",
        detail=f"{found['long_mb']:.0f} and {found['short_mb']:.0f} MB", numbers=found,
    )  # fmt: skip


def main() -> None:
    """Run what was asked for."""
    parser = make_parser(__doc__)
    parser.add_argument("--only", default="stub,encoder,type,memory")
    parser.add_argument("--peak-of", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.peak_of:
        print(peak_of(options.peak_of))
        return
    wanted, bench = set(options.only.split(",")), Bench(options.rows)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        for race in races(folder, wanted, options.quick):
            add_race(bench, race)
        if "type" in wanted:
            add_type(bench, folder, options.quick)
        if "memory" in wanted:
            add_memory(bench, folder, options.quick)


if __name__ == "__main__":
    main()
