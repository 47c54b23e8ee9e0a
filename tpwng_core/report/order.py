"""Whether results stand in the order in which the paper has them, pair by pair.

A table of results with the paper's numbers in, counts and one plain sentence per column out.
Called by the reports of ``ablate`` and ``compare``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from tpwng_core.report.measures import mean_sd, paired_differences
from tpwng_core.report.table import ResultColumn, ResultRow, ResultTable


@dataclass(frozen=True, kw_only=True)
class Order:
    """How many pairs of rows stand as in the paper.

    Attributes:
        column: what was measured.
        num_pairs: pairs of rows for which the paper and we have a number.
        num_same: of these, in the paper's order by our means.
        num_clear: pairs whose mean difference exceeds the standard deviation of the
            differences seed by seed; 0 with one seed.
        num_clear_same: of these, in the paper's order.
        same_best: whether the paper's best row is ours too.
    """

    column: ResultColumn
    num_pairs: int
    num_same: int
    num_clear: int
    num_clear_same: int
    same_best: bool

    def sentence(self) -> str:
        """The same in words."""
        best = "the same row is best" if self.same_best else "another row is best"
        return (
            f"{self.column.metric} beside the paper's {self.column.paper}: {self.num_same} of "
            f"{self.num_pairs} pairs of rows stand in the paper's order, {best}; "
            f"{self.num_clear} pairs differ by more than one standard deviation over seeds, "
            f"of which {self.num_clear_same} stand in the paper's order."
        )


def paper_orders(table: ResultTable) -> list[Order]:
    """One record per column that has at least two numbers of the paper."""
    found = []
    for column in table.columns:
        rows = [row for row in table.rows if column in row.paper and row.values.get(column)]
        if len(rows) > 1:
            found.append(_order(column, rows))
    return found


def _order(column: ResultColumn, rows: Sequence[ResultRow]) -> Order:
    same, clear, clear_same = 0, 0, 0
    for one, other in combinations(rows, 2):
        mean, sd = mean_sd(paired_differences(one.values[column], other.values[column]))
        agrees = mean * (one.paper[column] - other.paper[column]) > 0
        is_clear = sd is not None and abs(mean) > sd
        same += agrees
        clear += is_clear
        clear_same += agrees and is_clear
    best = max(rows, key=lambda row: mean_sd(row.values[column])[0])
    return Order(
        column=column,
        num_pairs=len(rows) * (len(rows) - 1) // 2,
        num_same=same,
        num_clear=clear,
        num_clear_same=clear_same,
        same_best=best is max(rows, key=lambda row: row.paper[column]),
    )
