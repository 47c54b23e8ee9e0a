"""In which order the review queue goes through the videos of a project.

Places of the other videos in, the same in order out. Video by video, so that one is finished
before the next is opened: first those that nobody went to, the worthiest first, then those that
were left, the one left longest ago first. So Tab comes to every place, and Shift+Tab goes back.
Used by the session. No Qt.
"""

from __future__ import annotations

from collections.abc import Iterable

from tpwng_core.review import ReviewItem


class ReviewOrder:
    """Remembers through which videos a person went, by places of the queue."""

    def __init__(self) -> None:
        self._at = ""
        self._left: list[str] = []

    @property
    def can_go_back(self) -> bool:
        """Whether there is a video that was left for this one."""
        return bool(self._left)

    def go_to(self, video: str) -> None:
        """A person goes to a place of ``video``; to the one that was left last, that is back."""
        if video == self._at:
            return
        if self._left and self._left[-1] == video:
            self._left.pop()
        else:
            kept = [other for other in self._left if other not in (video, self._at)]
            self._left = [*kept, self._at] if self._at else kept
        self._at = video

    def forget(self, video: str) -> None:
        """A video is not in the project any more, so that nobody can go back to it."""
        self._left = [other for other in self._left if other != video]
        self._at = "" if self._at == video else self._at

    def sorted(self, items: Iterable[ReviewItem]) -> list[ReviewItem]:
        """Places of other videos than the open one, as the queue lists them."""
        found = list(items)
        best: dict[str, float] = {}
        for item in found:
            best[item.video] = max(item.priority, best.get(item.video, item.priority))
        turn = {video: number for number, video in enumerate(self._left)}
        return sorted(
            found,
            key=lambda item: (
                turn.get(item.video, -1),
                -best[item.video],
                item.video,
                -item.priority,
                item.start,
            ),
        )
