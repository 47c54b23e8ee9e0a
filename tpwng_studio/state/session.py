"""The state on screen, and the one door to it: views read it, hear its signals, send intents.

One object per window, passed to constructors. It is built in storeys, each of which knows only
those below: the clock (``session_time``), what is open (``session_video``), the sliders
(``session_tuning``), words they look for (``session_query``), what people said
(``session_overlay``), what can be taken back (``session_undo``), how all that is kept
(``session_keeping``), people's edits (``session_labels``), which videos there are
(``session_members``), and here what is left to review.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject

from tpwng_core.labels import State
from tpwng_core.review import Reason, ReviewItem, review_items
from tpwng_core.tuning import Derived, Tuning
from tpwng_studio.project.project import Project
from tpwng_studio.state.catalogue import VideoItem, given_categories
from tpwng_studio.state.edits import Edge
from tpwng_studio.state.history import Step
from tpwng_studio.state.labelbook import LostVideo, Recovery
from tpwng_studio.state.review_order import ReviewOrder
from tpwng_studio.state.reviewed import digest_of
from tpwng_studio.state.segments import Segment, Source
from tpwng_studio.state.session_members import MemberSession
from tpwng_studio.state.survey import Errand, Survey
from tpwng_studio.state.surveyor import Surveyor

__all__ = [
    "Derived",
    "Edge",
    "LostVideo",
    "Reason",
    "Recovery",
    "ReviewItem",
    "Segment",
    "Session",
    "Source",
    "Tuning",
    "VideoItem",
]

_SURVEY_MS = 1000
_TELL_MS = 150
_TELL_IN_ROUND_MS = 1000
_MAX_OF_OTHERS = 20  # of each closed video; its others come up when it is opened


class Session(MemberSession):
    """Everything a window shows.

    Args:
        parent: the owner.
        author: who edits.
    """

    def __init__(self, parent: QObject | None = None, author: str = "") -> None:
        super().__init__(parent, author)
        self._surveys: dict[str, Survey] = {}
        self._own: list[ReviewItem] | None = None
        self._others: list[ReviewItem] | None = None
        self._review_item: ReviewItem | None = None
        self._under_review: ReviewItem | None = None
        self._order = ReviewOrder()
        self._surveyor = Surveyor(self)
        self._surveyor.surveyed.connect(self._on_surveyed)
        self._survey_timer = self._single_shot(_SURVEY_MS, self._survey)
        self._surveyor.finished.connect(self.review_changed)
        self._tell_timer = self._single_shot(_TELL_MS, self.review_changed.emit)
        self.tuning_changed.connect(self._survey_timer.start)
        self.derived_changed.connect(self._forget_queue)
        self.labels_changed.connect(self._forget_queue)
        # Connected before any view, so that views read what is under review now.
        for signal in (
            self.video_changed,
            self.playhead_changed,
            self.selection_changed,
            self.mark_changed,
        ):
            signal.connect(self._follow_review)

    @property
    def review_queue(self) -> Sequence[ReviewItem]:
        """What is worth a look: of the open video first, then video by video, each best first.

        Of a closed video only the best are listed, and those that were left come last.
        ``review_changed`` tells when it is worth reading again; it is worked out when it is read.
        """
        if self._own is None:
            self._own = self._own_items()
            self._turn_to(self._as_listed(self._review_item))
        if self._others is None:
            self._others = self._other_items()
        return [*self._own, *self._others]

    @property
    def review_item(self) -> ReviewItem | None:
        """The item that was gone to, until it is judged or another video is opened."""
        return self._review_item

    @property
    def under_review(self) -> ReviewItem | None:
        """The item that A, N, U and Enter judge: gone to, listed, and nothing else meant since.

        Something else is meant by a mark, by a segment elsewhere that was selected, and by a
        playhead that left the item.
        """
        return self._under_review

    def next_review(self, step: int) -> None:
        """Go to the next (1) or previous (-1) item of the queue, which is a round."""
        queue = self.review_queue
        if not queue:
            self.message.emit("info", "Nothing is left to review")
            return
        place = self._review_place()
        if place is None:
            place = 0 if step > 0 else len(queue) - 1
        elif step < 0 and place == 0 and not self._order.can_go_back:
            self.message.emit("info", "This is the first place")
            return
        elif step < 0 or self._review_item in queue:
            place += step
        self.go_to_review(queue[place % len(queue)])

    def go_to_review(self, item: ReviewItem) -> None:
        """Open an item's video, go to its first frame and select the segment there.

        Marked frames are marked no longer: A, N and U mean the item now.
        """
        self._order.go_to(item.video)
        self.open_video(item.video)
        self.settle()
        if None not in self._mark:
            self.set_mark(None, None)
        self.seek(item.start)
        place = self._segment_table().at(item.start)
        self.select(None if place is None else self._segment_table()[place])
        self._turn_to(item)
        self.review_changed.emit()

    def judge_review(self, item: ReviewItem, state: State | None = None) -> None:
        """Say what an item's frames are, in one undoable step, and go on to the next.

        Args:
            item: of the queue.
            state: what they are; None agrees with what holds.
        """
        self.go_to_review(item)
        place = self._review_place()
        if state is None:
            self.accept_range(item.start, item.end, judged=item)
        else:
            new = self._pen.segment(item.start, item.end, state, self._only_category())
            self._push(self.labels.paint(new), f"Review: {state}", item.start, judged=item)
        self._turn_to(None)
        queue = self.review_queue
        if queue and place is not None:
            self.go_to_review(queue[min(place, len(queue) - 1)])

    def say(self, state: State) -> None:
        """What is marked is ``state``, else the item under review, else the selected segment.

        The mark goes first: it is newer than the selection, which the segment made before may be.
        """
        item = self.under_review
        if None not in self._mark:
            self.create_segment(state)
        elif item is not None:
            self.judge_review(item, state)
        else:
            self.set_selected_state(state)

    def confirm(self) -> None:
        """Make a segment of the marks; without marks agree with what is under review."""
        item = self.under_review
        if item is not None and self._mark == (None, None):
            self.judge_review(item)
        else:
            self.create_segment()

    def shutdown(self) -> None:
        """Save, close and let every thread and timer end; before the window goes."""
        self.close_project()
        self._scanner.wait()
        self._surveyor.wait()

    # Steps

    def _walk(self, step: Step, go: Callable[[], bool], done: str, words: str) -> bool:
        """What was judged is gone to: undone, it is under review again; redone, it can be seen."""
        is_done = super()._walk(step, go, done, words)
        if is_done and step.place is not None and step.place.judged is not None:
            self.go_to_review(step.place.judged)
        return is_done

    def _turn_to(self, item: ReviewItem | None) -> None:
        """``item`` is the one gone to from now on."""
        self._review_item = item
        self._follow_review()

    def _follow_review(self) -> None:
        """Find out once, for everybody, whether another place is under review since."""
        found = self._found_under_review()
        if found != self._under_review:
            self._under_review = found
            self.under_review_changed.emit()

    def _found_under_review(self) -> ReviewItem | None:
        item, segment = self._review_item, self._selected
        if item is None or not item.start <= self._playhead < item.end or None not in self._mark:
            return None
        if segment is not None and not segment.start <= item.start < segment.end:
            return None
        # While the queue is not worked out again, the one before counts: it is what is listed.
        return item if self._own is None or item in self._own else None

    def _as_listed(self, item: ReviewItem | None) -> ReviewItem | None:
        """The item of the queue of now at the place gone to; the old one where none is there."""
        own = self._own or []
        if item is None or item in own:
            return item
        return next((other for other in own if other.start <= item.start < other.end), item)

    def _own_items(self) -> list[ReviewItem]:
        if self._derived is None:
            return []
        return review_items(self._derived, self._labels, self._tuning.theta)

    def _other_items(self) -> list[ReviewItem]:
        return self._order.sorted(
            item
            for survey in self._surveys.values()
            if survey.video != self._video
            for item in survey.items[:_MAX_OF_OTHERS]
        )

    def _review_place(self) -> int | None:
        """Where the item gone to stands in the queue, or would stand."""
        item = self._review_item
        if item is None:
            return None
        queue = self.review_queue
        if item in queue:
            return queue.index(item)
        own = [place for place, other in enumerate(queue) if other.video == item.video]
        behind = [place for place in own if queue[place].priority <= item.priority]
        return behind[0] if behind else len(own)

    def _forget_queue(self) -> None:
        self._own = None
        self._follow_review()
        if self._video is not None:
            self._tell_timer.start(_TELL_MS)

    def _survey(self) -> None:
        """Look at the other videos under the sliders of now."""
        if self._project is None:
            return
        # Curves on disk say nothing of words that somebody saved: such a video waits to be opened.
        items = self._catalogue.items.values()
        known = [item for item in items if item.has_pseudo and self._query_of(item) is None]
        errands = [self._errand(item) for item in known]
        columns, scale = self._model_columns()
        self._surveyor.start(errands, columns, scale, self._tuning)

    def _errand(self, item: VideoItem) -> Errand:
        book, catalogue = self._book, self._catalogue
        assert book is not None
        return Errand(
            video=item.id,
            pseudo=catalogue.pseudo_path(item.id),
            scores=catalogue.scores_path(item.id) if item.has_scores else None,
            categories=given_categories(item),
            labels=catalogue.tried(lambda: book.get(item.id), None),
        )

    def _on_surveyed(self, survey: Survey) -> None:
        if survey.video not in self._catalogue.items or survey.video == self._video:
            return
        self._surveys[survey.video] = survey
        self._assume(survey.video, survey.categories)
        if self._catalogue.items[survey.video].reviewed:
            self._reviewed.compare(survey.video, survey.digest)
            self._show_progress(self._labels_of(survey.video))
        self._others = None
        if not self._tell_timer.isActive():
            self._tell_timer.start(_TELL_IN_ROUND_MS)

    def _leave_video(self) -> None:
        if self._video is not None and self._derived is not None:
            self._surveys[self._video] = Survey(
                video=self._video,
                items=tuple(self._own_items()),
                digest=digest_of(self.effective),
                categories=self.used_categories,
            )
        self._own = self._others = None
        self._turn_to(None)
        super()._leave_video()

    def _read_project(self, project: Project) -> None:
        super()._read_project(project)
        self._survey_timer.start()

    def _forget_video(self, video: str) -> None:
        super()._forget_video(video)
        self._surveys.pop(video, None)
        self._others = None
        self._order.forget(video)
        self._tell_timer.start(_TELL_MS)

    def _unload_project(self, project: Project) -> None:
        self._surveyor.stop()
        self._survey_timer.stop()
        super()._unload_project(project)
        self._surveys = {}
        self._own = self._others = None
        self._turn_to(None)
        self._order = ReviewOrder()
        self._tell_timer.stop()

    def reload_curves(self) -> None:
        """Read curves and scores again: a job has made new ones."""
        super().reload_curves()
        self._survey_timer.start()
