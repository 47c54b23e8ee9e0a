"""Event detection agrees with plain loops, with VadCLIP's quirks and without."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from tests.core.evaluation.reference import mean_average_precision as loop_map
from tpwng_core.errors import DatasetError
from tpwng_core.evaluation import CategoryCurves, MeanAveragePrecision, mean_average_precision
from tpwng_core.evaluation.proposals import Quirks
from tpwng_core.groundtruth import Interval

CATEGORIES = ("normal", "Arson", "Robbery", "Abuse")
QUIRKS = ("none", "vadclip-ucf-crime", "vadclip-xd-violence")


def world(seed: int) -> tuple[dict[str, Any], dict[str, tuple[Interval, ...]]]:
    """A dozen videos with one or two events, and curves that see about half of them."""
    rng = np.random.default_rng(seed)
    curves, ground_truth = {}, {}
    for number in range(12):
        num_snippets = int(rng.integers(2, 14))
        values = rng.random((num_snippets, len(CATEGORIES))) * 0.6
        intervals = []
        for _ in range(int(rng.integers(0, 3))):
            column = int(rng.integers(1, len(CATEGORIES)))
            start = int(rng.integers(0, num_snippets))
            end = int(rng.integers(start, num_snippets)) + 1
            values[start:end, column] += rng.random() * 0.5
            jitter = int(rng.integers(0, 8))
            intervals.append(
                Interval(start=start * 16 + jitter, end=end * 16 + 3, category=CATEGORIES[column])
            )
        curves[f"v{number}"] = np.repeat(values, 16, axis=0)
        ground_truth[f"v{number}"] = tuple(intervals)
    return curves, ground_truth


@pytest.mark.parametrize("quirks", QUIRKS)
@pytest.mark.parametrize("seed", range(5))
def test_agrees_with_plain_loops(seed, quirks):
    curves, ground_truth = world(seed)
    ours = mean_average_precision(
        CategoryCurves(values=curves, categories=CATEGORIES, quirks=quirks), ground_truth
    )
    mean, by_iou = loop_map(curves, CATEGORIES, ground_truth, quirks)
    assert ours.mean == pytest.approx(mean, abs=1e-12)
    assert list(ours.by_iou.values()) == pytest.approx(by_iou, abs=1e-12)


def perfect(*, quirks: Quirks = "none", silent: Sequence[str] = ()) -> MeanAveragePrecision:
    """One video per category whose curve is its interval; ``silent`` curves stay at 0.5."""
    curves = {"n": np.zeros((64, 4))}
    ground_truth: dict[str, tuple[Interval, ...]] = {"n": ()}
    curves["n"][:, 0] = np.linspace(0, 1, 64)
    for column, name in enumerate(CATEGORIES[1:], start=1):
        values = np.zeros((64, 4))
        values[16:32, column] = 1.0
        curves[name] = values
        ground_truth[name] = (Interval(start=16, end=32, category=name),)
    for values in curves.values():
        for name in silent:
            values[:, CATEGORIES.index(name)] = 0.5
    found = CategoryCurves(values=curves, categories=CATEGORIES, quirks=quirks)
    return mean_average_precision(found, ground_truth)


def test_perfect_curves_reach_one():
    found = perfect()
    assert found.mean == 1.0
    assert found.to_json()["by_iou"] == {f"0.{tenth}": 1.0 for tenth in range(1, 6)}
    assert "normal" not in found.by_category


def test_ucf_crime_quirk_divides_by_a_normal_category_of_zero():
    assert perfect(quirks="vadclip-ucf-crime").mean == pytest.approx(3 / 4)


def test_a_silent_category_costs_its_share_and_with_quirks_everything():
    assert perfect(silent=["Arson"]).mean == pytest.approx(2 / 3)
    assert perfect(quirks="vadclip-ucf-crime", silent=["Arson"]).mean == 0.0


def test_an_interval_of_several_categories_is_refused():
    curves = CategoryCurves(values={"v": np.ones((16, 2))}, categories=("B1", "B2"))
    with pytest.raises(DatasetError, match="does not tell one event"):
        mean_average_precision(curves, {"v": (Interval(start=0, end=4, category="B1|B2"),)})


def test_curves_of_a_wrong_shape_are_refused():
    curves = CategoryCurves(values={"v": np.ones((16, 3))}, categories=("B1", "B2"))
    with pytest.raises(DatasetError, match=r"shape \(16, 3\)"):
        mean_average_precision(curves, {"v": ()})


def test_no_annotated_category_is_refused():
    curves = CategoryCurves(values={"v": np.ones((16, 1))}, categories=("Arson",))
    with pytest.raises(DatasetError, match="no category"):
        mean_average_precision(curves, {"v": ()})
