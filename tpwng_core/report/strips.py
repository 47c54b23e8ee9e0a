"""The strips of a video's figure: pictures above, bands of labels between the curves.

Called by ``video_figure``. Abnormal is a tall hatched vermilion band, normal a thin blue one,
unknown a dotted grey one, unset is empty: shape and hatch say it without the colour.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from tpwng_core.report import palette
from tpwng_core.report.canvas import Axes
from tpwng_core.report.curves import Thumbnail, VideoCurves
from tpwng_core.report.envelope import clip_steps, spans_of
from tpwng_core.report.timeaxis import NUM_COLUMNS, PLOT_IN

_PICTURE_IN = 0.72  # height of a picture
_PICTURE_PX = 150  # rows kept of a picture: sharp at two pixels per point, small in the file
_CAPTION_IN = 0.17
_STRIP_IN = 1.04

# state, (bottom, height), colour, hatch
_BANDS = (
    (0, (0.34, 0.32), palette.NORMAL, None),
    (1, (0.0, 1.0), palette.ABNORMAL, palette.ABNORMAL_HATCH),
    (-1, (0.12, 0.76), palette.UNKNOWN, palette.UNKNOWN_HATCH),
)


def draw_states(axes: Axes, edges: npt.ArrayLike, states: npt.ArrayLike) -> None:
    """A band of labels.

    Args:
        axes: the row; its x axis counts frames.
        edges: (T + 1,) ascending borders, frames.
        states: (T,) -2 unset, -1 unknown, 0 normal, 1 abnormal.
    """
    axes.set_ylim(0, 1)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.spines["bottom"].set_visible(False)
    edges, values = clip_steps(edges, states, *axes.get_xlim())
    for state, band, color, hatch in _BANDS:
        spans = [(a, b - a) for a, b in spans_of(edges, values == state, NUM_COLUMNS)]
        if spans:
            axes.broken_barh(
                spans, band, facecolor=color, edgecolor=palette.PAPER, hatch=hatch, linewidth=0
            )


def ground_truth_states(
    curves: VideoCurves,
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int8]]:
    """The ground truth as (M + 1,) edges and (M,) states, few of them however long the video."""
    spans = curves.abnormal_spans
    borders = sorted({0, curves.num_frames, *(border for span in spans for border in span)})
    starts = {start for start, _ in spans}
    states = np.array([border in starts for border in borders[:-1]], dtype=np.int8)
    return np.array(borders, dtype=np.float64), states


def draw_pictures(axes: Axes, curves: VideoCurves) -> None:
    """Evenly spread pictures, each tied to its place on the time axis.

    A picture inside the ground truth has a thick vermilion frame and says "abnormal".
    """
    axes.set_axis_off()
    axes.set_ylim(0, _STRIP_IN)
    start, end = curves.extent
    slot = (end - start) / len(curves.thumbnails)
    for position, thumbnail in enumerate(curves.thumbnails):
        _draw_picture(axes, curves, thumbnail, start + (position + 0.5) * slot)


def _draw_picture(axes: Axes, curves: VideoCurves, thumbnail: Thumbnail, center: float) -> None:
    start, end = curves.extent
    frames_per_inch = (end - start) / PLOT_IN
    rows, columns = thumbnail.rgb.shape[:2]
    slot_in = PLOT_IN / len(curves.thumbnails) - 0.06
    scale = min(_PICTURE_IN / rows, slot_in / columns)
    half, height = columns * scale * frames_per_inch / 2, rows * scale
    abnormal = curves.is_abnormal_at(thumbnail.frame)
    color = palette.ABNORMAL if abnormal else palette.MUTED
    foot = _STRIP_IN - _CAPTION_IN - height
    box = (center - half, center + half, foot, foot + height)
    axes.imshow(_shrunk(thumbnail.rgb), extent=box, aspect="auto", interpolation="none")
    frame = ([box[0], box[1], box[1], box[0]], [foot, foot, foot + height, foot + height])
    axes.fill(*frame, facecolor="none", edgecolor=color, linewidth=2.2 if abnormal else 0.7)
    where = min(max(thumbnail.frame + 0.5, start), end)
    axes.plot([center, where, where], [foot, 0.05, 0], color=color, linewidth=0.8)
    text = _caption(thumbnail.frame, abnormal, slot_in)
    axes.text(center, foot + height + 0.04, text, ha="center", va="bottom", color=color, size=7.5)
    axes.set_xlim(start, end)
    axes.set_ylim(0, _STRIP_IN)


def _caption(frame: int, abnormal: bool, slot_in: float) -> str:
    """The frame, and "abnormal" where the slot has the room (about 15 characters an inch)."""
    text = f"{frame:,} abnormal" if abnormal else f"{frame:,}"
    return text if len(text) <= 15 * slot_in else f"{frame:,}"


def _shrunk(rgb: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    from PIL import Image

    rows, columns = rgb.shape[:2]
    if rows <= _PICTURE_PX:
        return rgb
    size = (max(round(columns * _PICTURE_PX / rows), 1), _PICTURE_PX)
    picture = Image.fromarray(rgb).resize(size, Image.Resampling.BOX, reducing_gap=2.0)
    return np.asarray(picture, dtype=np.uint8)
