"""Distributions of psi, compared with frames counted one by one."""

from __future__ import annotations

import numpy as np
import pytest

from tpwng_studio.state.population import NUM_BINS, THETAS, PsiPopulation, PsiSample, frames_inside


def sample(seed: int, *, known: bool = True) -> PsiSample:
    random = np.random.default_rng(seed)
    num_frames = random.integers(1, 17, 30)
    return PsiSample(
        psi=random.random(30).astype(np.float32),
        num_frames=num_frames,
        num_abnormal=random.integers(0, num_frames + 1) if known else None,
    )


def test_share_above_counts_psi_equal_to_theta() -> None:
    psi = PsiSample(psi=np.array([0.2, 0.5, 0.5, 0.9]), num_frames=np.full(4, 16))
    population = PsiPopulation(samples=(psi,))
    assert population.share_above(0.5) == 0.75
    assert population.share_above(0.51) == 0.25


def test_histogram_adds_up_to_one_over_all_videos() -> None:
    population = PsiPopulation(samples=(sample(0), sample(1)))
    assert population.histogram.shape == (NUM_BINS,)
    assert population.histogram.sum() == pytest.approx(1.0)


def test_f1_is_that_of_all_frames_of_the_videos_with_truth() -> None:
    known = (sample(2), sample(3))
    population = PsiPopulation(samples=(*known, sample(4, known=False)))
    assert population.num_known == 2
    for place in (10, 54, 98):
        hit = flagged = positive = 0
        for one in known:
            assert one.num_abnormal is not None
            above = one.psi >= THETAS[place]
            hit += one.num_abnormal[above].sum()
            flagged += one.num_frames[above].sum()
            positive += one.num_abnormal.sum()
        assert population.f1 is not None
        assert population.f1[place] == pytest.approx(2 * hit / (flagged + positive))


def test_without_any_event_there_is_no_f1_and_without_videos_no_share() -> None:
    assert PsiPopulation(samples=(sample(5, known=False),)).f1 is None
    empty = PsiPopulation(samples=())
    assert empty.f1 is None
    assert empty.share_above(0.5) == 0
    assert empty.histogram.sum() == 0


def test_overlapping_intervals_count_once_and_overhang_is_cut() -> None:
    edges = np.array([0, 16, 32, 40])
    counts = frames_inside([(10, 20), (15, 30), (38, 90), (-5, 2)], edges)
    assert counts.tolist() == [2 + 6, 14, 2]
