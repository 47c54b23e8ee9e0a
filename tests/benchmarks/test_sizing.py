"""Sizes are the measured figures times the number of cameras, and nothing is made up."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.sizing import CAMERAS, amount, needs, table
from tpwng_core.run.bench import Row, not_measured

VALUES = {
    "decode-640x360": 0.5, "decode-1080p": 4.0, "resize-640x360": 0.8, "resize-1080p": 3.2,
    "encode-demo": 3.2, "encode-vit": 208.0, "temporal": 8.0, "features-hour": 7.8,
    "scores-hour": 1.3, "alarm-bytes": 400.0, "watchers-1": 600.0, "watchers-8": 3200.0,
}  # fmt: skip


def figures() -> dict[str, Row]:
    return {
        f"streams.{name}": Row(name=name, what=name, value=value) for name, value in VALUES.items()
    }


def per_camera(**options: float) -> dict[str, float]:
    found = needs(figures(), options.get("fps", 30.0), int(options.get("stride", 16)))
    return {need.what: need.per_camera for need in found}


def test_a_camera_needs_what_was_measured_times_its_rate() -> None:
    found = per_camera()
    assert found["snippets"] == 1.875
    # 30 frames of 4 ms, and 1.875 resized ones of 3.2 ms
    assert found["cores: decode every frame and resize, 1080p H.264"] == pytest.approx(0.126)
    assert found["cores: ViT-B/16"] == pytest.approx(1.875 * 0.208)
    assert found["cores: temporal half and alarms"] == pytest.approx(0.015)
    assert found["memory, a watch process each, small CLIP"] == 400.0
    assert found["features, where they are kept"] == 7.8
    assert found["log of alarms, at one an hour"] == pytest.approx(0.0004)


def test_half_the_frames_need_half_and_a_longer_stride_fewer_snippets() -> None:
    whole, half, coarse = per_camera(), per_camera(fps=15), per_camera(stride=32)
    for name in ("snippets", "cores: ViT-B/16", "features, where they are kept"):
        assert half[name] == pytest.approx(whole[name] / 2)
        assert coarse[name] == pytest.approx(whole[name] / 2)
    scores = "scores of every frame, where they are kept"
    assert half[scores] == pytest.approx(whole[scores] / 2)
    assert coarse[scores] == whole[scores]


def test_every_line_of_the_table_says_where_it_comes_from() -> None:
    lines = table(needs(figures(), 30.0, 16)).splitlines()
    assert lines[0].startswith("|  | 1 camera | 10 cameras | 100 cameras | 1,000 cameras |")
    for line in lines[2:]:
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        assert len(cells) == len(CAMERAS) + 2
        assert any(word in cells[-1] for word in ("measured", "assumed", "fps")), line
    (gpu,) = [line for line in lines if "GPU" in line]
    assert "not measured" in gpu


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [(400, "MB", "400 MB"), (400_000, "MB", "400 GB"), (4000, "Mbit/s", "4 Gbit/s")],
)
def test_thousands_come_in_the_larger_unit(value: float, unit: str, text: str) -> None:
    assert amount(value, unit) == text


def test_what_was_not_measured_is_not_multiplied() -> None:
    rows = figures()
    rows["streams.temporal"] = not_measured("temporal", "temporal", "no torch")
    with pytest.raises(ValueError, match="no torch"):
        needs(rows, 30.0, 16)
    rows = {name: row for name, row in figures().items() if "watchers" not in name}
    with pytest.raises(ValueError, match="memory"):
        needs(rows, 30.0, 16)


def test_the_script_reads_a_bench_json(tmp_path: Path) -> None:
    path = tmp_path / "bench.json"
    script = Path(__file__).resolve().parents[2] / "benchmarks" / "sizing.py"
    rows = [row.to_json() for row in figures().values()]
    path.write_text(json.dumps({"benchmarks": [{"name": "streams", "rows": rows}]}))
    command = [sys.executable, str(script), str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == table(needs(figures(), 30.0, 16))
    path.write_text(json.dumps({"benchmarks": []}))
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "bench streams" in done.stderr
