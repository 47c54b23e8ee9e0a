"""Made-up footage for benchmarks that watch it live, and a causal checkpoint to watch it with."""

from __future__ import annotations

import http.server
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from tpwng_core.datasets import VideoRecord, write_manifest
from tpwng_core.events import silent
from tpwng_core.run.extract import ExtractConfig, extract
from tpwng_core.run.settings import load_settings
from tpwng_core.run.train import TrainRequest, train
from tpwng_core.video import write_video

FPS = 30


def scenes(width: int, height: int, num_frames: int) -> Iterator[NDArray[np.uint8]]:
    """Smoothed noise that pans, grain of a camera, and a block that walks."""
    random = np.random.default_rng(0)
    coarse = random.normal(0, 1, (height // 8 + 2, width // 8 + 2, 3))
    texture = np.kron(coarse, np.ones((8, 8, 1)))[:height, :width] * 25 + 100
    grain = random.integers(-4, 5, (4, height, width, 1))
    size = width // 6
    for number in range(num_frames):
        picture = np.roll(texture, number // 3, axis=1) + grain[number % 4]
        left = number * 3 % (width - size)
        picture[height // 3 : height // 3 + size, left : left + size] = (200, 60, 40)
        yield np.clip(picture, 0, 255).astype(np.uint8)


def film(path: Path, width: int, height: int, num_frames: int) -> Path:
    """H.264 at 30 frames a second, as the product writes its own."""
    write_video(path, scenes(width, height, num_frames), Fraction(FPS))
    return path


def as_stream(video: Path) -> Path:
    """The same packets as a transport stream, which can be watched while it grows."""
    path = video.with_suffix(".ts")
    with av.open(str(video)) as source, av.open(str(path), "w") as target:
        stream = target.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(source.streams.video[0]):
            if packet.dts is not None:
                packet.stream = stream
                target.mux(packet)
    return path


def causal_checkpoint(folder: Path) -> Path:
    """Of the demo's settings on a few seconds of film: of no use but to measure with."""
    videos, features = folder / "train-videos", folder / "train-features"
    videos.mkdir(parents=True)
    records = []
    for number in range(4):
        path = film(videos / f"v{number}.mp4", 96, 64, 48)
        labels = ("fire",) if number % 2 else ()
        records.append(VideoRecord(video=path.stem, path=path, labels=labels, split="train"))
    write_manifest(folder / "manifest.csv", records)
    extract(
        [videos], out=features, clip="demo", config=ExtractConfig(), device="cpu", report=silent
    )
    request = TrainRequest(
        manifest=folder / "manifest.csv",
        features=features,
        out=folder / "run",
        settings=load_settings("demo", None, ["training.epochs=1", "temporal.causal=true"]),
        device="cpu",
    )
    train(request, silent)
    return folder / "run" / "checkpoint.safetensors"


@contextmanager
def broadcast(recording: Path, seconds: float) -> Iterator[str]:
    """The address at which a transport stream is sent at the speed of its time, again and again."""
    content = recording.read_bytes()
    size = max(188, len(content) // round(20 * seconds))

    class Camera(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            try:
                while True:
                    for start in range(0, len(content), size):
                        self.wfile.write(content[start : start + size])
                        time.sleep(0.05)
            except OSError:
                return  # nobody listens any more

        def log_message(self, *words: object) -> None:
            return

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Camera)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/camera.ts"
    finally:
        server.shutdown()
        server.server_close()
