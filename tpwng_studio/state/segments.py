"""The segments a person sees in the table: what people said, and the pseudo-labels between.

Labels and pseudo-label runs in, a :class:`SegmentTable` out that makes a row only when it is asked
for, so that it can be made anew at slider rate. Called by the session. NumPy only, no Qt.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, overload

import numpy as np

from tpwng_core.labels import ABNORMAL, UNKNOWN, UNSET, Runs, State, VideoLabels, overlaid

Source = Literal["pseudo", "human", "imported"]


@dataclass(frozen=True, kw_only=True)
class Segment:
    """A row of the table: what holds for the frames [start, end), and who says so.

    Attributes:
        start: first frame.
        end: the frame behind the last one.
        state: abnormal, normal or unknown; a pseudo segment is abnormal.
        category: id, or None where nobody said.
        source: the method, a person, or an imported file.
        reviewed: a person said it, or looked through the whole video.
    """

    start: int
    end: int
    state: State
    category: str | None = None
    source: Source = "pseudo"
    reviewed: bool = False

    @property
    def num_frames(self) -> int:
        """Length in frames."""
        return self.end - self.start


class SegmentTable(Sequence[Segment]):
    """Segments in order, none overlapping.

    What people said covers pseudo-labels: of those only the abnormal parts between are listed.

    Args:
        labels: of the video.
        pseudo: NORMAL and ABNORMAL runs over the same frames; None where there are none.
    """

    def __init__(self, labels: VideoLabels, pseudo: Runs | None) -> None:
        self._labels = labels
        said = np.array([(item.start, item.end) for item in labels.segments], dtype=np.int64)
        said = said.reshape(-1, 2)
        inferred = np.empty((0, 2), dtype=np.int64)
        if pseudo is not None:
            runs = uncovered(labels, pseudo)
            inferred = np.stack([runs.start, runs.end], axis=1)[runs.state == ABNORMAL]
        order = np.argsort(np.concatenate([said[:, 0], inferred[:, 0]]), kind="stable")
        self.start, self.end = np.concatenate([said, inferred])[order].T
        # number of the label each row shows; beyond the labels it is a pseudo segment
        self._row = order

    def __len__(self) -> int:
        return len(self.start)

    @overload
    def __getitem__(self, index: int) -> Segment: ...
    @overload
    def __getitem__(self, index: slice) -> list[Segment]: ...
    def __getitem__(self, index: int | slice) -> Segment | list[Segment]:
        if isinstance(index, slice):
            return [self._segment(place) for place in range(len(self))[index]]
        return self._segment(range(len(self))[index])

    def at(self, frame: int) -> int | None:
        """Number of the segment that holds a frame; None between segments."""
        place = int(np.searchsorted(self.start, frame, side="right")) - 1
        return place if place >= 0 and frame < self.end[place] else None

    def find(self, segment: Segment) -> int | None:
        """Number of the row that a segment became: same start and source, else at its middle."""
        middle = (segment.start + segment.end - 1) // 2
        for frame in (segment.start, middle):
            place = self.at(frame)
            if place is not None and self._segment(place).source == segment.source:
                return place
        return None

    def _segment(self, place: int) -> Segment:
        start, end, row = int(self.start[place]), int(self.end[place]), int(self._row[place])
        if row >= len(self._labels.segments):
            return Segment(start=start, end=end, state="abnormal", reviewed=self._labels.reviewed)
        item = self._labels.segments[row]
        return Segment(
            start=start,
            end=end,
            state=item.state,
            category=item.category,
            source=item.provenance,
            reviewed=item.provenance == "human" or self._labels.reviewed,
        )


def uncovered(labels: VideoLabels, pseudo: Runs) -> Runs:
    """Pseudo-labels where nobody said anything; UNKNOWN where somebody did."""
    said = labels.runs()
    cover = np.where(said.state == UNSET, UNSET, UNKNOWN).astype(np.int8)
    return overlaid(Runs(said.start, said.end, cover), pseudo)
