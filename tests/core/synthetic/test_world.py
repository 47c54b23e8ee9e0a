"""A world is a function of its seed, and its vectors hang together as the parameters say."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from tpwng_core.errors import ConfigError
from tpwng_core.synthetic import PRESETS, make_world

UCF = PRESETS["ucf-like"]


def mean_cosine(rows: NDArray[np.float32]) -> float:
    cosine = rows @ rows.T
    return float(cosine[~np.eye(len(rows), dtype=bool)].mean())


def test_the_same_seed_gives_the_same_world_and_another_seed_another():
    first, again, other = make_world(UCF, 3), make_world(UCF, 3), make_world(UCF, 4)
    assert np.array_equal(first.events, again.events)
    assert np.array_equal(first.text_targets, again.text_targets)
    assert not np.allclose(first.events, other.events)


def test_hard_and_plain_share_a_seeds_world():
    hard, plain = make_world(UCF, 3), make_world(PRESETS["ucf-like-plain"], 3)
    assert np.array_equal(hard.text_targets, plain.text_targets)


def test_looks_and_targets_are_unit_vectors():
    world = make_world(UCF, 0)
    for rows in (world.events, world.activities, world.scenes, world.junk, world.text_targets):
        assert np.linalg.norm(rows, axis=1) == pytest.approx(1.0, abs=1e-5)
    assert world.text_targets.shape == (14, 64)


def test_categories_share_danger_and_activities_share_the_ordinary():
    worlds = [make_world(UCF, seed) for seed in range(5)]
    alike = np.mean([[mean_cosine(w.events), mean_cosine(w.activities)] for w in worlds], axis=0)
    apart = np.mean([(w.events @ w.activities.T).mean() for w in worlds])
    assert alike.min() > 0.1
    assert abs(apart) < 0.08


def test_names_point_to_what_their_events_look_like_but_not_exactly():
    worlds = [make_world(UCF, seed) for seed in range(5)]
    cosine = np.mean([w.text_targets[:-1] @ w.events.T for w in worlds], axis=0)
    own = np.diag(cosine).mean()
    other = cosine[~np.eye(len(cosine), dtype=bool)].mean()
    assert 0.3 < own < 0.7
    assert own > other + 0.15


def test_wide_features_keep_every_cosine():
    narrow, wide = make_world(UCF, 2), make_world(UCF, 2, dim=512)
    assert wide.project_text().shape == (14, 512)
    targets = wide.project_text()
    assert targets @ targets.T == pytest.approx(
        narrow.text_targets @ narrow.text_targets.T, abs=1e-5
    )


def test_a_world_may_be_smaller_than_64_dimensions():
    world = make_world(UCF, 0, dim=16)
    assert world.dim == 16
    assert world.events.shape == (13, 16)


@pytest.mark.parametrize(("seed", "dim"), [(-1, 64), (0, 4)])
def test_a_world_refuses_negative_seeds_and_tiny_dimensions(seed, dim):
    with pytest.raises(ConfigError):
        make_world(UCF, seed, dim)
