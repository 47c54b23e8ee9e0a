"""Go to a frame or a time: ``680``, ``22.5 s``, ``0:22.67``.

In: what is typed. Out: ``session.seek``. Opened by the window with G.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QLineEdit, QVBoxLayout, QWidget

from tpwng_studio.state.session import Session
from tpwng_studio.timecode import parse_position, time_text


class GoToDialog(QDialog):
    """A field, and beneath it the place that is meant."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("goto")
        self.setWindowTitle("Go to")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._session = session
        self._frame: int | None = None
        self.field = QLineEdit(str(session.playhead))
        self.field.setAccessibleName("Frame or time")
        self.field.selectAll()
        self.field.textChanged.connect(self._read)
        self.answer = QLabel()
        self.answer.setMinimumWidth(self.fontMetrics().horizontalAdvance("0") * 46)
        buttons = QDialogButtonBox.StandardButton
        self.buttons = QDialogButtonBox(buttons.Ok | buttons.Cancel)
        self.buttons.button(buttons.Ok).setText("Go")
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(QLabel("Frame (680) or time (22.5 s, 0:22.67)"))
        layout.addWidget(self.field)
        layout.addWidget(self.answer)
        layout.addWidget(self.buttons)
        self._read(self.field.text())

    def accept(self) -> None:
        """Go there and close."""
        if self._frame is not None:
            self._session.seek(self._frame)
            super().accept()

    def _read(self, text: str) -> None:
        last = self._session.num_frames - 1
        try:
            frame = parse_position(text, self._session.frame_at)
        except ValueError:
            self._frame = None
            self.answer.setText("a frame number or a time")
        else:
            self._frame = min(max(frame, 0), last)
            beyond = f" (the last; {frame} is beyond it)" if frame > last else ""
            at = time_text(self._session.time_of(self._frame))
            self.answer.setText(f"frame {self._frame}{beyond} of {last + 1}, {at}")
        self.answer.setTextFormat(Qt.TextFormat.PlainText)
        ok = self.buttons.button(QDialogButtonBox.StandardButton.Ok)
        ok.setEnabled(self._frame is not None)
