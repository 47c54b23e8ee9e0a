"""The videos as rows of a table, and which of them fit what is typed into the filter.

In: ``session.videos``. Out: a Qt model that changes only the rows that changed, so that 2,000
videos scroll and filter without delay. Used by the view beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum

from PySide6.QtCore import QObject, QSortFilterProxyModel, Qt

from tpwng_studio.state.session import VideoItem
from tpwng_studio.timecode import seconds_text
from tpwng_studio.widgets.titled_model import Index, TitledModel

ITEM_ROLE = Qt.ItemDataRole.UserRole
SORT_ROLE = Qt.ItemDataRole.UserRole + 1
# A drop of the frames of a file is what a person must see first.
FAULTS = ("corrupt", "missing", "cut off")


class Column(IntEnum):
    """What the columns hold."""

    STATE = 0
    VIDEO = 1
    CATEGORY = 2
    PROGRESS = 3


def state_of(item: VideoItem) -> str:
    """One word for how far a video is: its fault, or what a person did with it."""
    if item.badge in FAULTS:
        return item.badge
    if item.reviewed:
        return "changed since review" if item.is_changed else "reviewed"
    return "in progress" if item.progress > 0 else "not reviewed"


def words_of(item: VideoItem) -> str:
    """Everything about a video in a few lines, for tooltips and screen readers."""
    lines = [item.id, state_of(item)]
    if item.num_frames and item.fps:
        length = seconds_text(item.num_frames / float(item.fps))
        lines.append(f"{item.num_frames} frames, {length}, {float(item.fps):.4g} fps")
    if item.category:
        source = "assumed by the model, nobody gave it" if item.is_assumed else "given"
        lines.append(f"category {item.category} ({source})")
    else:
        lines.append("category not known")
    if item.progress:
        lines.append(f"{item.progress:.0%} of its frames labelled by people")
    if not item.has_pseudo:
        lines.append(
            "no curves yet: extract and score it" if not item.has_features else "no curves"
        )
    badges = {"vfr": "variable frame rate", "duplicate": "the same content as another video"}
    if item.badge in badges:
        lines.append(badges[item.badge])
    if item.note:
        lines.append(item.note)
    return "\n".join(lines)


class LibraryModel(TitledModel):
    """Rows of :class:`VideoItem`."""

    TITLES = ("", "Video", "Category", "Done")

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._items: list[VideoItem] = []

    def show_items(self, items: Sequence[VideoItem]) -> None:
        """Show ``items``; where only some of the same videos changed, only those rows change."""
        before, self_items = self._items, list(items)
        if [item.id for item in before] != [item.id for item in self_items]:
            self.beginResetModel()
            self._items = self_items
            self.endResetModel()
            return
        self._items = self_items
        for row, (old, new) in enumerate(zip(before, self_items, strict=True)):
            if old != new:
                self.dataChanged.emit(self.index(row, 0), self.index(row, len(Column) - 1))

    def item(self, row: int) -> VideoItem:
        """The video of a row."""
        return self._items[row]

    def row_of(self, video: str) -> int:
        """The row of a video; -1 when it is not listed."""
        return next((row for row, item in enumerate(self._items) if item.id == video), -1)

    def rowCount(self, parent: Index | None = None) -> int:  # noqa: N802 - Qt's name
        """Number of videos."""
        return 0 if parent is not None and parent.isValid() else len(self._items)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Text, tooltip, the item itself, and what to sort by."""
        item = self._items[index.row()]
        if role == ITEM_ROLE:
            return item
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleDescriptionRole):
            return words_of(item)
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return _text(item, Column(index.column()))
        if role == SORT_ROLE:
            return _sort_key(item, Column(index.column()))
        return None


class LibraryFilter(QSortFilterProxyModel):
    """Videos that hold every typed word in name, category, badge or state."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._words: list[str] = []
        self.setSortRole(SORT_ROLE)
        self.setSortCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)

    def set_text(self, text: str) -> None:
        """Filter by the words of ``text``."""
        self.beginFilterChange()
        self._words = text.lower().split()
        self.endFilterChange()

    def filterAcceptsRow(self, row: int, parent: Index) -> bool:  # noqa: N802 - Qt's name
        """Whether a row is shown."""
        if not self._words:
            return True
        model = self.sourceModel()
        item = model.item(row) if isinstance(model, LibraryModel) else None
        if item is None:
            return False
        assumed = "assumed" if item.is_assumed else ""
        text = f"{item.id} {item.category} {item.badge} {state_of(item)} {assumed}".lower()
        return all(word in text for word in self._words)


def _text(item: VideoItem, column: Column) -> str:
    if column == Column.STATE:
        return ""
    if column == Column.VIDEO:
        return item.id
    if column == Column.CATEGORY:
        return f"{item.category}?" if item.category and item.is_assumed else item.category
    return f"{item.progress:.0%}" if item.progress else ""


def _sort_key(item: VideoItem, column: Column) -> object:
    if column == Column.STATE:
        return state_of(item)
    return item.progress if column == Column.PROGRESS else _text(item, column)
