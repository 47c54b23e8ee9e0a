"""The worker's own stdin and stdout, out of reach of everything else in the process.

Libraries print, child processes inherit: so the protocol's two streams are moved to descriptors
nobody knows, stdout becomes stderr and stdin becomes empty. Used by ``cli/worker.py``.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass

from tpwng_core.events import Event, to_json

_CHUNK_BYTES = 1 << 16


@dataclass(frozen=True)
class Streams:
    """Descriptors of the protocol: where requests come from, where events go."""

    requests: int
    events: int


def take_streams() -> Streams:
    """Move stdin and stdout to descriptors of our own, once and for good."""
    streams = Streams(os.dup(0), os.dup(1))
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    sys.stdout.flush()
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return streams


class Channel:
    """Writes events as JSON lines; safe to call from several threads.

    Args:
        descriptor: where to write.

    Attributes:
        is_broken: True once nobody reads any more; events are then dropped.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._lock = threading.Lock()
        self.is_broken = False

    def send(self, event: Event, request_id: int | str | None) -> None:
        """Write one event of a request; None where the request has no readable number."""
        line = to_json(event, request_id=request_id, with_id=True).encode() + b"\n"
        with self._lock:
            if not self.is_broken:
                self._write(line)

    def _write(self, line: bytes) -> None:
        try:
            while line:
                line = line[os.write(self._descriptor, line) :]
        except OSError:  # the window is gone; its end of the requests says so too
            self.is_broken = True


def read_lines(descriptor: int) -> Iterator[bytes]:
    """Lines without their ends until the other side closes, as soon as each is whole."""
    rest = b""
    while chunk := os.read(descriptor, _CHUNK_BYTES):
        *lines, rest = (rest + chunk).split(b"\n")
        yield from (line for line in lines if line.strip())
    if rest.strip():
        yield rest
