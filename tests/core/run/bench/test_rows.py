"""A row has a number or a reason, never both; a file of rows is whole at any time."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from tpwng_core.errors import ArtifactError, ConfigError
from tpwng_core.run.bench.rows import Row, RowFile, not_measured, read_bench, read_rows


@pytest.mark.parametrize(
    ("value", "goal", "sense", "met"),
    [
        (3.0, 2.0, "least", True),
        (2.0, 2.0, "least", True),
        (1.9, 2.0, "least", False),
        (0.1, 0.15, "most", True),
        (0.2, 0.15, "most", False),
        (1.0, None, "most", None),
    ],
)
def test_a_goal_is_met_or_not(value, goal, sense, met) -> None:
    assert Row(name="a", what="a", value=value, goal=goal, sense=sense).met is met


@pytest.mark.parametrize("value", [None, math.nan, math.inf])
def test_a_figure_that_is_none_needs_a_reason(value: float | None) -> None:
    with pytest.raises(ConfigError, match="finite value or a reason"):
        Row(name="a", what="a", value=value)


def test_a_reason_comes_without_a_number() -> None:
    assert not_measured("a", "what", "no CUDA device").met is None
    with pytest.raises(ConfigError, match="finite value or a reason"):
        Row(name="a", what="a", value=1.0, skipped="no CUDA device")


def test_every_row_is_on_disk_at_once_and_comes_back_the_same(tmp_path: Path) -> None:
    path = tmp_path / "rows.json"
    assert read_rows(path) == []
    rows = RowFile(path)
    rows.add(Row(name="a", what="one", value=1.5, unit="s", goal=2, detail="d", numbers={"n": 1.0}))
    assert read_rows(path) == rows.rows
    rows.add(not_measured("b", "two", "no screen"))
    assert read_rows(path) == rows.rows
    with pytest.raises(ConfigError, match="two rows are named a"):
        rows.add(Row(name="a", what="again", value=1.0))
    assert len(read_rows(path)) == 2


@pytest.mark.parametrize("text", ["{", '[{"name": "a"}]', "[1]", '[{"name":"a","wat":1}]'])
def test_other_files_are_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "x.json").write_text(text)
    with pytest.raises(ArtifactError, match=r"x\.json"):
        read_rows(tmp_path / "x.json")
    with pytest.raises(ArtifactError, match=r"x\.json"):
        read_bench(tmp_path / "x.json")
