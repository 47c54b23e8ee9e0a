"""A storey of the session: how a person corrects the open video.

Intents of views in; each makes new labels by a rule of ``edits`` and pushes them as one undoable
step. Between ``session_keeping`` and ``session_members``; views see all storeys as ``Session``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tpwng_core.datasets import is_normal_name, parse_label
from tpwng_core.errors import ConfigError
from tpwng_core.labels import State, VideoLabels
from tpwng_core.review import ReviewItem
from tpwng_studio.state import edits
from tpwng_studio.state.edits import fitted
from tpwng_studio.state.segments import Segment
from tpwng_studio.state.session_keeping import KeepingSession


class LabelSession(KeepingSession):
    """What a person can do to labels."""

    def create_segment(self, state: State = "abnormal") -> None:
        """The marked frames are ``state``."""
        start, end = self.mark
        if start is None or end is None:
            self.message.emit("info", "Mark the segment first: I at its first frame, O at its last")
            return
        self.set_mark(None, None)
        self.paint(start, end, state, self._only_category() if state == "abnormal" else None)

    def paint(self, start: int, end: int, state: State, category: str | None = None) -> None:
        """A person says what the frames [start, end) are; those are selected afterwards."""
        start, end = max(start, 0), min(end, self.num_frames)
        if start < end:
            new = self._pen.segment(start, end, state, category)
            if self._push(self._labels.paint(new), f"Mark {state}", start):
                self._select_within(start, end)

    def erase(self, start: int, end: int) -> None:
        """Forget what people said of the frames [start, end): the pseudo-label holds again."""
        self._push(self._labels.erase(start, end), "Erase")

    def set_selected_state(self, state: State) -> None:
        """The selected segment, or without one the frame at the playhead, is ``state``."""
        if (segment := self.selected) is not None:
            labels = edits.set_state(self._labels, segment, state, self._pen)
            self._push(labels, f"Mark {state}", segment.start)
        else:
            self.paint(self.playhead, self.playhead + 1, state)

    def set_selected_category(self, category: str | None) -> None:
        """Name what happens in the selected segment."""
        if (segment := self._chosen()) is not None:
            labels = edits.set_category(self._labels, segment, category, self._pen)
            self._push(labels, f"Category {category or 'none'}", segment.start)

    def label_segments(
        self, segments: Sequence[Segment], state: State | None = None, category: str | None = None
    ) -> None:
        """A person says what several segments are, in one undoable step.

        Args:
            segments: rows of the table.
            state: of all of them; None accepts each as it is.
            category: of all abnormal ones; None leaves each its own.
        """
        new = [
            self._pen.segment(item.start, item.end, state or item.state, category or item.category)
            for item in segments
        ]
        self._push(edits.lay(self.labels, new), f"Mark {state}" if state else "Accept segments")

    def split_selected(self) -> None:
        """Split the selected segment, or the one at the playhead, before the playhead."""
        if (segment := self._chosen()) is not None:
            labels = edits.split(self._labels, segment, self.playhead, self._pen)
            self._push(labels, "Split", self.playhead)

    def merge_selected(self) -> None:
        """The selected segment and the next one of its state become one."""
        segment = self._chosen()
        if segment is None:
            return
        table = self._segment_table()
        place = table.find(segment)
        after = table[place + 1 :] if place is not None else []
        other = next((item for item in after if item.state == segment.state), None)
        if place is None or other is None:
            self.message.emit("info", f"No {segment.state} segment follows to merge with")
            return
        labels = edits.merge(self._labels, table[place], other, self._pen)
        self._push(labels, "Merge", segment.start)

    def delete_selected(self) -> None:
        """Take the selected segment away; its frames are no longer what it said."""
        if (segment := self._chosen()) is not None:
            labels = edits.delete(self._labels, self.pseudo_runs, segment, self._pen)
            self.select(None)
            self._push(labels, "Delete")

    def move_edge(self, edge: edits.Edge, frame: int) -> None:
        """Move an edge of the selected segment; call it when a drag ends.

        Args:
            edge: "start" or "end".
            frame: its new first frame, or the frame behind its new last one.
        """
        if (segment := self._chosen()) is None:
            return
        place = edits.moved(segment, edge, frame, self.num_frames)
        if place != (segment.start, segment.end):
            runs = self.pseudo_runs
            labels = edits.move_edge(self._labels, runs, segment, place, self._pen)
            self._push(labels, f"Move {edge}", place[0])

    def edge_to_playhead(self, edge: edits.Edge) -> None:
        """The selected segment begins, or ends, with the frame at the playhead."""
        self.move_edge(edge, self.playhead + (edge == "end"))

    def nudge_selected(self, frames: int) -> None:
        """Move the edge that is nearest to the playhead; the playhead stays with it."""
        if (segment := self._chosen()) is None:
            return
        to_start = abs(self.playhead - segment.start)
        edge: edits.Edge = "start" if to_start <= abs(self.playhead + 1 - segment.end) else "end"
        place = edits.moved(
            segment,
            edge,
            (segment.start if edge == "start" else segment.end) + frames,
            self.num_frames,
        )
        self.move_edge(edge, place[0] if edge == "start" else place[1])
        self.seek(place[0] if edge == "start" else place[1] - 1)

    def accept_range(self, start: int, end: int, judged: ReviewItem | None = None) -> None:
        """A person agrees with what holds for the frames [start, end).

        Args:
            start: first frame.
            end: the frame behind the last one.
            judged: the item of the review queue that these frames are.
        """
        self.settle()
        within = (max(start, 0), min(end, self.num_frames))
        labels = edits.accept(
            self._labels, self.pseudo_runs, within, self._only_category(), self._pen
        )
        self._push(labels, "Accept", judged=judged)

    def accept_pseudo_labels(self) -> None:
        """A person agrees with all pseudo-labels of the video, which is reviewed then."""
        self.settle()
        within = (0, self.num_frames)
        labels = edits.accept(
            self._labels, self.pseudo_runs, within, self._only_category(), self._pen
        )
        self._push(replace(labels, reviewed=True), "Accept pseudo-labels")

    def toggle_reviewed(self) -> None:
        """A person looked through all of the video, or did not; again after parameters changed."""
        self.settle()
        item = self.video
        if item is not None and item.is_changed:
            self._look_again()
            return
        reviewed = not self._labels.reviewed
        what = "Reviewed" if reviewed else "Not reviewed"
        self._push(replace(self._labels, reviewed=reviewed), what)

    def set_video_category(self, text: str | None) -> None:
        """A person says what the video is: ``normal``, ids joined by ``|``; None takes it back.

        Raises:
            ConfigError: it has an empty part, or joins normal with a category.
        """
        category = checked_category(text)
        self._push(replace(self._labels, category=category), f"Category {category or 'none'}")

    def import_labels(self, imported: Sequence[VideoLabels]) -> None:
        """Lay imported labels over those of their videos; one undoable step per video.

        A single video is opened, so that what came is seen and undo is at hand.
        """
        if reason := self._why_not():
            self.message.emit("warning", reason)
            return
        for labels in imported:
            if labels.video in self._catalogue.items:
                self._import(labels)
            else:
                self.message.emit("warning", f"The project has no video {labels.video}")
        if len({labels.video for labels in imported}) == 1:
            self.open_video(imported[0].video)

    def _import(self, imported: VideoLabels) -> None:
        if imported.video == self._video and self._misfit:
            self.message.emit("warning", self._misfit)
            return
        before = self._labels_of(imported.video)
        if not before.num_frames:
            text = f"The length of {before.video} is not known yet: import its labels again later"
            self.message.emit("warning", text)
            return
        labels = edits.lay(before, fitted(imported, before.num_frames).segments)
        if imported.category is not None:
            labels = replace(labels, category=imported.category)
        self._push_to(imported.video, labels, "Import")

    def _select_within(self, start: int, end: int) -> None:
        """Select frames of a segment: painted beside others of their state, they became one row."""
        row = self.selected
        if row is not None and row.start <= start and end <= row.end:
            self.select_part(row, start, end)

    def _chosen(self) -> Segment | None:
        """The selected segment, else the one at the playhead, else a message."""
        if self.selected is not None:
            return self.selected
        table = self._segment_table()
        place = table.at(self.playhead)
        if place is None:
            self.message.emit("info", "Select a segment first")
            return None
        return table[place]

    def _only_category(self) -> str | None:
        """The video's category, where it has exactly one."""
        names = self.used_categories
        return names[0] if len(names) == 1 else None


def checked_category(text: str | None) -> str | None:
    """A category as labels keep it: ``normal``, ids joined by ``|``, or None.

    Raises:
        ConfigError: it has an empty part, or joins normal with a category.
    """
    if text is None or not text.strip():
        return None
    if is_normal_name(text):
        return "normal"
    try:
        return "|".join(parse_label(text))
    except ValueError as error:
        raise ConfigError(str(error), "write normal, or category ids joined by |") from error
