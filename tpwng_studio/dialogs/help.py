"""The help overlay: every key and gesture at a glance, over the window; any key closes it.

In: the actions with the keys that hold now. Opened by the window with ``?``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from tpwng_studio import theme
from tpwng_studio.actions.actions import ACTIONS, GROUPS, Keys, shown

MOUSE = (
    ("click", "go there"),
    ("drag", "scrub; on the theta line or an edge: move it"),
    ("Shift + drag", "select frames"),
    ("wheel", "move along the video"),
    ("Ctrl + wheel", "zoom where the pointer is"),
    ("hover", "read all values"),
)
_MIN_COLUMN_PX = 300
Row = tuple[str, str]


def rows_of(keys: Mapping[str, Keys]) -> dict[str, list[Row]]:
    """(keys, text) by group; actions without a key are left out, 1 to 9 are one row."""
    rows: dict[str, list[Row]] = {group: [] for group in GROUPS}
    for action in ACTIONS:
        held = keys[action.id]
        if action.id.startswith("category."):
            if action.id == "category.1":
                rows[action.group].append(("1 … 9", "Category of the segment"))
        elif held:
            rows[action.group].append((shown(held), action.text.rstrip("…")))
    rows["Mouse, on video and curves"] = list(MOUSE)
    return {group: items for group, items in rows.items() if items}


class HelpOverlay(QWidget):
    """Covers ``window`` until a key is pressed or the mouse clicks."""

    def __init__(self, keys: Mapping[str, Keys], window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("help")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Keys at a glance")
        self._rows = rows_of(keys)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.viewport().setAutoFillBackground(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(32, 24, 32, 24)
        title = QLabel("<b>Keys at a glance</b> &nbsp; press any key to go on; change them in Help")
        layout.addWidget(title)
        layout.addWidget(self._scroll)
        window.installEventFilter(self)
        self.setGeometry(window.rect())
        sheet = self._sheet()
        self._scroll.setWidget(sheet)
        sheet.setAutoFillBackground(False)

    def show_over(self) -> None:
        """Show it and take the keys."""
        self.show()
        self.raise_()
        self.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Stay as large as the window."""
        if event.type() == QEvent.Type.Resize and isinstance(watched, QWidget):
            self.setGeometry(watched.rect())
        return False

    def event(self, event: QEvent) -> bool:
        """Any key closes, also one that is a shortcut."""
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Close, but for a modifier alone."""
        modifiers = (Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_Meta)
        if event.key() not in modifiers:
            self.close()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Close."""
        self.close()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Let the window shine through a little."""
        veil = QColor(theme.current().panel)
        veil.setAlphaF(0.96)
        QPainter(self).fillRect(self.rect(), veil)

    def _sheet(self) -> QWidget:
        sheet = QWidget()
        columns = QHBoxLayout(sheet)
        columns.setContentsMargins(0, 8, 0, 0)
        columns.setSpacing(36)
        for groups in self._columns(max(1, min(4, self.width() // _MIN_COLUMN_PX))):
            columns.addLayout(_column({group: self._rows[group] for group in groups}), 1)
        return sheet

    def _columns(self, number: int) -> Iterator[list[str]]:
        """Groups dealt to ``number`` columns of about the same height, in their order."""
        heights = {group: len(items) + 2 for group, items in self._rows.items()}
        target = sum(heights.values()) / number
        column: list[str] = []
        filled = 0.0
        for group, height in heights.items():
            if column and filled + height / 2 > target:
                yield column
                column, filled = [], filled - target
            column.append(group)
            filled += height
        yield column


def _column(groups: Mapping[str, list[Row]]) -> QGridLayout:
    """Titles, and rows of key caps and words, one grid so that all words begin in one line."""
    values = theme.current()
    grid = QGridLayout()
    grid.setHorizontalSpacing(10)
    grid.setVerticalSpacing(2)
    grid.setColumnStretch(1, 1)
    for title, rows in groups.items():
        head = QLabel(f"<b>{title}</b>")
        head.setStyleSheet(f"color: {values.accent.name()}; padding-top: 8px;")
        grid.addWidget(head, grid.rowCount(), 0, 1, 2)
        for keys, text in rows:
            cap = QLabel(keys)
            cap.setStyleSheet(
                f"background: {values.raised.name()}; border: 1px solid {values.border.name()};"
                "border-radius: 4px; padding: 1px 6px;"
            )
            line = grid.rowCount()
            grid.addWidget(cap, line, 0, Qt.AlignmentFlag.AlignRight)
            grid.addWidget(QLabel(text, wordWrap=True), line, 1)
    grid.setRowStretch(grid.rowCount(), 1)
    return grid
