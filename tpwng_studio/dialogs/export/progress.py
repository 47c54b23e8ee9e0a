"""The line below a page's button: how far writing is, and the way to end it.

Placed by both pages of the export dialog; its room is kept while it is not shown.
"""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QWidget

from tpwng_studio.widgets.steady import keep_room


class ProgressRow(QHBoxLayout):
    """A bar and Cancel, in place of the button that began.

    What is switched off or hidden hands the focus on to any other, where the next key presses what
    nobody chose: so Cancel takes it from that button and gives it back. Call :meth:`begin` before
    the button is switched off, and :meth:`end` once it can be pressed again.

    Args:
        button: begins the writing.
        fallback: gets the focus where the button cannot be pressed afterwards.
        name: of the bar, for screen readers.
    """

    def __init__(self, button: QPushButton, fallback: QWidget, name: str) -> None:
        super().__init__()
        self._button, self._fallback = button, fallback
        self.bar = QProgressBar(minimum=0, maximum=0)  # until somebody knows how long it takes
        self.bar.setAccessibleName(name)
        self.cancel_button = QPushButton("Cancel")
        self.cancel_button.setAutoDefault(False)
        self.addWidget(self.bar, 1)
        self.addWidget(self.cancel_button)
        for widget in (self.bar, self.cancel_button):
            keep_room(widget)
            widget.hide()

    def begin(self) -> None:
        """Something is being written."""
        self.bar.show()
        self.cancel_button.show()
        if self._button.hasFocus():
            self.cancel_button.setFocus()

    def end(self) -> None:
        """Nothing is being written."""
        if self.cancel_button.hasFocus():
            (self._button if self._button.isEnabled() else self._fallback).setFocus()
        self.bar.hide()
        self.cancel_button.hide()
