"""Page of the export dialog: choose, look at the first lines and the losses, write, read back.

Looking and writing happen beside the window, one after the other; the latest choice wins. What was
written is read back at once and compared, and the page says how many videos came back equal.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from tpwng_studio.background import Task
from tpwng_studio.counting import count
from tpwng_studio.dialogs.export.choices import Choices
from tpwng_studio.dialogs.export.progress import ProgressRow
from tpwng_studio.exchange.exporting import Exporter, Look, Outcome, Wish
from tpwng_studio.exchange.shelf import Shelf
from tpwng_studio.jobs.window_words import in_window_words
from tpwng_studio.state.session import Session
from tpwng_studio.widgets.steady import keep_lines

_WAIT_MS = 120
_MAX_NAMES = 5
_OUTCOME_LINES = 2
_BOXES = {
    "--unknown": "Unknown:",
    "--slots": "Segments:",
    "--source": "Source",
    "an import takes them from --videos": "an import takes them from the project",
}


class DataPage(QWidget):
    """Labels and curves in a format of the core.

    Args:
        session: what is open.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._exporter = Exporter()
        self._shelf: Shelf | None = None
        self._task: Task | None = None
        self._videos: tuple[str, ...] = ()
        self._is_due = False
        self._is_asked = False
        self._is_writing = False
        self._problem = ""
        self.choices = Choices(session)
        self.preview = QPlainTextEdit()
        self.preview.setReadOnly(True)
        self.preview.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.preview.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.preview.setAccessibleName("First lines of the file")
        self.losses = QLabel()
        self.losses.setWordWrap(True)
        self.target = QLineEdit()
        self.target.setAccessibleName("Where to")
        self.target.setPlaceholderText("file or folder")
        self.browse_button = QPushButton("Choose…")
        self.browse_button.setAutoDefault(False)
        self.export_button = QPushButton("Export")
        self.export_button.setDefault(True)
        self._progress = ProgressRow(self.export_button, self.target, "Files are being written")
        self.bar, self.cancel_button = self._progress.bar, self._progress.cancel_button
        self.outcome = QLabel()
        self.outcome.setWordWrap(True)
        keep_lines(self.outcome, _OUTCOME_LINES)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_WAIT_MS)
        self._place()
        self._connect()
        self._on_choice()

    def _place(self) -> None:
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(QLabel("First lines"))
        column.addWidget(self.preview, 1)
        column.addWidget(self.losses)
        split = QSplitter()
        split.addWidget(self.choices)
        split.addWidget(right)
        split.setStretchFactor(1, 1)
        split.setSizes([320, 560])
        split.setChildrenCollapsible(False)
        row = QHBoxLayout()
        row.addWidget(QLabel("To"))
        row.addWidget(self.target, 1)
        for button in (self.browse_button, self.export_button):
            row.addWidget(button)
        outer = QVBoxLayout(self)
        outer.addWidget(split, 1)
        outer.addLayout(row)
        outer.addLayout(self._progress)
        outer.addWidget(self.outcome)

    def _connect(self) -> None:
        self.choices.changed.connect(self._on_choice)
        self._timer.timeout.connect(self._look)
        self.browse_button.clicked.connect(self._browse)
        self.export_button.clicked.connect(self.export)
        self.cancel_button.clicked.connect(self.stop)
        self.target.textChanged.connect(self._on_target)
        self.target.returnPressed.connect(self.export_button.click)
        session = self._session
        for signal in (session.labels_changed, session.tuning_changed, session.curves_changed):
            signal.connect(self._on_change)
        session.videos_changed.connect(self._on_videos)

    @property
    def is_idle(self) -> bool:
        """Whether nothing is being looked at or written, nor about to be."""
        return self._task is None and not self._timer.isActive()

    def stop(self) -> None:
        """Stop looking or writing at its next step."""
        self._timer.stop()
        self._is_due = self._is_asked = False
        if self._task is not None:
            self._task.cancel()

    def export(self) -> None:
        """Write to the chosen place, then read back; what is being looked at comes first."""
        wish, out = self._wish(), Path(self.target.text().strip()).expanduser()
        if self._task is not None:
            self._is_asked = not self._is_writing
            return
        if wish is None:
            return
        self._session.save()
        self._shelf = None  # what was saved just now is read
        wish = self._wish()
        assert wish is not None
        exporter = self._exporter
        self.outcome.setText("")
        self.bar.setRange(0, 0)
        self._progress.begin()
        self._is_writing = True
        task = Task(lambda tell: exporter.write(wish, out, tell), self)
        task.progressed.connect(self._on_progress)
        task.done.connect(self._on_written)
        task.cancelled.connect(self._on_cancelled)
        self._start(task)

    def _on_choice(self) -> None:
        self.outcome.setText("")  # it told of another choice
        chosen, project = self.choices.format, self._session.project
        if project is not None:
            name = chosen.file_name or f"labels{chosen.extension}"
            folder = project.folder / "exports"
            place = folder / chosen.name if chosen.per_video else folder / name
            self.target.setText(str(place))
        self._timer.start()

    def _on_target(self) -> None:
        self.outcome.setText("")  # it told of another place
        self._enable()

    def _on_change(self) -> None:
        self._shelf = None
        self._timer.start()

    def _on_videos(self) -> None:
        self.choices.refresh()
        if self.choices.videos != self._videos:
            self._on_change()

    def _look(self) -> None:
        if self._task is not None:
            self._is_due = True
            return
        wish = self._wish()
        if wish is None:
            self._on_looked(Look(problem="There is no video to export: open a project."))
            return
        exporter = self._exporter
        task = Task(lambda tell: exporter.look(wish, tell), self)
        task.done.connect(self._on_looked)
        self._start(task)

    def _start(self, task: Task) -> None:
        self._task = task
        task.failed.connect(self._on_failed)
        for signal in (task.done, task.failed, task.cancelled):
            signal.connect(self._on_ended)
        task.start()
        self._enable()

    def _wish(self) -> Wish | None:
        self._videos = videos = self.choices.videos
        if self._session.project is None or not videos:
            return None
        if self._shelf is None:
            self._session.save()
            self._shelf = Shelf.of(self._session)
        return Wish(
            shelf=self._shelf,
            videos=videos,
            format=self.choices.format.name,
            options=self.choices.options,
        )

    def _on_looked(self, look: Look) -> None:
        self.preview.setPlainText(look.text)
        if look.problem:
            self.losses.setText(f"Cannot be exported so: {_in_our_words(look.problem)}")
        elif look.losses:
            words = _in_our_words("; ".join(look.losses))
            self.losses.setText(f"The file will not hold: {words}.")
        elif look.is_readable:
            self.losses.setText("Nothing is lost: the file reads back as it is.")
        else:
            self.losses.setText("For people to look at: it cannot be imported again.")
        self._problem = look.problem
        text = f"Export {count(look.num_videos, 'video')}" if look.num_videos else "Export"
        self.export_button.setText(text)
        self._enable()

    def _on_written(self, outcome: Outcome) -> None:
        first, num_files = outcome.files[0], len(outcome.files)
        where = first if num_files == 1 else f"{num_files} files in {first.parent}"
        self.outcome.setText(f"Written: {where}\n{_read_back_words(outcome)}")
        videos = count(outcome.num_videos, "video")
        self._session.message.emit("info", f"Exported {videos} to {where}")

    def _on_failed(self, why: str) -> None:
        self.outcome.setText(f"Not exported: {_in_our_words(why)}")

    def _on_cancelled(self) -> None:
        self.outcome.setText("Cancelled: files that were finished stay, nothing half-written does.")

    def _on_progress(self, done: int, total: int) -> None:
        self.bar.setRange(0, total)
        self.bar.setValue(done)

    def _on_ended(self) -> None:
        if self._task is not None:
            self._task.deleteLater()
            self._task = None
        self._is_writing = False
        self._enable()
        self._progress.end()
        if self._is_due:
            self._is_due = False
            self._look()
        elif self._is_asked:
            self._is_asked = False
            if self.export_button.isEnabled():
                self.export()

    def _enable(self) -> None:
        ready = bool(self.target.text().strip()) and not self._problem
        self.export_button.setEnabled(ready and not self._is_writing)

    def _browse(self) -> None:
        chosen = self.choices.format
        dialog = QFileDialog(self, "Export to", self.target.text())
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        if chosen.per_video:
            dialog.setFileMode(QFileDialog.FileMode.Directory)
        else:
            dialog.setNameFilter(f"{chosen.title} (*{chosen.extension})")
        dialog.fileSelected.connect(self.target.setText)
        dialog.open()


def _in_our_words(problem: str) -> str:
    """The core's advice names options of the command line; here they are boxes."""
    for option, box in _BOXES.items():
        problem = problem.replace(option, box)
    return in_window_words(problem)


def _read_back_words(outcome: Outcome) -> str:
    """How the re-import check went."""
    if outcome.num_equal is None:
        return "This format is written only; nothing reads it back."
    words = f"Read back: {outcome.num_equal} of {count(outcome.num_videos, 'video')} equal."
    if not outcome.differing:
        return words
    names = ", ".join(outcome.differing[:_MAX_NAMES])
    more = len(outcome.differing) - _MAX_NAMES
    return f"{words} These differ: {names}{f' and {more} more' if more > 0 else ''}."
