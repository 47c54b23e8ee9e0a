"""A stream that ffmpeg really serves at the speed of a camera; no torch, for the window too."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

_SOCKETS = Path("/proc/net/tcp")  # who listens, without asking by a connection
needs_ffmpeg = pytest.mark.skipif(
    shutil.which("ffmpeg") is None or not _SOCKETS.exists(), reason="needs ffmpeg, on Linux"
)


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
