"""What a round did: the gain on held-out videos, the list of what changed, keep or go back.

A comparison in; "keep", "back" and places to go to out. Part of the panel of a round.
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QComboBox,
    QGroupBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from tpwng_studio.state.round_comparison import Comparison
from tpwng_studio.views.retraining.change_list import ORDERS, ChangeList
from tpwng_studio.views.retraining.words import change_words, gain_hint, gain_words
from tpwng_studio.widgets.narrow import let_shrink

_CURVES = (
    "The new model scores the project now; in every video the thin curves are psi and score before."
)


class Outcome(QGroupBox):
    """See the module.

    Signals:
        kept: the new model shall stay.
        taken_back: the model before shall come back.
    """

    kept = Signal()
    taken_back = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Before / after", parent)
        self.gain, self.changed, self.curves = (QLabel(wordWrap=True) for _ in range(3))
        self.gain.setAccessibleName("Gain on held-out videos")
        self.changed.setAccessibleName("How much changed")
        self.curves.setText(_CURVES)
        self.curves.setForegroundRole(self.palette().ColorRole.PlaceholderText)
        self.order = QComboBox()
        self.order.addItems(list(ORDERS))
        self.order.setAccessibleName("Order of the changes")
        self.order.setMinimumContentsLength(8)
        self.list = ChangeList()
        self.order.currentTextChanged.connect(self.list.changes.set_order)
        self.keep = QPushButton("Keep the new model")
        self.keep.setToolTip("Stop comparing; the model before stays among the runs")
        self.back = QPushButton("Back to the old")
        self.back.setToolTip("Its scores and curves come back as they were; the new run stays")
        self.keep.clicked.connect(self.kept)
        self.back.clicked.connect(self.taken_back)
        self._place()

    def show_comparison(self, comparison: Comparison | None, *, is_comparing: bool) -> None:
        """Show what a round did; None while that is worked out."""
        if comparison is None:
            self.gain.setText("Comparing before and after…" if is_comparing else "")
            self.gain.setToolTip("")
            self.changed.setText("")
            self.list.changes.show((), frozenset())
            return
        self.gain.setText(f"<b>{gain_words(comparison.gain)}</b>")
        self.gain.setToolTip(gain_hint(comparison.gain))
        self.changed.setText(change_words(comparison))
        self.list.changes.show(comparison.changes, comparison.corrected)

    def set_writable(self, is_writable: bool) -> None:
        """Whether the project may be turned."""
        self.keep.setEnabled(is_writable)
        self.back.setEnabled(is_writable)

    def _place(self) -> None:
        buttons = QHBoxLayout()
        for button in (self.keep, self.back):
            let_shrink(button)
            buttons.addWidget(button, 1)
        column = QVBoxLayout(self)
        column.addWidget(self.gain)
        column.addWidget(self.changed)
        column.addWidget(self.order)
        column.addWidget(self.list, 1)
        column.addLayout(buttons)
        column.addWidget(self.curves)
