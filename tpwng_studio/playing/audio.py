"""Sound beside the pictures: plays what belongs to the clock's time, or says why there is none.

The time of the clock in; samples to the sound device out. Called by ``playback.py`` while it plays
at normal speed. Qt's multimedia is imported only once a video with sound is open.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QIODevice, QObject, Qt, Signal

from tpwng_studio.playing.sound_thread import NUM_CHANNELS, RATE, Block, SoundThread

MAX_DRIFT_S = 0.15
_SETTLED_S = 1.0
_log = logging.getLogger(__name__)

_FRAME_BYTES = 2 * NUM_CHANNELS
_BUFFER_S = 0.25


class Sink(Protocol):
    """What is used of ``QAudioSink``."""

    def start(self) -> QIODevice | None:
        """Begin to play; what is written to the device is heard."""

    def stop(self) -> None:
        """Fall silent and forget what was written."""

    def bytesFree(self) -> int:  # noqa: N802 - Qt's name
        """How much can be written now."""

    def bufferSize(self) -> int:  # noqa: N802 - Qt's name
        """How much can be written at most: what is not free is still to be heard."""

    def setVolume(self, volume: float) -> None:  # noqa: N802 - Qt's name
        """Loudness, 0 to 1, linear."""


def default_sink() -> Sink | None:
    """The computer's own sound device; None where it has none that plays 16-bit stereo."""
    try:
        from PySide6.QtMultimedia import QAudioFormat, QAudioSink, QMediaDevices
    except ImportError as error:  # a bare system lacks the sound libraries Qt is linked with
        _log.warning("no sound: %s", error)
        return None
    device = QMediaDevices.defaultAudioOutput()
    wanted = QAudioFormat()
    wanted.setSampleRate(RATE)
    wanted.setChannelCount(NUM_CHANNELS)
    wanted.setSampleFormat(QAudioFormat.SampleFormat.Int16)
    if device.isNull() or not device.isFormatSupported(wanted):
        return None
    sink = QAudioSink(device, wanted)
    sink.setBufferSize(round(_BUFFER_S * RATE) * _FRAME_BYTES)
    return sink


class Sound(QObject):
    """The sound of the open video.

    Signals:
        changed: whether there is sound, muted, volume.

    Args:
        make_sink: makes the device once it is needed; None from it means that there is none.
        parent: the owner.
    """

    changed = Signal()
    _told = Signal(int, bool)

    def __init__(
        self,
        make_sink: Callable[[], Sink | None] = default_sink,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._make_sink = make_sink
        self._told.connect(self._hear, Qt.ConnectionType.QueuedConnection)
        self._thread: SoundThread | None = None
        self._video = 0
        self._sink: Sink | None = None
        self._has_looked = False
        self._device: QIODevice | None = None
        self._starts_at_s: float | None = None
        self._began_at_s = 0.0
        self._num_written = 0
        self._has_sound = False
        self._is_muted = False
        self._volume = 1.0

    @property
    def is_available(self) -> bool:
        """True where the video has sound and the computer can play it."""
        return self._has_sound and self._sink is not None

    @property
    def note(self) -> str:
        """Why nothing is heard, in words; empty where it is."""
        if not self._has_sound:
            return "This video has no sound"
        if self._sink is None:
            return "This computer has no sound device"
        return ""

    @property
    def is_muted(self) -> bool:
        """True where the user wants silence."""
        return self._is_muted

    @property
    def volume(self) -> float:
        """Loudness, 0 to 1."""
        return self._volume

    def open(self, path: Path, origin_s: float) -> None:
        """Look for sound in a file whose first picture is at ``origin_s`` of its container."""
        self.close()
        if self._thread is None:
            self._thread = SoundThread(self._told.emit)
        self._video = self._thread.open(path, origin_s)

    def close(self) -> None:
        """Forget the file."""
        self.stop()
        if self._thread is not None:
            self._video = self._thread.open(None)
        self._has_sound = False
        self.changed.emit()

    def start(self, time_s: float) -> None:
        """Play from ``time_s`` on, as :meth:`keep_up` is called."""
        self.stop()
        if self.is_available and not self._is_muted and self._thread is not None:
            self._starts_at_s = time_s
            self._thread.start(time_s)

    def stop(self) -> None:
        """Fall silent."""
        if self._starts_at_s is None or self._thread is None:
            return
        self._starts_at_s = None
        self._thread.stop()
        self._silence()

    def keep_up(self, time_s: float) -> None:
        """Give the device what belongs to ``time_s`` and the quarter of a second after it."""
        if self._starts_at_s is None or self._sink is None or self._thread is None:
            return
        if self._device is None:
            self._begin(time_s)
        elif abs(self._heard_s(self._sink) - time_s) > MAX_DRIFT_S and self._is_settled(time_s):
            self.start(time_s)
        else:
            self._write(self._sink.bytesFree() // _FRAME_BYTES)

    def set_muted(self, is_muted: bool) -> None:
        """Silence, whatever the volume."""
        self._is_muted = is_muted
        if is_muted:
            self.stop()
        self.changed.emit()

    def toggle_mute(self) -> None:
        """Silence, or sound again."""
        self.set_muted(not self._is_muted)

    def set_volume(self, volume: float) -> None:
        """Loudness, 0 to 1."""
        self._volume = min(max(volume, 0.0), 1.0)
        if self._sink is not None:
            self._sink.setVolume(self._volume)
        self.changed.emit()

    def shutdown(self) -> None:
        """End the thread and let go of the device."""
        self.stop()
        if self._thread is not None:
            self._thread.shutdown()
            self._thread = None

    def _heard_s(self, sink: Sink) -> float:
        """The time in the video that is heard now, by what the device still holds.

        Devices count differently what they have played; how full they are, they all know.
        """
        assert self._starts_at_s is not None
        num_held = (sink.bufferSize() - sink.bytesFree()) // _FRAME_BYTES
        return self._starts_at_s + (self._num_written - num_held) / RATE

    def _is_settled(self, time_s: float) -> bool:
        """False while a device that was just started may still be filling up."""
        return time_s - self._began_at_s > _SETTLED_S

    def _begin(self, time_s: float) -> None:
        """Open the device once the samples of ``time_s`` are there."""
        assert self._thread is not None
        assert self._sink is not None
        assert self._starts_at_s is not None
        late = round((time_s - self._starts_at_s) * RATE)
        skipped = len(self._thread.take(max(late, 0)))
        self._starts_at_s += skipped / RATE
        if skipped < late:
            return
        first = self._thread.take(round(_BUFFER_S * RATE / 2))
        if not len(first):
            return
        self._device = self._sink.start()
        self._sink.setVolume(self._volume)
        self._began_at_s, self._num_written = time_s, 0
        self._put(first)

    def _write(self, num_samples: int) -> None:
        assert self._thread is not None
        self._put(self._thread.take(num_samples))

    def _put(self, block: Block) -> None:
        if len(block) and self._device is not None:
            self._device.write(block.tobytes())
            self._num_written += len(block)

    def _silence(self) -> None:
        if self._device is not None and self._sink is not None:
            self._sink.stop()
        self._device = None

    def _hear(self, video: int, has_sound: bool) -> None:
        """The thread has looked whether a video has sound."""
        if video != self._video:
            return
        self._has_sound = has_sound
        if has_sound and not self._has_looked:
            self._has_looked = True
            self._sink = self._make_sink()
        self.changed.emit()
