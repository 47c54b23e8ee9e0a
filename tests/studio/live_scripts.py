"""Scripts for a watch: what a worker would say, without one; and a real model that looks back."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from tpwng_studio.live.watch_records import WatchWish

_ROOT = Path(__file__).resolve().parents[2]
_MAKE = """
import sys
from pathlib import Path
from tests.core.run.live_footage import trained
from tests.core.video.test_live import record
folder = Path(sys.argv[1])
for name, causal in (("ahead", False), ("back", True)):
    (folder / name).mkdir()
    trained(folder / name, causal=causal)
record(folder)
"""
START: list[dict[str, Any]] = [
    {"event": "started", "verb": "watch", "total": None},
    {"event": "progress", "done": 0, "total": None, "unit": "snippet", "eta_s": None, "rate": 0},
]


def command(folder: Path, events: Iterable[dict[str, Any]]) -> list[str]:
    """A worker that says these events."""
    script = folder / "script.jsonl"
    script.write_text("".join(json.dumps(event) + "\n" for event in events), encoding="utf-8")
    return [sys.executable, str(Path(__file__).with_name("scripted_worker.py")), str(script)]


def metric(step: int, score: float, *, alarm: dict[str, float] | None = None, **more: Any) -> Any:
    """A snippet of two seconds."""
    values: dict[str, Any] = {"score": score, "time_s": 2.0 * step, "frame": 16.0 * step}
    values["alarm"] = 1.0 if alarm else 0.0
    for name, value in (alarm or {}).items():
        values[f"alarm_{name}"] = value
    return {"event": "metric", "step": step, "epoch": 0, "values": {**values, **more}}


def lost(times: int) -> list[dict[str, Any]]:
    """A stream breaks off."""
    text = "the stream ended; opening it again in 1 s"
    values = {"lost": float(times), "retry_s": 1.0}
    return [
        {"event": "message", "level": "warning", "text": text},
        {"event": "metric", "step": 0, "epoch": times, "values": values},
    ]


def wish(folder: Path, source: str = "rtsp://ada:secret@cam.example/1") -> WatchWish:
    """A stream that nobody will open."""
    return WatchWish(
        source=source, checkpoint=folder / "checkpoint.safetensors", log=folder / "alarms.jsonl"
    )


@pytest.fixture(scope="session")
def live_made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Models that look back and ahead, and a recording, made in another process: no torch here."""
    folder = tmp_path_factory.mktemp("live_made")
    subprocess.run([sys.executable, "-c", _MAKE, str(folder)], check=True, cwd=_ROOT)
    return folder


@pytest.fixture(scope="session")
def looks_back(live_made: Path) -> Path:
    """A checkpoint that can watch."""
    return live_made / "back" / "run" / "checkpoint.safetensors"


@pytest.fixture(scope="session")
def recording(live_made: Path) -> Path:
    """75 frames as a transport stream, three seconds."""
    return live_made / "whole.ts"
