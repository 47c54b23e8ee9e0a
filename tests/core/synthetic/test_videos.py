"""Planned videos are the right ones, and making one gives what its truth says."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from tpwng_core.errors import ConfigError
from tpwng_core.synthetic import (
    PRESETS,
    Counts,
    VideoPlan,
    make_video,
    make_world,
    plan_script,
    plan_videos,
)

UCF = PRESETS["ucf-like"]
XD = PRESETS["xd-like"]
FEW = Counts(train_abnormal=3, train_normal=2, test_abnormal=2, test_normal=1)


def test_every_category_has_as_many_videos_as_every_other():
    plans = plan_videos(UCF, 10_000)
    assert len(plans) == 447
    assert len({plan.video for plan in plans}) == 447
    for split, each in (("train", 12), ("test", 5)):
        counts = Counter(p.categories[0] for p in plans if p.split == split and p.categories)
        assert counts == dict.fromkeys(range(13), each)


def test_a_quarter_of_xd_likes_abnormal_videos_has_two_categories():
    plans = [plan for seed in range(10_000, 10_005) for plan in plan_videos(XD, seed)]
    sizes = Counter(len(plan.categories) for plan in plans if plan.categories)
    assert sizes[2] / sizes.total() == pytest.approx(0.25, abs=0.04)
    assert all(len(set(p.categories)) == len(p.categories) for p in plans)
    assert all(len(plan.categories) < 2 for plan in plan_videos(UCF, 10_000))


def test_lengths_are_spread_log_uniformly_between_12_and_72():
    lengths = [plan.num_snippets for plan in plan_videos(UCF, 10_000)]
    assert (min(lengths), max(lengths)) == (12, 72)
    assert np.median(lengths) == pytest.approx(np.sqrt(12 * 73), abs=3)


def test_given_lengths_are_used_in_order():
    plans = plan_videos(UCF, 0, FEW, [5, 1, 300, 4, 8, 2, 6, 7])
    assert [plan.num_snippets for plan in plans] == [5, 1, 300, 4, 8, 2, 6, 7]
    assert [plan.split for plan in plans] == ["train"] * 5 + ["test"] * 3


@pytest.mark.parametrize("lengths", [[5, 5], [5, 5, 5, 5, 5, 5, 5, 0]])
def test_lengths_that_do_not_fit_are_refused(lengths):
    with pytest.raises(ConfigError):
        plan_videos(UCF, 0, FEW, lengths)


def test_a_video_is_the_same_however_many_others_there_are():
    few, all_of_them = plan_videos(XD, 7, FEW), plan_videos(XD, 7)
    assert few[:3] == all_of_them[:3]
    world = make_world(XD, 7)
    first, again = make_video(world, few[0]), make_video(make_world(XD, 7), all_of_them[0])
    assert np.array_equal(first.features, again.features)
    assert first.events == again.events == plan_script(world, few[0]).truth()


def test_features_are_un_normalised_with_length_about_ten():
    world = make_world(UCF, 10_000, dim=96)
    features = np.concatenate([make_video(world, p).features for p in plan_videos(UCF, 0, FEW)])
    assert features.shape[1] == 96
    assert features.dtype == np.float32
    lengths = np.linalg.norm(features, axis=1)
    assert lengths.mean() == pytest.approx(10.0, abs=0.3)
    assert lengths.std() > 0.2


def test_the_truth_marks_where_the_event_shows():
    world = make_world(replace(UCF, videos=replace(UCF.videos, event_strength=(0.9, 1.0))), 10_000)
    plans = [plan for plan in plan_videos(UCF, 10_000) if plan.categories][:60]
    inside, outside = [], []
    for plan in plans:
        video = make_video(world, plan)
        shows = video.features @ world.events[plan.categories[0]]
        inside.extend(shows[video.truth() == 1])
        outside.extend(shows[video.truth() == 0])
    assert np.mean(inside) > np.mean(outside) + 2.0


@pytest.mark.parametrize("num_snippets", [1, 2, 3])
def test_the_shortest_videos_can_be_made(num_snippets):
    world = make_world(UCF, 10_000)
    for number in range(30):
        plan = VideoPlan(
            video="v", number=number, split="train", categories=(2,), num_snippets=num_snippets
        )
        video = make_video(world, plan)
        assert video.features.shape == (num_snippets, 64)
        assert np.isfinite(video.features).all()
        assert video.truth().sum() >= 1
