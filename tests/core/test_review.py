"""The review queue: what is uncertain is listed, and its ranking spends a person's time well."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.core.drawn import FPS, drawn_curves, labels_of
from tpwng_core.labels import LabelSegment, VideoLabels
from tpwng_core.review import MAX_ITEMS, ReviewItem, expected_change, review_items
from tpwng_core.tuning import Derivation, Derived, Tuning

THETA = 0.5
STRIDE = 10  # a snippet a second


def derived_of(psi: list[float] | NDArray[np.float32], score: list[float] | None = None) -> Derived:
    """Curves with a given psi; labels are psi >= THETA."""
    values = np.asarray(psi, dtype=np.float32)
    blank = Derivation(drawn_curves(len(values), STRIDE)).at(Tuning(theta=THETA))
    label = (values >= THETA).astype(np.int8)
    scores = None if score is None else np.asarray(score, dtype=np.float32)
    return replace(blank, psi=values, score=scores, pseudo_label=label, usable=True)


def items_of(derived: Derived, labels: VideoLabels | None = None) -> list[ReviewItem]:
    return review_items(derived, labels or labels_of(int(derived.edges[-1])), THETA)


def reasons_at(items: list[ReviewItem], snippet: int) -> set[str]:
    frame = snippet * STRIDE
    return {item.reason for item in items if item.start <= frame < item.end}


def test_a_sure_video_needs_no_look() -> None:
    assert items_of(derived_of([0.0] * 10 + [1.0] * 10 + [0.0] * 10)) == []


def test_each_kind_of_doubt_is_found_where_it_is() -> None:
    psi = [0.0] * 10 + [0.51] * 8 + [0.0] * 10  # near theta
    assert reasons_at(items_of(derived_of(psi)), 14) == {"near theta"}
    psi = [0.0] * 10 + [0.48, 0.52] * 4 + [0.0] * 10
    assert reasons_at(items_of(derived_of(psi)), 14) == {"flips"}
    psi, score = [0.0] * 10 + [0.9] * 10 + [0.0] * 10, [0.1] * 30
    assert reasons_at(items_of(derived_of(psi, score)), 14) == {"disagreement"}
    psi, score = [0.0] * 10 + [0.95] * 8 + [0.0] * 12, [0.0] * 10 + [0.5] * 8 + [0.0] * 12
    assert reasons_at(items_of(derived_of(psi, score)), 14) == {"unsure"}
    psi = [0.0] * 14 + [0.9] + [0.0] * 15
    assert reasons_at(items_of(derived_of(psi)), 14) == {"short"}
    psi = [0.0] * 10 + [0.35, 0.42, 0.57, 0.66] + [0.9] * 16
    assert reasons_at(items_of(derived_of(psi)), 11) == {"edge"}


def test_the_nearer_to_theta_and_the_longer_the_sooner() -> None:
    psi = [0.0] * 5 + [0.51] * 5 + [0.0] * 5 + [0.54] * 5 + [0.0] * 5 + [0.51] * 15 + [0.0] * 5
    starts = [item.start // STRIDE for item in items_of(derived_of(psi))]
    assert starts.index(25) < starts.index(5) < starts.index(15)


def test_of_two_alike_the_one_whose_score_cannot_tell_comes_first() -> None:
    psi = [0.0] * 5 + [0.52] * 5 + [0.0] * 5 + [0.52] * 5 + [0.0] * 5
    score = [0.05] * 5 + [0.1] * 5 + [0.05] * 5 + [0.3] * 5 + [0.05] * 5
    starts = [item.start // STRIDE for item in items_of(derived_of(psi, score))]
    assert starts.index(15) < starts.index(5)
    assert "unsure" not in reasons_at(items_of(derived_of(psi, score)), 17)


@pytest.mark.parametrize("human_weight", [1.0, 5.0])
def test_the_expected_change_is_the_mean_length_over_both_answers(human_weight: float) -> None:
    rng = np.random.default_rng(0)
    psi, score = rng.random(50), rng.random(50)
    label = rng.integers(0, 2, 50)
    for place, found in enumerate(expected_change(psi, score, label, human_weight)):
        abnormal = (psi[place] + score[place]) / 2
        before = score[place] - label[place]
        change = {y: abs(human_weight * (score[place] - y) - before) for y in (0, 1)}
        mean = abnormal * change[1] + (1 - abnormal) * change[0]
        assert found == pytest.approx(mean / human_weight)


def test_a_video_of_which_psi_and_score_are_sure_and_agree_needs_no_look() -> None:
    psi, score = [0.05] * 10 + [0.95] * 10 + [0.05] * 10, [0.05] * 10 + [0.95] * 10 + [0.05] * 10
    assert items_of(derived_of(psi, score)) == []


def two_doubts() -> Derived:
    """A scored video with two doubts of three snippets each, alike and far apart."""
    psi = [0.0] * 10 + [0.6] * 3 + [0.0] * 17 + [0.6] * 3 + [0.0] * 7
    score = [0.0] * 10 + [0.5] * 3 + [0.0] * 17 + [0.5] * 3 + [0.0] * 7
    return derived_of(psi, score)


def test_items_of_a_scored_video_are_windows_and_each_makes_its_next_one_wait() -> None:
    items = items_of(two_doubts())
    assert [(item.start, item.end) for item in items[:2]] == [(100, 130), (300, 330)]
    assert {item.end - item.start for item in items} == {3 * STRIDE}
    assert items[1].priority == pytest.approx(0.8 * items[0].priority)


def test_a_window_is_named_by_what_is_known_of_any_of_its_snippets() -> None:
    psi, score = [0.1] * 6 + [0.8] + [0.1] * 6, [0.1] * 5 + [0.5] * 3 + [0.1] * 5
    assert [item.reason for item in items_of(derived_of(psi, score))] == ["short"]


def test_what_people_said_teaches_nothing_any_more() -> None:
    derived = two_doubts()
    num_frames = int(derived.edges[-1])
    whole = items_of(derived, labels_of(num_frames, (100, 130, "abnormal")))
    assert [(item.start, item.end) for item in whole] == [(300, 330)]
    third = items_of(derived, labels_of(num_frames, (110, 120, "abnormal")))
    assert [(item.start, item.end) for item in third] == [(300, 330)]


def test_a_long_doubt_is_asked_about_window_by_window() -> None:
    derived = derived_of([0.0] * 6 + [0.6] * 12 + [0.0] * 6, [0.0] * 6 + [0.5] * 12 + [0.0] * 6)
    found = sorted((item.start, item.end) for item in items_of(derived))
    assert found == [(60, 90), (90, 120), (120, 150), (150, 180)]


def test_what_people_said_is_not_asked_again() -> None:
    derived = derived_of([0.0] * 10 + [0.51] * 8 + [0.0] * 10)
    num_frames = int(derived.edges[-1])
    assert not items_of(derived, labels_of(num_frames, (100, 180, "normal")))
    two = labels_of(num_frames, (100, 140, "normal"), (140, 180, "abnormal"))
    assert not items_of(derived, two)
    assert items_of(derived, labels_of(num_frames, (100, 170, "normal")))
    assert not items_of(derived, replace(labels_of(num_frames), reviewed=True))


def test_normal_and_useless_videos_are_left_out() -> None:
    derived = derived_of([0.0] * 10 + [0.51] * 8 + [0.0] * 10)
    assert not items_of(replace(derived, is_normal=True))
    assert not items_of(replace(derived, usable=False))
    assert not items_of(derived_of([]))


def test_the_same_frames_are_asked_about_once_and_the_list_ends() -> None:
    rng = np.random.default_rng(0)
    items = items_of(derived_of(rng.uniform(0.3, 0.7, 20_000).astype(np.float32)))
    assert len(items) == MAX_ITEMS
    assert [item.priority for item in items] == sorted((i.priority for i in items), reverse=True)
    assert all(0 < item.priority <= 1 for item in items)
    for one in items:
        for other in items:
            shared = min(one.end, other.end) - max(one.start, other.start)
            assert one is other or 2 * shared <= min(one.end - one.start, other.end - other.start)


def noisy_video(seed: int) -> tuple[Derived, NDArray[np.int8]]:
    """A video of three events whose psi and score tell of them with noise of their own."""
    rng = np.random.default_rng(seed)
    num_snippets = 600
    truth = np.zeros(num_snippets, np.int8)
    for start in rng.integers(0, num_snippets - 60, 3):
        truth[start : start + rng.integers(10, 60)] = 1
    noise = [rng.normal(size=num_snippets + 20) for _ in range(2)]
    slow = [np.convolve(part, np.ones(21) / 21**0.5, "valid") for part in noise]
    psi, score = (np.clip(0.25 + 0.5 * truth + 0.18 * part, 0, 1) for part in slow)
    return derived_of(psi.astype(np.float32), [*score]), truth


def put_right(items: list[ReviewItem], derived: Derived, truth: NDArray[np.int8]) -> float:
    """Frames of wrong labels put right by a person with a minute who works down a list."""
    left_s, right = 60.0, np.array(derived.pseudo_label)
    for item in items:
        left_s -= 5 + (item.end - item.start) / float(FPS)
        if left_s < 0:
            break
        places = slice(item.start // STRIDE, -(-item.end // STRIDE))
        right[places] = truth[places]
    return float((derived.pseudo_label != truth).sum() - (right != truth).sum())


def test_working_down_the_queue_puts_more_right_than_chance_or_the_order_of_time() -> None:
    gains = {"queue": 0.0, "time": 0.0, "chance": 0.0, "worst first": 0.0}
    rng = np.random.default_rng(1)
    for seed in range(30):
        derived, truth = noisy_video(seed)
        queue = items_of(derived)
        shuffled = [queue[place] for place in rng.permutation(len(queue))]
        gains["queue"] += put_right(queue, derived, truth)
        gains["time"] += put_right(sorted(queue, key=lambda item: item.start), derived, truth)
        gains["chance"] += put_right(shuffled, derived, truth)
        gains["worst first"] += put_right(queue[::-1], derived, truth)
    assert gains["queue"] > 1.5 * gains["chance"]
    assert gains["queue"] > 1.5 * gains["time"]
    assert gains["chance"] > gains["worst first"]


def test_doubtful_frames_are_wrong_more_often_than_others() -> None:
    share = {True: [0, 0], False: [0, 0]}
    for seed in range(30):
        derived, truth = noisy_video(seed)
        wrong = derived.pseudo_label != truth
        listed = np.zeros(len(truth), bool)
        for item in items_of(derived):
            listed[item.start // STRIDE : -(-item.end // STRIDE)] = True
        for side in (True, False):
            share[side][0] += int(wrong[listed == side].sum())
            share[side][1] += int((listed == side).sum())
    assert share[True][0] / share[True][1] > 2 * share[False][0] / share[False][1]


@pytest.mark.parametrize("num_segments", [1, 5])
def test_many_human_segments_do_not_hide_what_is_left(num_segments: int) -> None:
    derived = derived_of([0.0] * 10 + [0.51] * 8 + [0.0] * 10)
    labels = labels_of(int(derived.edges[-1]))
    for place in range(num_segments):
        labels = labels.paint(LabelSegment(start=place * 4, end=place * 4 + 2, state="normal"))
    assert len(items_of(derived, labels)) == 1
