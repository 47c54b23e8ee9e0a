"""Import labels: which format the files are in, what they say, and who wins where people differ.

In: files somebody chose. Out: ``session.import_labels``, one undoable step a video. The files are
read beside the window; nothing is changed before Import is pressed. Opened by the window.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHeaderView,
    QLabel,
    QRadioButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from tpwng_core.formats import FORMATS
from tpwng_studio.background import Task
from tpwng_studio.counting import count
from tpwng_studio.exchange.importing import Found, ImportWish, read_import, sniffed
from tpwng_studio.exchange.shelf import Shelf
from tpwng_studio.jobs.window_words import in_window_words
from tpwng_studio.state.session import Session

_HEADS = ("video", "segments in the file", "said before", "frames in conflict")
_MAX_NAMES = 4
_UNRECOGNISED = "The files look like no known format: check the one chosen above."
_BUTTONS = QDialogButtonBox.StandardButton


class ImportDialog(QDialog):
    """A format, two choices, a table of what would be imported, and who wins.

    Args:
        session: whose videos the labels belong to.
        paths: files of one format.
    """

    def __init__(
        self, session: Session, paths: Sequence[Path], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("import_labels")
        self.setWindowTitle("Import labels")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._session = session
        self._paths = tuple(paths)
        self._task: Task | None = None
        self._found = Found(videos=())
        self.format = QComboBox()
        self.format.setAccessibleName("Format of the files")
        for name, item in FORMATS.items():
            if item.can_read:
                self.format.addItem(item.title, name)
        self.with_pseudo = QCheckBox("take pseudo-labels in the file as labels too")
        self.inclusive_end = QCheckBox("the last frame belongs to a segment")
        self.table = _table()
        self.answer = QLabel()
        self.answer.setWordWrap(True)
        self.answer.setTextFormat(Qt.TextFormat.PlainText)
        self.mine = QRadioButton("keep what was said before")
        self.theirs = QRadioButton("take the file's word")
        self.buttons = QDialogButtonBox(_BUTTONS.Ok | _BUTTONS.Cancel)
        self._place()
        self._connect()
        self._read()

    def _place(self) -> None:
        names = ", ".join(path.name for path in self._paths[:3])
        more = f" and {len(self._paths) - 3} more" if len(self._paths) > 3 else ""
        files = QLabel(names + more)
        files.setWordWrap(True)
        form = QFormLayout()
        form.addRow("Files", files)
        form.addRow("Format", self.format)
        form.addRow("", self.with_pseudo)
        form.addRow("", self.inclusive_end)
        self.winner = QButtonGroup(self)
        self.conflict = QLabel("Where both say something:")
        column = QVBoxLayout(self)
        column.addLayout(form)
        column.addWidget(self.table, 1)
        column.addWidget(self.answer)
        column.addWidget(self.conflict)
        for button in (self.mine, self.theirs):
            self.winner.addButton(button)
            column.addWidget(button)
        self.mine.setChecked(True)
        self.buttons.button(_BUTTONS.Ok).setText("Import")
        column.addWidget(self.buttons)
        self.resize(640, 480)

    def _connect(self) -> None:
        known = self.format.findData(sniffed(self._paths))
        self.is_recognised = known >= 0
        self.format.setCurrentIndex(max(known, 0))
        self.format.currentIndexChanged.connect(self._read)
        self.with_pseudo.toggled.connect(self._read)
        self.inclusive_end.toggled.connect(self._read)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.close)

    def accept(self) -> None:
        """Lay what was found over the labels, and close."""
        keep_mine = self.mine.isChecked()
        labels = [video.chosen(keep_mine=keep_mine) for video in self._found.videos]
        self._session.import_labels(labels)
        num = count(len(labels), "video")
        self._session.message.emit("info", f"Imported labels of {num}; undo takes them back")
        super().accept()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Stop reading."""
        if self._task is not None:
            self._task.cancel()
        super().closeEvent(event)

    def _read(self) -> None:
        """Read the files again; the answer of an older question is not heard."""
        self._show_found(Found(videos=()))
        self.answer.setText("Reading…")
        if self._task is not None:
            self._task.cancel()
            self._task.deleteLater()
        self._session.save()
        wish = ImportWish(
            shelf=Shelf.of(self._session),
            paths=self._paths,
            format=str(self.format.currentData()),
            with_pseudo=self.with_pseudo.isChecked(),
            inclusive_end=self.inclusive_end.isChecked(),
        )
        task = Task(lambda progress: read_import(wish, progress), self)
        task.done.connect(lambda found: self._on_read(task, found))
        task.failed.connect(lambda why: self._on_failed(task, why))
        self._task = task
        task.start()

    def _on_read(self, task: Task, found: Found) -> None:
        if task is self._task:
            self._show_found(found)
            self.answer.setText(_in_words(found, self.is_recognised))

    def _on_failed(self, task: Task, why: str) -> None:
        if task is self._task:
            lines = [in_window_words(why), *([] if self.is_recognised else [_UNRECOGNISED])]
            self.answer.setText("\n".join(lines))

    def _show_found(self, found: Found) -> None:
        self._found = found
        self.table.clear()
        for video in found.videos:
            mine = len(video.mine.segments) if video.mine else 0
            clash = str(video.num_conflicts) if video.num_conflicts else "–"
            texts = (video.theirs.video, str(len(video.theirs.segments)), str(mine), clash)
            item = QTreeWidgetItem(list(texts))
            for column in range(1, len(texts)):
                item.setTextAlignment(column, Qt.AlignmentFlag.AlignRight)
            self.table.addTopLevelItem(item)
        both = any(video.mine and video.mine.segments for video in found.videos)
        for widget in (self.conflict, self.mine, self.theirs):
            widget.setEnabled(both)
        self.buttons.button(_BUTTONS.Ok).setEnabled(bool(found.videos))


def _table() -> QTreeWidget:
    table = QTreeWidget()
    table.setRootIsDecorated(False)
    table.setAlternatingRowColors(True)
    table.setUniformRowHeights(True)
    table.setHeaderLabels(list(_HEADS))
    table.setAccessibleName("What would be imported")
    header = table.header()
    header.setStretchLastSection(False)
    header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
    return table


def _in_words(found: Found, is_recognised: bool) -> str:
    num = sum(len(video.theirs.segments) for video in found.videos)
    lines = [f"{count(num, 'segment')} of {count(len(found.videos), 'video')} of the project."]
    if found.strangers:
        names = ", ".join(found.strangers[:_MAX_NAMES])
        more = " …" if len(found.strangers) > _MAX_NAMES else ""
        lines.append(f"Not in the project: {count(len(found.strangers), 'video')}: {names}{more}")
    if not is_recognised:
        lines.append(_UNRECOGNISED)
    return "\n".join([*lines, *found.notes[:_MAX_NAMES]])
