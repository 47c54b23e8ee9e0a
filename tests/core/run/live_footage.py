"""A small model that looks back, and a stream that ffmpeg really serves."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.core.run.footage import film
from tpwng_core.datasets import VideoRecord, write_manifest
from tpwng_core.events import silent
from tpwng_core.run.extract import ExtractConfig, extract
from tpwng_core.run.settings import load_settings
from tpwng_core.run.train import TrainRequest, train

STRIDE = 4
_SOCKETS = Path("/proc/net/tcp")  # who listens, without asking by a connection
needs_ffmpeg = pytest.mark.skipif(
    shutil.which("ffmpeg") is None or not _SOCKETS.exists(), reason="needs ffmpeg, on Linux"
)


def trained(folder: Path, *, causal: bool) -> Path:
    videos = folder / "videos"
    videos.mkdir()
    records = []
    for number in range(4):
        path = film(videos / f"v{number}.mp4", 40, first=30 * number)
        labels = ("fire",) if number % 2 else ()
        records.append(VideoRecord(video=path.stem, path=path, labels=labels, split="train"))
    write_manifest(folder / "manifest.csv", records)
    config = ExtractConfig(stride=STRIDE)
    out = folder / "features"
    extract([videos], out=out, clip="demo", config=config, device="cpu", report=silent)
    overrides = ["training.epochs=1", f"temporal.causal={str(causal).lower()}"]
    request = TrainRequest(
        manifest=folder / "manifest.csv",
        features=out,
        out=folder / "run",
        settings=load_settings("demo", None, overrides),
        device="cpu",
    )
    train(request, silent)
    return folder / "run" / "checkpoint.safetensors"


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(recording: Path, port: int, *, loops: int = 0) -> Iterator[str]:
    """ffmpeg serves a recording at its own speed to one client, as a camera would; then it ends.

    Args:
        recording: a transport stream; its packets are passed on as they are.
        port: to listen on.
        loops: how often it is repeated; -1 for ever.
    """
    address = f"http://127.0.0.1:{port}/live.ts"
    command = ["ffmpeg", "-v", "error", "-re", "-stream_loop", str(loops), "-i", str(recording)]
    command += ["-c", "copy", "-f", "mpegts", "-listen", "1", address]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield address
    finally:
        process.kill()
        process.wait()


def wait_for_server(port: int) -> None:
    """Until ffmpeg listens; asking by connecting would take its one client's place."""
    end_s = time.monotonic() + 20
    listening = f":{port:04X} 00000000:0000 0A"
    while listening not in _SOCKETS.read_text():
        assert time.monotonic() < end_s
        time.sleep(0.05)
