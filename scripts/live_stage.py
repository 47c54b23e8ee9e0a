"""A live source to show and to measure: a model that looks back, and a stream served by ffmpeg.

The packaged miniature in; a checkpoint and an address out. Used by ``make_screenshots.py`` and by
``benchmarks/live_window.py``; it trains and tests on the same few drawn videos, so it shows the
window and proves nothing about the method.
"""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tpwng_core.files import asset

_EPOCHS = 60
_SOCKETS = Path("/proc/net/tcp")
_PATIENCE_S = 30.0


def train_looking_back(folder: Path) -> Path:
    """Train on the miniature's own features; half a minute. Returns the checkpoint."""
    root = asset("demo/miniature")
    text = (root / "manifest.csv").read_text(encoding="utf-8")
    manifest = folder / "manifest.csv"
    manifest.write_text(text.replace(",test", ",train"), encoding="utf-8")
    settings = ["--set", "temporal.causal=true", "--set", f"training.epochs={_EPOCHS}"]
    command = [sys.executable, "-m", "tpwng_core", "train", "--manifest", str(manifest)]
    command += ["--features", str(root / "features"), "--out", str(folder / "run")]
    command += ["--preset", "demo", *settings, "--device", "cpu", "--quiet"]
    subprocess.run(command, check=True)
    return folder / "run" / "checkpoint.safetensors"


def can_serve() -> bool:
    """Whether there is what :func:`served` needs."""
    return shutil.which("ffmpeg") is not None and _SOCKETS.exists()


@contextmanager
def served(names: Sequence[str], folder: Path) -> Iterator[str]:
    """Serve videos of the miniature one after the other, at their own speed, for ever.

    Yields:
        The address, to which somebody listens.
    """
    videos = asset("demo/miniature/videos")
    names_file, film = folder / "films.txt", folder / "films.ts"
    names_file.write_text("".join(f"file {videos / name}\n" for name in names), encoding="utf-8")
    joined = ["-f", "concat", "-safe", "0", "-i", str(names_file)]
    subprocess.run(["ffmpeg", "-v", "error", *joined, "-c", "copy", str(film)], check=True)
    port = _free_port()
    address = f"http://127.0.0.1:{port}/live.ts"
    command = ["ffmpeg", "-v", "error", "-re", "-stream_loop", "-1", "-i", str(film)]
    command += ["-c", "copy", "-f", "mpegts", "-listen", "1", address]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(port)
        yield address
    finally:
        process.kill()
        process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int) -> None:
    """Until ffmpeg listens; asking by connecting would take its one client's place."""
    end_s = time.monotonic() + _PATIENCE_S
    while f":{port:04X} 00000000:0000 0A" not in _SOCKETS.read_text(encoding="utf-8"):
        if time.monotonic() > end_s:
            raise SystemExit("ffmpeg does not listen")
        time.sleep(0.05)
