"""A project is about to be left whose sliders cannot be written: try again, lose them, or stay?

In: the project's folder. Out: one of two signals, or none. Opened by the window in place
of leaving.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QVBoxLayout, QWidget


class UnkeptDialog(QDialog):
    """Try again, leave without the sliders, or stay.

    Signals:
        again_asked: write the sliders once more, then leave.
        loss_asked: leave although the sliders are lost.
    """

    again_asked = Signal()
    loss_asked = Signal()

    def __init__(self, folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("unkept")
        self.setWindowTitle("Sliders are not saved")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.text = QLabel(
            f"The sliders cannot be written into {folder}: where they stand now would be lost.\n\n"
            "See to it that it can be written to, for example by making room on the disk, and try "
            "again. Labels are safe in any case."
        )
        self.text.setWordWrap(True)
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setMinimumWidth(420)
        roles = QDialogButtonBox.ButtonRole
        buttons = QDialogButtonBox()
        self.again = buttons.addButton("Try again", roles.AcceptRole)
        self.lose = buttons.addButton("Close without them", roles.DestructiveRole)
        self.stay = buttons.addButton("Do not close", roles.RejectRole)
        self.again.setDefault(True)
        self.again.clicked.connect(self._try_again)
        self.lose.clicked.connect(self._lose)
        self.stay.clicked.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(self.text)
        layout.addWidget(buttons)

    def _try_again(self) -> None:
        self.accept()
        self.again_asked.emit()

    def _lose(self) -> None:
        self.accept()
        self.loss_asked.emit()
