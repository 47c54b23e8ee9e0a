"""Bags: order, pooling, padding and what people said of a bin."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tpwng_core.datasets import VideoRecord
from tpwng_core.errors import DatasetError
from tpwng_core.features import FeatureSet
from tpwng_core.labels import UNSET
from tpwng_core.run.batches import (
    BagOrder,
    BagStore,
    bin_edges,
    pool_features,
    pool_target,
)

CATEGORIES = ["fire", "fight", "normal"]


def make_features(video: str, rows: np.ndarray) -> FeatureSet:
    count = len(rows)
    return FeatureSet(
        video=video,
        features=rows.astype(np.float32),
        snippet_start=np.arange(count, dtype=np.int32) * 16,
        pts=np.arange(count * 16, dtype=np.int64),
    )


def make_store(lengths: dict[str, int], max_snippets: int = 256, **kwargs) -> BagStore:
    rng = np.random.default_rng(0)
    records = [
        VideoRecord(video=name, labels=() if name[0] == "n" else ("fight",), split="train")
        for name in lengths
    ]
    features = {name: make_features(name, rng.random((t, 4))) for name, t in lengths.items()}
    return BagStore(records, features, CATEGORIES, max_snippets=max_snippets, seed=0, **kwargs)


@given(st.integers(1, 2000), st.integers(1, 300))
def test_bins_cover_every_snippet_once_and_none_is_empty(length: int, most: int) -> None:
    edges = bin_edges(length, most)
    assert edges[0] == 0
    assert edges[-1] == length
    assert len(edges) - 1 == min(length, most)
    assert (np.diff(edges) >= 1).all()
    assert edges.tolist() == [i * length // min(length, most) for i in range(len(edges))]


def test_pooling_is_the_mean_of_each_bin() -> None:
    rows = np.random.default_rng(0).random((10, 3))
    edges = bin_edges(10, 4)
    expected = [rows[a:b].mean(axis=0) for a, b in pairwise(edges)]
    assert np.allclose(pool_features(rows, edges), expected, atol=1e-6)


def test_short_videos_are_not_pooled() -> None:
    rows = np.random.default_rng(0).random((10, 3)).astype(np.float32)
    assert np.array_equal(pool_features(rows, bin_edges(10, 256)), rows)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ([1, 0, -1, -2], 1),
        ([0, 0], 0),
        ([0, -1], -1),
        ([-1, -2], -1),
        ([0, -2], -2),
        ([-2, -2], -2),
        ([-1, -1], -1),
    ],
)
def test_what_people_said_of_a_bin(said: list[int], expected: int) -> None:
    target = np.array(said, dtype=np.int8)
    assert pool_target(target, np.array([0, len(said)])).tolist() == [expected]


@given(st.integers(1, 20), st.integers(0, 100), st.integers(1, 40))
def test_the_order_shows_each_bag_once_a_pass(num_bags: int, start: int, count: int) -> None:
    order = BagOrder(num_bags, seed=3, stream=0)
    whole = order.take(0, start + count)
    assert order.take(start, count) == whole[start:]
    for turn in range((start + count) // num_bags):
        assert sorted(whole[turn * num_bags : (turn + 1) * num_bags]) == list(range(num_bags))


def test_passes_and_streams_are_shuffled_differently() -> None:
    order, other = BagOrder(50, seed=0, stream=0), BagOrder(50, seed=0, stream=1)
    assert order.take(0, 50) != order.take(50, 50)
    assert order.take(0, 50) != other.take(0, 50)


def test_a_step_is_a_function_of_seed_and_step() -> None:
    lengths = {"a1": 5, "a2": 7, "a3": 3, "n1": 4, "n2": 6}
    first, again = make_store(lengths), make_store(lengths)
    for step in (0, 3, 1):
        bags, videos = first.bags(step, 2)
        same, same_videos = again.bags(step, 2)
        assert videos == same_videos
        assert all((one == two).all() for one, two in zip(bags, same, strict=True))


def test_an_epoch_sees_every_video_of_the_longer_list() -> None:
    store = make_store({"a1": 2, "a2": 2, "a3": 2, "n1": 2})
    steps = store.num_steps(2)
    assert steps == 2
    seen = Counter(name for step in range(steps) for name in store.bags(step, 2)[1])
    assert {name for name in seen if name[0] == "a"} == {"a1", "a2", "a3"}
    assert seen["n1"] == 4


def test_padding_is_masked() -> None:
    bags, videos = make_store({"a1": 2, "a2": 5, "n1": 3}).bags(0, 2)
    lengths = {"a1": 2, "a2": 5}
    assert bags.abnormal_mask.sum(1).tolist() == [lengths[name] for name in videos[:2]]
    assert bags.abnormal[~bags.abnormal_mask].abs().sum() == 0
    assert (bags.target == UNSET).all()
    assert bags.labels.tolist() == [[False, True], [False, True]]


def test_human_targets_reach_the_bags() -> None:
    targets = {"a1": np.array([1, 0, -1, -2], dtype=np.int8)}
    bags, _ = make_store({"a1": 4, "n1": 2}, targets=targets).bags(0, 1)
    assert bags.target.tolist() == [[1, 0, -1, -2]]


def test_human_targets_of_normal_videos_reach_the_bags() -> None:
    targets = {"n1": np.array([1, -1], dtype=np.int8)}
    bags, _ = make_store({"a1": 4, "n1": 2}, targets=targets).bags(0, 1)
    assert bags.normal_target.tolist() == [[1, -1]]
    assert bags.target.tolist() == [[UNSET] * 4]


def test_one_crop_is_drawn_per_epoch() -> None:
    rng = np.random.default_rng(0)
    crops = rng.random((6, 10, 4)).astype(np.float32)
    records = [
        VideoRecord(video="a", labels=("fire",)),
        VideoRecord(video="n"),
    ]
    crop_set = FeatureSet(
        video="a",
        features=crops,
        snippet_start=np.arange(6, dtype=np.int32) * 16,
        pts=np.arange(96, dtype=np.int64),
    )
    features = {"a": crop_set, "n": make_features("n", rng.random((3, 4)))}
    store = BagStore(records, features, CATEGORIES, max_snippets=256, seed=0)
    drawn = set()
    for step in range(30):
        rows = store.bags(step, 1)[0].abnormal[0].numpy()
        (crop,) = [k for k in range(10) if np.array_equal(crops[:, k], rows)]
        drawn.add(crop)
    assert len(drawn) > 3


@pytest.mark.parametrize("lengths", [{"a1": 3}, {"n1": 3}])
def test_both_kinds_are_needed(lengths: dict[str, int]) -> None:
    with pytest.raises(DatasetError, match="training video with features"):
        make_store(lengths)
