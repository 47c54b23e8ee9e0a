"""Lines over epochs: losses and measures of one run, or one line a run to compare several.

Runs in, two plots out. pyqtgraph is loaded when a chart is first on screen, because it costs
start-up time. Part of the training panel.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor, QPen, QShowEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from tpwng_studio import theme
from tpwng_studio.jobs.runs import RunInfo

_LOSSES = (
    ("total", "all"),
    ("cl", "classification"),
    ("rank_n", "rank normal"),
    ("rank_a", "rank abnormal"),
    ("dil", "inconsistency"),
)
_MEASURES = (("auc", "AUC"), ("ap", "AP"), ("video_auc_val", "AUC of videos (val)"))
_HEIGHT_PX = 190


@dataclass(frozen=True, kw_only=True, eq=False)
class Line:
    """One line of a chart.

    Attributes:
        name: for the legend.
        x: (N,) epochs.
        y: (N,) values.
        is_main: drawn stronger.
        place: its colour; the same run or measure has the same one in every chart.
    """

    name: str
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    is_main: bool = False
    place: int = 0


def loss_lines(runs: Sequence[RunInfo]) -> list[Line]:
    """Every loss of one run, or the whole loss of each of several."""
    return _lines(runs, _LOSSES)


def measure_lines(runs: Sequence[RunInfo]) -> list[Line]:
    """Every measure of one run, or the first that one of several has."""
    known = [item for item in _MEASURES if any(run.last(item[0]) is not None for run in runs)]
    return _lines(runs, known)


def _lines(runs: Sequence[RunInfo], keys: Sequence[tuple[str, str]]) -> list[Line]:
    """A line a measure of a single run, else a line a run of the first measure."""
    if len(runs) == 1:
        lines = [_line(runs[0], key, name, place) for place, (key, name) in enumerate(keys)]
    else:
        lines = [_line(run, keys[0][0], run.name, n) for n, run in enumerate(runs) if keys]
    return [
        replace(line, is_main=len(runs) > 1 or line.place == 0) for line in lines if len(line.x)
    ]


def _line(run: RunInfo, key: str, name: str, place: int) -> Line:
    points = [(line["epoch"], line[key]) for line in run.epochs if key in line]
    table = np.array(points, dtype=np.float64).reshape(-1, 2)
    return Line(name=name, x=table[:, 0], y=table[:, 1], place=place)


class Chart(QWidget):
    """A title, a legend in words, and a plot; a hint while there is nothing to draw.

    Args:
        title: above the plot.
        hint: what would have to be done to see something.
        bounds: of the vertical axis; None follows the lines.
    """

    def __init__(
        self,
        title: str,
        hint: str,
        bounds: tuple[float, float] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._title = title
        self._hint = hint
        self._bounds = bounds
        self._lines: list[Line] = []
        self._plot: Any = None
        self._curves: list[Any] = []
        self.setAccessibleName(title)
        self.setMinimumHeight(_HEIGHT_PX)
        self.legend = QLabel(wordWrap=True)
        self.legend.setTextFormat(Qt.TextFormat.RichText)
        self.legend.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)
        self._column.addWidget(self.legend)

    @property
    def names(self) -> Sequence[str]:
        """What is drawn."""
        return [line.name for line in self._lines]

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Draw these instead."""
        self._lines = list(lines)
        self._draw()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Make the plot when it is first seen."""
        super().showEvent(event)
        if self._plot is None:
            import pyqtgraph

            self._plot = pyqtgraph.PlotWidget(parent=self)
            self._plot.setMenuEnabled(False)
            self._plot.hideButtons()
            # Half a line above, or the topmost number of the axis is cut.
            half = self.fontMetrics().height() // 2
            self._plot.getPlotItem().layout.setContentsMargins(1, half, 1, 1)
            self._plot.setMouseEnabled(x=False, y=False)
            if self._bounds is not None:
                self._plot.setYRange(*self._bounds, padding=0.02)
            self._column.addWidget(self._plot, 1)
            self._draw()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Draw in the colours of another theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "legend"):
            self._draw()

    def _draw(self) -> None:
        if self._plot is None:
            return
        values = theme.current()
        colours = _colours(values, self._lines)
        self._show_legend(values, colours)
        self._plot.setBackground(values.background)
        for side in ("left", "bottom"):
            axis = self._plot.getAxis(side)
            axis.setPen(values.border)
            axis.setTextPen(values.muted)
        self._fit_curves(len(self._lines))
        for curve, line, colour in zip(self._curves, self._lines, colours, strict=True):
            pen = QPen(colour, 2.0 if line.is_main else 1.0)
            pen.setCosmetic(True)
            curve.setSymbol("o" if len(line.x) == 1 else None)
            curve.setSymbolBrush(colour)
            curve.setPen(pen)
            curve.setData(line.x, line.y)
        self._plot.setVisible(bool(self._lines))
        if self._lines:
            last = max(float(line.x[-1]) for line in self._lines)
            self._plot.setXRange(0, max(last, 1.0), padding=0.02)

    def _fit_curves(self, count: int) -> None:
        """As many curves as lines; they are used again, because making one is slow."""
        while len(self._curves) > count:
            self._plot.removeItem(self._curves.pop())
        while len(self._curves) < count:
            self._curves.append(
                self._plot.plot([], [], antialias=True, symbolSize=5, symbolPen=None)
            )

    def _show_legend(self, values: theme.Theme, colours: Sequence[QColor]) -> None:
        if not self._lines:
            self.legend.setText(
                f"<b>{self._title}</b><br>"
                f'<span style="color:{values.muted.name()}">{escape(self._hint)}</span>'
            )
            return
        named = [
            f'<span style="color:{colour.name()}">━</span>&nbsp;{_unbroken(line.name)}'
            for line, colour in zip(self._lines, colours, strict=True)
        ]
        self.legend.setText(f"<b>{self._title}</b>  {'  '.join(named)}")


def _unbroken(name: str) -> str:
    """A name in HTML that stays on one line."""
    return escape(name).replace(" ", "&nbsp;")


def _colours(values: theme.Theme, lines: Sequence[Line]) -> list[QColor]:
    """Colours that differ from each other, also for the colour-blind, again after eight."""
    base = [
        values.accent,
        values.abnormal_text,
        values.score,
        values.psi,
        values.truth,
        values.s_normal,
        values.warning,
        values.muted,
    ]
    return [base[line.place % len(base)] for line in lines]
