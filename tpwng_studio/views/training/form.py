"""How to train: a preset, the settings most people change, and what to hold and to watch.

Gives a :class:`TrainingWish`. Only what differs from the preset is overridden, so that a run says
what a person chose. Part of the training panel.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QGridLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from tpwng_core.config import PRESETS, read_preset
from tpwng_core.tuning import Tuning
from tpwng_studio.jobs.errands import TrainingWish

_NOBODY = "no video"


@dataclass(frozen=True, kw_only=True)
class _Number:
    """A setting that is a number: its name in TOML and on screen, its range, what it is."""

    setting: str
    name: str
    low: float
    high: float
    step: float
    decimals: int
    tip: str


_NUMBERS = (
    _Number(
        setting="training.epochs",
        name="Epochs",
        low=1,
        high=1000,
        step=1,
        decimals=0,
        tip="Passes over the training videos",
    ),
    _Number(
        setting="training.batch_size",
        name="Batch",
        low=1,
        high=256,
        step=1,
        decimals=0,
        tip="Abnormal and normal videos of a step, each",
    ),
    _Number(
        setting="training.lr_temporal",
        name="Rate",
        low=1e-6,
        high=1.0,
        step=1e-4,
        decimals=6,
        tip="Learning rate of the temporal half",
    ),
    _Number(
        setting="pseudolabels.alpha",
        name="alpha",
        low=0.0,
        high=1.0,
        step=0.05,
        decimals=2,
        tip="Weight of normality guidance, Eq. 5",
    ),
    _Number(
        setting="pseudolabels.theta",
        name="theta",
        low=0.01,
        high=1.0,
        step=0.05,
        decimals=2,
        tip="Threshold on psi, Eq. 6",
    ),
    _Number(
        setting="temporal.softness",
        name="R",
        low=1,
        high=1024,
        step=16,
        decimals=0,
        tip="Softness of the attention span, in snippets",
    ),
    _Number(
        setting="validation.share",
        name="Held out",
        low=0,
        high=0.9,
        step=0.05,
        decimals=2,
        tip="Share of the training videos to choose the epoch by, unless the data set says val",
    ),
    _Number(
        setting="training.seed",
        name="Seed",
        low=0,
        high=9999,
        step=1,
        decimals=0,
        tip="Of initial weights and order",
    ),
)


class TrainingForm(QWidget):
    """Preset, numbers, labels held fixed, pinned video.

    Signals:
        sliders_asked: alpha, theta and R shall be those of the sliders.
    """

    sliders_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.preset = QComboBox()
        self.preset.addItems(list(PRESETS))
        self.preset.setCurrentText("custom")
        self.preset.setAccessibleName("Preset")
        self.numbers = {number.setting: _box(number) for number in _NUMBERS}
        self.sliders = QPushButton("Take alpha, theta, R from the sliders")
        self.sliders.clicked.connect(self.sliders_asked)
        self.hold = QCheckBox("Hold my corrections fixed")
        self.hold.setChecked(True)
        self.hold.setToolTip(
            "Frames you labelled keep that label in training; unknown ones are left out"
        )
        self.look_back = QCheckBox("Look back only (to watch live)")
        self.look_back.setToolTip(
            "The model sees no snippet before it comes, so it can score a live source; on whole "
            "videos one that looks both ways knows more (temporal.causal)"
        )
        self.pin = QComboBox()
        self.pin.setAccessibleName("Pinned video")
        self.pin.setToolTip("Scored again after every epoch, so that you see the model learn")
        self.pin.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._lay_out()
        self.preset.currentTextChanged.connect(self._show_preset)
        self._show_preset(self.preset.currentText())

    @property
    def wish(self) -> TrainingWish:
        """What is wanted."""
        given = self._preset_values()
        changed = {
            name: _number(box)
            for name, box in self.numbers.items()
            if _number(box) != given.get(name)
        }
        if self.look_back.isChecked() != given.get("temporal.causal", False):
            changed["temporal.causal"] = self.look_back.isChecked()
        # The window wants to see every epoch; a preset may measure only some.
        return TrainingWish(
            preset=self.preset.currentText(),
            overrides={**changed, "validation.every": 1},
            hold_labels=self.hold.isChecked(),
            pin=str(self.pin.currentData() or ""),
        )

    def set_videos(self, videos: Sequence[str], chosen: str) -> None:
        """Offer these videos to be pinned.

        Args:
            videos: ids of those with features.
            chosen: the one to begin with, if nobody chose yet.
        """
        before = self.pin.currentData()
        self.pin.clear()
        self.pin.addItem(_NOBODY, "")
        for video in videos:
            self.pin.addItem(video, video)
        wanted = before if before in videos else chosen
        self.pin.setCurrentIndex(max(self.pin.findData(wanted), 0))

    def set_num_labelled(self, count: int) -> None:
        """Say how many videos people labelled."""
        plural = "" if count == 1 else "s"
        text = f"Hold my corrections fixed ({count} video{plural})" if count else self._no_labels
        self.hold.setText(text)
        self.hold.setEnabled(bool(count))

    def begin_with(self, preset: str) -> None:
        """Show these packaged settings, as they are."""
        self.preset.setCurrentText(preset)
        self._show_preset(preset)

    def take_tuning(self, tuning: Tuning) -> None:
        """Train with the alpha, theta and R of the sliders."""
        self.numbers["pseudolabels.alpha"].setValue(tuning.alpha)
        self.numbers["pseudolabels.theta"].setValue(tuning.theta)
        if tuning.span_softness is not None:
            self.propose_softness(tuning.span_softness)

    def propose_softness(self, softness: float) -> None:
        """Train with this R."""
        self.numbers["temporal.softness"].setValue(softness)

    _no_labels = "Hold my corrections fixed (none yet)"

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.addWidget(_label("Preset", self.preset), 0, 0)
        grid.addWidget(self.preset, 0, 1)
        for place, number in enumerate(_NUMBERS, start=1):
            row, half = divmod(place, 2)
            box = self.numbers[number.setting]
            grid.addWidget(_label(number.name, box), row, 2 * half)
            grid.addWidget(box, row, 2 * half + 1)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(3, 1)
        row = 1 + len(_NUMBERS) // 2
        grid.addWidget(self.sliders, row, 0, 1, 4)
        grid.addWidget(_label("Watch", self.pin), row + 1, 0)
        grid.addWidget(self.pin, row + 1, 1, 1, 3)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(grid)
        column.addWidget(self.hold)
        column.addWidget(self.look_back)

    def _show_preset(self, _: str) -> None:
        for name, value in self._preset_values().items():
            if name in self.numbers:
                self.numbers[name].setValue(value)

    def _preset_values(self) -> dict[str, Any]:
        tables = read_preset(self.preset.currentText())
        return {f"{s}.{key}": value for s, table in tables.items() for key, value in table.items()}


def _box(number: _Number) -> QDoubleSpinBox:
    box = QDoubleSpinBox()
    box.setDecimals(number.decimals)
    box.setRange(number.low, number.high)
    box.setSingleStep(number.step)
    box.setAccessibleName(number.name)
    box.setToolTip(f"{number.tip} ({number.setting})")
    box.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
    box.setMinimumWidth(72)
    if number.decimals > 4:
        box.setStepType(QAbstractSpinBox.StepType.AdaptiveDecimalStepType)
    return box


def _number(box: QDoubleSpinBox) -> float | int:
    return round(box.value(), box.decimals()) if box.decimals() else round(box.value())


def _label(text: str, buddy: QComboBox | QSpinBox | QDoubleSpinBox) -> QLabel:
    label = QLabel(text)
    label.setBuddy(buddy)
    return label
