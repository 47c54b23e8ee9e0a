"""The report: numbers, reasons, names; and the size of a real test set."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable
from typing import Any

import numpy as np
import pytest
from sklearn import metrics

from tpwng_core.evaluation import CategoryCurves, evaluate
from tpwng_core.groundtruth import Interval, frame_labels, read_frame_labels, read_ground_truth

GROUND_TRUTH = {
    "fire": (Interval(start=10, end=30, category="Arson"),),
    "both": (
        Interval(start=0, end=5, category="Arson"),
        Interval(start=8, end=9, category="Abuse"),
    ),
    "calm": (),
    "never-scored": (),
}


def noisy_scores(seed: int = 0) -> dict[str, Any]:
    rng = np.random.default_rng(seed)
    lengths = {"fire": 60, "both": 20, "calm": 40}
    return {
        name: frame_labels(GROUND_TRUTH[name], length) * 0.3 + rng.random(length) * 0.7
        for name, length in lengths.items()
    }


def joined(scores: dict[str, Any], names: Iterable[str]) -> tuple[Any, Any]:
    labels = [frame_labels(GROUND_TRUTH[name], len(scores[name])) for name in names]
    return np.concatenate(labels), np.concatenate([scores[name] for name in names])


def test_each_number_is_that_of_scikit_learn_on_its_frames():
    scores = noisy_scores()
    report = evaluate(scores, GROUND_TRUTH)
    everything = joined(scores, scores)
    assert report.metrics.auc == pytest.approx(metrics.roc_auc_score(*everything), abs=1e-9)
    assert report.metrics.ap == pytest.approx(metrics.average_precision_score(*everything))
    assert report.auc_abnormal == pytest.approx(
        metrics.roc_auc_score(*joined(scores, ["fire", "both"])), abs=1e-9
    )
    assert report.far_normal == np.mean(scores["calm"] >= 0.5)
    assert report.per_category["Abuse"].auc == pytest.approx(
        metrics.roc_auc_score(*joined(scores, ["both", "calm"]))
    )
    assert report.per_category["Arson"].auc_abnormal == pytest.approx(report.auc_abnormal)
    assert report.per_video[0].auc == pytest.approx(
        metrics.roc_auc_score(*joined(scores, ["fire"]))
    )


def test_the_report_is_strict_json_with_the_agreed_keys():
    body = evaluate(noisy_scores(), GROUND_TRUTH, num_bootstrap=20).to_json()
    text = json.dumps(body, allow_nan=False)
    assert {
        "auc",
        "ap",
        "ap_trapezoid",
        "auc_abnormal",
        "far_normal",
        "num_videos",
        "num_frames",
        "num_abnormal_frames",
        "per_category",
        "protocol",
        "mismatches",
        "missing",
        "oracle",
        "per_video",
        "operating_points",
    } <= {*json.loads(text)}
    assert body["missing"] == ["never-scored"]
    assert body["num_videos"] == 3
    assert (body["num_frames"], body["num_abnormal_frames"]) == (120, 26)
    assert body["bootstrap"]["auc"][0] <= body["auc"] <= body["bootstrap"]["auc"][1]


def test_normal_videos_alone_have_no_auc_and_the_report_says_why():
    body = evaluate({"calm": np.full(8, 0.7)}, GROUND_TRUTH, num_bootstrap=5).to_json()
    json.dumps(body, allow_nan=False)
    assert (body["auc"], body["ap"], body["auc_abnormal"]) == (None, None, None)
    assert body["far_normal"] == 1.0
    assert body["undefined"]["auc"] == "every evaluated frame is normal"
    assert body["operating_points"]["youden"] is None


def test_abnormal_frames_alone_have_no_auc_and_the_report_says_why():
    body = evaluate({"fire": np.arange(20)}, {"fire": (Interval(start=0, end=20),)}).to_json()
    json.dumps(body, allow_nan=False)
    assert (body["auc"], body["ap"], body["far_normal"]) == (None, 1.0, None)
    assert body["undefined"]["auc"] == "every evaluated frame is abnormal"
    assert body["undefined"]["auc_abnormal"] == "abnormal videos have no normal frame"
    assert body["undefined"]["far_normal"] == "no evaluated video is normal"


def test_the_order_of_videos_changes_no_number():
    scores = noisy_scores()
    turned = dict(reversed(scores.items()))
    first, second = evaluate(scores, GROUND_TRUTH), evaluate(turned, GROUND_TRUTH)
    assert first.metrics == second.metrics
    assert first.oracle == second.oracle


def test_category_curves_bring_event_detection():
    curves = {name: values[:, None] for name, values in noisy_scores().items()}
    given = CategoryCurves(values=curves, categories=("Arson",))
    assert evaluate(noisy_scores(), GROUND_TRUTH).to_json()["map_iou"] is None
    body = evaluate(noisy_scores(), GROUND_TRUTH, category_curves=given).to_json()
    assert 0.0 <= body["map_iou"]["mean"] <= 1.0


@pytest.mark.parametrize(
    ("folder", "file", "protocol", "auc", "ap"),
    [
        ("ucf_crime", "Temporal_Anomaly_Annotation.txt", "ucf-crime", 0.816, 0.182),
        ("xd_violence", "annotations.txt", "xd-violence", 0.849, 0.499),
    ],
)
def test_the_video_level_oracle_reaches_what_the_specification_says(
    real_data, folder, file, protocol, auc, ap
):
    ground_truth = read_ground_truth(real_data / folder / file)
    labels = read_frame_labels(real_data / folder / "frame_gt.PEL4VAD.npz")
    scores = {video: np.zeros(len(frames)) for video, frames in labels.items()}
    report = evaluate(scores, ground_truth, protocol=protocol)
    assert report.oracle.auc == pytest.approx(auc, abs=5e-4)
    assert report.oracle.ap == pytest.approx(ap, abs=5e-4)
    assert report.metrics.auc == 0.5
    assert report.missing == ()
    assert all(item.problem == "annotation-beyond-end" for item in report.mismatches)


@pytest.mark.parametrize("repeat", [16, 1])
def test_all_of_ucf_crime_is_evaluated_within_a_second(real_data, repeat):
    """A score per snippet, and the worst case: no two frames alike. CPU time, best of three."""
    labels = read_frame_labels(real_data / "ucf_crime" / "frame_gt.PEL4VAD.npz")
    ground_truth = read_ground_truth(real_data / "ucf_crime" / "Temporal_Anomaly_Annotation.txt")
    rng = np.random.default_rng(0)
    scores = {
        video: (rng.random(len(frames), np.float32) / 2 + frames * np.float32(0.3))[
            ::repeat
        ].repeat(repeat)[: len(frames)]
        for video, frames in labels.items()
    }
    seconds = []
    for _ in range(3):
        start = time.process_time()
        report = evaluate(scores, ground_truth, protocol="ucf-crime")
        seconds.append(time.process_time() - start)
    assert (report.num_frames, report.num_abnormal_frames) == (1_109_680, 84_128)
    assert min(seconds) < 1.0
