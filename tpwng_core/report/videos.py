"""The part of a report that shows videos one by one: an index table and a figure for each.

Called by the builders of whole reports.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from tpwng_core.report import canvas, html
from tpwng_core.report.curves import VideoCurves, describe
from tpwng_core.report.html import Html
from tpwng_core.report.measures import NOTHING
from tpwng_core.report.video_figure import video_figure

NUM_OPEN = 6


def video_blocks(
    videos: Sequence[VideoCurves],
    *,
    num_open: int = NUM_OPEN,
    on_figure: Callable[[], object] | None = None,
) -> list[Html]:
    """Blocks of a section: how to read the figures, an index, every video's figure.

    The first videos with an event and the first normal ones are open, in equal number and in
    the order given: nobody picked them. The others are closed, and all of them are there.

    Args:
        videos: in the order of the data set.
        num_open: how many figures are open.
        on_figure: called after each figure.
    """
    if not videos:
        return [html.paragraph("There are no videos to show.")]
    opened = _first_of_each_kind(videos, num_open)
    figures = []
    for place, curves in enumerate(videos):
        figures.append(_video(curves, place in opened))
        if on_figure is not None:
            on_figure()
    return [html.paragraph(_how_to_read(len(opened), len(videos))), _index(videos), *figures]


def _first_of_each_kind(videos: Sequence[VideoCurves], num_open: int) -> set[int]:
    with_event = [place for place, one in enumerate(videos) if one.categories]
    normal = [place for place, one in enumerate(videos) if not one.categories]
    chosen = with_event[: max(num_open // 2, num_open - len(normal))]
    return {*chosen, *normal[: num_open - len(chosen)]}


def _how_to_read(num_open: int, num_videos: int) -> str:
    rest = (
        f" The first {num_open} videos, half of them with an event where possible, are open;"
        f" the other {num_videos - num_open} are closed, none is left out."
        if num_open < num_videos
        else ""
    )
    return (
        "All rows of a figure share one time axis. ψ is the guidance curve of one video and is"
        " compared with θ; the score η is comparable between videos. Hatched vermilion is"
        f" abnormal, plain blue is normal.{rest}"
    )


def _video(curves: VideoCurves, opened: bool) -> Html:
    words = describe(curves)
    image = canvas.to_svg(video_figure(curves))
    kind = ", ".join(curves.categories) or "normal"
    name = html.anchor(_heading(curves))
    summary = Html(
        f'<strong id="{name}">{html.escape(curves.video)}</strong> · {html.escape(kind)}'
    )
    body = html.figure(image, words[0].upper() + words[1:], words, wide=True)
    return html.details(summary, body, opened=opened)


def _heading(curves: VideoCurves) -> str:
    return f"video {curves.video}"


def _index(videos: Sequence[VideoCurves]) -> Html:
    headers = ("video", "category", "frames", "abnormal", "mean score", "highest score")
    rows = [_index_row(curves) for curves in videos]
    caption = "All videos: ground truth in percent of the frames, and the score."
    return html.details(f"Index of {len(videos)} videos", html.table(headers, rows, caption))


def _index_row(curves: VideoCurves) -> tuple[str, ...]:
    abnormal = sum(end - start for start, end in curves.abnormal_spans) / curves.num_frames
    score = None if curves.score is None else np.asarray(curves.score, dtype=np.float64)
    return (
        html.link(curves.video, _heading(curves)),
        ", ".join(curves.categories) or "normal",
        f"{curves.num_frames:,}",
        NOTHING if curves.ground_truth is None else f"{abnormal:.0%}",
        NOTHING if score is None else f"{score.mean():.2f}",
        NOTHING if score is None else f"{score.max():.2f}",
    )
