from __future__ import annotations

from typing import Any

import numpy as np

from tpwng_core.report import palette
from tpwng_core.report.curves import Thumbnail, VideoCurves
from tpwng_core.report.strips import ground_truth_states
from tpwng_core.report.video_figure import video_figure


def pictures_of(curves: VideoCurves) -> Any:
    return video_figure(curves).axes[0]


def test_ground_truth_as_states_has_its_borders(make):
    edges, states = ground_truth_states(make(ground_truth=((0, 10), (20, 317))))
    assert edges.tolist() == [0, 10, 20, 317]
    assert states.tolist() == [1, 0, 1]


def test_each_picture_is_tied_to_its_frame(curves):
    leaders = [line.get_xdata()[-1] for line in pictures_of(curves).lines]
    assert leaders == [thumbnail.frame + 0.5 for thumbnail in curves.thumbnails]


def test_pictures_keep_their_shape(make):
    wide = Thumbnail(frame=5, rgb=np.zeros((20, 80, 3), np.uint8))
    axes = pictures_of(make(thumbnails=(wide,) * 6))
    figure = axes.figure
    width_in, height_in = figure.get_size_inches()
    box = axes.get_position()
    for image in axes.images:
        left, right, bottom, top = image.get_extent()
        across = (right - left) / np.ptp(axes.get_xlim()) * box.width * width_in
        up = (top - bottom) / np.ptp(axes.get_ylim()) * box.height * height_in
        assert abs(across / up - 4) < 1e-6


def test_an_abnormal_picture_says_so_and_has_a_thicker_frame(curves):
    axes = pictures_of(curves)
    texts = [text.get_text() for text in axes.texts if text.get_text()]
    start = curves.ground_truth[0][0]
    assert texts == ["0", f"{start + 1} abnormal", f"{curves.thumbnails[2].frame}"]
    widths = [patch.get_linewidth() for patch in axes.patches]
    assert widths[1] > widths[0] == widths[2]


def test_a_large_picture_is_shrunk(make):
    large = Thumbnail(frame=0, rgb=np.zeros((1080, 1920, 3), np.uint8))
    image = pictures_of(make(thumbnails=(large,))).images[0]
    assert image.get_array().shape[:2] == (150, 267)


def test_abnormal_and_normal_differ_in_height_and_hatch_not_only_in_colour(curves):
    row = video_figure(curves).axes[-1]
    look = {}
    for band in row.collections:
        heights = np.ptp(band.get_paths()[0].vertices[:, 1])
        look[band.get_hatch()] = heights
    assert set(look) == {None, palette.ABNORMAL_HATCH}
    assert look[palette.ABNORMAL_HATCH] > 2 * look[None]
