"""The window is about to close while jobs run: what shall become of them?

In: their titles. Out: one of two signals, or none. Opened by the window in place of closing.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from tpwng_studio.dialogs.question import Question, Role


class ClosingDialog(Question):
    """Stop and keep, cancel, or stay.

    Signals:
        stop_asked: let the jobs finish their step and save, then close.
        cancel_asked: end the jobs, then close.
    """

    stop_asked = Signal()
    cancel_asked = Signal()

    def __init__(self, titles: Sequence[str], parent: QWidget | None = None) -> None:
        text = (
            "Still running: " + ", ".join(titles) + ".\n\n"
            "“Stop and keep” finishes the step, saves what there is and closes then. "
            "Labels are saved in any case."
        )
        super().__init__("closing", "Jobs are running", text, parent)
        self.stop = self.offer("Stop and keep", Role.AcceptRole, self.stop_asked)
        self.cancel = self.offer("Cancel the jobs", Role.DestructiveRole, self.cancel_asked)
        self.stay = self.offer_nothing("Do not close")
        self.stay.setDefault(True)
