"""A storey of the session: what people said of the open video, over its pseudo-labels.

Label files in; labels, what holds for each frame, segments, the selection and marks out. Between
``session_query`` and ``session_keeping``, which changes labels.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QObject

from tpwng_core.errors import ArtifactError
from tpwng_core.labels import UNSET, Runs, VideoLabels, effective_runs
from tpwng_studio.project.project import Project
from tpwng_studio.state.catalogue import VideoItem
from tpwng_studio.state.clock import DEFAULT_FPS
from tpwng_studio.state.edits import fitted
from tpwng_studio.state.labelbook import LabelBook
from tpwng_studio.state.segments import Segment, SegmentTable
from tpwng_studio.state.session_query import QuerySession

_NOTHING = VideoLabels(video="", num_frames=0, fps=DEFAULT_FPS)


class OverlaySession(QuerySession):
    """What people said of what is open."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._book: LabelBook | None = None
        self._labels = _NOTHING
        self._effective: Runs | None = None
        self._table: SegmentTable | None = None
        self._selected: Segment | None = None
        self._part_of: Segment | None = None  # the row that the selected frames are a part of
        self._mark: tuple[int | None, int | None] = (None, None)
        self._misfit = ""

    # What there is

    @property
    def labels(self) -> VideoLabels:
        """What people said of the open video."""
        return self._labels

    @property
    def pseudo_runs(self) -> Runs:
        """Pseudo-labels of the open video in frames; all unset without curves."""
        if self._derived is not None:
            return self._derived.runs
        return Runs.painted([], self.num_frames, base=UNSET)

    @property
    def effective(self) -> Runs:
        """What holds for each frame: what people said, else the pseudo-label."""
        if self._effective is None:
            self._effective = effective_runs(self._labels, self.pseudo_runs)
        return self._effective

    @property
    def segments(self) -> Sequence[Segment]:
        """Rows of the table: what people said, and the pseudo-labels between."""
        return self._segment_table()

    @property
    def selected(self) -> Segment | None:
        """The segment that edits mean; of one that was painted at, the frames that were."""
        return self._selected

    @property
    def mark(self) -> tuple[int | None, int | None]:
        """First frame marked, and the frame behind the last; None where not marked."""
        return self._mark

    def reference(self) -> tuple[str, Runs] | None:
        """Ground truth, else what people said where they said it; and its name."""
        found = super().reference()
        if found is None and self._labels.segments:
            return "human labels", self._labels.runs()
        return found

    # Selection and marks

    def select(self, segment: Segment | None) -> None:
        """Select a segment; None selects nothing."""
        self._turn_selection_to(segment, part_of=None)

    def select_part(self, row: Segment, start: int, end: int) -> None:
        """Select the frames [start, end) of a segment: they alone are meant, as long as it stays
        what it is, whatever else is read again."""
        self._turn_selection_to(replace(row, start=start, end=end), part_of=row)

    def select_next(self, step: int) -> None:
        """Select the next (1) or previous (-1) segment, or the nearest to the playhead."""
        table = self._segment_table()
        if not len(table):
            return
        place = table.find(self._selected) if self._selected else None
        if place is None:
            behind = int((table.start <= self.playhead).sum())
            place = behind if step > 0 else behind - 1
        else:
            place += step
        segment = table[min(max(place, 0), len(table) - 1)]
        self.select(segment)
        self.seek(segment.start)

    def mark_in(self) -> None:
        """The next segment begins at the playhead."""
        self.set_mark(self.playhead, self._mark[1])

    def mark_out(self) -> None:
        """The next segment ends with the frame at the playhead."""
        self.set_mark(self._mark[0], self.playhead + 1)

    def set_mark(self, start: int | None, end: int | None) -> None:
        """Mark the frames [start, end) for a new segment; None leaves an end open."""
        if start is not None and end is not None and start >= end:
            # The later mark counts; the other one is for another segment.
            start, end = (start, None) if start == self.playhead else (None, end)
        if (start, end) != self._mark:
            self._mark = (start, end)
            self.mark_changed.emit()
            self.selection_changed.emit()

    # Steps

    def _turn_selection_to(self, segment: Segment | None, part_of: Segment | None) -> None:
        self._part_of = part_of
        if segment != self._selected:
            self._selected = segment
            self.selection_changed.emit()

    def _labels_replaced(self) -> None:
        """Tell everybody of other labels of the open video."""
        self._effective = self._table = None
        self._compare()
        self._keep_selection()
        self.labels_changed.emit()
        self.agreement_changed.emit()

    def _blank(self, item: VideoItem) -> VideoLabels:
        clock = self._clock if item.id == self._video else self._catalogue.clock_of(item)
        return VideoLabels(video=item.id, num_frames=clock.num_frames, fps=clock.fps)

    def _segment_table(self) -> SegmentTable:
        if self._table is None:
            pseudo = self._derived.runs if self._derived is not None else None
            self._table = SegmentTable(self._labels, pseudo)
        return self._table

    def _keep_selection(self) -> None:
        """The selected segment is the one it became, or none; a part of one that stayed is kept."""
        if self._selected is not None:
            table = self._segment_table()
            place = table.find(self._selected)
            row = None if place is None else table[place]
            if row is None or row != self._part_of:
                self.select(row)

    def _load(self, item: VideoItem | None) -> None:
        super()._load(item)
        self._selected = self._part_of = None
        self._mark = (None, None)
        self._load_labels()

    def _load_labels(self) -> None:
        """Labels of the open video, as long as the video is."""
        self._effective = self._table = None
        self._misfit = ""
        self._labels = _NOTHING
        item = self.video
        if item is None or self._book is None:
            return
        try:
            self._labels = self._book.get(item.id) or self._blank(item)
        except ArtifactError as error:
            self._misfit = str(error)  # was told when the project was opened
            self._labels = self._blank(item)
        if self._labels.num_frames != self.num_frames:
            if self._labels.segments and self.num_frames:
                was = f"{self._labels.num_frames} frames, the video has {self.num_frames}"
                self._misfit = f"The labels of {item.id} are of {was}: relink the right file"
                self.message.emit("warning", self._misfit)
            self._labels = fitted(self._labels, self.num_frames)

    def _announce_video(self) -> None:
        super()._announce_video()
        self.labels_changed.emit()
        self.selection_changed.emit()
        self.mark_changed.emit()

    def _derive(self) -> None:
        super()._derive()
        self._effective = self._table = None

    def _on_frame(self) -> None:
        super()._on_frame()
        self._keep_selection()

    def _refit(self) -> None:
        super()._refit()
        if self._labels.num_frames != self.num_frames:
            self._load_labels()

    def _announce_refit(self) -> None:
        super()._announce_refit()
        self._keep_selection()
        self.labels_changed.emit()

    def _load_project(self, project: Project) -> None:
        super()._load_project(project)
        self._book = LabelBook(project.labels_dir, project.journal)

    def _unload_project(self, project: Project) -> None:
        self._book = None
        super()._unload_project(project)
