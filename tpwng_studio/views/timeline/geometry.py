"""The rows of the timeline as a table, and where each lies in the window.

The size of the widget and the hidden rows in, rectangles out. All rows share the left and right
border of the plot: names stand left of it, values right of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from PySide6.QtCore import QRect

from tpwng_studio.views.timeline.look import Look

GAP_PX = 1
_PAD_PX = 8
SWATCH_PX = 16
HANDLE_PX = 8
"""Strip at the bottom of the ruler, below its numbers, in which the playhead's handle runs."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row.

    Attributes:
        id: its name in code and settings.
        title: what the legend says.
        note: a few words below the title, where there is room.
        tip: the whole story, as a tooltip.
        lines: least height in lines of small text.
        stretch: share of the height that is left.
    """

    id: str
    title: str
    note: str = ""
    tip: str
    lines: float
    stretch: int = 0

    @property
    def is_curve(self) -> bool:
        """Whether it holds a curve."""
        return self.id in CURVES

    @property
    def is_strip(self) -> bool:
        """Whether it holds labels."""
        return self.id in STRIPS


MODEL_CURVES = ("s_normal", "s_abnormal", "psi", "score")
CURVES = (*MODEL_CURVES, "attention", "query")
ON_DEMAND = frozenset({"attention", "query"})
"""Rows that are there only while something asks for them."""

STRIPS = ("pseudo", "human", "label", "truth")
ROWS = (
    Row(
        id="overview",
        title="overview",
        tip="The whole video. Drag the frame to move what the rows below show; click to seek.",
        lines=4.6,
    ),
    Row(id="ruler", title="time and frame", tip="Click to seek, drag to scrub.", lines=2.75),
    Row(
        id="s_normal",
        title="S normal",
        note="this video only",
        tip="Similarity of each snippet with the text for normal, scaled to 0 to 1 over this "
        "video.",
        lines=2,
        stretch=2,
    ),
    Row(
        id="s_abnormal",
        title="S abnormal",
        note="this video only",
        tip="Similarity with the video's own category, scaled to 0 to 1 over this video.",
        lines=2,
        stretch=2,
    ),
    Row(
        id="psi",
        title="psi",
        note="this video only",
        tip="The guidance curve of Eq. 5, high = abnormal. It is scaled over this video, so it "
        "cannot be compared with another video's. Drag the line theta; double-click resets it.",
        lines=2.6,
        stretch=4,
    ),
    Row(
        id="score",
        title="score",
        note="across videos",
        tip="The trained detector's score, 0 to 1: comparable between videos. The bracket spans "
        "the snippets that the one at the playhead attends to: solid with full weight, dotted "
        "where it fades.",
        lines=2,
        stretch=3,
    ),
    Row(
        id="attention",
        title="attention",
        note="at the playhead",
        tip="How much of its attention the snippet at the playhead gave to each other one while it "
        "was scored: the last layer's weights, a mean over the heads, which sum to 100 %.",
        lines=2,
        stretch=2,
    ),
    Row(
        id="query",
        title="query",
        tip="How well each snippet matches the words of the last search, a cosine. The axis runs "
        "from the lowest to the highest match anywhere in the project, so videos compare.",
        lines=2,
        stretch=2,
    ),
    Row(
        id="pseudo",
        title="pseudo-label",
        tip="What psi and theta say (Eq. 6), after merging gaps and dropping short runs.",
        lines=1.35,
    ),
    Row(id="human", title="human", tip="What a person said, or imported.", lines=1.35),
    Row(
        id="label",
        title="label",
        tip="What counts: the human label where there is one, else the pseudo-label.",
        lines=1.35,
    ),
    Row(id="truth", title="ground truth", tip="The benchmark's annotation.", lines=1.35),
)
ROW = {row.id: row for row in ROWS}
HIDEABLE = tuple(row.id for row in ROWS if row.id not in ("ruler", "attention"))
"""Rows that can be hidden by hand; that of attention comes and goes with what is asked for."""
_VALUES = ("abnormal", "unknown", "0:00:00.00")
_SMALL_VALUES = ("at playhead", "f 2,600,000")


@dataclass(frozen=True, kw_only=True)
class Geometry:
    """Where things are, in logical pixels.

    Attributes:
        width: of the widget.
        height: of the widget.
        left: first pixel of the plot.
        right: pixel behind the plot.
        rows: top and height of each visible row, from top to bottom.
    """

    width: int = 1
    height: int = 1
    left: int = 0
    right: int = 1
    rows: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    @property
    def plot_width(self) -> int:
        """Width of the plot, at least 1."""
        return max(self.right - self.left, 1)

    @property
    def readout_width(self) -> int:
        """Width of the margin right of the plot."""
        return self.width - self.right

    @property
    def bottom(self) -> int:
        """The pixel below the last row."""
        return max((top + height for top, height in self.rows.values()), default=0)

    @property
    def body_top(self) -> int:
        """Where the rows begin that follow the visible range, the ruler first."""
        return self.rows["ruler"][0] if "ruler" in self.rows else 0

    def plot(self, row: str) -> QRect:
        """The part of a row that holds its drawing."""
        top, height = self.rows[row]
        return QRect(self.left, top, self.plot_width, height)

    def whole(self, row: str) -> QRect:
        """A row with its margins."""
        top, height = self.rows[row]
        return QRect(0, top, self.width, height)

    def legend(self, row: str) -> QRect:
        """The margin left of a row, without its padding."""
        top, height = self.rows[row]
        return QRect(_PAD_PX, top, self.left - _PAD_PX - 5, height)

    def readout(self, row: str) -> QRect:
        """The margin right of a row, without its padding."""
        top, height = self.rows[row]
        return QRect(self.right + 7, top, self.width - self.right - 7 - _PAD_PX, height)

    def row_at(self, y: float) -> str | None:
        """The row under a pixel."""
        for name, (top, height) in self.rows.items():
            if top <= y < top + height + GAP_PX:
                return name
        return None


def row_heights(look: Look, hidden: frozenset[str]) -> dict[str, int]:
    """The least height of each row that is shown."""
    return {row.id: round(row.lines * look.small_px) + 4 for row in ROWS if row.id not in hidden}


def least_height(look: Look, hidden: frozenset[str]) -> int:
    """The least height of the timeline."""
    heights = row_heights(look, hidden)
    return sum(heights.values()) + GAP_PX * len(heights)


def arrange(size: tuple[int, int], look: Look, hidden: frozenset[str]) -> Geometry:
    """Lay the rows out.

    Args:
        size: width and height of the widget.
        look: fonts, which decide how much room words take.
        hidden: ids of rows that are not shown.
    """
    width, height = size
    heights = row_heights(look, hidden)
    spare = max(height - least_height(look, hidden), 0)
    shares = {name: ROW[name].stretch for name in heights}
    total = sum(shares.values())
    rows: dict[str, tuple[int, int]] = {}
    top, given = 0, 0
    for name, least in heights.items():
        given += shares[name]
        until = round(spare * given / total) if total else 0
        before = round(spare * (given - shares[name]) / total) if total else 0
        rows[name] = (top, least + until - before)
        top += least + until - before + GAP_PX
    left = _legend_width(look)
    right = width - _readout_width(look)
    return Geometry(width=width, height=height, left=left, right=max(right, left + 1), rows=rows)


def _legend_width(look: Look) -> int:
    title = max(look.width(row.title) for row in ROWS if row.id != "ruler")
    note = max(look.width(row.note, is_small=True) for row in ROWS)
    axis = look.width("-0.00", is_small=True)
    return _PAD_PX + SWATCH_PX + 6 + max(title, note) + 8 + axis + 5


def _readout_width(look: Look) -> int:
    values = max(look.width(text) for text in _VALUES)
    small = max(look.width(text, is_small=True) for text in _SMALL_VALUES)
    return 7 + max(values, small) + _PAD_PX
