"""The measures of scripts/measure_search.py, on results that are right, wrong and by chance."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import numpy as np
import pytest

from scripts.measure_search import Project, chance, groups, is_right, judge, precision_at, recall
from tpwng_core.features import FeatureSet
from tpwng_core.run.hits import Hit
from tpwng_core.run.moments import Moment
from tpwng_core.world import DatasetCounts, make_dataset, phrases

STRIDE = 8
TRUTH = {"a": [(40, 80)], "b": [(0, 16), (64, 80)]}


def hit(video: str, peak: int) -> Hit:
    moment = Moment(start=0, end=1, peak=0, similarity=1.0)
    return Hit(video=video, moment=moment, frames=(0, 8, peak), seconds=None)


def features(num_snippets: int = 20) -> Mapping[str, FeatureSet]:
    rng = np.random.default_rng(0)
    starts = np.arange(num_snippets, dtype=np.int32) * STRIDE
    pts = np.arange(num_snippets * STRIDE)
    return {
        name: FeatureSet(
            video=name, features=rng.normal(size=(num_snippets, 8)), snippet_start=starts, pts=pts
        )
        for name in TRUTH
    }


def test_a_moment_is_right_where_its_peak_lies_in_a_true_interval() -> None:
    hits = [hit("a", 40), hit("a", 79), hit("a", 80), hit("b", 40)]
    assert precision_at(hits, TRUTH) == 0.5
    assert recall(hits, TRUTH) == pytest.approx(1 / 3)
    assert recall([hit("b", 0), hit("b", 64), hit("a", 60)], TRUTH) == 1
    assert recall([], TRUTH) == 0


def test_a_snippet_is_right_by_its_middle_frame() -> None:
    assert list(np.flatnonzero(is_right(features()["a"], [(44, 76)]))) == [5, 6, 7, 8]
    assert list(np.flatnonzero(is_right(features()["a"], [(45, 77)]))) == [6, 7, 8, 9]


def test_a_perfect_search_is_worth_one_and_the_opposite_nothing() -> None:
    found = features()
    right = {video: is_right(found[video], TRUTH[video]) for video in found}
    # one peak in each interval above its neighbours, so that each is a moment of its own
    slope = np.linspace(0, 0.1, 20, dtype=np.float32)
    perfect = {video: right[video] + slope for video in found}
    precision, at_10, at_20 = judge(found, perfect, TRUTH)
    assert precision == 1
    assert at_20 == 1
    assert at_10 == pytest.approx(3 / 10)
    worst = {video: -curve for video, curve in perfect.items()}
    assert judge(found, worst, TRUTH)[0] < 0.3


def test_chance_is_what_random_frames_reach() -> None:
    found, rng = features(), np.random.default_rng(1)
    share, _, drawn = chance(found, TRUTH)
    assert share == pytest.approx(9 / 40)
    met = [
        recall([hit(*frame_of(place)) for place in rng.integers(0, 320, 20)], TRUTH)
        for _ in range(3000)
    ]
    assert drawn == pytest.approx(np.mean(met), abs=0.01)


def frame_of(place: int) -> tuple[str, int]:
    return ("a", place) if place < 160 else ("b", place - 160)


def test_the_truth_of_a_phrase_is_where_its_kinds_are_seen() -> None:
    counts = DatasetCounts(train_normal=0, train_abnormal=0, test_normal=4, test_abnormal=12)
    planned = make_dataset(77, counts)
    project = Project(features={}, planned=planned)
    fire = project.truth(["fire"])
    for item in planned:
        expected = list(item.plan.intervals) if item.plan.category == "fire" else []
        assert fire[item.video] == expected
    walkers = project.truth(["walk"])
    assert any(walkers.values())
    for item in planned:
        kinds = {act.kind for act in item.plan.acts}
        assert bool(walkers[item.video]) <= ("walk" in kinds)
        assert all(one[1] < two[0] for one, two in pairwise(walkers[item.video]))
        assert all(0 <= s < e <= item.plan.num_frames for s, e in walkers[item.video])


def test_events_and_ordinary_acts_are_averaged_apart() -> None:
    one, two = np.full((3, 3), 1.0), np.full((3, 3), 3.0)
    found = [{"fire": one, "robbery": two, "walk": one}, {"fire": two, "walk": two}]
    means = dict(groups(found))
    assert list(means["events"][:, 0, 0]) == [2, 3]
    assert list(means["ordinary acts"][:, 0, 0]) == [1, 3]
    assert {"fire", "walk"} <= set(phrases())
