"""A question before something would be lost: a text, and a button an answer.

A text in; a signal of whoever derives from it out, or none where nothing shall happen. Never
blocks; deletes itself when it closes.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, SignalInstance
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QPushButton, QVBoxLayout, QWidget

Role = QDialogButtonBox.ButtonRole


class Question(QDialog):
    """Answers are offered by who derives from it.

    Args:
        name: of the object, for tests and style sheets.
        title: of the window.
        text: what is at stake.
    """

    def __init__(self, name: str, title: str, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.text = QLabel(text)
        self.text.setWordWrap(True)
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setMinimumWidth(420)
        self._buttons = QDialogButtonBox()
        layout = QVBoxLayout(self)
        layout.addWidget(self.text)
        layout.addWidget(self._buttons)

    def offer(self, words: str, role: Role, asked: SignalInstance) -> QPushButton:
        """A button that closes the question and then sends ``asked``."""
        button = self._buttons.addButton(words, role)
        button.clicked.connect(self.accept)
        button.clicked.connect(asked)
        return button

    def offer_nothing(self, words: str) -> QPushButton:
        """A button that leaves all as it is, as Escape does."""
        button = self._buttons.addButton(words, Role.RejectRole)
        button.clicked.connect(self.reject)
        return button
