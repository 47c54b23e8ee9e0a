"""Heat maps from the worker: warm, beside other verbs, with the options of the command line."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.core.cli.driving import Driver
from tpwng_core.cli import main
from tpwng_core.heatmap import read_heatmap

DEMO = Path("assets/demo/miniature")
ARGS = {
    "video": DEMO / "videos" / "test_fire_001.mp4",
    "category": "fire",
    "checkpoint": DEMO / "run" / "checkpoint.safetensors",
    "device": "cpu",
}


@pytest.fixture(scope="module")
def worker() -> Iterator[Driver]:
    with Driver() as driver:
        yield driver


def test_the_second_map_comes_from_memory(worker: Driver, tmp_path: Path) -> None:
    def timed(**more: object) -> float:
        start_s = time.monotonic()
        worker.run(1, "heatmap", **{**ARGS, "out": tmp_path / "a.npz", **more})
        answer = worker.answer(1)
        assert answer["event"] == "finished", answer
        assert answer["summary"]["grid_size"] == 8
        return time.monotonic() - start_s

    first_s = timed(frame=100)
    assert timed(frame=101) < first_s / 2
    assert read_heatmap(tmp_path / "a.npz").meta["frame"] == 101


def test_wrong_options_are_those_of_the_command_line(worker: Driver, tmp_path: Path) -> None:
    out = tmp_path / "a.npz"
    for more, code in (
        ({"frame": "x"}, 2),
        ({"frame": 1, "readin": "values"}, 2),
        ({"frame": 1, "category": "smoke"}, 2),
        ({"frame": 99_999}, 3),
    ):
        worker.run(2, "heatmap", **{**ARGS, "out": out, **more})
        assert worker.answer(2)["exit_code"] == code
    assert not out.exists()


def test_the_command_line_writes_a_picture(tmp_path: Path) -> None:
    out = tmp_path / "a.png"
    line = ["heatmap", str(ARGS["video"]), "--frame", "100", "--text", "a fire", "--clip", "demo"]
    assert main([*line, "--reading", "gradient", "--contrast", "--out", str(out)]) == 0
    assert out.stat().st_size > 1000
