from __future__ import annotations

import re
import time
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from tpwng_core.errors import ArtifactError
from tpwng_core.report import canvas
from tpwng_core.report.curves import QueryCurve
from tpwng_core.report.video_figure import video_figure

ALL_ROWS = ["", "similarity", "guidance ψ", "pseudo-label", "score η", "ground truth"]


def rows_of(figure: Any) -> list[str]:
    return [axes.get_label() for axes in figure.axes]


def words_of(figure: Any) -> str:
    return " | ".join(text.get_text() for axes in figure.axes for text in axes.texts)


def test_all_rows_share_one_time_axis(curves):
    figure = video_figure(curves)
    assert rows_of(figure) == ALL_ROWS
    assert {axes.get_xlim() for axes in figure.axes} == {(0.0, float(curves.num_frames))}
    sides = {(axes.get_position().x0, axes.get_position().x1) for axes in figure.axes}
    assert len(sides) == 1


def test_a_part_of_a_video_is_the_same_curve_closer(make):
    whole, part = make(), make(shown=(100, 140))
    figure = video_figure(part)
    assert {axes.get_xlim() for axes in figure.axes} == {(100.0, 140.0)}
    score = figure.axes[ALL_ROWS.index("score η")]
    x, y = score.lines[0].get_data()
    assert (x[0], x[-1]) == (100, 140)
    drawn = y[np.searchsorted(x, np.arange(100, 140) + 0.5, side="right")]
    np.testing.assert_allclose(drawn, whole.score[100:140])
    ticks = [text.get_text() for text in figure.axes[-1].get_xticklabels()]
    assert ticks[0].startswith("100\n3.34 s")
    assert any("frames 100 to 139" in text.get_text() for text in figure.texts)
    canvas.to_svg(figure)


@pytest.mark.parametrize("shown", [(-1, 5), (5, 5), (10, 10_000)])
def test_frames_that_do_not_exist_cannot_be_shown(make, shown):
    with pytest.raises(ArtifactError, match="no such frames"):
        make(shown=shown)


def test_a_query_and_what_holds_have_rows_of_their_own(make):
    num_frames = make().num_frames
    query = QueryCurve(words="flames", edges=np.array([0, num_frames]), values=np.array([0.5]))
    effective = np.zeros(num_frames, np.int8)
    figure = video_figure(make(query=query, effective=effective))
    assert [*rows_of(figure)[5:]] == ["query", "label", "ground truth"]
    assert "flames" in words_of(figure)


def test_rows_do_not_overlap_and_stay_on_the_page(curves):
    boxes = [axes.get_position() for axes in video_figure(curves).axes]
    assert all(above.y0 >= below.y1 for above, below in pairwise(boxes))
    assert boxes[-1].y0 > 0
    assert boxes[0].y1 < 1


def test_the_abnormal_side_is_said_in_words_and_tinted(curves):
    figure = video_figure(curves)
    psi = figure.axes[ALL_ROWS.index("guidance ψ")]
    assert "abnormal side: ψ ≥ 0.55" in words_of(figure)
    assert "normal side" in words_of(figure)
    assert any(patch.get_y() == 0.55 for patch in psi.patches if hasattr(patch, "get_y"))


def test_ground_truth_is_hatched_where_it_is_shaded(curves):
    score = video_figure(curves).axes[ALL_ROWS.index("score η")]
    start, end = curves.ground_truth[0]
    spans = [(p.get_x(), p.get_width()) for p in score.patches if hasattr(p, "get_x")]
    hatched = [p for p in score.patches if p.get_hatch() and hasattr(p, "get_x")]
    assert spans == [(start, end - start)] * 2
    assert len(hatched) == 1


def test_hatches_are_opaque_in_svg(curves):
    svg = canvas.to_svg(video_figure(curves))
    hatches = re.findall(r'style="(fill: url\(#[^"]*)"', svg)
    assert hatches
    assert not any("fill-opacity" in hatch for hatch in hatches)


def test_scores_are_drawn_as_steps_at_their_frames(curves):
    score = video_figure(curves).axes[ALL_ROWS.index("score η")]
    x, y = score.lines[0].get_data()
    assert x[0] == 0
    assert x[-1] == curves.num_frames
    middles = np.arange(curves.num_frames) + 0.5
    drawn = y[np.searchsorted(x, middles, side="right")]
    np.testing.assert_allclose(drawn, curves.score)


def test_a_normal_video_has_no_psi_and_says_so(make):
    normal = make(categories=(), psi=None, theta=None, s_abnormal=None, ground_truth=())
    figure = video_figure(normal)
    assert "guidance ψ" not in rows_of(figure)
    assert "normal throughout" in words_of(figure)
    canvas.to_svg(figure)


def test_unknown_ground_truth_is_not_called_normal(make):
    figure = video_figure(make(ground_truth=None))
    assert "ground truth" not in rows_of(figure)
    assert "no ground truth" in words_of(figure)


@pytest.mark.parametrize("num_snippets", [1, 2])
def test_a_very_short_video_is_drawn(make, num_snippets):
    assert "<svg" in canvas.to_svg(video_figure(make(num_snippets=num_snippets)))


def test_a_video_of_which_only_the_length_is_known_is_drawn(make):
    names = ["snippet_start", "s_normal", "s_abnormal", "psi", "theta", "pseudo_label", "score"]
    bare = make(**dict.fromkeys([*names, "ground_truth"]), thumbnails=())
    figure = video_figure(bare)
    assert figure.axes == []
    assert canvas.to_svg(figure)


def test_curves_with_gaps_and_infinities_are_drawn(curves, make):
    psi = np.array(curves.psi)
    psi[3:5] = np.nan
    psi[7] = np.inf
    assert canvas.to_svg(video_figure(make(psi=psi)))


def test_a_human_label_row_shows_unknown_apart(curves, make):
    label = np.full(curves.num_frames, -2)
    label[10:50], label[60:90], label[100:130] = -1, 0, 1
    row = video_figure(make(label=label)).axes[-2]
    assert row.get_label() == "human label"
    hatches = {band.get_hatch() for band in row.collections}
    assert len(hatches) == 3


def test_a_hundred_thousand_snippets_stay_small_quick_and_keep_their_peak(make):
    base = make(num_snippets=100_000)
    score = np.random.default_rng(0).uniform(0, 0.6, base.num_frames)
    score[777_777] = 0.99
    start = time.process_time()
    figure = video_figure(make(num_snippets=100_000, score=score))
    svg = canvas.to_svg(figure)
    assert time.process_time() - start < 10
    assert len(svg) < 500_000
    drawn = figure.axes[ALL_ROWS.index("score η")].lines[0].get_ydata()
    assert max(drawn) == 0.99


def test_names_with_dollars_other_scripts_and_great_length_are_drawn(make):
    for name in ("$x$_{a}^b", "火灾-01", "v" * 300, "a\nb"):
        assert canvas.to_svg(video_figure(make(video=name)))
