"""A video taken out of the project as one step that can be taken back, and what it is called.

An id and what takes it out and brings it back in; words out. Made by ``session_members``. No Qt.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tpwng_studio.state.history import Place


@dataclass(frozen=True, kw_only=True)
class TakingOut:
    """A video that goes from the list.

    Attributes:
        video: id.
        take: takes it out; False where its edits could not be saved before.
        bring: brings it back to where it was.
    """

    video: str
    take: Callable[[], bool]
    bring: Callable[[], None]

    @property
    def text(self) -> str:
        """What it is called in the menu."""
        return f"Take {self.video} out"

    @property
    def undone_text(self) -> str:
        """What taking it back did."""
        return f"{self.video} is in the project again"

    @property
    def redone_text(self) -> str:
        """What doing it again did."""
        return f"{self.video} is out of the project"

    @property
    def place(self) -> Place | None:
        """None: before it is taken back there is no video to see it in."""
        return None

    def do(self) -> bool:
        """Take it out; False where its edits could not be saved before.

        Raises:
            OutputError: the project's file cannot be written; nothing has changed.
        """
        return self.take()

    def undo(self) -> bool:
        """Bring it back; raises as :meth:`do` does."""
        self.bring()
        return True
