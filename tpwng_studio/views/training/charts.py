"""Lines over epochs: losses and measures of one run, or one line a run to compare several.

Runs in, two plots out. pyqtgraph is loaded when a chart is first on screen, because it costs
start-up time. Part of the training panel.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent
from PySide6.QtGui import QColor, QPen, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from tpwng_studio import theme
from tpwng_studio.runs import RunInfo

_LOSSES = (
    ("total", "all"),
    ("cl", "classification"),
    ("rank_n", "rank normal"),
    ("rank_a", "rank abnormal"),
    ("dil", "inconsistency"),
)
_MEASURES = (("auc", "AUC"), ("ap", "AP"), ("video_auc_val", "AUC of videos (val)"))
_HEIGHT_PX = 150


@dataclass(frozen=True, kw_only=True, eq=False)
class Line:
    """One line of a chart.

    Attributes:
        name: for the legend.
        x: (N,) epochs.
        y: (N,) values.
        is_main: drawn stronger.
    """

    name: str
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    is_main: bool = False


def loss_lines(runs: Sequence[RunInfo]) -> list[Line]:
    """Every loss of one run, or the whole loss of each of several."""
    return _lines(runs, _LOSSES)


def measure_lines(runs: Sequence[RunInfo]) -> list[Line]:
    """Every measure of one run, or the first that all of several have."""
    shared = [
        (key, name) for key, name in _MEASURES if all(run.last(key) is not None for run in runs)
    ]
    return _lines(runs, shared if len(runs) > 1 else _MEASURES)


def _lines(runs: Sequence[RunInfo], keys: Sequence[tuple[str, str]]) -> list[Line]:
    if len(runs) == 1:
        lines = [_line(runs[0], key, name, is_main=key == keys[0][0]) for key, name in keys]
    elif keys:
        lines = [_line(run, keys[0][0], run.name, is_main=True) for run in runs]
    else:
        lines = []
    return [line for line in lines if len(line.x)]


def _line(run: RunInfo, key: str, name: str, *, is_main: bool) -> Line:
    points = [(line["epoch"], line[key]) for line in run.epochs if key in line]
    table = np.array(points, dtype=np.float64).reshape(-1, 2)
    return Line(name=name, x=table[:, 0], y=table[:, 1], is_main=is_main)


class Chart(QWidget):
    """A plot with a legend, empty until there are lines.

    Args:
        title: above the plot.
        bounds: of the vertical axis; None follows the lines.
    """

    def __init__(
        self, title: str, bounds: tuple[float, float] | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._title = title
        self._bounds = bounds
        self._lines: list[Line] = []
        self._plot: Any = None
        self.setAccessibleName(title)
        self.setMinimumHeight(_HEIGHT_PX)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)

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
            self._plot.setMouseEnabled(x=False, y=False)
            if self._bounds is not None:
                self._plot.setYRange(*self._bounds, padding=0.02)
            self._legend = self._plot.addLegend(offset=(-6, 6), labelTextSize="8pt")
            self._column.addWidget(self._plot)
            self._draw()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Draw in the colours of another theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_plot"):
            self._draw()

    def _draw(self) -> None:
        if self._plot is None:
            return
        values = theme.current()
        self._plot.setBackground(values.background)
        for side in ("left", "bottom"):
            axis = self._plot.getAxis(side)
            axis.setPen(values.border)
            axis.setTextPen(values.muted)
        self._plot.setTitle(self._title, color=values.text.name(), size="9pt")
        self._legend.setLabelTextColor(values.text)
        self._plot.clear()
        for line, colour in zip(self._lines, _colours(values, len(self._lines)), strict=True):
            pen = QPen(colour, 0)
            pen.setCosmetic(True)
            pen.setWidthF(2.0 if line.is_main else 1.0)
            alone = {"symbol": "o", "symbolSize": 5, "symbolBrush": colour, "symbolPen": None}
            extra = alone if len(line.x) == 1 else {}
            self._plot.plot(line.x, line.y, pen=pen, name=line.name, antialias=True, **extra)


def _colours(values: theme.Theme, count: int) -> list[QColor]:
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
    return [base[place % len(base)] for place in range(count)]
