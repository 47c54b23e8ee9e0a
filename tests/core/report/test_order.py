"""Whether rows stand as in the paper, counted pair by pair."""

from __future__ import annotations

from collections.abc import Sequence

from tpwng_core.report.order import paper_orders
from tpwng_core.report.table import ResultColumn, ResultRow, ResultTable

AUC = ResultColumn(data_set="toy", metric="AUC", paper="UCF-Crime AUC")
PLAIN = ResultColumn(data_set="toy", metric="F1")


def table(rows: dict[str, tuple[Sequence[float], float | None]]) -> ResultTable:
    return ResultTable(
        title="T",
        columns=(AUC, PLAIN),
        rows=[
            ResultRow(
                variant=name,
                values={AUC: values, PLAIN: values},
                paper={} if paper is None else {AUC: paper},
            )
            for name, (values, paper) in rows.items()
        ],
    )


def test_pairs_in_and_against_the_papers_order_are_counted() -> None:
    (order,) = paper_orders(
        table(
            {
                "a": ([0.50, 0.52], 0.7),
                "b": ([0.60, 0.63], 0.8),  # clearly above a, as in the paper
                "c": ([0.61, 0.55], 0.9),  # below b, but not clearly
                "ours": ([0.99, 0.99], None),  # no number of the paper's: not counted
            }
        )
    )
    assert order.column is AUC
    assert (order.num_pairs, order.num_same) == (3, 2)
    assert (order.num_clear, order.num_clear_same) == (2, 2)
    assert not order.same_best
    assert "2 of 3 pairs" in order.sentence()
    assert "another row is best" in order.sentence()


def test_a_clear_difference_against_the_paper_counts_as_such() -> None:
    (order,) = paper_orders(table({"a": ([0.9, 0.91], 0.7), "b": ([0.5, 0.5], 0.8)}))
    assert (order.num_same, order.num_clear, order.num_clear_same) == (0, 1, 0)


def test_one_seed_makes_nothing_clear() -> None:
    (order,) = paper_orders(table({"a": ([0.5], 0.7), "b": ([0.9], 0.8)}))
    assert (order.num_same, order.num_clear) == (1, 0)
    assert order.same_best


def test_equal_means_are_in_no_order() -> None:
    (order,) = paper_orders(table({"a": ([0.5, 0.6], 0.7), "b": ([0.5, 0.6], 0.8)}))
    assert order.num_same == 0


def test_without_numbers_of_the_paper_there_is_no_order() -> None:
    assert paper_orders(table({"a": ([0.5], 0.7), "b": ([0.9], None)})) == []
