"""A watch on screen: the score and the state large, the picture, the curve, the alarms.

Reads a :class:`Watch`, stops it, and keeps what was chosen to be looked at. Part of the live panel.
"""

from __future__ import annotations

import time

from PySide6.QtCore import QEvent, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QImage
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from tpwng_studio import theme
from tpwng_studio.live.watch import Watch
from tpwng_studio.live.watch_records import SeenAlarm
from tpwng_studio.live.watch_words import (
    clock_words,
    detail_words,
    measure_words,
    place_words,
    source_words,
    state_words,
)
from tpwng_studio.throttle import Throttle
from tpwng_studio.views.live.alarm_table import AlarmTable
from tpwng_studio.views.live.chart import LiveChart
from tpwng_studio.widgets.elided_label import ElidedLabel
from tpwng_studio.widgets.picture_canvas import PictureCanvas
from tpwng_studio.widgets.picture_words import Badge

_EVERY_MS = 100
_MINUTES = (1, 5, 15, 60)
_SHARES = (360, 190, 150)


class Monitor(QWidget):
    """What one looks at while a source is watched.

    Signals:
        again_asked: another watch shall be set up.

    Args:
        watch: of the window.
    """

    again_asked = Signal()

    def __init__(self, watch: Watch, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._watch = watch
        self._latest = QImage()
        self._latest_s = 0.0
        self._chosen: SeenAlarm | None = None
        self._make()
        self._lay_out()
        throttled = Throttle(self.refresh, _EVERY_MS, self)
        alarms = Throttle(self._refresh_alarms, _EVERY_MS, self)
        watch.changed.connect(throttled.ask)
        watch.scored.connect(throttled.ask)
        watch.alarms_changed.connect(alarms.ask)
        watch.pictured.connect(self._take_picture)
        self.refresh()

    def _make(self) -> None:
        self.table = AlarmTable(self._watch)
        self.score = QLabel("–")
        self.score.setAccessibleName("Score now")
        self.state = QLabel(wordWrap=True)
        self.state.setAccessibleName("State of the watch")
        self.detail = QLabel(wordWrap=True)
        self.detail.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        for label, scale in ((self.score, 3.0), (self.state, 1.35)):
            font = label.font()
            font.setPointSizeF(font.pointSizeF() * scale)
            font.setBold(True)
            label.setFont(font)
        self.source, self.measures = ElidedLabel(), ElidedLabel()
        self.stop = QPushButton("Stop")
        self.stop.setToolTip("End the watch; the log and the pictures stay")
        self.stop.clicked.connect(self._on_stop)
        self.folder = QPushButton("Log folder")
        self.folder.setToolTip("Open the folder with the log of alarms and the pictures")
        self.folder.clicked.connect(self._open_folder)
        self.picture = PictureCanvas()
        self.picture.setAccessibleName("Picture of the live source")
        self.latest = QPushButton("Back to the latest picture")
        self.latest.setToolTip("Look at what comes now, not at the alarm that is chosen (Escape)")
        self.latest.clicked.connect(self.table.clearSelection)
        self.latest.hide()
        self.chart = LiveChart(self._watch)
        self.window_length = QComboBox()
        self.window_length.setAccessibleName("How much of the past is drawn")
        self.window_length.setToolTip("How much of the past is drawn")
        for minutes in _MINUTES:
            self.window_length.addItem(f"last {minutes} min" if minutes < 60 else "last hour")
        self.window_length.setCurrentIndex(_MINUTES.index(5))
        self.window_length.activated.connect(lambda n: self.chart.set_window(_MINUTES[n]))
        self.table.chosen.connect(self._choose)
        self.count = QLabel()

    def _lay_out(self) -> None:
        head = QGridLayout()
        head.setHorizontalSpacing(14)
        head.setVerticalSpacing(2)
        head.addWidget(self.score, 0, 0, 2, 1)
        head.addWidget(self.state, 0, 1)
        head.addWidget(self.stop, 0, 2)
        head.addWidget(self.measures, 1, 1)
        head.addWidget(self.folder, 1, 2)
        head.setColumnStretch(1, 1)
        self.score.setMinimumWidth(self.score.fontMetrics().horizontalAdvance("0.00"))
        halves = QSplitter(Qt.Orientation.Vertical)
        halves.setChildrenCollapsible(False)
        halves.addWidget(_column(self.picture, self.latest))
        halves.addWidget(_column(_row(QLabel("<b>Score</b>"), self.window_length), self.chart))
        halves.addWidget(_column(self.count, self.table))
        halves.setSizes(list(_SHARES))
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 8, 10, 8)
        column.setSpacing(6)
        column.addWidget(self.source)
        column.addLayout(head)
        column.addWidget(self.detail)
        column.addWidget(halves, 1)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Draw in the colours of another theme."""
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "count"):
            self.refresh()
        super().changeEvent(event)

    def refresh(self) -> None:
        """Show how it stands now."""
        watch, colours = self._watch, theme.current()
        is_bad = watch.state in ("lost", "failed")
        colour = colours.warning if is_bad else colours.text
        if watch.open_alarm is not None:
            colour = colours.abnormal_text
        is_known = watch.is_hearing and watch.score is not None
        self.score.setText(f"{watch.score:.2f}" if is_known else "–")
        self.state.setText(state_words(watch))
        self.state.setStyleSheet(f"color: {colour.name()};")
        self.score.setStyleSheet(f"color: {(colour if is_known else colours.muted).name()};")
        self.detail.setText(detail_words(watch))
        self.detail.setVisible(bool(self.detail.text()))
        self.source.set_text(source_words(watch), colours.muted)
        self.measures.set_text(measure_words(watch), colours.muted)
        self.stop.setText("Stop" if watch.is_running else "New watch…")
        self.stop.setEnabled(watch.state != "stopping")
        self.chart.update()
        if self._chosen is None:
            self._show_picture()

    def forget(self) -> None:
        """Another watch begins: nothing of the one before stays on screen."""
        self._latest, self._chosen = QImage(), None
        self.table.clearSelection()
        self._refresh_alarms()
        self.refresh()

    def _refresh_alarms(self) -> None:
        self.table.alarms.refresh()
        num = len(self._watch.alarms)
        most = self._watch.alarms.maxlen
        self.count.setText(
            f"<b>Alarms</b>&nbsp; {num or 'none so far'}"
            + (" (the last ones; the log has all)" if num == most else "")
        )
        self.chart.update()

    def _take_picture(self, path: object) -> None:
        image = QImage(str(path))
        if not image.isNull():  # a picture that is written at this moment is whole, old or new
            self._latest, self._latest_s = image, time.time()
        if self._chosen is None:
            self._show_picture()

    def _choose(self, alarm: SeenAlarm | None) -> None:
        self._chosen = alarm
        self.latest.setVisible(alarm is not None)
        if alarm is None:
            self._show_picture()
            return
        image = QImage() if alarm.picture is None else QImage(str(alarm.picture))
        began = place_words(alarm.start_ms, is_clock=self._watch.is_clock)
        self.picture.set_picture(image)
        words = f"peak {alarm.peak:.2f} of the alarm of {began}"
        self.picture.set_words(None, [Badge(text=words)], "no picture of this alarm")

    def _show_picture(self) -> None:
        badges = [] if self._latest.isNull() else [Badge(text=clock_words(self._latest_s))]
        note = "the picture comes with the first score" if self._watch.is_running else "no picture"
        self.picture.set_picture(self._latest)
        self.picture.set_words(None, badges, note)

    def _on_stop(self) -> None:
        if self._watch.is_running:
            self._watch.stop()
        else:
            self.again_asked.emit()

    def _open_folder(self) -> None:
        if self._watch.wish is not None:
            folder = self._watch.wish.log.parent
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))


def _row(*parts: QWidget) -> QWidget:
    row = QWidget()
    line = QHBoxLayout(row)
    line.setContentsMargins(0, 0, 0, 0)
    for part in parts:
        line.addWidget(part)
    line.insertStretch(1, 1)
    return row


def _column(*parts: QWidget) -> QWidget:
    box = QWidget()
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(4)
    for part in parts:
        column.addWidget(part)
    column.setStretch(parts.index(max(parts, key=lambda part: part.sizeHint().height())), 1)
    return box
