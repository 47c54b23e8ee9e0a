"""Figures as people read them."""

from __future__ import annotations

import pytest

from tpwng_core.run.bench.rows import Row, not_measured
from tpwng_core.run.bench.table import goal, markdown, measured, quantity, row_line


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (4.256, "x", "4.26x"),
        (2.0, "x", "2x"),
        (0.5512, "s", "0.55 s"),
        (0.0123, "s", "0.012 s"),
        (16.72, "ms", "16.7 ms"),
        (1234.5, "MB", "1,234 MB"),
        (162_000, "", "162,000"),
        (0.0, "ms", "0 ms"),
    ],
)
def test_numbers_have_about_three_digits(value: float, unit: str, text: str) -> None:
    assert quantity(value, unit) == text


def test_a_missed_goal_is_seen() -> None:
    row = Row(name="a", what="a", value=3.0, unit="s", goal=2, detail="why")
    assert goal(row) == "at most 2 s: **missed**"
    assert row_line(row) == "a: 3 s; goal: at most 2 s: **missed**; why"


def test_a_quick_run_judges_nothing() -> None:
    row = Row(name="a", what="a", value=3.0, unit="s", goal=2)
    assert markdown({"x": [row]}).splitlines()[2] == "| x | a | 3 s | at most 2 s: **missed** |  |"
    assert (
        markdown({"x": [row]}, is_quick=True).splitlines()[2] == "| x | a | 3 s | at most 2 s |  |"
    )


def test_the_table_is_markdown_with_a_cell_for_everything() -> None:
    rows = [
        Row(name="a", what="one | two", value=1.0, unit="x"),
        not_measured("b", "three", "no CUDA device"),
    ]
    lines = markdown({"gpu": rows}).splitlines()
    assert lines[2] == "| gpu | one \\| two | 1x |  |  |"
    assert lines[3] == "|  | three | not measured: no CUDA device |  |  |"
    assert measured(rows[1]) == "not measured: no CUDA device"
