"""What changed between two looks at a video, against frames compared one by one."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tpwng_core.evaluation.changes import (
    Look,
    by_weight,
    changed_runs,
    changes,
    means_over,
    side_runs,
)
from tpwng_core.labels import ABNORMAL, NORMAL, Runs

STATES = st.sampled_from([-2, -1, 0, 1])


@st.composite
def pairs(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray]:
    """States of the frames of one video, twice."""
    length = draw(st.integers(1, 40))
    one, two = (draw(st.lists(STATES, min_size=length, max_size=length)) for _ in range(2))
    return np.array(one, dtype=np.int8), np.array(two, dtype=np.int8)


@st.composite
def looks(draw: st.DrawFn) -> tuple[Look, Look]:
    """Two models' looks at one video; their snippets need not be the same."""
    one, two = draw(pairs())
    made = []
    for states in (one, two):
        cuts = draw(st.sets(st.integers(1, max(len(states) - 1, 1)), max_size=6))
        edges = np.array(sorted({0, len(states), *(cut for cut in cuts if cut < len(states))}))
        num = len(edges) - 1
        values = st.lists(st.floats(0, 1, width=32), min_size=num, max_size=num)
        psi, score = np.array(draw(values)), np.array(draw(values))
        made.append(Look(labels=runs_of(states), edges=edges, psi=psi, score=score))
    return made[0], made[1]


def runs_of(states: np.ndarray) -> Runs:
    pieces = [(at, at + 1, int(state)) for at, state in enumerate(states)]
    return Runs.painted(pieces, len(states))


@given(pairs())
def test_changed_runs_are_the_frames_that_differ(pair: tuple[np.ndarray, np.ndarray]) -> None:
    one, two = pair
    rebuilt = one.copy()
    reached = 0
    for start, end, old, new in changed_runs(runs_of(one), runs_of(two)):
        assert reached <= start < end
        assert (one[start:end] == old).all()
        assert old != new
        rebuilt[start:end] = new
        reached = end
    np.testing.assert_array_equal(rebuilt, two)


@given(pairs())
def test_a_stretch_is_as_long_as_it_can_be(pair: tuple[np.ndarray, np.ndarray]) -> None:
    found = changed_runs(*map(runs_of, pair))
    for left, right in pairwise(found):
        assert left[1] < right[0] or left[2:] != right[2:]


def test_videos_of_different_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="3 frames before, 4 after"):
        changed_runs(runs_of(np.zeros(3)), runs_of(np.zeros(4)))


@given(looks())
def test_amounts_are_means_over_the_frames(pair: tuple[Look, Look]) -> None:
    for change in changes("v", *pair):
        name = "psi" if change.kind == "label" else "score"
        old, new = (np.repeat(getattr(look, name), np.diff(look.edges)) for look in pair)
        place = slice(change.start, change.end)
        assert change.amount == pytest.approx(new[place].mean() - old[place].mean(), abs=1e-6)


@given(looks())
def test_scores_change_sides_where_frames_do(pair: tuple[Look, Look]) -> None:
    sides = [
        np.repeat(look.score, np.diff(look.edges)) >= 0.5 for look in pair if look.score is not None
    ]
    found = np.zeros(len(sides[0]), dtype=bool)
    for change in changes("v", *pair):
        if change.kind == "score":
            found[change.start : change.end] = True
            assert {change.before, change.after} == {NORMAL, ABNORMAL}
            assert (change.amount > 0) == (change.after == ABNORMAL)
    np.testing.assert_array_equal(found, sides[0] != sides[1])


@given(looks())
def test_the_same_look_twice_changes_nothing(pair: tuple[Look, Look]) -> None:
    assert changes("v", pair[0], pair[0]) == []


def test_a_video_that_is_not_scored_has_labels_only() -> None:
    edges = np.array([0, 4, 8])
    one = Look(labels=runs_of(np.zeros(8)), edges=edges, psi=np.array([0.2, 0.3]))
    two = Look(
        labels=runs_of(np.array([0, 0, 0, 0, 1, 1, 1, 1])),
        edges=edges,
        psi=np.array([0.2, 0.9]),
        score=np.array([0.1, 0.9]),
    )
    (change,) = changes("v", one, two)
    assert (change.kind, change.start, change.end) == ("label", 4, 8)
    assert (change.before, change.after) == (NORMAL, ABNORMAL)
    assert change.amount == pytest.approx(0.6)


def test_what_moved_most_and_longest_comes_first() -> None:
    edges, still = np.array([0, 10, 12, 100]), np.zeros(100)
    moved = still.copy()
    moved[:12] = 1
    one = Look(labels=runs_of(still), edges=edges, psi=np.array([0.5, 0.1, 0.5]))
    two = Look(labels=runs_of(moved), edges=edges, psi=np.array([0.6, 0.9, 0.5]))
    short = changes("b", one, two)
    long = changes("a", two, one)
    ordered = by_weight([*short, *long])
    assert [item.video for item in ordered] == ["a", "b"]
    assert ordered[0].weight == pytest.approx(10 * 0.1 + 2 * 0.8)


def test_the_side_of_a_score_and_the_mean_of_steps() -> None:
    edges = np.array([0, 3, 4, 10])
    score = np.array([0.5, 0.49, 1.0])
    runs = side_runs(edges, score)
    assert runs.as_array().tolist() == [1, 1, 1, 0, 1, 1, 1, 1, 1, 1]
    found = means_over(edges, score, np.array([2, 0]), np.array([5, 10]))
    assert found.tolist() == pytest.approx([(0.5 + 0.49 + 1.0) / 3, (1.5 + 0.49 + 6.0) / 10])
