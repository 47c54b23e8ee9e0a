from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tpwng_core.errors import ArtifactError
from tpwng_core.report import canvas, palette
from tpwng_core.report.figures import (
    OperatingCurve,
    Sensitivity,
    histogram_figure,
    methods_figure,
    pr_figure,
    roc_figure,
    sensitivity_figure,
    training_figure,
)


def operating_curve(name: str = "ours", num_points: int = 5) -> OperatingCurve:
    x = np.linspace(0, 1, num_points)
    return OperatingCurve(name=name, x=x, y=np.sqrt(x), area=0.6667)


def labels_of(axes: Any) -> list[str]:
    return [text.get_text() for text in axes.get_legend().get_texts()]


def test_roc_shows_each_method_with_its_area_and_the_line_of_chance():
    axes = roc_figure([operating_curve(), operating_curve("other")]).axes[0]
    assert labels_of(axes) == ["ours, AUC 66.7 %", "other, AUC 66.7 %", "chance, AUC 50 %"]
    dashes = [line.get_linestyle() for line in axes.lines[:2]]
    assert dashes[0] != dashes[1]


def test_a_curve_of_a_million_points_is_thinned_and_keeps_its_ends():
    axes = roc_figure([operating_curve(num_points=1_000_000)]).axes[0]
    x, y = axes.lines[0].get_data()
    assert len(x) < 1100
    assert (x[0], x[-1], y[0], y[-1]) == (0, 1, 0, 1)


def test_pr_marks_the_share_of_abnormal_frames_and_takes_falling_recall():
    falling = OperatingCurve(name="ours", x=[1, 0.5, 0], y=[0.1, 0.6, 1], area=0.5)
    axes = pr_figure([falling], 0.0758).axes[0]
    assert axes.lines[0].get_xdata().tolist() == [0, 0.5, 1]
    assert axes.lines[1].get_ydata()[0] == 0.0758
    assert "7.6 %" in labels_of(axes)[1]


@pytest.mark.parametrize(("x", "y"), [([], []), ([0, 1], [0])])
def test_a_curve_without_points_is_refused(x, y):
    with pytest.raises(ArtifactError, match="ours"):
        OperatingCurve(name="ours", x=x, y=y, area=0)


def test_each_histogram_sums_to_a_hundred_percent_and_abnormal_is_hatched():
    axes = histogram_figure(np.array([0, 0.1, 0.1, 1.0]), np.array([0.9]), 0.5).axes[0]
    steps = [patch for patch in axes.patches if not patch.get_fill()]
    assert [round(sum(step.get_data().values)) for step in steps] == [100, 100]
    assert [step.get_hatch() for step in steps] == [None, palette.ABNORMAL_HATCH[:3]]
    assert any("threshold 0.5" in text.get_text() for text in axes.texts)


def test_a_histogram_without_abnormal_frames_is_drawn():
    assert canvas.to_svg(histogram_figure(np.array([0.2]), np.array([])))


@pytest.mark.parametrize("num_terms", [0, 1, 5, 9])
def test_each_training_term_has_its_own_panel(num_terms):
    terms = {f"L_{place}": [3.0, float("nan"), 1.0] for place in range(num_terms)}
    shown = [axes for axes in training_figure(terms).axes if axes.get_visible()]
    assert [axes.get_title(loc="left") for axes in shown] == list(terms)


def test_sensitivity_shows_mean_spread_and_the_value_in_use():
    one = Sensitivity(name="ucf", x=[0.1, 0.2], mean=[0.5, 0.7], sd=[0.1, 0.0], chosen=0.2)
    axes = sensitivity_figure([one], setting="α", metric="AUC, %", unit=100).axes[0]
    assert axes.lines[0].get_ydata().tolist() == [50, 70]
    assert axes.lines[1].get_xdata()[0] == 0.2
    band = axes.collections[0].get_paths()[0].vertices
    assert (band[:, 1].min(), band[:, 1].max()) == pytest.approx((40, 70))


def test_bars_start_at_chance_and_seeds_are_paired():
    values = {"ours": [0.9, 0.8], "other": [0.7, 0.75], "worse than chance": [0.4, 0.45]}
    axes = methods_figure(values, metric="AUC", chance=0.5).axes[0]
    assert [bar.get_x() for bar in axes.patches] == [50, 50, 50]
    assert [bar.get_width() for bar in axes.patches] == pytest.approx([35, 22.5, -7.5])
    assert axes.lines[0].get_xdata().tolist() == pytest.approx([90, 70, 40])
    assert axes.texts[0].get_text() == "85.0 ± 7.1"
    low, high = axes.get_xlim()
    assert low <= 40
    assert high >= 90


def test_one_seed_has_no_spread():
    axes = methods_figure({"ours": [0.9]}, metric="AUC", chance=0.5).axes[0]
    assert axes.texts[0].get_text() == "90.0"
