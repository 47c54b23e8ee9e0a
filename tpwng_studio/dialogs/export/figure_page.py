"""Page of the export dialog: the figure of the open video, seen before it is saved.

Drawn and written beside the window; matplotlib is loaded there, the first time somebody looks.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtGui import QPixmap, QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from tpwng_studio.background import Task
from tpwng_studio.dialogs.export.progress import ProgressRow
from tpwng_studio.exchange.figure import FigureWish, Shown, draw_png, figure_wish, save_figure
from tpwng_studio.jobs.window_words import in_window_words
from tpwng_studio.state.session import Session
from tpwng_studio.widgets.picture_label import PictureLabel
from tpwng_studio.widgets.steady import keep_lines

_LOOK_DPI = 110
_VISIBLE, _WHOLE = "visible", "whole"
_DRAWING, _NOT_DRAWN = "Drawing…", "The figure could not be drawn."
_NO_VIDEO = "There is no video to draw: open one whose length is known."


class FigurePage(QWidget):
    """Figure of the open video.

    Args:
        session: what is open.
        shown: tells what of it is on screen; None where nothing tells.
    """

    def __init__(
        self,
        session: Session,
        shown: Callable[[], Shown] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._shown = shown
        self._task: Task | None = None
        self._is_due = False
        self._is_saving = False
        self.picture = PictureLabel()
        self.picture.setAccessibleName("Figure of the open video")
        self.pictures = QCheckBox("with pictures")
        self.pictures.setChecked(True)
        self.pictures.setToolTip("Eight frames above the curves")
        self.part = QComboBox()
        self.part.setAccessibleName("What is drawn")
        self.part.setToolTip("The rows are those that the timeline shows")
        self.kind = QComboBox()
        self.kind.setAccessibleName("File format of the figure")
        self.kind.addItem("SVG (for papers, scales)", ".svg")
        self.kind.addItem("PNG (1500 pixels wide)", ".png")
        self.target = QLineEdit()
        self.target.setAccessibleName("Where to")
        self.browse_button = QPushButton("Choose…")
        self.browse_button.setAutoDefault(False)
        self.save_button = QPushButton("Save figure")
        self._progress = ProgressRow(self.save_button, self.target, "The figure is being drawn")
        self.bar, self.cancel_button = self._progress.bar, self._progress.cancel_button
        self.outcome = QLabel()
        self.outcome.setWordWrap(True)
        keep_lines(self.outcome, 1)
        self._place()
        self._connect()

    def _place(self) -> None:
        row = QHBoxLayout()
        row.addWidget(self.part)
        row.addWidget(self.kind)
        row.addWidget(self.pictures)
        row.addStretch()
        to = QHBoxLayout()
        to.addWidget(QLabel("To"))
        to.addWidget(self.target, 1)
        to.addWidget(self.browse_button)
        to.addWidget(self.save_button)
        column = QVBoxLayout(self)
        column.addWidget(self.picture, 1)
        column.addLayout(row)
        column.addLayout(to)
        column.addLayout(self._progress)
        column.addWidget(self.outcome)

    def _connect(self) -> None:
        self.pictures.toggled.connect(self.look)
        self.part.activated.connect(self.look)
        self.kind.currentIndexChanged.connect(self._name_target)
        self.target.textChanged.connect(lambda _: self.outcome.setText(""))
        self.browse_button.clicked.connect(self._browse)
        self.save_button.clicked.connect(self.save)
        self.cancel_button.clicked.connect(self.stop)
        self._session.video_changed.connect(self._on_video)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Draw when somebody looks, not before."""
        super().showEvent(event)
        self._on_video()

    def stop(self) -> None:
        """Draw no more."""
        self._is_due = False
        if self._task is not None:
            self._task.cancel()

    def look(self) -> None:
        """Draw the figure small, when somebody looks; once more where something changed since."""
        if self._task is not None:
            self._is_due = True
        elif self.isVisible() and (wish := self._wish()) is not None:
            dpi = round(_LOOK_DPI * self.devicePixelRatioF())
            task = Task(lambda tell: draw_png(wish, dpi, tell), self)
            task.failed.connect(lambda why: self.picture.say(_NOT_DRAWN))
            if not self.picture.has_picture:
                self.picture.say(_DRAWING)
            self._start(task, self._on_drawn)

    def save(self) -> None:
        """Write the figure."""
        wish, target = self._wish(), Path(self.target.text().strip()).expanduser()
        if wish is not None and self._task is None:
            self._is_saving = True
            self.outcome.setText(_DRAWING)
            task = Task(lambda tell: save_figure(wish, target, tell), self)
            task.cancelled.connect(self._on_cancelled)
            self._start(task, self._on_saved)

    def _wish(self) -> FigureWish | None:
        self.outcome.setText("")
        wish = figure_wish(
            self._session, with_pictures=self.pictures.isChecked(), shown=self._chosen_part()
        )
        if wish is None:
            self.outcome.setText(_NO_VIDEO)
        return wish

    def _start(self, task: Task, slot: object) -> None:
        self._task = task
        task.done.connect(slot)
        task.failed.connect(lambda why: self.outcome.setText(in_window_words(why)))
        for signal in (task.done, task.failed, task.cancelled):
            signal.connect(self._on_ended)
        self._enable()
        task.start()

    def _on_ended(self) -> None:
        if self._task is not None:
            self._task.deleteLater()
            self._task = None
        self._is_saving = False
        self._enable()
        if self._is_due:
            self._is_due = False
            self.look()

    def _enable(self) -> None:
        ready = self._task is None and self._session.video is not None
        if self._is_saving:
            self._progress.begin()
        elif not ready and self.save_button.hasFocus():
            self.target.setFocus()  # the button would hand it on to any other
        self.save_button.setEnabled(ready)
        if not self._is_saving:
            self._progress.end()

    def _chosen_part(self) -> Shown | None:
        """The frames and rows to draw; the rows are always those of the timeline."""
        if self._shown is None:
            return None
        shown = self._shown()
        if self.part.currentData() == _WHOLE:
            return replace(shown, frames=(0, self._session.num_frames))
        return shown

    def _on_video(self) -> None:
        self._list_parts()
        self._name_target()
        self.look()

    def _list_parts(self) -> None:
        """What is in sight first; it is all there is to choose while that is the whole video."""
        shown = self._shown() if self._shown is not None else None
        self.part.clear()
        if shown is not None and shown.is_part(self._session.num_frames):
            start, end = shown.frames
            self.part.addItem(f"Visible frames {start} to {end - 1}", _VISIBLE)
        self.part.addItem("Whole video", _WHOLE)

    def _on_drawn(self, png: bytes) -> None:
        pixmap = QPixmap()
        pixmap.loadFromData(png, "PNG")
        self.picture.set_pixmap(pixmap)

    def _on_saved(self, target: Path) -> None:
        self.outcome.setText(f"Written: {target}")
        self._session.message.emit("info", f"Saved the figure {target.name}")

    def _on_cancelled(self) -> None:
        self.outcome.setText("Cancelled: nothing was written.")

    def _name_target(self) -> None:
        project, video = self._session.project, self._session.video
        if project is not None and video is not None:
            name = f"{video.id}{self.kind.currentData()}"
            self.target.setText(str(project.folder / "exports" / name))
        self._enable()

    def _browse(self) -> None:
        dialog = QFileDialog(self, "Save figure to", self.target.text())
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(f"Figure (*{self.kind.currentData()})")
        dialog.fileSelected.connect(self.target.setText)
        dialog.open()
