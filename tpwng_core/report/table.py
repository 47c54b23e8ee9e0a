"""Tables of results: variants by data set and metric, over seeds, beside the paper's numbers.

Called by ``ablate``, ``compare`` and the report builders; out come HTML, CSV and terminal text
of the same numbers.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tpwng_core.errors import ArtifactError
from tpwng_core.report import html
from tpwng_core.report.html import Html
from tpwng_core.report.measures import (
    NOTHING,
    mean_sd,
    paired_differences,
    paired_percent,
    percent,
)

_CSV_FIELDS = (
    "table",
    "variant",
    "data_set",
    "metric",
    "num_seeds",
    "mean",
    "sd",
    "difference",
    "difference_sd",
    "paper",
)


@dataclass(frozen=True, kw_only=True)
class ResultColumn:
    """What is measured.

    Args:
        data_set: e.g. "ucf-like".
        metric: e.g. "AUC"; its values are shares in [0, 1].
        paper: what the paper measured instead, e.g. "UCF-Crime AUC"; "" leaves it out.
    """

    data_set: str
    metric: str
    paper: str = ""


@dataclass(frozen=True, kw_only=True)
class ResultRow:
    """One variant.

    Args:
        variant: its name.
        values: per column one share per seed, same order of seeds in every row.
        paper: per column the paper's number as a share, where it has one.
    """

    variant: str
    values: Mapping[ResultColumn, Sequence[float]]
    paper: Mapping[ResultColumn, float] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class ResultTable:
    """Variants by columns.

    Args:
        title: short name, also the key in the CSV file.
        columns: in order.
        rows: in order.
        caption: what is shown, on what, and how it differs from the paper.
        baseline: variant to which the others are compared seed by seed; "" for none.

    Raises:
        ArtifactError: there is no such baseline, or seeds differ between it and a variant.
    """

    title: str
    columns: Sequence[ResultColumn]
    rows: Sequence[ResultRow]
    caption: str = ""
    baseline: str = ""

    def __post_init__(self) -> None:
        if not self.baseline:
            return
        base = self.baseline_row
        if base is None:
            raise ArtifactError(f"table {self.title!r} has no row {self.baseline!r}")
        for row in self.rows:
            for column, values in row.values.items():
                if len(base.values.get(column, values)) != len(values):
                    message = f"{row.variant!r} and {self.baseline!r} have other numbers of seeds"
                    raise ArtifactError(f"table {self.title!r}: {message}", "run the missing seeds")

    @property
    def baseline_row(self) -> ResultRow | None:
        """The row the others are compared to, or None."""
        return next((row for row in self.rows if row.variant == self.baseline), None)


def table_report(table: ResultTable) -> Html:
    """The table as a subsection of a page; the baseline's row is bold."""
    headers, rows = table_cells(table)
    strong = [place for place, row in enumerate(table.rows) if row.variant == table.baseline]
    body = html.table(headers, rows, table.caption or table.title, strong=strong)
    return html.subsection(table.title, body)


def table_text(table: ResultTable) -> str:
    """The table for a terminal, with its title and caption."""
    headers, rows = table_cells(table)
    caption = f"{table.caption}\n" if table.caption else ""
    return f"{table.title}\n{text_table(headers, rows)}{caption}"


def table_csv(tables: Sequence[ResultTable]) -> str:
    """One line per table, variant and column; shares in [0, 1], empty where unknown."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(_CSV_FIELDS)
    for table in tables:
        for row in table.rows:
            for column in table.columns:
                writer.writerow(_csv_line(table, row, column))
    return stream.getvalue()


def table_cells(table: ResultTable) -> tuple[list[str], list[list[str]]]:
    """Headers and cells as text, percent with one decimal."""
    headers = ["variant"]
    for column in table.columns:
        headers += [f"{column.data_set} {column.metric}, %"]
        headers += [f"difference to {table.baseline}"] if table.baseline else []
        headers += [f"paper: {column.paper}, %"] if column.paper else []
    return headers, [_cells_of(table, row) for row in table.rows]


def text_table(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Aligned text for a terminal; the first column left, the others right."""
    lines = [list(headers), *[list(row) for row in rows]]
    widths = [max(_width(line[place]) for line in lines) for place in range(len(headers))]
    rule = ["-" * width for width in widths]
    return "".join(_text_line(line, widths) for line in (lines[0], rule, *lines[1:]))


def _cells_of(table: ResultTable, row: ResultRow) -> list[str]:
    base = table.baseline_row
    cells = [row.variant]
    for column in table.columns:
        values = row.values.get(column)
        cells.append(percent(values))
        if base is not None:
            same = row is base
            cells.append(NOTHING if same else paired_percent(values, base.values.get(column)))
        if column.paper:
            paper = row.paper.get(column)
            cells.append(NOTHING if paper is None else f"{100 * paper:.2f}")
    return cells


def _csv_line(table: ResultTable, row: ResultRow, column: ResultColumn) -> list[str]:
    values = row.values.get(column) or ()
    base = table.baseline_row
    ours = (base.values.get(column) if base is not None else None) or ()
    differences = paired_differences(values, ours) if values and ours and row is not base else ()
    return [
        table.title,
        row.variant,
        column.data_set,
        column.metric,
        str(len(values)),
        *_csv_mean_sd(values),
        *_csv_mean_sd(differences),
        _csv_number(row.paper.get(column)),
    ]


def _csv_mean_sd(values: Sequence[float]) -> tuple[str, str]:
    if not values:
        return "", ""
    mean, sd = mean_sd(values)
    return _csv_number(mean), _csv_number(sd)


def _csv_number(value: float | None) -> str:
    return "" if value is None else f"{value:.6f}"


def _text_line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = [
        cell + pad if place == 0 else pad + cell
        for place, cell in enumerate(cells)
        for pad in [" " * (widths[place] - _width(cell))]
    ]
    return "  ".join(padded).rstrip() + "\n"


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
