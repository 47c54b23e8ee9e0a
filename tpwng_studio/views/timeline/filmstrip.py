"""Asks for the pictures of the overview, a moment after the window stopped changing its size.

The scene in; pictures of the open video, evenly spread over it, out. Owned by the timeline.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from tpwng_studio.views.timeline.overview import Picture, num_pictures, pictures_rect
from tpwng_studio.views.timeline.scene import Scene

if TYPE_CHECKING:
    from tpwng_studio.playing.thumbnails import Thumbnails
    from tpwng_studio.state.session import Session

_REST_MS = 120


class Filmstrip(QObject):
    """The pictures of the open video.

    Args:
        session: says which video is open.
        thumbnails: makes them; None makes none.
        parent: the timeline.
    """

    changed = Signal()

    def __init__(self, session: Session, thumbnails: Thumbnails | None, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._thumbnails = thumbnails
        self._scene: Scene | None = None
        self._num_wanted = 1
        self._pictures: list[Picture] = []
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_REST_MS)
        self._timer.timeout.connect(self._ask)
        if thumbnails is not None:
            thumbnails.ready.connect(self._on_ready)
            session.index_changed.connect(self._timer.start)
            session.video_changed.connect(self._forget)

    @property
    def pictures(self) -> list[Picture]:
        """Frames and pictures, by frame; more of them come while they are made."""
        return self._pictures

    @property
    def num_wanted(self) -> int:
        """How many there will be."""
        return self._num_wanted

    def request(self, scene: Scene) -> None:
        """Pictures that cover the overview of this scene, soon."""
        self._scene = scene
        if self._thumbnails is not None:
            self._timer.start()

    def cancel(self) -> None:
        """Ask for nothing."""
        self._timer.stop()

    def _ask(self) -> None:
        index, scene = self._session.index, self._scene
        if self._thumbnails is None or index is None or scene is None:
            return
        if "overview" in scene.geometry.rows and index.height > 0:
            aspect = index.width * float(index.pixel_aspect) / index.height
            height = round(pictures_rect(scene).height() * scene.look.ratio)
            self._num_wanted = num_pictures(scene, aspect)
            self._thumbnails.request(index.path, index, self._num_wanted, height)

    def _on_ready(self, path: str, pictures: list[Picture]) -> None:
        index = self._session.index
        if index is not None and str(index.path) == path:
            self._pictures = pictures
            self.changed.emit()

    def _forget(self) -> None:
        self._pictures = []
        self.changed.emit()
