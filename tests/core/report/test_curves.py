from __future__ import annotations

import numpy as np
import pytest

from tpwng_core.errors import ArtifactError
from tpwng_core.report.curves import describe


@pytest.mark.parametrize(
    "wrong",
    [
        {"psi": np.zeros(3)},
        {"score": np.zeros(3)},
        {"label": np.zeros(3)},
        {"snippet_start": None},
        {"snippet_start": np.arange(20)[::-1]},
        {"snippet_start": np.arange(20) * 100},
        {"num_frames": 0},
        {"fps": 0},
    ],
)
def test_parts_that_do_not_fit_are_refused_with_the_video_named(make, wrong):
    with pytest.raises(ArtifactError, match="Arson001_x264"):
        make(**wrong)


def test_edges_cover_the_whole_video(make):
    curves = make(snippet_start=np.arange(20) * 15 + 4)
    assert curves.snippet_edges[0] == 0
    assert curves.snippet_edges[-1] == curves.num_frames
    assert len(curves.frame_edges) == curves.num_frames + 1


def test_ground_truth_beyond_the_end_is_cut(make):
    curves = make(ground_truth=((300, 999),))
    assert curves.abnormal_spans == [(300, curves.num_frames)]
    assert curves.is_abnormal_at(300)
    assert not curves.is_abnormal_at(299)


def test_the_figure_is_told_in_words(make):
    words = describe(make(score=np.linspace(0, 0.5, 317), ground_truth=((10, 20),)))
    assert "highest 0.50 at frame 316" in words
    assert "abnormal in frames 10 to 20" in words


@pytest.mark.parametrize(
    ("ground_truth", "words"), [(None, "no ground truth"), ((), "normal throughout")]
)
def test_words_tell_unknown_from_normal(make, ground_truth, words):
    assert words in describe(make(ground_truth=ground_truth))
