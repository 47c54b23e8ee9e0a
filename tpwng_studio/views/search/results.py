"""Results of a search as a tree: each moment, and below it those that look the same.

A model of plain items, a delegate that paints video, time and a bar of similarity, and a tree that
keeps the keys it needs. Used by the search panel.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
    QWidget,
)

from tpwng_studio import theme
from tpwng_studio.live.search import Found, Place
from tpwng_studio.timecode import time_text

Index = QModelIndex | QPersistentModelIndex
_PLACE = int(Qt.ItemDataRole.UserRole) + 1
FOUND = int(Qt.ItemDataRole.UserRole) + 2
_SHARE = int(Qt.ItemDataRole.UserRole) + 3
_PAD_PX = 4
_BAR_PX = 6
_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Left, Qt.Key.Key_Right)


def when(found: Found) -> str:
    """Where in its video a result lies."""
    peak = f"frame {found.place.peak:,}"
    return peak if found.start_s is None else time_text(found.start_s)


def alike(num_similar: int) -> str:
    """What is said of moments that look the same; "" where there are none."""
    if not num_similar:
        return ""
    return f"looks the same in {num_similar} other place{'' if num_similar == 1 else 's'}"


class ResultsModel(QStandardItemModel):
    """Moments, best first, with those that look the same below them."""

    def show(self, results: Sequence[Found], extent: tuple[float, float]) -> None:
        """Show other results.

        Args:
            results: best first.
            extent: similarity of an empty and of a full bar.
        """
        self.clear()
        low, high = extent
        for rank, found in enumerate(results, start=1):
            item = QStandardItem(found.place.video)
            item.setData(found.place, _PLACE)
            item.setData(found, FOUND)
            item.setData((found.similarity - low) / max(high - low, 1e-9), _SHARE)
            words = f"{rank}. {found.place.video}, {when(found)}, similarity {found.similarity:.3f}"
            self._describe(item, "\n".join(filter(None, [words, alike(found.num_similar)])))
            self._add_twins(item, found)
            self.appendRow(item)

    def place_at(self, index: Index) -> Place | None:
        """Where a row leads; None for one that only says something."""
        place = index.data(_PLACE) if index.isValid() else None
        return place if isinstance(place, Place) else None

    def _add_twins(self, item: QStandardItem, found: Found) -> None:
        for place in found.also:
            child = QStandardItem(f"{place.video} · frame {place.peak:,}")
            child.setData(place, _PLACE)
            self._describe(child, f"{child.text()}: looks the same as {found.place.video}")
            item.appendRow(child)
        rest = found.num_similar - len(found.also)
        if rest > 0:
            child = QStandardItem(f"and {rest} more")
            child.setFlags(Qt.ItemFlag.ItemIsEnabled)
            item.appendRow(child)

    def _describe(self, item: QStandardItem, words: str) -> None:
        item.setEditable(False)
        item.setToolTip(words)
        item.setAccessibleText(words)


class ResultsDelegate(QStyledItemDelegate):
    """Video and time, a bar with the similarity, and how many look the same."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Two lines, or three; one for a row below another."""
        found = index.data(FOUND)
        panel = QStyle.PrimitiveElement.PE_PanelItemViewItem
        option.widget.style().drawPrimitive(panel, option, painter, option.widget)
        colours = theme.current()
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        ink = colours.on_accent if chosen else colours.text
        quiet = colours.on_accent if chosen else colours.muted
        line = option.fontMetrics.height()
        box = option.rect.adjusted(2, _PAD_PX, -8, -_PAD_PX)
        box.setHeight(line)
        painter.save()
        painter.setFont(option.font)
        if not isinstance(found, Found):
            _write(painter, box, index.data(Qt.ItemDataRole.DisplayRole), quiet)
        else:
            width = _write(painter, box, when(found), quiet, is_right=True)
            _write(painter, box.adjusted(0, 0, -width - 8, 0), found.place.video, ink)
            box.translate(0, line)
            width = _write(painter, box, f"{found.similarity:.3f}", ink, is_right=True)
            bar = QRect(box.left(), box.center().y() - _BAR_PX // 2, box.width(), _BAR_PX)
            bar.setWidth(max(box.width() - width - 8, 1))
            ground = QColor(ink)
            ground.setAlpha(40)
            painter.fillRect(bar, ground)
            bar.setWidth(max(round(bar.width() * float(index.data(_SHARE))), 1))
            painter.fillRect(bar, colours.on_accent if chosen else colours.query)
            box.translate(0, line)
            if found.num_similar:
                _write(painter, box, alike(found.num_similar), quiet)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802 - Qt's
        """As many lines as are said."""
        found = index.data(FOUND)
        lines = 1 if not isinstance(found, Found) else 3 if found.num_similar else 2
        return QSize(140, lines * option.fontMetrics.height() + 2 * _PAD_PX)


class ResultsTree(QTreeView):
    """The results.

    Signals:
        wanted: a :class:`Place` that a person goes to.
    """

    wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.results = ResultsModel(self)
        self.setModel(self.results)
        self.setItemDelegate(ResultsDelegate(self))
        self.setHeaderHidden(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setIndentation(14)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setAccessibleName("Search results")
        # Not the cursor: a tree that gets the focus puts it on its first row, which nobody chose.
        self.selectionModel().selectionChanged.connect(self._on_selected)
        self.clicked.connect(self._go_to)

    def choose_first(self) -> None:
        """Select the best result, from the field."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        if not self.selectedIndexes() and self.results.rowCount():
            self.setCurrentIndex(self.results.index(0, 0))

    def event(self, event: QEvent) -> bool:
        """Keep the keys of a tree from the window's actions while it has the focus."""
        is_asked = event.type() == QEvent.Type.ShortcutOverride
        if is_asked and isinstance(event, QKeyEvent) and _is_ours(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Enter goes to the moment again; the rest is the tree's."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._go_to(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:  # noqa: N802 - Qt's name
        """Letters are keys, not a search."""

    def _on_selected(self) -> None:
        for index in self.selectedIndexes():
            self._go_to(index)

    def _go_to(self, index: QModelIndex) -> None:
        place = self.results.place_at(index)
        if place is not None:
            self.wanted.emit(place)


def _is_ours(event: QKeyEvent) -> bool:
    is_plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    return is_plain and event.key() in _KEYS


def _write(
    painter: QPainter, box: QRect, text: str, colour: QColor, *, is_right: bool = False
) -> int:
    """One line; returns how wide it is."""
    side = Qt.AlignmentFlag.AlignRight if is_right else Qt.AlignmentFlag.AlignLeft
    shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, box.width())
    painter.setPen(colour)
    painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | side, shown)
    return painter.fontMetrics().horizontalAdvance(shown)
