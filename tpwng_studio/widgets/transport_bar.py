"""The row below the picture: move, play, place, speed, loop, sound, veil.

The session and playback in; intents out. Used by the player. Buttons do not take the focus by
a click, so that Space keeps playing and pausing.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QActionGroup, QFocusEvent, QFontMetrics, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QMenu, QSlider, QToolButton, QWidget

from tpwng_studio.icons import icon
from tpwng_studio.playing.playback import SPEEDS, Playback
from tpwng_studio.state.session import Session
from tpwng_studio.timecode import parse_position, time_text
from tpwng_studio.widgets.picture_canvas import Veil


class PlaceField(QLineEdit):
    """Time and frame of the playhead; somebody may type either to go there.

    Signals:
        typed: what was typed.
    """

    typed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("place")
        self.setAccessibleName("Time and frame")
        self.setToolTip("Click and type a frame (680) or a time (0:22.67, 22.67s), then Enter")
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._shown = self._widest = ""
        self.returnPressed.connect(self._leave)

    def show_place(self, text: str, widest: str) -> None:
        """Show a place, unless somebody is typing; ``widest`` is what there must be room for."""
        self._shown = text
        if widest != self._widest:
            self._widest = widest
            self.setFixedWidth(QFontMetrics(self.font()).horizontalAdvance(widest) + 24)
        if not (self.hasFocus() and self.isModified()):
            self.setText(text)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Select everything, so that typing replaces it."""
        super().focusInEvent(event)
        self.selectAll()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Forget what was typed and not entered."""
        super().focusOutEvent(event)
        self._forget()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Escape gives up typing."""
        if event.key() == Qt.Key.Key_Escape:
            self._forget()
            self.clearFocus()
        else:
            super().keyPressEvent(event)

    def _leave(self) -> None:
        words = self.text()
        self._forget()
        self.clearFocus()
        self.typed.emit(words)

    def _forget(self) -> None:
        self.setText(self._shown)
        self.setModified(False)


