"""The rows below the picture while a heat map is wanted: what to look for, how solid, what it says.

Heat maps and the session in; words to look for and an opacity out. Used by the player.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QSlider,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from tpwng_core.heatmap import RAMP
from tpwng_studio.icons import icon
from tpwng_studio.live.heat import HeatMaps
from tpwng_studio.state.session import Session
from tpwng_studio.widgets.elided_label import ElidedLabel

_OPACITY_PERCENT = 60
_OWN = "the video's category"
_QUICK_TIP = (
    "Look once instead of once per patch: for a large CLIP without a GPU. Points worse, and the"
    " grid is that of the CLIP."
)


class HeatRamp(QWidget):
    """The colours from the worst to the best patch, with words at both ends."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Colours from less to more")
        self.setToolTip("From the worst to the best patch of this very picture")

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Room for the words and the colours."""
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance("less  more") + 64, metrics.height())

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """The same."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the words and, between them, the colours."""
        painter = QPainter(self)
        area, metrics = self.rect(), self.fontMetrics()
        painter.setPen(self.palette().windowText().color())
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(area, middle | Qt.AlignmentFlag.AlignLeft, "less")
        painter.drawText(area, middle | Qt.AlignmentFlag.AlignRight, "more")
        left = metrics.horizontalAdvance("less") + 6
        bar = area.adjusted(left, 0, -metrics.horizontalAdvance("more") - 6, 0)
        bar.setHeight(10)
        bar.moveCenter(area.center())
        bar.setLeft(left)
        colours = QLinearGradient(bar.topLeft(), bar.topRight())
        for place, colour in enumerate(RAMP):
            colours.setColorAt(place / (len(RAMP) - 1), QColor(colour))
        painter.fillRect(bar, colours)
        painter.drawRect(bar.adjusted(0, 0, -1, -1))


class HeatBar(QWidget):
    """Shown while maps are wanted.

    Signals:
        opacity_changed: of the best patch.

    Args:
        heat: the maps; told what to look for.
        session: whose categories are offered.
        parent: the owner.
    """

    opacity_changed = Signal()

    def __init__(self, heat: HeatMaps, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("heat_bar")
        self._heat, self._session = heat, session
        self.what = QComboBox(self)
        self.quick = QCheckBox("quick", self)
        self.slider = QSlider(Qt.Orientation.Horizontal, self)
        self.close_button = QToolButton(self)
        self.legend = ElidedLabel(self)
        self.legend.setObjectName("heat_legend")
        self._set_up()
        self._place()
        heat.changed.connect(self.refresh)
        for signal in (
            session.project_changed,
            session.query_changed,
            session.queries_changed,
        ):
            signal.connect(self._fill)
        self._fill()
        self.refresh()

    @property
    def opacity(self) -> float:
        """Of the best patch, 0 to 1."""
        return self.slider.value() / 100

    def refresh(self) -> None:
        """Say again what is found."""
        self.setVisible(self._heat.is_on)
        self.legend.set_text(self._heat.words)
        editor = self.what.lineEdit()
        if editor is not None and not editor.hasFocus():
            self.what.setEditText(self._heat.text or _OWN)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the icon in the colours of the new theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.close_button.setIcon(icon("close"))

    def _set_up(self) -> None:
        self.what.setObjectName("heat_text")
        self.what.setEditable(True)
        self.what.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.what.setMinimumContentsLength(10)
        self.what.setAccessibleName("What to look for in the picture")
        self.what.setToolTip("A category, the last search, or any words: type them, then Enter")
        self.what.activated.connect(self._choose)
        editor = self.what.lineEdit()
        if editor is not None:
            editor.returnPressed.connect(self._type)
        self.quick.setToolTip(_QUICK_TIP)
        self.quick.toggled.connect(self._heat.set_quick)
        self.slider.setRange(10, 100)
        self.slider.setValue(_OPACITY_PERCENT)
        self.slider.setMaximumWidth(110)
        self.slider.setAccessibleName("Opacity of the heat map")
        self.slider.setToolTip("Opacity of the heat map")
        self.slider.valueChanged.connect(self.opacity_changed)
        self.close_button.setAutoRaise(True)
        self.close_button.setIcon(icon("close"))
        self.close_button.setAccessibleName("Close the heat map")
        self.close_button.setToolTip("Close the heat map (Shift+H)")
        self.close_button.clicked.connect(self._heat.toggle)

    def _place(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(QLabel("Where is"))
        row.addWidget(self.what, 1)
        row.addWidget(self.quick)
        row.addWidget(HeatRamp(self))
        row.addWidget(self.slider)
        row.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 3, 6, 3)
        column.setSpacing(2)
        column.addLayout(row)
        column.addWidget(self.legend)

    def _fill(self) -> None:
        self.what.clear()
        self.what.addItem(_OWN, "")
        session = self._session
        searched = [] if session.query is None else [session.query.text]
        saved = [query.words for query in session.queries.values()]
        for text in dict.fromkeys([*searched, *session.categories.values(), *saved]):
            self.what.addItem(text, text)
        self.refresh()

    def _choose(self, place: int) -> None:
        self._leave(str(self.what.itemData(place)))

    def _type(self) -> None:
        words = self.what.currentText()
        self._leave("" if words == _OWN else words)

    def _leave(self, text: str) -> None:
        """Give the keys back to the window, so that Space plays again."""
        editor = self.what.lineEdit()
        if editor is not None:
            editor.clearFocus()
        self._heat.look_for(text)
        self.refresh()
