"""Whether one's work is on disk, in words: ``Saved 12 s ago``.

In: the session. Out: a label in the window's top bar.
"""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer, QTimer
from PySide6.QtWidgets import QLabel, QWidget

from tpwng_studio.state.session import Session

_EVERY_MS = 1000


class SaveState(QLabel):
    """Says when labels were last written, or that they are in the journal, or cannot be."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("save_state")
        self.setForegroundRole(self.palette().ColorRole.PlaceholderText)
        self._session = session
        self._since = QElapsedTimer()
        self._timer = QTimer(self, interval=_EVERY_MS)
        self._timer.timeout.connect(self._say)
        session.saved.connect(self._note)
        session.labels_changed.connect(self._say)
        session.project_changed.connect(self._start_anew)
        self._start_anew()

    def _note(self) -> None:
        self._since.start()
        self._timer.start()
        self._say()

    def _start_anew(self) -> None:
        self._since.invalidate()
        self._timer.stop()
        self._say()

    def _say(self) -> None:
        text, tip = self._words()
        self.setText(text)
        self.setToolTip(tip)

    def _words(self) -> tuple[str, str]:
        project = self._session.project
        if project is None:
            return "", ""
        if self._session.is_read_only:
            return "Read only", f"Nothing can be changed: {project.why_read_only}"
        if self._session.num_unsaved:
            return "In the journal …", "Every edit is safe; the label files follow in a moment"
        if not self._since.isValid():
            return "All saved", "Nothing has been changed since the project was opened"
        return f"Saved {ago(self._since.elapsed() / 1000)}", "Labels are written by themselves"


def ago(seconds: float) -> str:
    """How long ago, for a person: ``just now``, ``12 s ago``, ``3 min ago``, ``2 h ago``."""
    if seconds < 2:
        return "just now"
    if seconds < 60:
        return f"{seconds:.0f} s ago"
    return f"{seconds // 60:.0f} min ago" if seconds < 3600 else f"{seconds // 3600:.0f} h ago"
