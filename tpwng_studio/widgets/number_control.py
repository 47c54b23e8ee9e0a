"""One number with two handles: a slider to drag and a box to type into.

A range in, the number out by a signal when a person moves it; setting it from outside is silent,
so that a slider, a box and a line in a plot can show one value without echoes. The handles are
separate widgets, placed in a row of a panel's grid.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QObject, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QDoubleSpinBox,
    QGridLayout,
    QLabel,
    QSlider,
    QStyle,
    QStyleOptionSlider,
    QWidget,
)

from tpwng_studio import theme

_LOG_STEPS = 240


@dataclass(frozen=True, kw_only=True)
class Scale:
    """Range of a number.

    Attributes:
        low: smallest value.
        high: largest value.
        step: of the box's arrows; of the slider too where the scale is linear.
        decimals: digits behind the point.
        is_log: equal distances on the slider are equal ratios.
    """

    low: float
    high: float
    step: float
    decimals: int
    is_log: bool = False

    @property
    def num_positions(self) -> int:
        """Highest position of the slider; the lowest is 0."""
        return _LOG_STEPS if self.is_log else round((self.high - self.low) / self.step)

    def position_of(self, value: float) -> int:
        """Slider position nearest to a value; values outside the range stand at its ends."""
        value = min(max(value, self.low), self.high)
        share = (value - self.low) / (self.high - self.low)
        if self.is_log:
            share = math.log(value / self.low) / math.log(self.high / self.low)
        return round(share * self.num_positions)

    def value_at(self, position: int) -> float:
        """Value at a slider position, rounded to the decimals."""
        share = position / self.num_positions
        value = self.low + share * (self.high - self.low)
        if self.is_log:
            value = self.low * (self.high / self.low) ** share
        return round(value, self.decimals)


class NumberControl(QObject):
    """Label, slider and box over one number.

    Attributes:
        label: the name; its buddy is the box.
        slider: drags.
        box: types.

    Signals:
        changed: a person moved it.
        held: a person took hold of the slider (True), or let it go.
    """

    changed = Signal(float)
    held = Signal(bool)

    def __init__(self, name: str, scale: Scale, tip: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._scale = scale
        self.label = QLabel(name, parent)
        self.slider = MarkedSlider(scale, parent)
        self.box = QDoubleSpinBox(parent)
        self.box.setRange(scale.low, scale.high)
        self.box.setDecimals(scale.decimals)
        self.box.setSingleStep(scale.step)
        self.box.setKeyboardTracking(False)
        self.box.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.label.setBuddy(self.box)
        for widget, kind in ((self.label, ""), (self.slider, " slider"), (self.box, "")):
            widget.setToolTip(tip)
            widget.setAccessibleName(f"{name}{kind}")
        self.slider.sliderPressed.connect(lambda: self.held.emit(True))
        self.slider.sliderReleased.connect(lambda: self.held.emit(False))
        self.slider.valueChanged.connect(self._on_slid)
        self.box.valueChanged.connect(self._on_typed)

    @property
    def value(self) -> float:
        """What the box says."""
        return self.box.value()

    def set_value(self, value: float) -> None:
        """Show a value that came from elsewhere; says nothing back."""
        decimals = self._scale.decimals
        if not self._scale.is_log:  # a file may hold a finer value than the handles set
            decimals = next((n for n in range(decimals, 6) if round(value, n) == value), 6)
        with QSignalBlocker(self.box), QSignalBlocker(self.slider):
            self.box.setDecimals(decimals)
            if not math.isclose(self.box.value(), value, abs_tol=10**-decimals / 2):
                self.box.setValue(value)
            self.slider.setValue(self._scale.position_of(value))

    def place_in(self, grid: QGridLayout, row: int) -> None:
        """Take the first three columns of a row: name, slider, box."""
        for column, widget in enumerate((self.label, self.slider, self.box)):
            grid.addWidget(widget, row, column)

    def set_enabled(self, enabled: bool) -> None:
        """Enable or disable the three together."""
        for widget in (self.label, self.slider, self.box):
            widget.setEnabled(enabled)

    def _on_slid(self, position: int) -> None:
        value = self._scale.value_at(position)
        with QSignalBlocker(self.box):
            self.box.setValue(value)
        self.changed.emit(value)

    def _on_typed(self, value: float) -> None:
        with QSignalBlocker(self.slider):
            self.slider.setValue(self._scale.position_of(value))
        self.changed.emit(value)


class MarkedSlider(QSlider):
    """A horizontal slider that can mark one value, such as what a model was trained with."""

    def __init__(self, scale: Scale, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._scale = scale
        self._mark: float | None = None
        self.setRange(0, scale.num_positions)
        self.setPageStep(max(scale.num_positions // 10, 1))
        self.setMinimumWidth(48)

    def set_mark(self, value: float | None) -> None:
        """Mark a value, or none."""
        self._mark = value
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the slider, then the mark."""
        super().paintEvent(event)
        if self._mark is None:
            return
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        control = QStyle.ComplexControl.CC_Slider
        handle = self.style().subControlRect(
            control, option, QStyle.SubControl.SC_SliderHandle, self
        )
        groove = self.style().subControlRect(
            control, option, QStyle.SubControl.SC_SliderGroove, self
        )
        room = groove.width() - handle.width()
        x = QStyle.sliderPositionFromValue(
            0, self._scale.num_positions, self._scale.position_of(self._mark), room
        )
        painter = QPainter(self)
        painter.setPen(QPen(theme.current().accent, 2))
        middle = groove.left() + handle.width() // 2 + x
        painter.drawLine(middle, self.height() - 4, middle, self.height())
