"""The simulated analyst says the truth of what is shown, to the frame, and of nothing else."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tpwng_core.errors import DatasetError
from tpwng_core.features import FeatureSet, open_feature_folder
from tpwng_core.groundtruth import Interval
from tpwng_core.labels import ABNORMAL, NORMAL, UNSET
from tpwng_core.run.analyst import Analyst, Stretch, is_unset


@pytest.fixture
def features(bench: Path) -> FeatureSet:
    folder = open_feature_folder(bench / "features")
    return folder[next(iter(folder))]


def analyst_of(features: FeatureSet, *events: tuple[int, int]) -> Analyst:
    truth = {features.video: tuple(Interval(start=start, end=end) for start, end in events)}
    return Analyst(truth, {features.video: features})


def test_what_is_shown_is_labelled_by_the_truth_and_nothing_else_is(features: FeatureSet) -> None:
    analyst = analyst_of(features, (20, 30), (50, 55))
    assert analyst.correct(Stretch(video=features.video, start=10, end=52)) == 42
    states = analyst.labels[features.video].as_array()
    assert (states[:10] == UNSET).all()
    assert (states[52:] == UNSET).all()
    wanted = np.zeros(42, np.int8)
    wanted[10:20] = wanted[40:] = 1
    np.testing.assert_array_equal(states[10:52] == ABNORMAL, wanted == 1)
    np.testing.assert_array_equal(states[10:52] == NORMAL, wanted == 0)


def test_frames_are_counted_once(features: FeatureSet) -> None:
    analyst = analyst_of(features, (20, 30))
    assert analyst.correct(Stretch(video=features.video, start=0, end=40)) == 40
    assert analyst.correct(Stretch(video=features.video, start=30, end=60)) == 20
    assert analyst.correct(Stretch(video=features.video, start=5, end=60)) == 0
    assert analyst.num_frames == 60
    assert int((~is_unset(analyst.labels[features.video])).sum()) == 60


def test_a_video_that_may_not_be_corrected_is_refused(features: FeatureSet) -> None:
    analyst = analyst_of(features)
    with pytest.raises(DatasetError, match="held_out"):
        analyst.correct(Stretch(video="held_out", start=0, end=5))
