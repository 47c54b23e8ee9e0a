from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.core.report.pages import assert_sound
from tpwng_core.report.evaluation import EvaluationResults, evaluation_report, records_table
from tpwng_core.report.figures import OperatingCurve

REPORT = {
    "auc": 0.8779,
    "ap": 0.3,
    "auc_abnormal": None,
    "num_frames": 1000,
    "num_abnormal_frames": 100,
    "protocol": "ucf-crime",
    "oracle_auc": 0.816,
    "per_category": {"Abuse": {"auc": 0.9, "num_videos": 3}, "Fire": {"auc": None}},
    "mismatches": [{"video": "Arson011", "problem": "length", "detail": "cut <here>"}],
    "missing": ["Abuse028"],
}


@pytest.fixture(name="results")
def _results(curves):
    curve = OperatingCurve(name="scores", x=[0, 0.5, 1], y=[0, 0.8, 1], area=0.8779)
    return EvaluationResults(
        title="Evaluation",
        notice="",
        report=REPORT,
        roc=curve,
        pr=curve,
        normal_scores=np.array([0.1, 0.2]),
        abnormal_scores=np.array([0.8]),
        threshold=0.5,
        per_video=[{"video": "Abuse_1", "num_frames": 10, "auc": 1.0}],
        operating_points=[{"threshold": 0.5, "recall": 0.7}],
        videos=[curves],
    )


def test_the_page_is_sound_and_shows_every_number(results):
    reader = assert_sound(evaluation_report(results))
    for words in ("0.8779", "oracle auc", "0.8160", "1,000", "ucf-crime", "Abuse_1", "0.7000"):
        assert words in reader.text


def test_disagreements_and_missing_scores_are_named(results):
    reader = assert_sound(evaluation_report(results))
    for words in ("Arson011", "cut <here>", "1 annotated videos have no scores", "Abuse028"):
        assert words in reader.text


def test_an_evaluation_without_two_kinds_of_frames_is_still_a_page():
    report: dict[str, Any] = {
        "auc": None,
        "num_frames": 5,
        "num_abnormal_frames": 0,
        "mismatches": [],
    }
    page = evaluation_report(EvaluationResults(title="t", notice="", report=report))
    reader = assert_sound(page)
    assert "nothing to draw" in reader.text
    assert "agree for every video" in reader.text


def test_records_with_different_keys_share_one_table():
    table = records_table([{"num_videos": 2, "a": 1.0}, {"a": None, "b": "x"}], "c")
    for words in (">videos<", ">a<", ">b<", ">1.0000<", ">–<"):
        assert words in table
