"""What an edit makes of a video's labels: paint, split, merge, delete, move an edge, accept.

Labels, a segment and what the person did in, new labels out; nothing is changed in place. The
rules of what becomes human stand here. Called by the session. No Qt.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal

from tpwng_core.labels import (
    ABNORMAL,
    NORMAL,
    STATES,
    LabelSegment,
    Runs,
    State,
    VideoLabels,
)
from tpwng_studio.state.segments import Segment, uncovered

Edge = Literal["start", "end"]


@dataclass(frozen=True, kw_only=True)
class Pen:
    """Who writes labels, and when."""

    author: str = ""

    def segment(self, start: int, end: int, state: State, category: str | None) -> LabelSegment:
        """A segment in a person's own hand; only abnormal ones keep a category."""
        return LabelSegment(
            start=start,
            end=end,
            state=state,
            category=category if state == "abnormal" else None,
            author=self.author,
            time=datetime.now(UTC).isoformat(timespec="seconds"),
        )


def lay(labels: VideoLabels, segments: Iterable[LabelSegment]) -> VideoLabels:
    """Lay segments over what is there, all at once; touching ones stay apart."""
    new = sorted(segments, key=lambda item: item.start)
    for item in new:
        labels = labels.erase(item.start, item.end)
    ordered = sorted([*labels.segments, *new], key=lambda item: item.start)
    return replace(labels, segments=tuple(ordered))


def set_state(labels: VideoLabels, segment: Segment, state: State, pen: Pen) -> VideoLabels:
    """A person says what a segment is; a pseudo segment becomes human."""
    new = pen.segment(segment.start, segment.end, state, segment.category)
    return lay(labels, [new])


def set_category(
    labels: VideoLabels, segment: Segment, category: str | None, pen: Pen
) -> VideoLabels:
    """A person names what happens in a segment, which makes it abnormal."""
    return lay(labels, [pen.segment(segment.start, segment.end, "abnormal", category)])


def split(labels: VideoLabels, segment: Segment, frame: int, pen: Pen) -> VideoLabels:
    """A segment becomes two that touch at ``frame``; a pseudo segment becomes human.

    Nothing happens at a frame that is not inside.
    """
    if not segment.start < frame < segment.end:
        return labels
    places = ((segment.start, frame), (frame, segment.end))
    return lay(labels, [pen.segment(*place, segment.state, segment.category) for place in places])


def merge(labels: VideoLabels, first: Segment, second: Segment, pen: Pen) -> VideoLabels:
    """Two segments and what lies between become one, of the first one's state."""
    start, end = min(first.start, second.start), max(first.end, second.end)
    category = first.category or second.category
    return lay(labels, [pen.segment(start, end, first.state, category)])


def delete(labels: VideoLabels, pseudo: Runs | None, segment: Segment, pen: Pen) -> VideoLabels:
    """Take a segment away, so that what holds there follows the hand.

    An abnormal segment leaves frames that are not abnormal: unset where the pseudo-label says the
    same, else normal. A normal or unknown one leaves unset frames.
    """
    erased = labels.erase(segment.start, segment.end)
    return _free(erased, pseudo, segment, [(segment.start, segment.end)], pen)


def move_edge(
    labels: VideoLabels, pseudo: Runs | None, segment: Segment, place: tuple[int, int], pen: Pen
) -> VideoLabels:
    """A segment reaches over other frames now; a pseudo segment becomes human.

    Frames it leaves are freed as :func:`delete` does; what it grows over is overwritten. Of a
    pseudo segment the part left is normal, as there the pseudo-label says abnormal.

    Args:
        labels: of the video.
        pseudo: pseudo-label runs.
        segment: as it is.
        place: its new first frame and the frame behind its new last one.
        pen: who does it.
    """
    start, end = place
    freed = [(segment.start, min(start, segment.end)), (max(end, segment.start), segment.end)]
    labels = labels.erase(segment.start, segment.end)
    labels = _free(labels, pseudo, segment, freed, pen)
    return lay(labels, [pen.segment(start, end, segment.state, segment.category)])


def moved(segment: Segment, edge: Edge, frame: int, num_frames: int) -> tuple[int, int]:
    """Place of a segment whose edge is moved; it stays in the video and keeps one frame."""
    if edge == "start":
        return min(max(frame, 0), segment.end - 1), segment.end
    return segment.start, max(min(frame, num_frames), segment.start + 1)


def accept(
    labels: VideoLabels, pseudo: Runs, within: tuple[int, int], category: str | None, pen: Pen
) -> VideoLabels:
    """A person agrees with the pseudo-labels wherever nobody said anything yet.

    Args:
        labels: of the video.
        pseudo: pseudo-label runs.
        within: half-open frames to accept.
        category: what abnormal segments are called.
        pen: who does it.
    """
    open_runs = uncovered(labels, pseudo)
    new = [
        pen.segment(max(start, within[0]), min(end, within[1]), STATES[state], category)
        for state in (ABNORMAL, NORMAL)
        for start, end in open_runs.segments(state)
        if max(start, within[0]) < min(end, within[1])
    ]
    ordered = sorted([*labels.segments, *new], key=lambda item: item.start)
    return replace(labels, segments=tuple(ordered))


def fitted(labels: VideoLabels, num_frames: int) -> VideoLabels:
    """Labels cut to another number of frames, to show labels of a file that has changed."""
    kept = (item for item in labels.segments if item.start < num_frames)
    cut = tuple(replace(item, end=min(item.end, num_frames)) for item in kept)
    return replace(labels, num_frames=num_frames, segments=cut)


def share_said(labels: VideoLabels) -> float:
    """Share of frames, in [0, 1], of which a person or an import said something."""
    said = sum(item.end - item.start for item in labels.segments)
    return said / labels.num_frames if labels.num_frames else 0.0


def _free(
    labels: VideoLabels,
    pseudo: Runs | None,
    segment: Segment,
    places: list[tuple[int, int]],
    pen: Pen,
) -> VideoLabels:
    """Frames of a segment that were erased and lose its state."""
    if segment.state != "abnormal" or pseudo is None:
        return labels
    normal = [
        pen.segment(max(low, start), min(high, end), "normal", None)
        for low, high in pseudo.segments(ABNORMAL)
        for start, end in places
        if max(low, start) < min(high, end)
    ]
    return lay(labels, normal)
