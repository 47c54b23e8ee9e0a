"""After a crash: "Restore 14 edits made after the last save", with what they were. Never silent.

In: ``session.recovery``. Out: ``restore_recovery`` or ``discard_recovery``; closing it decides
nothing, and it comes back when the project is opened again. Opened by the window.
"""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QLabel,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from tpwng_core.labels import LabelSegment, VideoLabels
from tpwng_studio.counting import count
from tpwng_studio.state.session import LostVideo, Recovery, Session

_TITLES = ("Video", "Edits", "Last one", "Saved labels", "With the edits")


class RecoveryDialog(QDialog):
    """What would be restored, a row a video."""

    def __init__(self, session: Session, recovery: Recovery, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("recovery")
        self.setWindowTitle("Edits before the crash")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(760, 320)
        self._session = session
        edits = count(recovery.num_edits, "edit")
        head = QLabel(
            f"<b>The window ended before {edits} in {count(len(recovery.videos), 'video')} "
            "reached the label files.</b><br>The journal has them all. "
            "The sliders are as they last rested: they are no part of this."
        )
        head.setWordWrap(True)
        self.table = _table(recovery.videos)
        roles = QDialogButtonBox.ButtonRole
        buttons = QDialogButtonBox()
        self.restore = buttons.addButton(
            f"Restore {edits} made after the last save", roles.AcceptRole
        )
        self.restore.setDefault(True)
        self.discard = buttons.addButton("Discard them", roles.DestructiveRole)
        self.discard.setToolTip("The journal is put aside in the project folder, not deleted")
        self.later = buttons.addButton("Decide later", roles.RejectRole)
        self.later.setToolTip("Look at the videos first; nothing can be edited until then")
        self.restore.clicked.connect(self._restore)
        self.discard.clicked.connect(self._discard)
        self.later.clicked.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(head)
        layout.addWidget(self.table, 1)
        layout.addWidget(buttons)

    def _restore(self) -> None:
        self.accept()
        self._session.restore_recovery()

    def _discard(self) -> None:
        self.accept()
        self._session.discard_recovery()


def summary(labels: VideoLabels | None) -> str:
    """Labels of a video in a few words."""
    if labels is None:
        return "none"
    parts = [count(len(labels.segments), "segment")]
    parts += [f"{segment.state} {segment.start}–{segment.end}" for segment in labels.segments[:2]]
    if len(labels.segments) > 2:
        parts.append("…")
    if labels.category:
        parts.append(f"category {labels.category}")
    if labels.reviewed:
        parts.append("reviewed")
    return ", ".join(parts)


def differences(before: VideoLabels | None, after: VideoLabels) -> str:
    """Every segment that only one of both has, a line each."""
    old = set(_spoken(before.segments)) if before else set()
    new = set(_spoken(after.segments))
    lines = [f"+ {text}" for text in sorted(new - old)] + [
        f"− {text}" for text in sorted(old - new)
    ]
    return "\n".join(lines) or "the same segments"


def _spoken(segments: Iterable[LabelSegment]) -> list[str]:
    return [f"{item.start}–{item.end} {item.state} {item.category or ''}" for item in segments]


def _table(videos: tuple[LostVideo, ...]) -> QTableWidget:
    table = QTableWidget(len(videos), len(_TITLES))
    table.setHorizontalHeaderLabels(_TITLES)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setShowGrid(False)
    table.verticalHeader().hide()
    table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
    table.setAccessibleName("Edits that can be restored")
    for row, lost in enumerate(videos):
        last = f"{lost.last}, {lost.time[11:19]}"
        texts = (lost.video, str(lost.num_edits), last, summary(lost.before), summary(lost.after))
        for column, text in enumerate(texts):
            item = QTableWidgetItem(text)
            item.setToolTip(differences(lost.before, lost.after))
            table.setItem(row, column, item)
    table.resizeColumnsToContents()
    table.horizontalHeader().setSectionResizeMode(4, QHeaderView.ResizeMode.Stretch)
    return table
