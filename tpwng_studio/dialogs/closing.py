"""The window is about to close while jobs run: what shall become of them?

In: their titles. Out: one of three signals. Opened by the window in place of closing.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QVBoxLayout, QWidget


class ClosingDialog(QDialog):
    """Stop and keep, cancel, or stay.

    Signals:
        stop_asked: let the jobs finish their step and save, then close.
        cancel_asked: end the jobs, then close.
    """

    stop_asked = Signal()
    cancel_asked = Signal()

    def __init__(self, titles: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("closing")
        self.setWindowTitle("Jobs are running")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.text = QLabel(
            "Still running: " + ", ".join(titles) + ".\n\n"
            "“Stop and keep” finishes the step, saves what there is and closes then. "
            "Labels are saved in any case."
        )
        self.text.setWordWrap(True)
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setMinimumWidth(420)
        roles = QDialogButtonBox.ButtonRole
        buttons = QDialogButtonBox()
        self.stop = buttons.addButton("Stop and keep", roles.AcceptRole)
        self.cancel = buttons.addButton("Cancel the jobs", roles.DestructiveRole)
        self.stay = buttons.addButton("Do not close", roles.RejectRole)
        self.stay.setDefault(True)
        self.stop.clicked.connect(self._stop)
        self.cancel.clicked.connect(self._cancel)
        self.stay.clicked.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(self.text)
        layout.addWidget(buttons)

    def _stop(self) -> None:
        self.accept()
        self.stop_asked.emit()

    def _cancel(self) -> None:
        self.accept()
        self.cancel_asked.emit()
