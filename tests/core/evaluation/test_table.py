"""Runs of equal frames rank exactly like the frames themselves."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tpwng_core.evaluation import rank
from tpwng_core.evaluation.alignment import AlignedVideo
from tpwng_core.evaluation.table import FrameTable


@st.composite
def videos(draw):
    found = []
    for number in range(draw(st.integers(1, 4))):
        frames = draw(
            st.lists(st.tuples(st.integers(0, 3), st.booleans()), min_size=1, max_size=20)
        )
        score = np.array([frame[0] / 3 for frame in frames])
        label = np.array([frame[1] for frame in frames], np.int8)
        found.append(AlignedVideo(video=str(number), score=score, label=label, categories=()))
    return found


@given(videos(), st.lists(st.booleans(), min_size=4, max_size=4))
def test_any_subset_ranks_like_its_frames(items, chosen):
    mask = np.array(chosen[: len(items)])
    table = FrameTable(items)
    kept = [item for item, keep in zip(items, mask, strict=True) if keep]
    subset = table.ranking(mask)
    direct = rank(
        np.concatenate([np.empty(0), *(item.score for item in kept)]),
        np.concatenate([np.empty(0), *(item.label for item in kept)]),
    )
    np.testing.assert_allclose(subset.threshold, direct.threshold)
    assert subset.auc == pytest.approx(direct.auc, abs=1e-12)
    assert subset.average_precision == pytest.approx(direct.average_precision, abs=1e-12)


@given(videos())
def test_the_oracle_scores_whole_videos(items):
    score = np.concatenate([np.full(len(item.label), item.label.any(), float) for item in items])
    direct = rank(score, np.concatenate([item.label for item in items]))
    oracle = FrameTable(items).oracle()
    assert oracle.auc == pytest.approx(direct.auc, abs=1e-12)
    assert oracle.average_precision == pytest.approx(direct.average_precision, abs=1e-12)


@given(videos())
def test_normal_videos_beside_abnormal_ones_change_no_area(items):
    table = FrameTable(items)
    joint = table.ranking()
    merged = table.with_normal(table.ranking(table.has_event))
    assert (merged.num_positive, merged.num_negative) == (joint.num_positive, joint.num_negative)
    assert (np.diff(merged.threshold) < 0).all()
    for name in ("auc", "average_precision", "ap_trapezoid"):
        assert getattr(merged, name) == pytest.approx(getattr(joint, name), abs=1e-12)