class TransportBar(QWidget):
    """The row of controls.

    Signals:
        veil_chosen: how the picture shall be hidden; "none" shows it.

    Args:
        session: whose playhead moves.
        playback: what plays.
        parent: the owner.
    """

    veil_chosen = Signal(str)

    def __init__(self, session: Session, playback: Playback, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("transport")
        self._session, self._playback = session, playback
        self._buttons: dict[str, QToolButton] = {}
        self._drawings: dict[QToolButton, str] = {}
        self._kind: Veil = "blur"
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(6, 2, 6, 4)
        self._row.setSpacing(2)
        self._add_moves()
        self._add_place()
        self._row.addStretch(1)
        self._add_speed_and_loop()
        self._add_sound()
        self._add_veil()
        made = self._buttons
        self._spare: list[list[QWidget]] = [
            [self.length],
            [made["first"], made["last"]],
            [made["back_1s"], made["on_1s"]],
            [self.volume],
            [self._last_frame],
        ]
        playback.state_changed.connect(self._show_state)
        playback.speed_changed.connect(self._show_state)
        playback.sound.changed.connect(self._show_sound)
        session.playhead_changed.connect(self.show_place)
        self._show_state()
        self._show_sound()
        self.show_place()

    def show_place(self, _frame: int = 0) -> None:
        """Show time and frame of the playhead."""
        session = self._session
        last = max(session.num_frames - 1, 0)
        here = _place(session.time_of(session.playhead), session.playhead)
        self.place.show_place(here, _place(session.time_of(last), last))
        end = (f"/ {time_text(session.time_of(last))}", f"f{last}") if last else ("", "")
        if end != (self.length.text(), self._last_frame.text()):
            self.length.setText(end[0])
            self._last_frame.setText(end[1])
            self._share_room()

    def set_veil(self, veil: Veil) -> None:
        """Show whether the picture is hidden."""
        self.veil_button.setChecked(veil != "none")

    @property
    def veil_kind(self) -> Veil:
        """What hiding the picture does: "blur" or "grey"."""
        return self._kind

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Room for what cannot be spared; the rest goes, the least wanted first."""
        spared = sum(_room(parts, self._row) for parts in self._spare if parts[0].isVisibleTo(self))
        hint = self._row.minimumSize()
        return QSize(hint.width() - spared, hint.height())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Leave out what there is no room for."""
        super().resizeEvent(event)
        self._share_room()

    def _share_room(self) -> None:
        """Show what there is room for, the most wanted first."""
        room = self.width() - self.minimumSizeHint().width()
        for parts in self._spare:
            room -= _room(parts, self._row)
            for part in parts:
                part.setVisible(room >= 0)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the icons in the colours of the new theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            for button, drawing in self._drawings.items():
                button.setIcon(icon(drawing))

    def _add_moves(self) -> None:
        session = self._session
        self._button("first", "First frame (Home)", lambda: session.seek(0), "first")
        self._button("back_1s", "Back 1 s (Shift+Left)", lambda: session.step_seconds(-1), "−1 s")
        self._button("back", "Back one frame (Left)", lambda: session.step(-1), "step-back")
        self.play_button = self._button(
            "play", "Play or pause (Space)", self._playback.toggle, "play"
        )
        self.play_button.setIconSize(QSize(24, 24))
        self._button("on", "On one frame (Right)", lambda: session.step(1), "step-on")
        self._button("on_1s", "On 1 s (Shift+Right)", lambda: session.step_seconds(1), "+1 s")
        self._button(
            "last", "Last frame (End)", lambda: session.seek(session.num_frames - 1), "last"
        )

    def _add_place(self) -> None:
        self.place = PlaceField(self)
        self.place.typed.connect(self._go)
        self.length = QLabel(self)
        self.length.setAccessibleName("Length of the video")
        self._last_frame = QLabel(self)
        self._last_frame.setContentsMargins(6, 0, 0, 0)
        self._row.addSpacing(8)
        for part in (self.place, self.length, self._last_frame):
            self._row.addWidget(part)

    def _add_speed_and_loop(self) -> None:
        self.speed_button = self._button(
            "speed", "Speed (L faster, J backwards, Shift+J slower)", None, "1x"
        )
        menu = QMenu(self.speed_button)
        for speed in SPEEDS:
            menu.addAction(_speed(speed)).setData(speed)
        menu.triggered.connect(lambda action: self._playback.set_speed(action.data()))
        self.speed_button.setMenu(menu)
        self.speed_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.loop_button = self._button(
            "loop", "Loop the selected segment or the marks (P)", self._playback.toggle_loop, "loop"
        )
        self.loop_button.setCheckable(True)

    def _add_sound(self) -> None:
        sound = self._playback.sound
        self.mute_button = self._button("mute", "", sound.toggle_mute, "volume")
        self.volume = QSlider(Qt.Orientation.Horizontal, self)
        self.volume.setObjectName("volume")
        self.volume.setAccessibleName("Volume")
        self.volume.setRange(0, 100)
        self.volume.setFixedWidth(70)
        self.volume.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.volume.valueChanged.connect(lambda value: sound.set_volume(value / 100))
        self._row.addWidget(self.volume)

    def _add_veil(self) -> None:
        self.veil_button = self._button("veil", "Blur the picture (B)", self._toggle_veil, "blur")
        self.veil_button.setCheckable(True)
        menu = QMenu(self.veil_button)
        kinds = QActionGroup(menu)
        for kind, text in (("blur", "Blur"), ("grey", "Grey")):
            action = menu.addAction(text)
            action.setData(kind)
            action.setCheckable(True)
            action.setChecked(kind == self._kind)
            kinds.addAction(action)
        menu.triggered.connect(lambda action: self._choose_kind(action.data()))
        self.veil_button.setMenu(menu)
        self.veil_button.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)

    def _button(
        self, name: str, tip: str, call: Callable[[], object] | None, face: str
    ) -> QToolButton:
        """A button with a drawing of assets/icons, or with short text where there is none."""
        button = QToolButton(self)
        button.setObjectName(name)
        button.setAutoRaise(True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setToolTip(tip)
        button.setAccessibleName(tip.split(" (", maxsplit=1)[0] or name)
        if any(letter.isdigit() for letter in face):
            button.setText(face)
        else:
            self._draw(button, face)
        if call is not None:
            button.clicked.connect(lambda _checked=False: call())
        button.setAutoRepeat(name in ("back", "on", "back_1s", "on_1s"))
        self._row.addWidget(button)
        self._buttons[name] = button
        return button

    def _draw(self, button: QToolButton, drawing: str) -> None:
        if self._drawings.get(button) != drawing:
            self._drawings[button] = drawing
            button.setIcon(icon(drawing))

    def _go(self, words: str) -> None:
        try:
            self._session.seek(parse_position(words, self._session.frame_at))
        except ValueError as error:
            self._session.message.emit("warning", str(error))

    def _toggle_veil(self) -> None:
        self.veil_chosen.emit(self._kind if self.veil_button.isChecked() else "none")

    def _choose_kind(self, kind: Veil) -> None:
        self._kind = kind
        self.veil_chosen.emit(kind)

    def _show_state(self, _speed_now: float = 1.0) -> None:
        self._draw(self.play_button, "pause" if self._playback.is_playing else "play")
        self.speed_button.setText(_speed(self._playback.speed))
        self.loop_button.setChecked(self._playback.loop is not None)
        self._show_sound()

    def _show_sound(self) -> None:
        sound = self._playback.sound
        is_heard = sound.is_available and not sound.is_muted and self._playback.speed == 1
        self._draw(self.mute_button, "volume" if is_heard and sound.volume else "mute")
        tip = "Sound again" if sound.is_muted else "Mute"
        if sound.is_available and self._playback.speed != 1:
            tip = "Sound is heard at normal speed only"
        self.mute_button.setToolTip(sound.note or tip)
        self.mute_button.setAccessibleName(sound.note or tip)
        self.mute_button.setEnabled(sound.is_available)
        self.volume.setEnabled(sound.is_available)
        self.volume.setToolTip(sound.note or "Volume")
        self.volume.blockSignals(True)
        self.volume.setValue(round(sound.volume * 100))
        self.volume.blockSignals(False)


def _room(parts: list[QWidget], row: QHBoxLayout) -> int:
    widths = [max(part.minimumWidth(), part.minimumSizeHint().width()) for part in parts]
    return sum(widths) + row.spacing() * len(parts)


def _place(time_s: float, frame: int) -> str:
    return f"{time_text(time_s)}  f{frame}"


def _speed(speed: float) -> str:
    return f"{speed:g}x".replace("-", "\u2212")
