"""Playing and showing the open video: the frame of the playhead, or of the clock while it plays.

The session's playhead in, pictures with their frame number out. While it plays, the frame wanted
is that of the index at the clock's time; frames are dropped, never queued. Called by the player,
the actions and the window.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from tpwng_studio.playing.audio import Sink, Sound, default_sink
from tpwng_studio.playing.decode_thread import CACHE_BYTES, DecodeThread
from tpwng_studio.playing.decode_work import Shown
from tpwng_studio.playing.play_clock import PlayClock

if TYPE_CHECKING:
    from tpwng_core.video import VideoIndex
    from tpwng_studio.state.catalogue import VideoItem
    from tpwng_studio.state.segments import Segment

SPEEDS = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
_TICK_MS = 16


class Watched(Protocol):
    """What playback needs of the session."""

    video_changed: Any
    playhead_changed: Any
    message: Any

    @property
    def video(self) -> VideoItem | None:
        """The open video."""

    @property
    def playhead(self) -> int:
        """The frame looked at."""

    @property
    def selected(self) -> Segment | None:
        """The selected segment."""

    @property
    def mark(self) -> tuple[int | None, int | None]:
        """Where a new segment begins and ends."""

    def seek(self, frame: int) -> None:
        """Look at another frame."""

    def set_index(self, index: VideoIndex) -> None:
        """The frames of the open video and their times are known."""


class Playback(QObject):
    """Shows the frame at the playhead, and moves the playhead while it plays.

    Signals:
        frame_ready: picture, its frame number, and whether it is approximate: a nearby frame
            that stands in until the wanted one is decoded. :attr:`shown` tells more.
        state_changed: playing or paused, the loop.
        speed_changed: seconds of video per second.
        index_ready: the ``VideoIndex`` of the video that was opened.
        failed: why a video cannot be opened or read on.

    Args:
        session: whose video and playhead are followed; gets the index, and the playhead moved.
        cache_bytes: memory for decoded frames, in bytes.
        make_sink: makes the sound device.
        parent: the owner.
    """

    frame_ready = Signal(object, int, bool)
    state_changed = Signal()
    speed_changed = Signal(float)
    index_ready = Signal(object)
    failed = Signal(str)

    def __init__(
        self,
        session: Watched,
        *,
        cache_bytes: int = CACHE_BYTES,
        make_sink: Callable[[], Sink | None] = default_sink,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.sound = Sound(make_sink, self)
        self.shown: Shown | None = None
        self._session = session
        self._index: VideoIndex | None = None
        self._loop: range | None = None
        self._clock = PlayClock()
        self._expected: int | None = None
        self._timer = QTimer(self, interval=_TICK_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._thread = DecodeThread(cache_bytes=cache_bytes, parent=self)
        self._thread.picture.connect(self._show)
        self._thread.indexed.connect(self._take_index)
        self._thread.failed.connect(self._fail)
        session.playhead_changed.connect(self._follow)
        session.video_changed.connect(self._follow_video)
        self._follow_video()

    @property
    def index(self) -> VideoIndex | None:
        """The index of the open video, once it is made."""
        return self._index

    @property
    def is_playing(self) -> bool:
        """True while the clock moves the playhead."""
        return self._clock.is_running

    @property
    def speed(self) -> float:
        """Seconds of video per second; below 0 while it plays backwards."""
        return self._clock.speed

    @property
    def loop(self) -> range | None:
        """The frames that are repeated, or None."""
        return self._loop

    def open(self, path: Path) -> None:
        """Index a video and show the frame at the playhead."""
        self._forget()
        self._thread.open(path)

    def close(self) -> None:
        """Forget the video."""
        self._forget()
        self._thread.close_video()

    def request(self, frame: int) -> None:
        """Show a frame; what was asked for before and is not shown yet never will be."""
        if self._index is not None and 0 <= frame < self._index.num_frames:
            self._thread.request(frame)

    def play(self) -> None:
        """Play on from the playhead; from the start (of the loop) where it stands at the end."""
        if self._index is None or self.is_playing:
            return
        frames = self._loop or range(self._index.num_frames)
        if self.speed < 0:
            frames = frames[::-1]
        place = self._session.playhead
        if place not in frames or (place == frames[-1] and len(frames) > 1):
            place = frames[0]
        self._timer.start()
        self._run_from(place)
        self._session.seek(place)
        self.state_changed.emit()

    def pause(self) -> None:
        """Stand still at the playhead; what plays next plays forwards."""
        if not self.is_playing:
            return
        self._timer.stop()
        self._clock.stop()
        self.sound.stop()
        if self.speed < 0:
            self._change_speed(1.0)
        self.state_changed.emit()

    def stop(self) -> None:
        """Stand still, at normal speed again."""
        self.pause()
        self._change_speed(1.0)

    def toggle(self) -> None:
        """Play or pause."""
        if self.is_playing:
            self.pause()
        else:
            self.play()

    def forwards(self) -> None:
        """Play; at the next higher speed where it plays forwards already."""
        if not self.is_playing:
            self.play()
        elif self.speed < 0:
            self._change_speed(1.0)
        else:
            self.faster()

    def backwards(self) -> None:
        """Play backwards; at the next higher speed where it does so already."""
        if self.is_playing and self.speed < 0:
            self.faster()
        elif self._index is not None and (self._session.playhead > 0 or self._loop is not None):
            self._change_speed(-1.0)
            self.play()

    def faster(self) -> None:
        """The next higher speed in either direction; play where it stands."""
        if self.is_playing:
            speed = abs(self.speed)
            self._keep_direction(min([s for s in SPEEDS if s > speed], default=SPEEDS[-1]))
        else:
            self.play()

    def slower(self) -> None:
        """The next lower speed in either direction."""
        speed = abs(self.speed)
        self._keep_direction(max([s for s in SPEEDS if s < speed], default=SPEEDS[0]))

    def set_speed(self, speed: float) -> None:
        """Seconds of video per second, from 0.25 to 16; forwards."""
        self._change_speed(min(max(speed, SPEEDS[0]), SPEEDS[-1]))

    def set_loop(self, frames: range | None) -> None:
        """Repeat ``frames`` (half-open, at least one) while playing; None plays on."""
        self._loop = frames if frames else None
        self.state_changed.emit()

    def toggle_loop(self) -> None:
        """Repeat the selected segment, else what is marked; or repeat no more."""
        if self._loop is not None or self._index is None:
            self.set_loop(None)
            return
        segment, (begin, end) = self._session.selected, self._session.mark
        if segment is not None:
            self.set_loop(range(segment.start, segment.end))
        elif begin is not None and end is not None:
            self.set_loop(range(begin, end))
        else:
            self._session.message.emit("info", "Select a segment, or mark one by I and O, to loop")

    def shutdown(self) -> None:
        """Stop and end the threads; the object can only be deleted afterwards."""
        self._forget()
        self._thread.shutdown()
        self.sound.shutdown()

    def _keep_direction(self, speed: float) -> None:
        self._change_speed(-speed if self.speed < 0 else speed)

    def _change_speed(self, speed: float) -> None:
        """Another speed or direction, from where the clock is."""
        if speed == self.speed:
            return
        self._clock.set_speed(speed)
        if self.is_playing:
            self._play_sound(self._clock.time_s)
        self.speed_changed.emit(speed)

    def _follow_video(self) -> None:
        item = self._session.video
        if item is None:
            self.close()
        else:
            self.open(item.path)

    def _forget(self) -> None:
        self.pause()
        self._index, self._loop, self.shown, self._expected = None, None, None, None
        self.sound.close()
        self.state_changed.emit()

    def _take_index(self, index: VideoIndex) -> None:
        self._index = index
        self.sound.open(index.path, index.start_s)
        self._session.set_index(index)
        self.index_ready.emit(index)
        self.request(min(max(self._session.playhead, 0), index.num_frames - 1))

    def _fail(self, reason: str) -> None:
        self.pause()
        self.failed.emit(reason)
        self._session.message.emit("error", reason)

    def _show(self, shown: Shown) -> None:
        self.shown = shown
        self.frame_ready.emit(shown.image, shown.frame, shown.is_approximate)

    def _follow(self, frame: int) -> None:
        """The playhead moved: by this clock, or by somebody, and then the clock goes there."""
        self.request(frame)
        if self.is_playing and frame != self._expected:
            self._run_from(frame)

    def _run_from(self, frame: int) -> None:
        assert self._index is not None
        frame = min(max(frame, 0), self._index.num_frames - 1)
        self._expected = frame
        # Backwards a frame is entered at its end, so that it is seen as long as forwards.
        is_back = self.speed < 0
        self._clock.start(self._end_s(frame) if is_back else self._index.time_of(frame))
        self._play_sound(self._clock.time_s)

    def _play_sound(self, time_s: float) -> None:
        if self.speed == 1.0:
            self.sound.start(time_s)
        else:
            self.sound.stop()

    def _tick(self) -> None:
        if self._index is None:
            return
        time_s = self._clock.time_s
        frames = self._loop or range(self._index.num_frames)
        is_over = (
            time_s <= self._index.time_of(frames[0])
            if self.speed < 0
            else time_s >= self._end_s(frames[-1])
        )
        if is_over:
            self._reach_end(frames if self.speed > 0 else frames[::-1])
            return
        # Where a frame lasts one unit of time, the index rounds to the one before or behind.
        frame = min(max(self._index.frame_at(time_s), frames[0]), frames[-1])
        if self.speed < 0 and self._expected is not None:
            frame = min(frame, self._expected)
        self._move_to(frame)
        self.sound.keep_up(time_s)

    def _end_s(self, frame: int) -> float:
        """When a frame has been seen long enough."""
        assert self._index is not None
        if frame + 1 < self._index.num_frames:
            return self._index.time_of(frame + 1)
        return self._index.time_of(frame) + float(1 / self._index.fps)

    def _reach_end(self, frames: range) -> None:
        """The last of ``frames`` was played, in the order in which they are."""
        if self._loop is None:
            self._move_to(frames[-1])
            self.pause()
        else:
            self._run_from(frames[0])
            self._session.seek(frames[0])

    def _move_to(self, frame: int) -> None:
        if frame != self._expected:
            self._expected = frame
            self._session.seek(frame)
