"""The open video as a figure: what is on screen, drawn by the report's room.

The session's state in (taken on the window's thread), SVG or PNG out; drawing and decoding of
pictures happen beside it, and matplotlib is imported there. Called by the export dialog.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from tpwng_core import files
from tpwng_core.labels import VideoLabels
from tpwng_core.report import canvas
from tpwng_core.report.curves import QueryCurve, Thumbnail, VideoCurves
from tpwng_core.report.video_figure import video_figure
from tpwng_studio.background import Progress
from tpwng_studio.state.session import Session

_NUM_PICTURES = 8
_NUM_STEPS = _NUM_PICTURES + 2  # drawing, and turning the drawing into a file
# Rows of the timeline and the parts of a figure that they are.
_PARTS = {
    "s_normal": "s_normal",
    "s_abnormal": "s_abnormal",
    "psi": "psi",
    "score": "score",
    "query": "query",
    "pseudo": "pseudo_label",
    "human": "label",
    "label": "effective",
    "truth": "ground_truth",
}


def _unheard(done: int, total: int) -> None:
    """Nobody waits."""


@dataclass(frozen=True, kw_only=True, eq=False)
class FigureWish:
    """What to draw.

    Attributes:
        curves: of the open video, under the settings on screen; no pictures yet.
        path: of the video, for pictures; None without.
    """

    curves: VideoCurves
    path: Path | None = None


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What of the open video is on screen.

    Attributes:
        frames: visible, [start, end).
        hidden: ids of the timeline's rows that are not shown.
    """

    frames: tuple[int, int]
    hidden: frozenset[str] = frozenset()

    def is_part(self, num_frames: int) -> bool:
        """Whether frames of the video are out of sight."""
        return self.frames != (0, num_frames)


def figure_wish(
    session: Session, *, with_pictures: bool, shown: Shown | None = None
) -> FigureWish | None:
    """What is on screen, ready to be drawn; None without a video of known length.

    Args:
        session: what is open.
        with_pictures: frames above the curves.
        shown: which frames and rows; None for all there is.
    """
    video, derived, curves = session.video, session.derived, session.curves
    if video is None or not session.num_frames:
        return None
    drawn = VideoCurves(
        video=video.id,
        num_frames=session.num_frames,
        fps=session.fps,
        categories=_texts(session),
        label=_said(session.labels),
        effective=session.effective.as_array(),
        ground_truth=_truth(session),
        query=_query(session),
    )
    if curves is not None and derived is not None:
        has_psi = not derived.is_normal
        drawn = replace(
            drawn,
            snippet_start=derived.edges[:-1],
            s_normal=derived.s_normal,
            s_abnormal=derived.s_abnormal,
            psi=derived.psi if has_psi else None,
            theta=session.tuning.theta if has_psi else None,
            pseudo_label=derived.pseudo_label,
        )
    scores = session.scores
    if scores is not None and scores.num_frames == session.num_frames:
        drawn = replace(drawn, score=scores.score)
    if shown is not None:
        gone: dict[str, Any] = {_PARTS[row]: None for row in shown.hidden if row in _PARTS}
        frames = shown.frames if shown.is_part(session.num_frames) else None
        drawn = replace(drawn, shown=frames, **gone)
    return FigureWish(curves=drawn, path=video.path if with_pictures else None)


def draw_png(wish: FigureWish, dpi: int, tell: Progress = _unheard) -> bytes:
    """The figure as PNG.

    Args:
        wish: what to draw.
        dpi: pixels per inch.
        tell: called between the steps, and may raise ``Cancelled``.

    Raises:
        VideoError: its pictures cannot be decoded.
    """
    return canvas.to_png(_drawn(wish, tell), dpi)


def save_figure(wish: FigureWish, target: Path, tell: Progress = _unheard) -> Path:
    """Write the figure as ``.svg`` or ``.png``.

    Args:
        wish: what to draw.
        target: the file.
        tell: called between the steps, the last time before the file is touched; may raise
            ``Cancelled``.

    Raises:
        OutputError: another suffix, or it cannot be written.
        VideoError: its pictures cannot be decoded.
    """
    content = canvas.encode(_drawn(wish, tell), target)
    tell(_NUM_STEPS, _NUM_STEPS)
    files.write_bytes(target, content)
    return target


def _drawn(wish: FigureWish, tell: Progress) -> canvas.Figure:
    curves = _with_pictures(wish, tell)
    tell(_NUM_PICTURES, _NUM_STEPS)
    figure = video_figure(curves)
    tell(_NUM_PICTURES + 1, _NUM_STEPS)
    return figure


def _with_pictures(wish: FigureWish, tell: Progress) -> VideoCurves:
    if wish.path is None:
        return wish.curves
    from tpwng_core.video import VideoReader  # FFmpeg is loaded with it

    pictures: list[Thumbnail] = []
    with VideoReader(wish.path) as reader:
        start, end = wish.curves.extent
        end = min(end, reader.index.num_frames)
        middle = start + (np.arange(_NUM_PICTURES) + 0.5) * (end - start) / _NUM_PICTURES
        for frame in dict.fromkeys(int(frame) for frame in middle if start <= frame < end):
            tell(len(pictures), _NUM_STEPS)
            pictures.append(Thumbnail(frame=frame, rgb=reader.frame(frame)))
    return replace(wish.curves, thumbnails=tuple(pictures))


def _texts(session: Session) -> tuple[str, ...]:
    names = session.categories
    return tuple(names.get(category, category) for category in session.used_categories)


def _said(labels: VideoLabels) -> np.ndarray[tuple[int], np.dtype[np.int8]] | None:
    return labels.as_array() if labels.segments else None


def _query(session: Session) -> QueryCurve | None:
    query, line = session.query, session.query_line
    if query is None or line is None:
        return None
    return QueryCurve(words=query.text, edges=line.edges, values=line.values)


def _truth(session: Session) -> tuple[tuple[int, int], ...] | None:
    if session.truth is None:
        return None
    return tuple((item.start, item.end) for item in session.truth)
