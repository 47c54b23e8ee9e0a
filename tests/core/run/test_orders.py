"""Every order spends the budget of the review queue, on what nobody said anything of."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.drawn import CATEGORIES, drawn_curves, drawn_scores, labels_of
from tpwng_core.labels import VideoLabels
from tpwng_core.review import review_items
from tpwng_core.run.analyst import is_unset
from tpwng_core.run.orders import queue_order, random_order, whole_videos
from tpwng_core.tuning import Tuning, derive

NUM_SNIPPETS, STRIDE = 30, 4
EDGES = {name: np.arange(NUM_SNIPPETS + 1, dtype=np.int64) * STRIDE for name in "abc"}
BLANK = {name: replace(labels_of(NUM_SNIPPETS * STRIDE), video=name) for name in "abc"}


def derived_of(seed: int):
    scores = np.random.default_rng(seed).random(NUM_SNIPPETS).astype(np.float32)
    curves = drawn_curves(NUM_SNIPPETS, STRIDE, seed)
    return derive(curves, CATEGORIES, Tuning(), drawn_scores(scores, STRIDE))


def test_the_queue_is_the_studios_over_all_videos_best_first() -> None:
    looks = {name: derived_of(seed) for seed, name in enumerate("abc")}
    labels = {
        name: VideoLabels(video=name, num_frames=NUM_SNIPPETS * STRIDE + 3, fps=BLANK[name].fps)
        for name in "abc"
    }
    items = [item for name in "abc" for item in review_items(looks[name], labels[name], 0.55)]
    best = sorted(items, key=lambda item: item.priority, reverse=True)
    found = queue_order(looks, labels, 0.55, 5)
    assert [(item.video, item.start, item.end) for item in found] == [
        (item.video, item.start, item.end) for item in best[:5]
    ]
    assert len(queue_order(looks, labels, 0.55, 10_000)) == len(items)


@given(
    seed=st.integers(0, 999),
    lengths=st.lists(st.integers(1, 8), min_size=1, max_size=8),
    said=st.tuples(st.integers(0, 40), st.integers(50, 90)),
)
@settings(max_examples=50, deadline=None)
def test_random_stretches_have_the_lengths_asked_for_and_are_free_and_apart(
    seed: int, lengths: list[int], said: tuple[int, int]
) -> None:
    # Room for all: a stretch of k takes at most k + 7 places from one of 8, 7 times 15 in all,
    # of the 2 * 53 that two free videos of 60 snippets have.
    num_frames = 60 * STRIDE
    edges = {name: np.arange(61, dtype=np.int64) * STRIDE for name in "abc"}
    labels = {name: replace(labels_of(num_frames), video=name) for name in "bc"}
    labels["a"] = replace(labels_of(num_frames, (*said, "normal")), video="a")
    frames = [length * STRIDE for length in lengths]
    found = random_order(edges, labels, frames, np.random.default_rng(seed))
    assert [item.end - item.start for item in found] == frames
    taken = {name: ~is_unset(labels[name]) for name in "abc"}
    for item in found:
        assert item.start % STRIDE == 0
        assert not taken[item.video][item.start : item.end].any()
        taken[item.video][item.start : item.end] = True


def test_random_stretches_are_drawn_evenly_from_all_places() -> None:
    rng = np.random.default_rng(0)
    counts = dict.fromkeys("abc", 0)
    places = np.zeros(NUM_SNIPPETS)
    for _ in range(600):
        (item,) = random_order(EDGES, BLANK, [2 * STRIDE], rng)
        counts[item.video] += 1
        places[item.start // STRIDE] += 1
    assert min(counts.values()) > 150
    assert places[-1] == 0
    assert places[:-1].min() > 5


def test_a_stretch_longer_than_any_video_is_left_out_and_so_is_one_without_room() -> None:
    rng = np.random.default_rng(0)
    assert random_order(EDGES, BLANK, [NUM_SNIPPETS * STRIDE * 2], rng) == []
    full = {name: replace(labels_of(120, (0, 120, "normal")), video=name) for name in "abc"}
    assert random_order(EDGES, full, [8], rng) == []


def test_whole_videos_are_gone_on_with_where_the_budget_ended() -> None:
    first = whole_videos(EDGES, BLANK, 150, ["c", "a", "b"])
    assert [(item.video, item.start, item.end) for item in first] == [("c", 0, 120), ("a", 0, 30)]
    labels = {
        **BLANK,
        "c": replace(labels_of(120, (0, 120, "normal")), video="c"),
        "a": replace(labels_of(120, (0, 30, "normal")), video="a"),
    }
    second = whole_videos(EDGES, labels, 100, ["c", "a", "b"])
    assert [(item.video, item.start, item.end) for item in second] == [("a", 30, 120), ("b", 0, 10)]
    assert sum(item.end - item.start for item in (*first, *second)) == 250
