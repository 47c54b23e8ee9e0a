"""A storey of the session: every change of labels is undoable and never lost.

New labels in; a step in the order of edits, a line in the journal and, soon after, a file out; and
what a crash left unsaved. Sliders have no journal: they are written to the project as soon as they
rest. Between ``session_undo`` and ``session_labels``.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject

from tpwng_core.errors import ArtifactError, TpwngError
from tpwng_core.labels import VideoLabels
from tpwng_core.review import ReviewItem
from tpwng_core.tuning import Tuning
from tpwng_studio.counting import count
from tpwng_studio.project.project import Project
from tpwng_studio.state.commands import Change, LabelStep
from tpwng_studio.state.edits import Pen, share_said
from tpwng_studio.state.labelbook import Recovery
from tpwng_studio.state.reviewed import ReviewedLabels, digest_of
from tpwng_studio.state.session_undo import UndoSession

_AUTOSAVE_MS = 2000
# After the last move, not at each: the write waits for the disk, which a moving hand must not.
_SLIDERS_MS = 250


class KeepingSession(UndoSession):
    """How labels change and are kept."""

    def __init__(self, parent: QObject | None = None, author: str = "") -> None:
        super().__init__(parent)
        self._pen = Pen(author=author)
        self._recovery: Recovery | None = None
        self._reviewed = ReviewedLabels()
        self._save_timer = self._single_shot(_AUTOSAVE_MS, self._autosave)
        self._sliders_timer = self._single_shot(_SLIDERS_MS, self._keep_sliders)

    @property
    def recovery(self) -> Recovery | None:
        """Edits that a crash left unsaved; until it is answered nothing can be edited."""
        return self._recovery

    @property
    def num_unsaved(self) -> int:
        """Videos whose edits are in the journal only."""
        return self._book.num_unsaved if self._book else 0

    @property
    def all_labels(self) -> dict[str, VideoLabels]:
        """What people said, by video; without the videos of which nobody said anything."""
        found = {}
        for video in self._catalogue.items if self._book else ():
            with suppress(ArtifactError):  # was told when the project was opened
                if (labels := self._labels_of(video)).segments or labels.reviewed:
                    found[video] = labels
        return found

    def check_editable(self) -> bool:
        """Whether the open video can be edited; a message says why it cannot."""
        reason = self._why_not() or self._why_not_open()
        if reason:
            self.message.emit("warning", reason)
        return not reason

    def set_author(self, author: str) -> None:
        """Who edits from now on."""
        self._pen = Pen(author=author)

    def set_autosave(self, seconds: float) -> None:
        """How long after an edit label files are written."""
        self._save_timer.setInterval(round(seconds * 1000))

    def save(self) -> bool:
        """Write sliders and label files now; False where one failed: the journal has the labels."""
        self._save_timer.stop()
        self._sliders_timer.stop()
        if self._book is None or self.is_read_only:
            return False
        are_sliders_saved = self._write_tuning()
        try:
            self._book.save()
        except TpwngError as error:
            self.message.emit("error", f"Labels are not saved, but kept in the journal: {error}")
            return False
        if are_sliders_saved:
            self.saved.emit()
        return are_sliders_saved

    def keep_sliders(self) -> bool:
        """Write sliders that are not in the project yet, before it is left.

        Returns:
            Whether it has them now; a message says why it has not, and leaving would lose them.
        """
        self._sliders_timer.stop()
        if not self.are_sliders_kept:
            self._keep_sliders()
        return self.are_sliders_kept

    def restore_recovery(self) -> None:
        """Write the edits that a crash left unsaved into the label files."""
        if self._book is not None and self._recovery is not None:
            book, recovery = self._book, self._recovery
            self._answer(lambda: book.restore(recovery), "Restored")

    def discard_recovery(self) -> None:
        """Leave the label files as they are; the journal is put aside, not deleted."""
        if self._book is not None and self._recovery is not None:
            self._answer(self._book.discard, "Discarded")

    # Steps

    def _push(
        self,
        after: VideoLabels,
        what: str,
        frame: int | None = None,
        judged: ReviewItem | None = None,
    ) -> bool:
        """Make an edit: one step in the order of edits.

        Args:
            after: labels after it; nothing happens where they say the same.
            what: for the menu and the journal.
            frame: the segment there is selected afterwards.
            judged: the item of the review queue that it judges.

        Returns:
            False where nothing can be edited.
        """
        if not self.check_editable():
            return False
        self._push_to(after.video, after, what, judged)
        if frame is not None:
            place = self._segment_table().at(frame)
            self.select(None if place is None else self._segment_table()[place])
        return True

    def _push_to(
        self, video: str, after: VideoLabels, what: str, judged: ReviewItem | None = None
    ) -> None:
        """Make an edit of any video, which need not be open."""
        before = self._labels_of(video)
        if _timeless(after) != _timeless(before):
            step = LabelStep(
                text=what,
                change=Change.between(before, after),
                read=lambda: self._kept_labels(video),
                put=self._put,
                judged=judged,
            )
            self._do(step)

    def _why_not(self) -> str:
        """Why no video can be edited; "" where they can."""
        if self._project is None:
            return "Open a project first"
        if self.is_read_only:
            return f"Read only: {self._project.why_read_only}"
        if self._recovery is not None:
            return "Restore or discard the edits made before the crash first"
        return ""

    def _why_not_open(self) -> str:
        """Why the open video in particular cannot be edited."""
        video = self.video
        if video is None:
            return "Open a video first"
        if not self.num_frames and video.badge in ("corrupt", "missing"):
            return "The video cannot be read: there are no frames to label"
        if not self.num_frames:
            return "The length of the video is not known yet"
        return self._misfit

    def _put(self, labels: VideoLabels, what: str) -> bool:
        """Keep labels: in the journal first, then on screen."""
        assert self._book is not None
        category = self._kept_labels(labels.video).category
        try:
            self._book.put(labels, what)
        except TpwngError as error:
            self.message.emit("error", f"{what} was not done: {error}")
            return False
        if labels.video == self._video:
            self._load_labels()
        if labels.category != category:
            self._apply_category(labels)
        if labels.video == self._video:
            self._labels_replaced()
        self._reviewed.note(labels, self.effective if labels.video == self._video else None)
        self._show_progress(labels)
        self._save_timer.start()
        return True

    def _look_again(self) -> None:
        """A person looked through a reviewed video after parameters had changed it."""
        if not self.check_editable():
            return
        self._reviewed.note(self._labels, self.effective)
        self._show_progress(self._labels)

    def _labels_of(self, video: str) -> VideoLabels:
        """Labels of a video; of the open one as they are shown, cut to its length."""
        return self._labels if video == self._video else self._kept_labels(video)

    def _kept_labels(self, video: str) -> VideoLabels:
        """Labels of a video as they are kept; the file may have another length by now."""
        found = self._book.get(video) if self._book else None
        return found or self._blank(self._catalogue.items[video])

    def _apply_category(self, labels: VideoLabels) -> None:
        """What a person says a video is goes before the manifest."""
        item = self._catalogue.items[labels.video]
        listed = self._catalogue.listed_category(item.id)
        category = labels.category if labels.category is not None else listed
        self._update_item(item.id, category=category, is_assumed=False)
        if item.id == self._video:
            self._prepare()
            self.derived_changed.emit()

    def _show_progress(self, labels: VideoLabels) -> None:
        self._update_item(
            labels.video,
            reviewed=labels.reviewed,
            is_changed=labels.reviewed and self._reviewed.is_changed(labels.video),
            progress=1.0 if labels.reviewed else share_said(labels),
        )

    def _answer(self, answer: Callable[[], None], done: str) -> None:
        try:
            answer()
        except (TpwngError, OSError) as error:
            self.message.emit("error", f"The edits before the crash are still kept: {error}")
            return
        assert self._recovery is not None
        edits, self._recovery = count(self._recovery.num_edits, "edit"), None
        self.message.emit("info", f"{done} {edits} made before the crash")
        self._read_all_labels()
        self._load_labels()
        self.recovery_changed.emit()
        self._labels_replaced()
        self.videos_changed.emit()

    def _load_project(self, project: Project) -> None:
        super()._load_project(project)
        book = self._book
        assert book is not None
        self._reviewed = ReviewedLabels.read(project.folder)
        if not project.is_read_only:
            self._recovery = self._catalogue.tried(book.lost, None)

    def _read_project(self, project: Project) -> None:
        super()._read_project(project)
        self._read_all_labels()

    def _read_all_labels(self) -> None:
        assert self._book is not None
        for video in self._catalogue.items:
            labels = self._catalogue.tried(partial(self._book.get, video), None)
            if labels is not None:
                if labels.category is not None:
                    self._update_item(video, category=labels.category, is_assumed=False)
                self._show_progress(labels)

    def _unload_project(self, project: Project) -> None:
        self._save_timer.stop()
        self._sliders_timer.stop()
        if self.num_unsaved:
            self.save()
        if not project.is_read_only:
            self._catalogue.tried(lambda: self._reviewed.write(project.folder), None)
        self._recovery = None
        super()._unload_project(project)

    def _leave_video(self) -> None:
        super()._leave_video()
        if self.num_unsaved:
            self.save()

    def _on_rest(self) -> None:
        super()._on_rest()
        if self._video is not None and self._labels.reviewed:
            self._reviewed.compare(self._labels.video, digest_of(self.effective))
            self._show_progress(self._labels)

    def _take_tuning(self, tuning: Tuning) -> None:
        super()._take_tuning(tuning)
        if not self.is_read_only:
            self._sliders_timer.start()

    def _keep_sliders(self) -> None:
        """Write sliders that rest; of edits the journal has each already."""
        if self._write_tuning() and not self.num_unsaved:
            self.saved.emit()

    def _autosave(self) -> None:
        self.save()


def _timeless(labels: VideoLabels) -> VideoLabels:
    """What labels say, whenever it was said: the same said again is no edit."""
    said = tuple(replace(item, time="") for item in labels.segments)
    return replace(labels, segments=said)
