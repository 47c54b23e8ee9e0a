"""The benchmark of rendered videos."""

from __future__ import annotations

from collections import Counter

import pytest

from tpwng_core.errors import ConfigError
from tpwng_core.world import CATEGORIES, EVENTS, DatasetCounts, make_dataset

FEW = DatasetCounts(train_normal=3, train_abnormal=7, test_normal=2, test_abnormal=6)


def test_the_default_is_180_training_and_60_test_videos():
    videos = make_dataset(10_000)
    assert Counter((item.split, item.label == "normal") for item in videos) == {
        ("train", True): 90,
        ("train", False): 90,
        ("test", True): 30,
        ("test", False): 30,
    }
    per_category = Counter(item.label for item in videos if item.split == "test")
    assert all(per_category[name] == 5 for name in EVENTS)


def test_ids_are_unique_and_do_not_depend_on_the_counts():
    every = {item.video: item.plan for item in make_dataset(10_000)}
    assert len(every) == 240
    for item in make_dataset(10_000, FEW):
        assert every[item.video] == item.plan


def test_seeds_repeat_and_share_no_video():
    assert make_dataset(10_001, FEW) == make_dataset(10_001, FEW)
    plans = [item.plan for seed in (10_001, 10_002) for item in make_dataset(seed, FEW)]
    assert all(plans.count(plan) == 1 for plan in plans)


def test_labels_are_categories():
    assert list(CATEGORIES)[-1] == "normal"
    assert {item.label for item in make_dataset(10_000, FEW)} == set(CATEGORIES)


def test_negative_counts_are_refused():
    with pytest.raises(ConfigError):
        DatasetCounts(test_normal=-1)
