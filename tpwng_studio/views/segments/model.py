"""The rows of the segment table: segments of the open video as text, icons and editable cells.

In come the session's segments and its clock; what somebody typed goes out as a signal, checked,
for the view to hand to the session. Kept apart from the view so that it can be tested as a table.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from enum import IntEnum
from typing import Any

from PySide6.QtCore import QModelIndex, Qt, Signal

from tpwng_studio.state.segments import Segment
from tpwng_studio.state.session import Session
from tpwng_studio.timecode import parse_position, seconds_text, time_text
from tpwng_studio.widgets.state_icon import state_icon
from tpwng_studio.widgets.titled_model import Index, TitledModel

_ROLE = Qt.ItemDataRole

_SOURCES = {
    "pseudo": "the model's pseudo-label; it moves with the sliders",
    "human": "said by a person; sliders never change it",
    "imported": "from an imported file; sliders never change it",
}


class Column(IntEnum):
    """What the columns show, from the left."""

    NUMBER = 0
    START = 1
    END = 2
    STATE = 3
    CATEGORY = 4
    LENGTH = 5
    FRAMES = 6
    SOURCE = 7
    REVIEWED = 8


_TIPS = (
    "number and sign: filled = a person's, outline = the model's",
    "time of the first frame; type a time (0:22.67) or a frame (680)",
    "time of the first frame behind it; type a time or a frame",
    "abnormal, normal or unknown; unknown frames are left out of retraining",
    "what happens there",
    "how long it lasts",
    "first frame, and the first frame behind it",
    "who said so: the model (pseudo), a person (human) or an imported file",
    "whether the video was reviewed",
)
_ANSWERED = frozenset(
    {
        _ROLE.DisplayRole,
        _ROLE.EditRole,
        _ROLE.DecorationRole,
        _ROLE.ToolTipRole,
        _ROLE.TextAlignmentRole,
    }
)
_TIMES = (Column.START, Column.END, Column.LENGTH)
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
EDITABLE = (Column.START, Column.END, Column.STATE, Column.CATEGORY)


class SegmentModel(TitledModel):
    """Segments of the open video.

    Signals:
        edited: segment, column and the checked value (a frame, a state or a category id).
        refused: why a typed value was not taken.
    """

    TITLES = ("#", "start", "end", "state", "category", "length", "frames", "source", "rev.")
    edited = Signal(object, int, object)
    refused = Signal(str)

    def __init__(self, session: Session, parent: Any = None) -> None:
        super().__init__(parent)
        self._session = session
        self._segments: Sequence[Segment] = ()
        self._rows: dict[int, tuple[Segment, tuple[str, ...]]] = {}

    @property
    def segments(self) -> Sequence[Segment]:
        """The rows; made when they are read, as there may be thousands at slider rate."""
        return self._segments

    def refresh(self) -> None:
        """Take the session's segments; rows stay where their number did."""
        new = self._session.segments
        self._rows.clear()
        if len(new) == len(self._segments):
            self._segments = new
            if len(new):
                corner = self.index(len(new) - 1, len(self.TITLES) - 1)
                self.dataChanged.emit(self.index(0, 0), corner)
        else:
            self.beginResetModel()
            self._segments = new
            self.endResetModel()

    def row_of(self, segment: Segment | None) -> int:
        """Row of the segment that holds this one's first frame; -1 where none does."""
        if segment is None:
            return -1
        row = bisect_right(self._segments, segment.start, key=lambda item: item.start) - 1
        return row if row >= 0 and self._segments[row].end > segment.start else -1

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008 - Qt's
        """Number of segments."""
        return 0 if parent.isValid() else len(self._segments)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Which cells can be edited."""
        flags = super().flags(index)
        if index.column() in EDITABLE and not self._session.is_read_only:
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    def headerData(  # noqa: N802 - Qt's name
        self, section: int, orientation: Qt.Orientation, role: int = _ROLE.DisplayRole
    ) -> Any:
        """Titles and what they mean."""
        if orientation == Qt.Orientation.Horizontal and role == _ROLE.TextAlignmentRole:
            return _RIGHT if section in _TIMES else _LEFT
        if orientation == Qt.Orientation.Horizontal and role == _ROLE.ToolTipRole:
            return _TIPS[section]
        return super().headerData(section, orientation, role)

    def data(self, index: Index, role: int = _ROLE.DisplayRole) -> Any:
        """A cell."""
        if role not in _ANSWERED:  # most roles a view asks for; making a row costs more
            return None
        column = index.column()
        segment, texts = self._row(index.row())
        if role == _ROLE.DisplayRole:
            return texts[column]
        if role == _ROLE.EditRole:
            return (segment.category or "") if column == Column.CATEGORY else texts[column]
        if role == _ROLE.ToolTipRole:
            return self._tip(segment)
        if role == _ROLE.TextAlignmentRole:
            return _RIGHT if column in _TIMES else None
        is_sign = column == Column.NUMBER
        return state_icon(segment.state, is_human=segment.source != "pseudo") if is_sign else None

    def setData(self, index: Index, value: Any, role: int = _ROLE.EditRole) -> bool:  # noqa: N802
        """Check what was typed and hand it on; the session decides what becomes of it."""
        if role != _ROLE.EditRole or value == self.data(index, _ROLE.EditRole):
            return False
        try:
            checked = self._checked(index, value)
        except ValueError as error:
            self.refused.emit(str(error))
            return False
        self.edited.emit(self._segments[index.row()], index.column(), checked)
        return True

    def _checked(self, index: Index, value: Any) -> Any:
        segment = self._segments[index.row()]
        if index.column() not in (Column.START, Column.END):
            return value or None
        frame = min(parse_position(str(value), self._session.frame_at), self._session.num_frames)
        is_start = index.column() == Column.START
        start, end = (frame, segment.end) if is_start else (segment.start, frame)
        if start >= end:
            raise ValueError(f"the end (frame {end}) would not lie behind the start ({start})")
        return frame

    def _row(self, row: int) -> tuple[Segment, tuple[str, ...]]:
        """A segment and its texts, made once until the next refresh: painting asks often."""
        if row not in self._rows:
            segment = self._segments[row]
            self._rows[row] = segment, self._texts(row, segment)
        return self._rows[row]

    def _texts(self, row: int, segment: Segment) -> tuple[str, ...]:
        """One for each column."""
        start_s, end_s = self._time(segment.start), self._time(segment.end)
        return (
            str(row + 1),
            time_text(start_s),
            time_text(end_s),
            segment.state,
            self._category(segment),
            seconds_text(end_s - start_s),
            f"{segment.start}–{segment.end}",
            segment.source,
            "✓" if segment.reviewed else "–",
        )

    def _category(self, segment: Segment) -> str:
        """Its own category, else of an abnormal one the video's."""
        if segment.category is None and segment.state != "abnormal":
            return ""
        ids = [segment.category] if segment.category else self._session.used_categories
        return ", ".join(self._session.category_texts.get(name, name) for name in ids)

    def _tip(self, segment: Segment) -> str:
        times = f"{time_text(self._time(segment.start))} to {time_text(self._time(segment.end))}"
        frames = f"frames {segment.start} up to {segment.end} (not included)"
        return f"{segment.state}, {times}\n{frames}\n{segment.source}: {_SOURCES[segment.source]}"

    def _time(self, frame: int) -> float:
        return self._session.time_of(frame)
