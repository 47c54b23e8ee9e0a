"""What one live camera costs, part by part: the figures that ``sizing.py`` multiplies.

    python benchmarks/streams.py [--frames 450] [--images 12] [--watchers 1,4,8]

Processor time of one thread: decoding a frame of three sizes as ``watch`` does (every frame, one
thread), resizing one, encoding one image at a time with the small CLIP and with ViT-B/16 of random
weights (which do not change the speed), and the causal temporal half. Memory of N ``watch``
processes: the sum of their proportional set sizes, so that shared pages count once (Linux). Bytes
on disk of an hour of features, scores, curves and of an alarm, from files that are written.
"""

from __future__ import annotations

import argparse
import itertools
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.contract import ROOT, Bench, make_parser
from benchmarks.footage import FPS, as_stream, broadcast, causal_checkpoint, film
from benchmarks.search import feature_set
from tpwng_core.features import write_features
from tpwng_core.nn.clip import Clip, load_clip
from tpwng_core.nn.long import CausalStream
from tpwng_core.nn.tcsal import Tcsal
from tpwng_core.nn.temporal import Head, TemporalConfig, build_temporal
from tpwng_core.run.alarms import Alarm, AlarmLog
from tpwng_core.run.encoder import Encoder
from tpwng_core.run.preprocess import Preparation
from tpwng_core.scores import Scores, write_scores
from tpwng_core.video import LiveSnippet, LiveSource

DIM, STRIDE = 512, 16
SIZES = {"320x240": (320, 240), "640x360": (640, 360), "1080p": (1920, 1080)}
HOUR_FRAMES = 3600 * FPS
RECORDED_S = 10


def cpu_s(call: Callable[[], Any]) -> float:
    """Processor seconds of a call, all threads."""
    start_s = time.process_time()
    call()
    return time.process_time() - start_s


def add_decoding(bench: Bench, folder: Path, num_frames: int) -> None:
    """Milliseconds a frame, and one picture to show for each snippet."""
    for name, (width, height) in SIZES.items():
        source = str(as_stream(film(folder / f"{name}.mp4", width, height, num_frames)))

        def read(source: str = source) -> int:
            with LiveSource(source, stride=STRIDE, patience_s=0.2) as live:
                return sum(isinstance(item, LiveSnippet) for item in live)

        read()
        taken = min(cpu_s(read) for _ in range(2))
        bench.add(
            f"decode-{name}", f"decoding a frame of {name}, H.264, live", 1000 * taken / num_frames,
            "ms", detail=f"{num_frames} frames; a stream of {FPS} a second takes "
            f"{FPS * taken / num_frames:.2f} of a core",
        )  # fmt: skip


@torch.inference_mode()
def add_encoding(bench: Bench, folder: Path, num_images: int) -> None:
    """Milliseconds a snippet: resizing, both CLIPs, the temporal half."""
    small = load_clip("demo")
    vit = _vit(folder)
    preparation = Preparation.of(vit, "center")
    for name, (width, height) in SIZES.items():
        picture = np.random.default_rng(0).integers(0, 256, (height, width, 3), dtype=np.uint8)
        taken = _repeated(partial(preparation.apply, picture), 20)
        bench.add(f"resize-{name}", f"resizing a frame of {name} to 224", 1000 * taken, "ms")
    for name, what, clip in (
        ("demo", "the small CLIP", small),
        ("vit", "ViT-B/16, random weights", vit),
    ):
        encoder = Encoder(clip, torch.device("cpu"), "auto", 1)
        size = clip.image_size
        pixels = torch.randint(0, 256, (1, 3, size, size), dtype=torch.uint8)
        taken = _repeated(partial(encoder.encode, pixels), num_images)
        bench.add(
            f"encode-{name}", f"encoding one image alone, {what}, {encoder.dtype_name}",
            1000 * taken, "ms",
        )  # fmt: skip
    bench.add(
        "temporal", "the causal temporal half and head, one snippet", 1000 * _temporal(), "ms"
    )


def _repeated(call: Callable[[], Any], count: int) -> float:
    """Median processor seconds of a call."""
    call()
    return float(np.median([cpu_s(call) for _ in range(count)]))


def _temporal() -> float:
    temporal = cast(Tcsal, build_temporal("tcsal", DIM, TemporalConfig(causal=True)).eval())
    head = Head(DIM, TemporalConfig().head).eval()
    stream, rows = CausalStream(temporal), torch.randn(400, DIM)
    stream.push(rows[:300])
    numbers = itertools.count(300)

    def push() -> None:
        number = next(numbers)
        head(stream.push(rows[number : number + 1])[None])

    return _repeated(push, 90)


