"""How psi is spread, over the open video and over the project, with theta as a line to drag.

Reads psi of the open video from the session and of all videos from :class:`ProjectPsi`; where
ground truth is known, F1 over the project is drawn as a line, so that one sees where theta would
serve all of them. Part of the parameters panel.
"""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from tpwng_core.tuning import Derived
from tpwng_studio import theme
from tpwng_studio.state.frame_reading import exact
from tpwng_studio.state.population import NUM_BINS, THETAS, PsiPopulation, PsiSample
from tpwng_studio.state.project_psi import ProjectPsi
from tpwng_studio.state.session import Session
from tpwng_studio.throttle import Throttle

_STEP = 0.01
_SELDOM_MS = 80
_LOW, _HIGH = 0.01, 1.0
_ARROWS: dict[int, int] = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


class HistogramView(QWidget):
    """The plot and two lines that say it in words.

    Args:
        session: what is on screen.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("histogram")
        self._session = session
        self._psi: object = None
        self.project_psi = ProjectPsi(session, self)
        self.plot = PsiPlot(self)
        self.words = QLabel()
        self.words.setWordWrap(True)
        self.words.setTextFormat(Qt.TextFormat.RichText)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.plot)
        column.addWidget(self.words)
        self.plot.theta_moved.connect(lambda theta: session.set_tuning(theta=theta))
        self.plot.held.connect(session.hold_tuning)
        self.project_psi.changed.connect(self._show_project)
        self._throttle = Throttle(self._say, _SELDOM_MS, self)
        session.derived_changed.connect(self._show_video)
        session.video_changed.connect(self._show_video)
        self._show_project()
        self._show_video()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Write the legend again in the new colours."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._say()

    def _show_project(self) -> None:
        self.plot.set_project(self.project_psi.population)
        self._say()

    def _show_video(self) -> None:
        derived = self._session.derived
        psi = None if derived is None else derived.psi
        if psi is None or psi is not self._psi:
            self._psi = psi
            self.plot.set_video(PsiPopulation(samples=_samples(derived)))
        self.plot.set_theta(self._session.tuning.theta)
        self._throttle.ask()

    def _say(self) -> None:
        theta, colours = self._session.tuning.theta, theme.current()
        video, project = self.plot.video, self.plot.project
        lines = []
        if video.samples:
            share = f"this video: {video.share_above(theta):.0%} at or above theta"
            lines.append(_key("━", colours.psi, share))
        if project.samples:
            count = len(project.samples)
            share = f"{count} abnormal videos: {project.share_above(theta):.0%}"
            lines.append(_key("▆", colours.unknown, share))
        if project.f1 is not None:
            lines.append(_key("┅", colours.truth, _f1_words(project, theta)))
        self.words.setText("<br>".join(lines) or "No psi in this project yet.")


class PsiPlot(QWidget):
    """Two histograms over [0, 1] and a line at theta.

    Signals:
        theta_moved: a person moved the line.
        held: a person took hold of it (True), or let it go.
    """

    theta_moved = Signal(float)
    held = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.video = PsiPopulation(samples=())
        self.project = PsiPopulation(samples=())
        self._theta = 0.55
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.SplitHCursor)
        self.setAccessibleName("Histogram of psi with theta")
        self.setToolTip(
            "How often each psi occurs. Drag the line: psi at or above theta is abnormal.\n"
            "A theta in a valley parts the two kinds; arrows move it by 0.01."
        )

    def set_video(self, population: PsiPopulation) -> None:
        """Show another video."""
        self.video = population
        self.update()

    def set_project(self, population: PsiPopulation) -> None:
        """Show other videos of the project."""
        self.project = population
        self.update()

    def set_theta(self, theta: float) -> None:
        """Show a theta that came from elsewhere."""
        self._theta = theta
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Low and wide."""
        return QSize(220, 5 * self.fontMetrics().height() + 20)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """As high, and not too narrow to drag in."""
        return QSize(140, self.sizeHint().height())

    def x_of(self, psi: float) -> float:
        """Where a psi stands, in pixels."""
        box = self._box()
        return box.left() + psi * box.width()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the histograms, the tinted side and the line."""
        colours, box = theme.current(), self._box()
        painter = QPainter(self)
        painter.fillRect(box, colours.background)
        tint = QColor(colours.abnormal)
        tint.setAlpha(38)
        x = self.x_of(self._theta)
        painter.fillRect(QRectF(x, box.top(), box.right() - x, box.height()), tint)
        top = max(self.video.histogram.max(), self.project.histogram.max(), 1e-9)
        self._paint_project(painter, box, top)
        self._paint_video(painter, box, top)
        self._paint_f1(painter, box)
        self._paint_axis(painter, box)
        self._paint_theta(painter, box, x)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Take the line."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.held.emit(True)
            self._move_to(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Drag the line."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._move_to(event.position().x())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Let the line go."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.held.emit(False)

    def event(self, event: QEvent) -> bool:
        """Keep the arrows for the line while the plot has the focus."""
        is_asked = event.type() == QEvent.Type.ShortcutOverride
        if is_asked and isinstance(event, QKeyEvent) and event.key() in _ARROWS:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Left and Right move the line by a hundredth."""
        if event.key() in _ARROWS:
            self._set(self._theta + _ARROWS[event.key()] * _STEP)
        else:
            super().keyPressEvent(event)

    def _move_to(self, x: float) -> None:
        box = self._box()
        self._set((x - box.left()) / box.width())

    def _set(self, theta: float) -> None:
        theta = round(min(max(theta, _LOW), _HIGH), 2)
        if theta != self._theta:
            self.set_theta(theta)
            self.theta_moved.emit(theta)

    def _box(self) -> QRectF:
        line = self.fontMetrics().height()
        return QRectF(6, line + 4, max(self.width() - 12, 1), max(self.height() - 2 * line - 8, 1))

    def _paint_project(self, painter: QPainter, box: QRectF, top: float) -> None:
        fill = QColor(theme.current().unknown)
        fill.setAlpha(110)
        width = box.width() / NUM_BINS
        for place, share in enumerate(self.project.histogram):
            height = share / top * (box.height() - 2)
            left = box.left() + place * width
            painter.fillRect(QRectF(left, box.bottom() - height, width + 0.3, height), fill)

    def _paint_video(self, painter: QPainter, box: QRectF, top: float) -> None:
        if not self.video.samples:
            return
        width = box.width() / NUM_BINS
        line = QPolygonF()
        for place, share in enumerate(self.video.histogram):
            y = box.bottom() - share / top * (box.height() - 2)
            line.append(QPointF(box.left() + place * width, y))
            line.append(QPointF(box.left() + (place + 1) * width, y))
        painter.setPen(QPen(theme.current().psi, 1.6))
        painter.drawPolyline(line)

    def _paint_f1(self, painter: QPainter, box: QRectF) -> None:
        f1 = self.project.f1
        if f1 is None:
            return
        x = box.left() + THETAS * box.width()
        y = box.bottom() - f1 * (box.height() - 2)
        points = [QPointF(*place) for place in zip(x.tolist(), y.tolist(), strict=True)]
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.current().truth, 1.4, Qt.PenStyle.DashLine))
        painter.drawPolyline(QPolygonF(points))

    def _paint_axis(self, painter: QPainter, box: QRectF) -> None:
        colours = theme.current()
        painter.setPen(QPen(colours.border, 1))
        painter.drawRect(box)
        painter.setPen(colours.muted)
        below = QRectF(box.left(), box.bottom() + 2, box.width(), self.fontMetrics().height())
        painter.drawText(below, Qt.AlignmentFlag.AlignLeft, "0 normal")
        painter.drawText(below, Qt.AlignmentFlag.AlignHCenter, "psi")
        painter.drawText(below, Qt.AlignmentFlag.AlignRight, "abnormal 1")

    def _paint_theta(self, painter: QPainter, box: QRectF, x: float) -> None:
        colours = theme.current()
        width = 3 if self.hasFocus() else 2
        painter.setPen(QPen(colours.accent if self.hasFocus() else colours.text, width))
        painter.drawLine(QPointF(x, box.top()), QPointF(x, box.bottom()))
        text = f"θ {exact(self._theta)}"
        text_width = self.fontMetrics().horizontalAdvance(text)
        left = min(max(x - text_width / 2, box.left()), box.right() - text_width)
        painter.drawText(QPointF(left, box.top() - 4), text)


def _samples(derived: Derived | None) -> tuple[PsiSample, ...]:
    """The open video as a population of one; none where it has no psi of its own."""
    if derived is None or derived.is_normal or not derived.usable:
        return ()
    return (PsiSample(psi=derived.psi, num_frames=np.diff(derived.edges)),)


def _key(mark: str, colour: QColor, text: str) -> str:
    return f'<span style="color:{colour.name()}">{mark}</span> {text}'


def _f1_words(project: PsiPopulation, theta: float) -> str:
    assert project.f1 is not None
    here = project.f1[int(np.argmin(np.abs(THETAS - theta)))]
    best = int(np.argmax(project.f1))
    return (
        f"F1 of {project.num_known} annotated videos: {here:.2f},"
        f" best {project.f1[best]:.2f} at theta {THETAS[best]:.2f}"
    )
