"""Moved sliders as one step that can be taken back, and what it is called.

Settings before and after in; words out. Made by ``session_undo``. No Qt.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields

from tpwng_core.tuning import Tuning
from tpwng_studio.state.history import Place

_NAMES = {
    "min_duration": "min duration",
    "merge_gap": "merge gap",
    "span_softness": "R",
}


@dataclass(frozen=True, kw_only=True)
class TuningStep:
    """A change of settings, however many small moves it was made of.

    Attributes:
        before: what the sliders said.
        after: what they say.
        take: sets all of them.
    """

    before: Tuning
    after: Tuning
    take: Callable[[Tuning], None]

    @property
    def text(self) -> str:
        """What it is called in the menu."""
        return f"Set {' and '.join(_NAMES.get(name, name) for name in self._changed())}"

    @property
    def undone_text(self) -> str:
        """What taking it back did, e.g. ``"theta back to 0.28"``."""
        return ", ".join(
            f"{_NAMES.get(name, name)} back to {_value(self.before, name)}"
            for name in self._changed()
        )

    @property
    def redone_text(self) -> str:
        """What doing it again did, e.g. ``"theta 0.35 again"``."""
        return ", ".join(
            f"{_NAMES.get(name, name)} {_value(self.after, name)} again" for name in self._changed()
        )

    @property
    def place(self) -> Place | None:
        """None: the sliders stand beside every video."""
        return None

    def do(self) -> bool:
        """Set the sliders as after it."""
        self.take(self.after)
        return True

    def undo(self) -> bool:
        """Set the sliders as before it."""
        self.take(self.before)
        return True

    def _changed(self) -> list[str]:
        names = (field.name for field in fields(Tuning))
        return [name for name in names if getattr(self.before, name) != getattr(self.after, name)]


def _value(tuning: Tuning, name: str) -> str:
    value = getattr(tuning, name)
    return "as trained" if value is None else f"{value:g}"
