"""How to run a round of corrections: what it learns from, how much that weighs, where it begins.

Gives a :class:`RoundWish`. Part of the panel of a round.
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDoubleSpinBox,
    QGroupBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from tpwng_core.rounds import HUMAN_WEIGHT
from tpwng_studio.jobs.retraining import SPREAD_ABOVE, RoundWish

_WEIGHT_TIP = "What a corrected snippet counts in the loss; every other one counts 1"
_SPREAD_TIP = (
    "Snippets of the same video whose features have a cosine of"
    f" {SPREAD_ABOVE} or more with a corrected one take its label"
)
_SCRATCH_TIP = (
    "Forget what the model has learned and train as long as the first time; without this, it goes"
    " on from where it is, which takes seconds"
)
_START_TIP = (
    "Train with your corrections held fixed, score every video, and show what changed; the model of"
    " now stays until the new one is there, and the old one can be taken back"
)


class RoundForm(QGroupBox):
    """See the module.

    Signals:
        wanted: a :class:`RoundWish` to run.
        split_asked: somebody wants to say which videos train.
    """

    wanted = Signal(object)
    split_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Retrain with my corrections", parent)
        self.amount = QLabel(wordWrap=True)
        self.amount.setAccessibleName("What is learned from")
        self.weight = QDoubleSpinBox(minimum=0.5, maximum=100.0, singleStep=0.5, decimals=1)
        self.weight.setValue(HUMAN_WEIGHT)
        self.weight.setAccessibleName("Weight of a correction")
        self.weight.setToolTip(_WEIGHT_TIP)
        self.spread = QCheckBox("Spread to what looks the same")
        self.spread.setToolTip(_SPREAD_TIP)
        self.scratch = QCheckBox("From scratch")
        self.scratch.setToolTip(_SCRATCH_TIP)
        self.start = QPushButton("Retrain")
        self.start.setToolTip(_START_TIP)
        self.start.setAccessibleName("Retrain with my corrections")
        self.why = QLabel(wordWrap=True)
        self.why.setAccessibleName("Why no round can begin")
        self.split = QPushButton("Split…")
        self.split.setToolTip("Say in the data set which videos train and which are held out")
        self._place()
        self.split.clicked.connect(self.split_asked)
        self.start.clicked.connect(lambda: self.wanted.emit(self.wish))

    @property
    def wish(self) -> RoundWish:
        """What is wanted."""
        return RoundWish(
            human_weight=self.weight.value(),
            spread=self.spread.isChecked(),
            from_scratch=self.scratch.isChecked(),
        )

    def show_state(
        self, amount: str, missing: str, *, is_running: bool, needs_split: bool = False
    ) -> None:
        """Say what is learned from, or what is missing and what to do about it."""
        self.amount.setText(amount)
        self.why.setText(missing)
        self.why.setVisible(bool(missing))
        self.split.setVisible(needs_split)
        self.start.setEnabled(not missing and not is_running)
        for widget in (self.weight, self.spread, self.scratch):
            widget.setEnabled(not is_running)

    def _place(self) -> None:
        weight = QHBoxLayout()
        label = QLabel("Weight of a correction")
        label.setBuddy(self.weight)
        weight.addWidget(label)
        weight.addWidget(self.weight)
        weight.addStretch(1)
        column = QVBoxLayout(self)
        column.addWidget(self.amount)
        column.addLayout(weight)
        column.addWidget(self.spread)
        column.addWidget(self.scratch)
        column.addWidget(self.start)
        column.addWidget(self.why)
        column.addWidget(self.split)
