"""A worker process as the window drives it: lines in, events out, each with a deadline."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.core.run.saying import say

DEADLINE_S = 150.0  # a worker loads torch; on a machine busy with other work that takes long

Event = dict[str, Any]


class Driver:
    """Starts a worker and talks with it; a context manager that leaves no process."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tpwng_core", "worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "OMP_NUM_THREADS": "1"},
        )
        self.raw: list[bytes] = []
        self._events: queue.Queue[Event | None] = queue.Queue()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def __enter__(self) -> Driver:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()
        self._reader.join()
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.close()
        self.process.stdout.close()

    def say(self, line: str | Event) -> None:
        text = line if isinstance(line, str) else json.dumps(line)
        assert self.process.stdin
        self.process.stdin.write(text.encode() + b"\n")
        self.process.stdin.flush()

    def run(self, number: int, verb: str, **args: Any) -> None:
        plain = {key: str(v) if isinstance(v, Path) else v for key, v in args.items()}
        self.say({"id": number, "verb": verb, "args": plain})

    def until(self, wanted: Callable[[Event], bool]) -> list[Event]:
        """All events up to the first one that is wanted."""
        seen: list[Event] = []
        end_s = time.monotonic() + DEADLINE_S
        while not seen or not wanted(seen[-1]):
            event = self._events.get(timeout=max(end_s - time.monotonic(), 0.01))
            assert event is not None, f"the worker ended after {seen[-3:]}"
            seen.append(event)
        return seen

    def answer(self, number: int | None) -> Event:
        """The last event of a request."""
        return self.until(
            lambda event: event["id"] == number and event["event"] in ("finished", "failed")
        )[-1]

    def first(self, name: str, **fields: Any) -> Event:
        """The next event of a name and with these fields."""
        return self.until(
            lambda event: (
                event["event"] == name and all(event[key] == value for key, value in fields.items())
            )
        )[-1]

    def close_input(self) -> int:
        """End of file; returns the exit code."""
        assert self.process.stdin
        self.process.stdin.close()
        return self.process.wait(DEADLINE_S)

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.raw.append(line)
            self._events.put(json.loads(line))
        self._events.put(None)


def train_args(bench: Path, out: Path, epochs: int = 3, **more: Any) -> dict[str, Any]:
    """A few steps of a small model, or many."""
    few = ["training.batch_size=8", "prompts.num_context=2", "validation.every=1"]
    return {
        "manifest": bench / "manifest.csv",
        "features": bench / "features",
        "out": out,
        "config": bench / "settings.toml",
        "set": [*few, f"training.epochs={epochs}"],
        "device": "cpu",
        **more,
    }


def retrain_args(bench: Path, run: Path, labels: Path, out: Path, epochs: int) -> dict[str, Any]:
    """A round of corrections on the model of a run; a person labelled some videos."""
    say(bench, labels, "train")
    return {
        "checkpoint": run / "checkpoint.safetensors",
        "labels": labels,
        "manifest": bench / "manifest.csv",
        "features": bench / "features",
        "out": out,
        "set": [f"training.epochs={epochs}"],
        "device": "cpu",
    }
