"""How fast a GPU encodes, and whether extraction keeps it busy or waits for decoding.

    python benchmarks/extract_cuda.py [--device cuda] [--videos 16] [--batches 60]

First the tower alone, on prepared frames in memory, in each number type; then the whole pipeline
over made-up footage with the GPU's utilisation, sampled by nvidia-smi five times a second. Random
weights of ViT-B/16: they do not change the speed. Runs on a CPU too (``--device cpu --batches 2
--videos 1``), which shows that the command works, not how fast a GPU is.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.contract import Bench, make_parser
from benchmarks.extract import clip_with, film, vit
from tpwng_core.events import silent
from tpwng_core.run import extract as extract_room
from tpwng_core.run.decoding import choose_num_workers
from tpwng_core.run.encoder import Encoder
from tpwng_core.run.extract import ExtractConfig, extract

_SAMPLE_MS = 200
_SIZES = {"320x240": (320, 240, 9000), "1080p": (1920, 1080, 900)}


def encode_rates(device: torch.device, num_batches: int) -> dict[str, float]:
    """Frames per second of the tower alone, per number type, host to device included."""
    rates = {}
    for dtype in ("bfloat16", "float16", "float32"):
        with tempfile.TemporaryDirectory() as scratch:
            encoder = Encoder(clip_with(vit(), Path(scratch)), device, dtype, None)
        pixels = torch.randint(0, 256, (encoder.batch_size, 3, 224, 224), dtype=torch.uint8)
        encoder.encode(pixels)
        _wait(device)
        start_s = time.perf_counter()
        for _ in range(num_batches):
            encoder.encode(pixels)
        _wait(device)
        rates[dtype] = round(num_batches * encoder.batch_size / (time.perf_counter() - start_s), 1)
    return rates


def pipeline(size: str, num_videos: int, device: str) -> dict[str, Any]:
    """Extract made-up videos of a size; rates, seconds by stage, utilisation over time."""
    width, height, num_frames = _SIZES[size]
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch)
        first = film(root / "0.mp4", num_frames, width, height)
        videos = [first, *(_twin(first, number) for number in range(1, num_videos))]
        clip = clip_with(vit(), root / "clip")
        with patch.object(extract_room, "load_clip", lambda _: clip), _utilisation() as samples:
            summary = extract(
                videos,
                out=root / "out",
                clip="benchmark",
                config=ExtractConfig(dtype="bfloat16"),
                device=device,
                report=silent,
            )
    assert not summary.failed, summary.failed
    seconds = summary.seconds
    workers = choose_num_workers(num_videos)
    decoding_s = (seconds["index"] + seconds["decode"] + seconds["resize"]) / workers
    return {
        "size": size,
        "snippets": summary.num_frames,
        "snippets_per_s": round(summary.num_frames / seconds["total"], 1),
        "source_frames_per_s": round(num_videos * num_frames / seconds["total"], 1),
        "decoding_threads": workers,
        "share_of_time_threads_decode": round(decoding_s / seconds["total"], 3),
        "share_of_time_encoding": round(seconds["encode"] / seconds["total"], 3),
        "gpu_utilisation_percent": samples,
        "seconds": {name: round(spent, 2) for name, spent in seconds.items()},
    }


def _twin(video: Path, number: int) -> Path:
    """The same footage under another name."""
    twin = video.with_name(f"{number}.mp4")
    twin.hardlink_to(video)
    return twin


@contextmanager
def _utilisation() -> Iterator[list[int]]:
    """Percent of time the first GPU computed, a sample every fifth of a second."""
    samples: list[int] = []
    query = ["nvidia-smi", "--id=0", "--query-gpu=utilization.gpu", "--format=csv,noheader,nounits"]
    try:
        process = subprocess.Popen([*query, f"--loop-ms={_SAMPLE_MS}"], stdout=subprocess.PIPE)
    except FileNotFoundError:
        print("no nvidia-smi: utilisation is not measured", file=sys.stderr)
        yield samples
        return
    try:
        yield samples
    finally:
        process.terminate()
        words = process.communicate()[0].decode().split()
        samples.extend(int(word) for word in words if word.isdigit())


def _wait(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize(device)


def add_rates(bench: Bench, rates: dict[str, float], name: str) -> None:
    """Frames a second of the tower; the goal is about an H100-class GPU."""
    for dtype, rate in rates.items():
        is_goal = dtype != "float32" and name != "cpu"
        bench.add(
            f"tower-{dtype}", f"ViT-B/16 frames encoded a second in {dtype} on {name}", rate, "1/s",
            goal=4000 if is_goal else None, sense="least",
        )  # fmt: skip


def add_pipeline(bench: Bench, found: dict[str, Any]) -> None:
    """Snippets a second of the whole, and what it waits for."""
    samples = found["gpu_utilisation_percent"]
    busy = f"GPU busy {sum(samples) / len(samples):.0f} % of the time; " if samples else ""
    bench.add(
        f"pipeline-{found['size']}",
        f"the whole extraction of {found['size']}, snippets a second", found["snippets_per_s"],
        "1/s", detail=f"{busy}{found['source_frames_per_s']:,.0f} source frames a second; "
        f"{found['decoding_threads']} decoding threads at work "
        f"{found['share_of_time_threads_decode']:.0%}, encoder "
        f"{found['share_of_time_encoding']:.0%}",
    )  # fmt: skip


def main() -> None:
    """Measure and tell."""
    parser = make_parser(__doc__)
    parser.add_argument("--device", default="cuda")
    parser.add_argument("--videos", type=int, default=16)
    parser.add_argument("--batches", type=int, default=60)
    options = parser.parse_args()
    if options.quick:
        options.videos, options.batches = 1, 2
    bench, device = Bench(options.rows), torch.device(options.device)
    if device.type == "cuda" and not torch.cuda.is_available():
        bench.skip("tower", "extraction on a GPU", "there is no CUDA device")
        return
    name = torch.cuda.get_device_name(device) if device.type == "cuda" else "cpu"
    add_rates(bench, encode_rates(device, options.batches), name)
    for size in _SIZES:
        add_pipeline(bench, pipeline(size, options.videos, options.device))


if __name__ == "__main__":
    main()
