from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from tests.core.report.pages import assert_sound
from tpwng_core.errors import Cancelled
from tpwng_core.report.demo import DemoResults, MethodResult, demo_report
from tpwng_core.report.figures import OperatingCurve


def method(name: str, auc: list[float]) -> MethodResult:
    curve = OperatingCurve(name=name, x=[0, 0.5, 1], y=[0, 0.8, 1], area=auc[0])
    return MethodResult(
        name=name, explanation="for <tests>", auc=auc, ap=[0.5, 0.6], roc=curve, pr=curve
    )


@pytest.fixture(name="results")
def _results(make):
    normal = make(video="Normal_1", categories=(), psi=None, theta=None, ground_truth=())
    return DemoResults(
        title="Demonstration",
        notice="Generated, no benchmark.",
        shows=["that it runs"],
        does_not_show=["real footage"],
        methods=[method("TPWNG", [0.9, 0.8]), method("zero-shot", [0.7, 0.7])],
        seeds=[0, 1],
        shown_seed=0,
        abnormal_share=0.2,
        normal_scores=np.array([0.1, 0.2]),
        abnormal_scores=np.array([0.8]),
        training={"L_cl": [1.0, 0.5]},
        seconds={"extract": 61.0, "train": 90.0},
        videos=[make(), normal],
        settings={"labels": {"alpha": 0.2, "theta": 0.55}},
        versions={"tpwng-core": "0.1.0"},
    )


def test_the_page_is_self_contained_sound_and_says_what_it_is(results):
    reader = assert_sound(demo_report(results))
    for words in ("Generated, no benchmark.", "real footage", "for <tests>", "2 min 31 s"):
        assert words in reader.text
    for words in ("85.0 ± 7.1", "−15.0 ± 7.1", "labels.theta", "0.55", "Normal_1"):
        assert words in reader.text


def test_each_section_has_a_heading_and_each_figure_words(results):
    page = demo_report(results)
    assert re.findall(r"<h2[^>]*>([^<]+)<", page) == [
        "Summary",
        "Comparison of methods",
        "Curves over all test frames",
        "Test videos",
        "Training",
        "How it was made",
    ]
    reader = assert_sound(page)
    assert len(reader.named("svg")) == 2 + 2 + 1 + 2 + 1


def test_the_same_results_give_the_same_page(results):
    assert demo_report(results) == demo_report(results)


def test_parts_that_were_not_measured_are_left_out(results):
    bare = replace(
        results,
        normal_scores=None,
        training={},
        videos=[],
        methods=[replace(one, roc=None, pr=None) for one in results.methods],
    )
    reader = assert_sound(demo_report(bare))
    assert len(reader.named("svg")) == 2


def test_the_builder_can_be_cancelled_between_figures(results):
    def cancel():
        raise Cancelled

    with pytest.raises(Cancelled):
        demo_report(results, on_figure=cancel)
