"""A project is about to be left whose sliders cannot be written: try again, lose them, or stay?

In: the project's folder. Out: one of two signals, or none. Opened by the window in place
of leaving.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from tpwng_studio.dialogs.question import Question, Role


class UnkeptDialog(Question):
    """Try again, leave without the sliders, or stay.

    Signals:
        again_asked: write the sliders once more, then leave.
        loss_asked: leave although the sliders are lost.
    """

    again_asked = Signal()
    loss_asked = Signal()

    def __init__(self, folder: Path, parent: QWidget | None = None) -> None:
        text = (
            f"The sliders cannot be written into {folder}: where they stand now would be lost.\n\n"
            "See to it that it can be written to, for example by making room on the disk, and try "
            "again. Labels are safe in any case."
        )
        super().__init__("unkept", "Sliders are not saved", text, parent)
        self.again = self.offer("Try again", Role.AcceptRole, self.again_asked)
        self.lose = self.offer("Close without them", Role.DestructiveRole, self.loss_asked)
        self.stay = self.offer_nothing("Do not close")
        self.again.setDefault(True)
