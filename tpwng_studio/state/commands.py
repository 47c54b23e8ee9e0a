"""Undoable changes of one video's labels: one kind of step for all of them.

A change is the slice of segments that differs, before and after, and the video's own fields.
Pushed by the session onto the history; doing, undoing and redoing all go through the label book,
so that the disk equals the screen. No Qt.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from tpwng_core.errors import ArtifactError
from tpwng_core.labels import LabelSegment, VideoLabels
from tpwng_core.review import ReviewItem
from tpwng_studio.state.history import Place

Put = Callable[[VideoLabels, str], bool]
"""Takes labels and what was done; False where they could not be kept, so that nothing changed."""


@dataclass(frozen=True, kw_only=True)
class Change:
    """What differs between two labels of one video.

    Attributes:
        video: id.
        num_frames: length of the video as it was when the change was made.
        low: number of the first segment that differs.
        old: segments from there that go.
        new: segments that come in their place.
        category: the video's, before and after.
        reviewed: whether it was looked through, before and after.
    """

    video: str
    num_frames: int
    low: int
    old: tuple[LabelSegment, ...]
    new: tuple[LabelSegment, ...]
    category: tuple[str | None, str | None]
    reviewed: tuple[bool, bool]

    @classmethod
    def between(cls, before: VideoLabels, after: VideoLabels) -> Change:
        """The smallest change from one to the other."""
        old, new = before.segments, after.segments
        shorter = min(len(old), len(new))
        low = next((i for i in range(shorter) if old[i] != new[i]), shorter)
        rest = shorter - low
        tail = next((i for i in range(rest) if old[-1 - i] != new[-1 - i]), rest)
        return cls(
            video=after.video,
            num_frames=after.num_frames,
            low=low,
            old=old[low : len(old) - tail],
            new=new[low : len(new) - tail],
            category=(before.category, after.category),
            reviewed=(before.reviewed, after.reviewed),
        )

    @property
    def frame(self) -> int | None:
        """The first frame that differs; None where only the video's own fields do."""
        starts = [piece[0].start for piece in (self.old, self.new) if piece]
        return min(starts, default=None)

    def apply(self, labels: VideoLabels) -> VideoLabels:
        """Labels after the change.

        Raises:
            ArtifactError: they are others than those it was made of.
        """
        return self._swapped(labels, self.old, self.new, side=1)

    def revert(self, labels: VideoLabels) -> VideoLabels:
        """Labels before the change; raises as :meth:`apply` does."""
        return self._swapped(labels, self.new, self.old, side=0)

    def _swapped(
        self,
        labels: VideoLabels,
        gone: tuple[LabelSegment, ...],
        come: tuple[LabelSegment, ...],
        *,
        side: int,
    ) -> VideoLabels:
        if not labels.segments:  # nothing in them depends on the length
            labels = replace(labels, num_frames=self.num_frames)
        behind = self.low + len(gone)
        if labels.num_frames != self.num_frames or labels.segments[self.low : behind] != gone:
            raise ArtifactError(
                f"the labels of {self.video} are others than those that were edited",
                "open the project again",
            )
        after = labels.segments[behind:]
        return replace(
            labels,
            segments=(*labels.segments[: self.low], *come, *after),
            category=self.category[side],
            reviewed=self.reviewed[side],
        )


@dataclass(frozen=True, kw_only=True)
class LabelStep:
    """One change in the order of edits.

    Attributes:
        text: what was done, for the menu and the journal.
        change: what differs.
        read: gives the labels of the video as they are kept, never cut to a file's length.
        put: keeps new ones.
        judged: the item of the review queue it judged.
    """

    text: str
    change: Change
    read: Callable[[], VideoLabels]
    put: Put
    judged: ReviewItem | None = None

    @property
    def undone_text(self) -> str:
        """What taking it back did: the edit is gone, so its name says it."""
        return self.text

    @property
    def redone_text(self) -> str:
        """What doing it again did."""
        return self.text

    @property
    def place(self) -> Place:
        """Where the labels differ."""
        return Place(video=self.change.video, frame=self.change.frame, judged=self.judged)

    def do(self) -> bool:
        """Do it, for the first time or again; False where it could not be kept."""
        return self.put(self.change.apply(self.read()), self.text)

    def undo(self) -> bool:
        """Take it back; False where that could not be kept."""
        return self.put(self.change.revert(self.read()), f"Undo: {self.text}")
