"""What people said about a video: segments of frames laid over the pseudo-labels.

Frames are half-open; unset is absence: a frame in no segment takes its pseudo-label. Called by
the studio's commands, by formats, and by training with labels held fixed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from fractions import Fraction
from itertools import pairwise
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from tpwng_core.labels.states import STATES, UNSET, VALUES, Runs, State, overlaid

Provenance = Literal["human", "imported"]
_VERSION = 1


@dataclass(frozen=True, kw_only=True)
class LabelSegment:
    """What was said of the frames [start, end).

    Attributes:
        start: first frame, from 0.
        end: the frame behind the last one.
        state: abnormal, normal, or unknown (looked at and not decided).
        category: category id of an abnormal segment; None where nobody said.
        provenance: a person in the studio, or an imported file.
        author: who; may be empty.
        time: when, ISO 8601 in UTC; may be empty.
    """

    start: int
    end: int
    state: State
    category: str | None = None
    provenance: Provenance = "human"
    author: str = ""
    time: str = ""

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"segment {self.start}-{self.end} is empty, backwards or below 0")
        if self.state not in get_args(State):
            raise ValueError(f"a segment is abnormal, normal or unknown, not {self.state!r}")
        if self.provenance not in get_args(Provenance):
            raise ValueError(f"a segment is human or imported, not {self.provenance!r}")

    def _says_as(self, other: LabelSegment) -> bool:
        """Whether both say the same, apart from where and when."""
        place = {"start": self.start, "end": self.end, "time": self.time}
        return replace(other, **place) == self  # type: ignore[arg-type]


@dataclass(frozen=True, kw_only=True)
class VideoLabels:
    """The labels of one video; every change gives a new one.

    Attributes:
        video: id.
        num_frames: length of the video; of an import without the video, its last end.
        fps: frames per second.
        category: what a person said the video is: ``normal`` or ids joined by ``|``; None where
            nobody did.
        reviewed: a person looked through all of it.
        segments: sorted, without overlap, within the video.
    """

    video: str
    num_frames: int
    fps: Fraction
    category: str | None = None
    reviewed: bool = False
    segments: tuple[LabelSegment, ...] = ()

    def __post_init__(self) -> None:
        if self.num_frames < 0 or self.fps <= 0:
            raise ValueError(f"{self.num_frames} frames at {self.fps} a second")
        if any(after.start < before.end for before, after in pairwise(self.segments)):
            raise ValueError("segments overlap or are not in order")
        if self.segments and self.segments[-1].end > self.num_frames:
            raise ValueError(f"a segment ends behind the last of {self.num_frames} frames")

    def paint(self, segment: LabelSegment) -> VideoLabels:
        """Lay a segment over what is there; it is clipped to the video.

        Touching segments that say the same become one, with the later time; others, split on
        purpose, stay apart.
        """
        if segment.start >= self.num_frames:
            return self
        segment = replace(segment, end=min(segment.end, self.num_frames))
        apart = []
        for other in self.erase(segment.start, segment.end).segments:
            touches = other.end == segment.start or other.start == segment.end
            if touches and other._says_as(segment):
                segment = replace(
                    segment,
                    start=min(segment.start, other.start),
                    end=max(segment.end, other.end),
                    time=max(segment.time, other.time),
                )
            else:
                apart.append(other)
        ordered = sorted([*apart, segment], key=lambda item: item.start)
        return replace(self, segments=tuple(ordered))

    def erase(self, start: int, end: int) -> VideoLabels:
        """Frames [start, end) become unset; segments are cut at both."""
        if end <= start:
            return self
        kept: list[LabelSegment] = []
        for item in self.segments:
            if item.start < start:
                kept.append(replace(item, end=min(item.end, start)))
            if item.end > end:
                kept.append(replace(item, start=max(item.start, end)))
        return replace(self, segments=tuple(kept))

    def segment_at(self, frame: int) -> LabelSegment | None:
        """The segment that holds a frame, or None where it is unset."""
        return next((item for item in self.segments if item.start <= frame < item.end), None)

    def runs(self) -> Runs:
        """States of all frames, UNSET between segments."""
        pieces = ((item.start, item.end, VALUES[item.state]) for item in self.segments)
        return Runs.painted(pieces, self.num_frames)

    def as_array(self) -> NDArray[np.int8]:
        """(num_frames,) int8 state of each frame."""
        return self.runs().as_array()

    @classmethod
    def from_array(
        cls,
        states: NDArray[np.integer[Any]],
        *,
        video: str,
        fps: Fraction,
        provenance: Provenance = "human",
    ) -> VideoLabels:
        """Labels of the state of each frame, (num_frames,); categories are not in it.

        Raises:
            ValueError: a value is no state.
        """
        if not np.isin(states, [UNSET, *STATES]).all():
            raise ValueError("states are -2 unset, -1 unknown, 0 normal and 1 abnormal")
        edges = np.concatenate([[0], np.flatnonzero(np.diff(states)) + 1, [len(states)]])
        found = tuple(
            LabelSegment(
                start=int(start),
                end=int(end),
                state=STATES[int(states[start])],
                provenance=provenance,
            )
            for start, end in pairwise(edges if len(states) else [])
            if states[start] != UNSET
        )
        return cls(video=video, num_frames=len(states), fps=fps, segments=found)

    def to_json(self) -> dict[str, Any]:
        """The content of a labels file."""
        fps = f"{self.fps.numerator}/{self.fps.denominator}"
        return {"version": _VERSION, **asdict(self), "fps": fps}

    @classmethod
    def of_json(cls, content: Any) -> VideoLabels:
        """Labels of :meth:`to_json`.

        Raises:
            ValueError: it is no such content.
        """
        if not isinstance(content, Mapping) or "segments" not in content:
            raise ValueError("it holds no segments")
        values = dict(content)
        if values.pop("version", None) != _VERSION:
            raise ValueError(f"it is of version {content.get('version')!r}, not {_VERSION}")
        if not isinstance(values.get("video"), str):
            raise ValueError("it names no video")
        try:
            values["fps"] = Fraction(values["fps"])
            values["segments"] = tuple(LabelSegment(**item) for item in values["segments"])
            return cls(**values)
        except (TypeError, KeyError, AttributeError, ZeroDivisionError) as error:
            raise ValueError(f"a field is missing or wrong: {error}") from error


def effective_runs(labels: VideoLabels, pseudo_runs: Runs) -> Runs:
    """What holds for each frame: what a person said, else the pseudo-label.

    Args:
        labels: of the video.
        pseudo_runs: NORMAL and ABNORMAL (or UNSET) runs over the same frames.

    Raises:
        ValueError: the two are of different lengths.
    """
    return overlaid(labels.runs(), pseudo_runs)
