"""The first-run card: drop a folder, open a project, or look at the demo.

In: recent projects. Out: what the user wants, as signals. The window shows it in its middle while
no project is open.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from tpwng_studio import theme
from tpwng_studio.icons import app_icon, icon, pixmap
from tpwng_studio.widgets.drop_zone import DropZone

_WIDTH_PX = 720
_NUM_RECENT = 5


class WelcomeCard(QWidget):
    """Three doors and the recent projects.

    Signals:
        folder_asked: choose a folder of videos.
        project_asked: choose a project.
        demo_asked: open the demo.
        recent_asked: open this project (``Path``).
    """

    folder_asked = Signal()
    project_asked = Signal()
    demo_asked = Signal()
    recent_asked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("welcome")
        self.zone = DropZone()
        self.zone.clicked.connect(self.folder_asked)
        self.folder = self._button("New project of a folder…", "folder-plus", self.folder_asked)
        self.project = self._button("Open a project…", "folder", self.project_asked)
        self.demo = self._button("Try the demo", "play", self.demo_asked)
        self.demo.setToolTip("Eight short videos, trained and scored: everything can be tried")
        self._pictures: list[tuple[QLabel, str, int]] = []
        self._recent = QVBoxLayout()
        self._recent.setSpacing(0)
        self._lay_out()
        self._draw()

    def show_recent(self, paths: Sequence[Path]) -> None:
        """List the projects opened last."""
        while (item := self._recent.takeAt(0)) is not None:
            if widget := item.widget():
                widget.deleteLater()
        if paths:
            self._recent.addWidget(_muted("Recent projects"))
        for path in paths[:_NUM_RECENT]:
            button = QPushButton(f"{path.name}    {_short(path.parent)}")
            button.setFlat(True)
            button.setStyleSheet("text-align: left; padding: 5px 6px;")
            button.setToolTip(str(path))
            button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            button.clicked.connect(lambda _=False, path=path: self.recent_asked.emit(path))
            self._recent.addWidget(button)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the icons again when light turns dark."""
        if event.type() == QEvent.Type.PaletteChange:
            self._draw()
        super().changeEvent(event)

    def _button(self, text: str, drawing: str, signal: object) -> QPushButton:
        button = QPushButton(text)
        button.setProperty("drawing", drawing)
        button.setIconSize(QSize(18, 18))
        button.setMinimumHeight(38)
        button.clicked.connect(signal)
        return button

    def _lay_out(self) -> None:
        card = QFrame()
        card.setMaximumWidth(_WIDTH_PX)
        inside = QVBoxLayout(card)
        inside.setSpacing(16)
        inside.addLayout(self._head())
        zone = self.zone.body
        self.zone.setMinimumHeight(190)
        film = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        self._pictures.append((film, "film", 44))
        words = QLabel("<b>Drop a folder of videos here</b>")
        words.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom)
        hint = _muted("or a project, or click to choose. Videos stay where they are.")
        hint.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        zone.addStretch(1)
        for label in (film, words, hint):
            zone.addWidget(label)
        zone.addStretch(1)
        inside.addWidget(self.zone)
        row = QHBoxLayout()
        for button in (self.folder, self.project, self.demo):
            row.addWidget(button, 1)
        inside.addLayout(row)
        inside.addLayout(self._recent)
        middle = QHBoxLayout()
        middle.addStretch(1)
        # Takes what there is up to its width; narrow windows stay possible.
        middle.addWidget(card, 1000)
        middle.addStretch(1)
        outside = QVBoxLayout(self)
        outside.addStretch(2)
        outside.addLayout(middle)
        outside.addStretch(3)

    def _head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        logo = QLabel()
        self._pictures.append((logo, "app", 56))
        title = QLabel("TPWNG Studio")
        font = title.font()
        font.setPointSizeF(font.pointSizeF() * 1.8)
        font.setBold(True)
        title.setFont(font)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(title)
        words.addWidget(_muted("Find rare events in video: watch, tune, correct, train, export."))
        head.addWidget(logo)
        head.addSpacing(8)
        head.addLayout(words, 1)
        return head

    def _draw(self) -> None:
        for label, drawing, size in self._pictures:
            ratio = self.devicePixelRatioF()
            if drawing == "app":
                label.setPixmap(app_icon().pixmap(QSize(size, size), ratio))
            else:
                picture = pixmap(drawing, theme.current().muted, round(size * ratio))
                picture.setDevicePixelRatio(ratio)
                label.setPixmap(picture)
        for button in (self.folder, self.project, self.demo):
            button.setIcon(icon(str(button.property("drawing"))))


def _muted(text: str) -> QLabel:
    label = QLabel(text)
    label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
    label.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
    return label


def _short(path: Path) -> str:
    """A folder as people write it, ``~`` for home."""
    home = Path.home()
    return f"~/{path.relative_to(home)}" if path.is_relative_to(home) else str(path)
