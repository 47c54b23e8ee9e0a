"""Searching through the worker: the text model is loaded once, for rescore too."""

from __future__ import annotations

import time
from pathlib import Path

from tests.core.cli.driving import Driver, Event
from tpwng_core.querycurves import read_query_curves

DEMO = Path("assets/demo/miniature").absolute()
CHECKPOINT = DEMO / "run" / "checkpoint.safetensors"


def asked(worker: Driver, number: int, text: str, **more: object) -> tuple[Event, float]:
    start_s = time.monotonic()
    args = {"text": text, "features": DEMO / "features", "device": "cpu", **more}
    worker.run(number, "search", **args)
    return worker.answer(number), time.monotonic() - start_s


def test_the_second_query_needs_no_load(tmp_path: Path) -> None:
    with Driver() as worker:
        first, first_s = asked(worker, 1, "a person running", top=3)
        assert first["event"] == "finished", first
        assert first["summary"]["out"] is None
        curves = tmp_path / "query.npz"
        second, second_s = asked(worker, 2, "flames and black smoke", curves=curves)
        assert second["summary"]["hits"][0]["video"] == "test_fire_001"
        assert second_s < min(first_s, 1.0)
        assert len(read_query_curves(curves).videos) == second["summary"]["num_videos"] == 8
        learned, _ = asked(worker, 3, "flames and black smoke", checkpoint=CHECKPOINT)
        assert learned["summary"]["hits"][0]["video"] == "test_fire_001"
        failed, _ = asked(worker, 4, "fire", checkpoint=tmp_path / "none")
        assert failed["event"] == "failed"
        assert "there is no file" in failed["error"]
        assert worker.close_input() == 0