def _vit(folder: Path) -> Clip:
    from benchmarks.extract import clip_with, vit

    return clip_with(vit(), folder / "vit")


def add_memory(bench: Bench, folder: Path, counts: list[int]) -> None:
    """N processes of ``tpwng-core watch`` on one stream that this process sends over HTTP."""
    if not Path("/proc/self/smaps_rollup").exists():
        bench.skip("watchers", "memory of N watching processes", "only Linux tells shared memory")
        return
    checkpoint = causal_checkpoint(folder)
    recording = as_stream(film(folder / "camera.mp4", 640, 360, RECORDED_S * FPS))
    with broadcast(recording, RECORDED_S) as address:
        for count in counts:
            total = _memory_of(count, address, checkpoint, folder)
            bench.add(
                f"watchers-{count}", f"memory of {count} watch processes, small CLIP, 640x360",
                total, "MB", detail=f"{total / count:.0f} MB each",
            )  # fmt: skip


def _memory_of(count: int, address: str, checkpoint: Path, folder: Path) -> float:
    """Megabytes of all together, once each has scored for a while."""
    words = ["watch", address, "--checkpoint", str(checkpoint), "--device", "cpu"]
    watchers = []
    for number in range(count):
        out = folder / f"alarms-{count}-{number}.jsonl"
        command = [sys.executable, "-m", "tpwng_core", *words, "--out", str(out)]
        watchers.append(
            subprocess.Popen(
                [*command, "--events", "json"], cwd=ROOT, stdout=subprocess.PIPE, text=True
            )
        )
    try:
        for watcher in watchers:
            _until_scored(watcher)
        return sum(_proportional_mb(watcher.pid) for watcher in watchers)
    finally:
        for watcher in watchers:
            watcher.kill()
            watcher.wait()
            assert watcher.stdout
            watcher.stdout.close()


def _until_scored(watcher: subprocess.Popen[str]) -> None:
    """Read its events until it has scored ten snippets; what it says later waits in the pipe."""
    assert watcher.stdout
    scored = 0
    for line in watcher.stdout:
        scored += '"event": "metric"' in line
        if scored == 10:
            return
    raise RuntimeError(f"a watch process ended early, exit code {watcher.wait()}")


def _proportional_mb(pid: int) -> float:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8").splitlines()
    (size,) = (line.split()[1] for line in lines if line.startswith("Pss:"))
    return int(size) / 1024


def add_storage(bench: Bench, folder: Path) -> None:
    """Megabytes of an hour of video at 30 frames a second, and bytes of an alarm."""
    num_snippets = HOUR_FRAMES // STRIDE
    rows = np.random.default_rng(0).normal(size=(num_snippets, DIM)).astype(np.float16)
    features = feature_set("hour", rows)
    path = folder / "hour.features.safetensors"
    write_features(path, features)
    bench.add(
        "features-hour", f"features of an hour, {num_snippets:,} snippets of {DIM} float16",
        path.stat().st_size / 1e6, "MB",
    )  # fmt: skip
    values = np.random.default_rng(0).random(num_snippets).astype(np.float32)
    scores = Scores(
        video="hour", score=np.repeat(values, STRIDE), snippet_score=values,
        snippet_start=features.snippet_start, pts=features.pts,
    )  # fmt: skip
    path = folder / "hour.scores.npz"
    write_scores(path, scores)
    bench.add("scores-hour", "scores of an hour, every frame", path.stat().st_size / 1e6, "MB")
    log = AlarmLog(folder / "log.jsonl", "rtsp://192.168.100.100/stream1")
    alarm = Alarm(
        connection=0, start=108_000, end=108_960, start_s=3600.0, end_s=3632.0, peak=0.87654321
    )
    for what in ("begin", "end"):
        log.append(what, alarm)
    size = (folder / "log.jsonl").stat().st_size
    bench.add("alarm-bytes", "an alarm in the log, its begin and its end", size, "bytes")


def main() -> None:
    """Command line."""
    parser = make_parser(__doc__)
    parser.add_argument("--frames", type=int, default=450)
    parser.add_argument("--images", type=int, default=12)
    parser.add_argument("--watchers", default="1,4,8")
    options: argparse.Namespace = parser.parse_args()
    if options.quick:
        options.frames, options.images, options.watchers = 90, 2, "1,2"
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    torch.set_num_threads(1)
    bench = Bench(options.rows)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        add_decoding(bench, folder, options.frames)
        add_encoding(bench, folder, options.images)
        add_storage(bench, folder)
        add_memory(bench, folder, [int(word) for word in options.watchers.split(",")])


if __name__ == "__main__":
    main()
