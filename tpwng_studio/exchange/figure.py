"""The open video as a figure: what is on screen, drawn by the report's room.

The session's state in (taken on the window's thread), SVG or PNG out; drawing and decoding of
pictures happen beside it, and matplotlib is imported there. Called by the export dialog.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from tpwng_core.labels import VideoLabels
from tpwng_core.report import canvas
from tpwng_core.report.curves import Thumbnail, VideoCurves
from tpwng_core.report.video_figure import video_figure
from tpwng_studio.state.session import Session

_NUM_PICTURES = 8


@dataclass(frozen=True, kw_only=True, eq=False)
class FigureWish:
    """What to draw.

    Attributes:
        curves: of the open video, under the settings on screen; no pictures yet.
        path: of the video, for pictures; None without.
    """

    curves: VideoCurves
    path: Path | None = None


def figure_wish(session: Session, *, with_pictures: bool) -> FigureWish | None:
    """What is on screen, ready to be drawn; None without a video of known length."""
    video, derived, curves = session.video, session.derived, session.curves
    if video is None or not session.num_frames:
        return None
    drawn = VideoCurves(
        video=video.id,
        num_frames=session.num_frames,
        fps=session.fps,
        categories=_texts(session),
        label=_said(session.labels),
        ground_truth=_truth(session),
    )
    if curves is not None and derived is not None:
        has_psi = not derived.is_normal
        drawn = replace(
            drawn,
            snippet_start=derived.edges[:-1],
            s_normal=curves.s_normal,
            s_abnormal=derived.s_abnormal,
            psi=derived.psi if has_psi else None,
            theta=session.tuning.theta if has_psi else None,
            pseudo_label=derived.pseudo_label,
        )
    scores = session.scores
    if scores is not None and scores.num_frames == session.num_frames:
        drawn = replace(drawn, score=scores.score)
    return FigureWish(curves=drawn, path=video.path if with_pictures else None)


def draw_png(wish: FigureWish, dpi: int) -> bytes:
    """The figure as PNG.

    Raises:
        VideoError: its pictures cannot be decoded.
    """
    return canvas.to_png(video_figure(_with_pictures(wish)), dpi)


def save_figure(wish: FigureWish, target: Path) -> Path:
    """Write the figure as ``.svg`` or ``.png``.

    Raises:
        OutputError: another suffix, or it cannot be written.
        VideoError: its pictures cannot be decoded.
    """
    canvas.save(video_figure(_with_pictures(wish)), target)
    return target


def _with_pictures(wish: FigureWish) -> VideoCurves:
    if wish.path is None:
        return wish.curves
    from tpwng_core.video import VideoReader  # FFmpeg is loaded with it

    with VideoReader(wish.path) as reader:
        count = reader.index.num_frames
        middle = (np.arange(_NUM_PICTURES) + 0.5) * count / _NUM_PICTURES
        frames = dict.fromkeys(int(frame) for frame in middle)
        pictures = tuple(Thumbnail(frame=frame, rgb=reader.frame(frame)) for frame in frames)
    kept = tuple(one for one in pictures if one.frame < wish.curves.num_frames)
    return replace(wish.curves, thumbnails=kept)


def _texts(session: Session) -> tuple[str, ...]:
    names = session.categories
    return tuple(names.get(category, category) for category in session.used_categories)


def _said(labels: VideoLabels) -> np.ndarray[tuple[int], np.dtype[np.int8]] | None:
    return labels.as_array() if labels.segments else None


def _truth(session: Session) -> tuple[tuple[int, int], ...] | None:
    if session.truth is None:
        return None
    return tuple((item.start, item.end) for item in session.truth)
