"""The player: header, picture with its words, controls.

The session and playback in; pictures on the screen and intents out. Made by the main window.
"""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QVBoxLayout, QWidget

from tpwng_studio.live.heat import HeatMaps
from tpwng_studio.playing.playback import Playback
from tpwng_studio.state.frame_reading import read_frame
from tpwng_studio.state.session import Session
from tpwng_studio.widgets.heat_bar import HeatBar
from tpwng_studio.widgets.picture_canvas import PictureCanvas, Veil
from tpwng_studio.widgets.picture_words import Badge
from tpwng_studio.widgets.transport_bar import TransportBar
from tpwng_studio.widgets.video_header import VideoHeader

_IF_GONE = "File, Find moved videos: say where it is now."
_IF_UNREADABLE = "File, Take the video out of the project: the file stays where it is."
_PATIENCE_MS = 300  # paging through videos shall not flicker with words


class PlayerView(QWidget):
    """Shows and plays the open video.

    Signals:
        fullscreen_wanted: the picture was double-clicked.
        veil_changed: pictures shall be shown plain, blurred or in grey.

    Args:
        session: what is open, and where the playhead is.
        playback: what decodes and plays.
        heat: where in the picture something matches; None where nobody can tell.
        parent: the owner.
    """

    fullscreen_wanted = Signal()
    veil_changed = Signal(str)

    def __init__(
        self,
        session: Session,
        playback: Playback,
        heat: HeatMaps | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("player")
        self._session, self._playback, self._heat = session, playback, heat
        self._has_overlay = True
        self._failure = ""
        self._patience = QTimer(self, singleShot=True, interval=_PATIENCE_MS)
        self._patience.timeout.connect(self._show_words)
        self.header = VideoHeader(session, self)
        self.canvas = PictureCanvas(self)
        self.transport = TransportBar(session, playback, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(self.canvas, 1)
        if heat is not None:
            self.heat_bar = HeatBar(heat, session, self)
            self.heat_bar.opacity_changed.connect(self._show_heat)
            heat.changed.connect(self._show_heat)
            column.addWidget(self.heat_bar)
        column.addWidget(self.transport)
        self._connect()
        self._show_video()

    def _connect(self) -> None:
        session, playback = self._session, self._playback
        self.canvas.double_clicked.connect(self.fullscreen_wanted)
        self.transport.veil_chosen.connect(self.set_veil)
        playback.frame_ready.connect(self._show_picture)
        playback.failed.connect(self._show_failure)
        session.video_changed.connect(self._show_video)
        session.index_changed.connect(self._show_place)
        for signal in (
            session.playhead_changed,
            session.derived_changed,
            session.labels_changed,
            session.tuning_changed,
        ):
            signal.connect(self._show_words)

    def toggle_blur(self) -> None:
        """Hide the picture (blurred, or in grey, as chosen last), or show it again."""
        self.set_veil(self.transport.veil_kind if self.canvas.veil == "none" else "none")

    def toggle_overlay(self) -> None:
        """Take the numbers off the picture, or put them on it again; faults are always said."""
        self._has_overlay = not self._has_overlay
        self._show_words()

    @property
    def has_overlay(self) -> bool:
        """True where the numbers stand on the picture."""
        return self._has_overlay

    def set_veil(self, veil: Veil) -> None:
        """Show the picture plain, blurred or in grey."""
        self.canvas.set_veil(veil)
        self.transport.set_veil(veil)
        self.veil_changed.emit(veil)

    def _show_video(self) -> None:
        """Another video: nothing of the one before stays on screen."""
        self._failure = ""
        self._patience.start()
        self.canvas.set_picture(QImage())
        self._show_heat()
        self._show_place()

    def _show_place(self) -> None:
        self.transport.show_place()
        self._show_words()

    def _show_picture(self, image: QImage, _frame: int, _is_approximate: bool) -> None:
        index = self._playback.index
        self.canvas.set_picture(image, float(index.pixel_aspect) if index else 1.0)
        self._show_heat()
        self._show_words()

    def _show_heat(self) -> None:
        """The map of this very frame, or none."""
        if self._heat is None:
            return
        found, shown = self._heat.found, self._playback.shown
        is_it = shown is not None and not shown.is_approximate
        if found is None or shown is None or not is_it or shown.frame != found.meta["frame"]:
            found = None
        self.canvas.set_heat(found, self.heat_bar.opacity)

    def _show_failure(self, reason: str) -> None:
        self._failure = reason
        self._show_words()

    def _show_words(self, _frame: int = 0) -> None:
        has_picture = not self.canvas.image.isNull()
        reading = None
        if has_picture and self._has_overlay:
            reading = read_frame(self._session, self._session.playhead)
        self.canvas.set_words(reading, tuple(self._badges()), self._note())

    def _badges(self) -> Iterator[Badge]:
        shown = self._playback.shown
        if self._failure and shown is not None:
            yield Badge(text=self._failure, kind="warning")
        if shown is None:
            return
        if shown.fault == "missing":
            text = f"FRAME {shown.wanted} CANNOT BE DECODED, this is frame {shown.frame}"
            yield Badge(text=text, kind="warning")
        elif shown.is_approximate:
            yield Badge(text=f"≈ frame {shown.frame}, the exact one follows")
        if shown.fault == "damaged":
            yield Badge(text="DAMAGED FRAME", kind="warning")

    def _note(self) -> str:
        """What stands where there is no picture."""
        shown = self._playback.shown
        if self._failure:
            video = self._session.video
            is_gone = video is not None and not video.path.exists()
            hint = _IF_GONE if is_gone else _IF_UNREADABLE
            return f"This video cannot be shown.\n{self._failure}\n{hint}"
        if self._session.video is None:
            return "No video open"
        if shown is not None and shown.note:
            return shown.note
        return "" if self._patience.isActive() else "Reading the video …"
