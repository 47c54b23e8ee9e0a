"""The command palette: type a few letters, press Enter, and it is done.

In: the window's actions and the names of the videos. Out: an action triggered or a video opened.
Opened by the window with Ctrl+Shift+P.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QDialog,
    QLabel,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from tpwng_studio import theme
from tpwng_studio.actions.action_set import ActionSet
from tpwng_studio.actions.actions import ACTIONS, shown
from tpwng_studio.actions.synonyms import SYNONYMS
from tpwng_studio.dialogs.fuzzy import Match, match, match_phrases

_Index = QModelIndex | QPersistentModelIndex
_MAX_ROWS = 200
_WIDTH_PX = 560
_NUM_VISIBLE = 12


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One row: what it says, where it belongs, its keys, and what it does.

    ``also`` are phrases that it is found by without saying them.
    """

    text: str
    group: str
    keys: str = ""
    also: tuple[str, ...] = ()
    is_enabled: bool = True
    run: Callable[[], object] = field(compare=False)


def entries_of(
    actions: ActionSet, videos: Sequence[str], open_video: Callable[[str], object]
) -> list[Entry]:
    """All actions (but the palette itself), then all videos."""
    commands = [
        Entry(
            text=actions[row.id].text().rstrip("…"),
            group=row.group,
            keys=shown(actions.keys[row.id]),
            also=SYNONYMS.get(row.id, ()),
            is_enabled=actions[row.id].isEnabled(),
            run=actions[row.id].trigger,
        )
        for row in ACTIONS
        if row.id != "app.palette" and actions[row.id].isVisible()
    ]
    return commands + [
        Entry(text=name, group="Video", run=lambda name=name: open_video(name))  # type: ignore[misc]
        for name in videos
    ]


def ranked(entries: Sequence[Entry], query: str) -> list[tuple[Entry, Match]]:
    """Entries that fit ``query``, best first; what cannot be done now comes after the rest."""
    found = []
    for entry in entries:
        fits = [match(query, entry.text), match_phrases(query, entry.also)]
        if known := [fit for fit in fits if fit is not None]:
            found.append((entry, max(known, key=lambda fit: fit.score)))
    found.sort(key=lambda item: (not item[0].is_enabled, -item[1].score))
    return found[:_MAX_ROWS]


class Palette(QDialog):
    """A field and a list; Up, Down, Enter, Esc.

    Signals:
        ran: the text of the entry that was run.
    """

    ran = Signal(str)

    def __init__(self, entries: Sequence[Entry], parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.setObjectName("palette")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._entries = entries
        self._model = _Rows(self)
        self.field = QLineEdit(placeholderText="Type a command or the name of a video")
        self.field.setAccessibleName("Find a command")
        self.field.setClearButtonEnabled(True)
        self.field.installEventFilter(self)
        self.field.textChanged.connect(self._search)
        self.list = QListView()
        self.list.setModel(self._model)
        self.list.setItemDelegate(_RowDelegate(self.list))
        self.list.setUniformItemSizes(True)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.clicked.connect(self._run)
        self.nothing = QLabel("Nothing matches.", alignment=Qt.AlignmentFlag.AlignCenter)
        self.nothing.setForegroundRole(self.nothing.palette().ColorRole.PlaceholderText)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.addWidget(self.field)
        layout.addWidget(self.list, 1)
        layout.addWidget(self.nothing, 1)
        row_px = self.list.sizeHintForRow(0) if self._entries else 24
        self.resize(_WIDTH_PX, self.field.sizeHint().height() + 12 * max(row_px, 24) + 32)
        self._search("")

    def show_over(self, window: QWidget) -> None:
        """Show it at the top of ``window``, in the middle."""
        top = window.mapToGlobal(QPoint((window.width() - self.width()) // 2, 56))
        self.move(top)
        self.show()
        self.field.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Up, Down and the pages move in the list while one types; Enter runs."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            steps = {
                Qt.Key.Key_Down: 1,
                Qt.Key.Key_Up: -1,
                Qt.Key.Key_PageDown: _NUM_VISIBLE - 1,
                Qt.Key.Key_PageUp: 1 - _NUM_VISIBLE,
            }
            if step := steps.get(Qt.Key(event.key())):
                self._move(step)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._run(self.list.currentIndex())
                return True
        return super().eventFilter(watched, event)

    def _search(self, query: str) -> None:
        self._model.show_rows(ranked(self._entries, query))
        self.list.setCurrentIndex(self._model.index(0))
        self.list.scrollToTop()
        is_empty = self._model.rowCount() == 0
        self.list.setHidden(is_empty)
        self.nothing.setVisible(is_empty)

    def _move(self, step: int) -> None:
        row = min(max(self.list.currentIndex().row() + step, 0), self._model.rowCount() - 1)
        self.list.setCurrentIndex(self._model.index(row))

    def _run(self, index: QModelIndex) -> None:
        entry = self._model.entry(index)
        if entry is None or not entry.is_enabled:
            return
        # Closed first: what is run may open a dialog of its own.
        self.close()
        entry.run()
        self.ran.emit(entry.text)


class _Rows(QAbstractListModel):
    """The entries that fit."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._rows: list[tuple[Entry, Match]] = []

    def show_rows(self, rows: list[tuple[Entry, Match]]) -> None:
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def entry(self, index: QModelIndex) -> Entry | None:
        return self._rows[index.row()][0] if index.isValid() else None

    def rowCount(self, parent: _Index | None = None) -> int:  # noqa: N802 - Qt's name
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        entry, fit = self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return entry.text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{entry.text}, {entry.group} {entry.keys}"
        return (entry, fit) if role == Qt.ItemDataRole.UserRole else None


class _RowDelegate(QStyledItemDelegate):
    """Group, text with the typed letters in bold, keys at the right."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:  # noqa: N802
        """A line of text with air."""
        return QSize(_WIDTH_PX // 2, option.fontMetrics.height() + 10)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Draw one row."""
        values = theme.current()
        entry, fit = index.data(Qt.ItemDataRole.UserRole)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        rect: QRect = option.rect
        quiet = values.on_accent if selected else values.muted
        text = values.on_accent if selected else values.text
        painter.save()
        if selected:
            painter.fillRect(rect, values.accent)
        if not entry.is_enabled:
            painter.setOpacity(0.5)
        metrics = painter.fontMetrics()
        line = rect.adjusted(10, 0, -10, 0)
        keys_px = metrics.horizontalAdvance(entry.keys) + (12 if entry.keys else 0)
        group_px = metrics.horizontalAdvance("Segments  ")
        painter.setPen(quiet)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(line, middle | Qt.AlignmentFlag.AlignRight, entry.keys)
        painter.drawText(line, middle | Qt.AlignmentFlag.AlignLeft, entry.group)
        painter.setPen(text)
        _draw_match(painter, line.adjusted(group_px, 0, -keys_px, 0), entry.text, fit.places)
        painter.restore()


def _draw_match(painter: QPainter, rect: QRect, text: str, places: Sequence[int]) -> None:
    """Draw ``text`` with the letters at ``places`` in bold, cut at the right edge."""
    plain = QFont(painter.font())
    bold = QFont(plain)
    bold.setBold(True)
    widths = {False: QFontMetrics(plain), True: QFontMetrics(bold)}
    hits = set(places)
    x = rect.left()
    painter.setClipRect(rect)
    for place, letter in enumerate(text):
        is_hit = place in hits
        painter.setFont(bold if is_hit else plain)
        box = QRect(x, rect.top(), rect.right() - x, rect.height())
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, letter)
        x += widths[is_hit].horizontalAdvance(letter)
