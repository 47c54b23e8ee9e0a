"""The order of all edits, over all videos: what Ctrl+Z takes back next, and what it brings again.

Steps in, the newest one out. One row for the whole project and not one per video: a person wants
back what was done last, wherever that was. Called by ``session_undo``. No Qt.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from tpwng_core.review import ReviewItem


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where an edit is seen.

    Attributes:
        video: id.
        frame: the first one it touched; None where it touched the video as a whole.
        judged: the item of the review queue it judged.
    """

    video: str
    frame: int | None = None
    judged: ReviewItem | None = None


class Step(Protocol):
    """An edit that can be taken back."""

    @property
    def text(self) -> str:
        """What it is called in the menu."""

    @property
    def undone_text(self) -> str:
        """What taking it back did, in words."""

    @property
    def redone_text(self) -> str:
        """What doing it again did, in words."""

    @property
    def place(self) -> Place | None:
        """Where it is seen; None where it belongs to no video."""

    def do(self) -> bool:
        """Do it, for the first time or again; False where it could not be done."""

    def undo(self) -> bool:
        """Take it back; False where it could not be taken back."""


class History:
    """Steps in the order they were made; a step that fails stays where it is."""

    def __init__(self) -> None:
        self._steps: list[Step] = []
        self._num_done = 0

    @property
    def last(self) -> Step | None:
        """What is undone next."""
        return self._steps[self._num_done - 1] if self._num_done else None

    @property
    def next(self) -> Step | None:
        """What is redone next."""
        return self._steps[self._num_done] if self._num_done < len(self._steps) else None

    def push(self, step: Step) -> bool:
        """Do a step; what was undone before can no longer be redone."""
        if not step.do():
            return False
        self._steps[self._num_done :] = [step]
        self._num_done += 1
        return True

    def undo(self) -> bool:
        """Take the last step back; False where there is none, or it could not be."""
        step = self.last
        if step is None or not step.undo():
            return False
        self._num_done -= 1
        return True

    def redo(self) -> bool:
        """Do the next step again; False where there is none, or it could not be."""
        step = self.next
        if step is None or not step.do():
            return False
        self._num_done += 1
        return True

    def clear(self) -> None:
        """Forget everything."""
        self._steps, self._num_done = [], 0
