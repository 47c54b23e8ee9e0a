"""Benchmark rows as text: a Markdown table that stands in the README as it was printed.

Called by ``running`` and, for single lines, by the scripts in ``benchmarks/``. Imports no torch.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tpwng_core.run.bench.rows import Row

_HEAD = ("", "figure", "measured", "goal", "behind it")


def markdown(groups: Mapping[str, Sequence[Row]], *, is_quick: bool = False) -> str:
    """The table, one line a row.

    Args:
        groups: name of a benchmark -> its rows; the name stands before the first of them.
        is_quick: of a quick run, whose figures neither meet nor miss a goal.
    """
    lines = [_line(_HEAD), _line(["---"] * len(_HEAD))]
    for name, rows in groups.items():
        for number, row in enumerate(rows):
            aim = goal(row, is_judged=not is_quick)
            cells = (row.what, measured(row), aim, row.detail)
            lines.append(_line([name if number == 0 else "", *cells]))
    return "\n".join(lines)


def row_line(row: Row) -> str:
    """A row as one line of plain text."""
    parts = [f"{row.what}: {measured(row)}"]
    parts += [f"goal: {goal(row)}"] if row.goal is not None else []
    return "; ".join([*parts, row.detail] if row.detail else parts)


def measured(row: Row) -> str:
    """``4.3x``, ``1.6 s``, or ``not measured: no CUDA device``."""
    if row.value is None:
        return f"not measured: {row.skipped}"
    return quantity(row.value, row.unit)


def goal(row: Row, *, is_judged: bool = True) -> str:
    """``at least 2x: met``, or ``at least 2x`` where nobody judges; empty without a goal."""
    if row.goal is None:
        return ""
    text = f"at {row.sense} {quantity(row.goal, row.unit)}"
    return (
        text
        if row.met is None or not is_judged
        else f"{text}: {'met' if row.met else '**missed**'}"
    )


def quantity(value: float, unit: str) -> str:
    """A number of three digits with its unit; thousands are whole and have commas."""
    size = abs(value)
    if size >= 100:
        text = f"{value:,.0f}"
    elif size >= 10 or value == int(value):
        text = f"{value:.3g}"
    else:
        text = f"{value:.2f}" if size >= 0.1 else f"{value:.2g}"
    return f"{text}{unit}" if unit == "x" or not unit else f"{text} {unit}"


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
