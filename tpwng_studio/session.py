"""The state on screen, and the one door to it: views read it, hear its signals, send intents.

One object per window, passed to constructors. It is built in storeys, each of which knows only
those below: what is open (``session_video``), the sliders (``session_tuning``), what people said
(``session_overlay``), how
that is kept (``session_keeping``), their edits (``session_labels``), and here the review queue.
"""

from __future__ import annotations

from collections.abc import Sequence

from tpwng_studio.catalogue import VideoItem
from tpwng_studio.edits import Edge
from tpwng_studio.labelbook import LostVideo, Recovery
from tpwng_studio.review import Reason, ReviewItem, review_items
from tpwng_studio.segments import Segment, Source
from tpwng_studio.session_labels import LabelSession
from tpwng_studio.tuning import Derived, Tuning

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


class Session(LabelSession):
    """Everything a window shows."""

    @property
    def review_queue(self) -> Sequence[ReviewItem]:
        """What is worth a look in the open video, best first."""
        if self.derived is None:
            return []
        return review_items(self.derived, self.labels, self.tuning.theta)

    def next_review(self, step: int) -> None:
        """Go to the next (1) or previous (-1) item of the queue."""
        queue = self.review_queue
        if not queue:
            self.message.emit("info", "Nothing is left to review")
            return
        item = queue[0]
        self.seek(item.start)

    def shutdown(self) -> None:
        """Save, close and let every thread and timer end; before the window goes."""
        self.close_project()
        self._scanner.wait()
