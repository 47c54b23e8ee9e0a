"""Attention from the worker: warm, with the options of the command line."""

from __future__ import annotations

import time
from pathlib import Path

from tests.core.cli.driving import Driver
from tpwng_core.attention import read_attention

DEMO = Path("assets/demo/miniature")
ARGS = {
    "video": "test_fire_001",
    "checkpoint": DEMO / "run" / "checkpoint.safetensors",
    "features": DEMO / "features",
    "device": "cpu",
}


def test_the_second_frame_comes_from_memory(tmp_path: Path) -> None:
    out = tmp_path / "a.npz"

    def timed(worker: Driver, **more: object) -> float:
        start_s = time.monotonic()
        worker.run(1, "attention", **{**ARGS, "out": out, **more})
        answer = worker.answer(1)
        assert answer["event"] == "finished", answer
        assert answer["summary"]["num_snippets"] == 28
        return time.monotonic() - start_s

    with Driver() as worker:
        first_s = timed(worker, frame=100)
        assert timed(worker, frame=101, r=5.0) < first_s / 2
        assert read_attention(out).meta["frame"] == 101
        for more, code in (({"frame": "x"}, 2), ({"frame": 9_999}, 3), ({"frame": 1, "r": -1}, 2)):
            worker.run(2, "attention", **{**ARGS, "out": out, **more})
            assert worker.answer(2)["exit_code"] == code
        assert worker.close_input() == 0
