"""A timeline over the demo's videos, and a mouse that points at frames and values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tpwng_studio import theme
from tpwng_studio.state.session import Session
from tpwng_studio.views.timeline import TimelineView
from tpwng_studio.views.timeline.content import AXIS

LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier


@dataclass(frozen=True)
class Hand:
    """A mouse on a timeline."""

    view: TimelineView

    def at(self, frame: float, row: str) -> QPoint:
        """The pixel of a place in the video, in the middle of a row."""
        plot = self.view.scene.geometry.plot(row)
        return QPoint(round(plot.left() + self.view.viewport.x_of(frame)), plot.center().y())

    def value(self, frame: float, value: float, row: str = "psi") -> QPoint:
        """The pixel of a value on an axis."""
        plot = self.view.scene.geometry.plot(row)
        share = (value - AXIS[0]) / (AXIS[1] - AXIS[0])
        return QPoint(self.at(frame, row).x(), round(plot.top() + (1 - share) * plot.height()))

    def drag(self, start: QPoint, *ways: QPoint, keys: Qt.KeyboardModifier = NONE) -> None:
        """Press, move, let go."""
        self.press(start, *ways, keys=keys)
        QTest.mouseRelease(self.view, LEFT, keys, ways[-1])

    def press(self, start: QPoint, *ways: QPoint, keys: Qt.KeyboardModifier = NONE) -> None:
        """Press and move."""
        QTest.mousePress(self.view, LEFT, keys, start)
        for way in ways:
            QTest.mouseMove(self.view, way)

    def click(self, place: QPoint, button: Qt.MouseButton = LEFT) -> None:
        """Press and let go."""
        QTest.mouseClick(self.view, button, NONE, place)

    def wheel(self, place: QPoint, notches: int, keys: Qt.KeyboardModifier = NONE) -> None:
        """Turn the wheel; upwards above 0."""
        event = QWheelEvent(
            QPointF(place),
            QPointF(self.view.mapToGlobal(place)),
            QPoint(),
            QPoint(0, 120 * notches),
            Qt.MouseButton.NoButton,
            keys,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(self.view, event)


@pytest.fixture
def view(qapp: QApplication, session: Session) -> Iterator[TimelineView]:
    theme.apply(qapp, "light")
    view = TimelineView(session)
    view.resize(900, 460)
    view.show()
    QTest.qWaitForWindowExposed(view)
    yield view
    view.close()


@pytest.fixture
def hand(view: TimelineView) -> Hand:
    return Hand(view)
