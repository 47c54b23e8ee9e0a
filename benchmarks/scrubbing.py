"""How fast the player finds frames in a video that is hard to scrub: 1080p, a keyframe every 250.

    python benchmarks/scrubbing.py [--film FILE] [--num 30]

Cold jumps into another group of pictures: time to the first picture (marked approximate) and to
the exact one, and the latter against bare decoding from the keyframe (PyAV, one thread, nothing
else), measured before and after, so that both meet the same machine. Then steps where the
neighbours are cached. Goals: 60 ms, 1.3 times, 40 ms. Where others use the machine too, trust
the processors' time (``cpu``).
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import av
import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PySide6.QtCore import QEventLoop, QObject, QTimer, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from benchmarks.contract import Bench, make_parser
from tpwng_studio.playing.decode_thread import default_num_threads
from tpwng_studio.playing.playback import Playback

GROUP, NUM_GROUPS, WIDTH, HEIGHT = 250, 3, 1920, 1080
TIMEOUT_S = 20.0
COLD_BYTES = 32 << 20  # ten pictures, so that no jump finds its group in memory


class Watched(QObject):
    """A session that has nothing but a video and a playhead."""

    video_changed = Signal()
    playhead_changed = Signal(int)
    message = Signal(str, str)
    playhead = 0
    selected = None
    mark = (None, None)

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.video: Any = SimpleNamespace(path=path)

    def seek(self, frame: int) -> None:
        """Move the playhead."""
        self.playhead = frame
        self.playhead_changed.emit(frame)

    def set_index(self, index: object) -> None:
        """Nobody asks for it."""


class Moment(NamedTuple):
    """Seconds on the clock, and of the processors."""

    s: float
    cpu_s: float

    @classmethod
    def now(cls) -> Moment:
        """This one."""
        return cls(time.perf_counter(), time.process_time())

    def since(self, begun: Moment) -> Moment:
        """From one moment to another."""
        return Moment(self.s - begun.s, self.cpu_s - begun.cpu_s)


class Stopwatch:
    """Measures from a seek to its pictures, as the window sees them."""

    def __init__(self, session: Watched, playback: Playback) -> None:
        self._session, self._playback = session, playback
        self._loop = QEventLoop()
        self._patience = QTimer(singleShot=True)
        self._patience.timeout.connect(self._loop.quit)
        self._times: list[Moment] = []
        self._begun = Moment.now()
        playback.frame_ready.connect(self._look)

    def _look(self, _image: QImage, _frame: int, is_approximate: bool) -> None:
        self._times.append(Moment.now().since(self._begun))
        if not is_approximate:
            self._loop.quit()

    def seek(self, frame: int) -> tuple[Moment, Moment]:
        """How long until the first picture, and until the exact one."""
        self._times.clear()
        self._begun = Moment.now()
        self._session.seek(frame)
        self.wait()
        return self._times[0], self._times[-1]

    def wait(self, at_most_s: float = TIMEOUT_S) -> None:
        """Until the exact picture is there; fails where it does not come."""
        self._patience.start(round(1000 * at_most_s))
        self._loop.exec()
        if not self._patience.isActive():
            raise TimeoutError(f"no exact picture within {at_most_s} s")
        self._patience.stop()

    def rest(self) -> None:
        """Let the thread look ahead until it has nothing left to do, as while a person looks."""
        used_s = 1.0
        while used_s > 0.01:
            before_s = time.process_time()
            self._patience.start(100)
            self._loop.exec()
            used_s = time.process_time() - before_s


class Bare:
    """Decoding from the keyframe and nothing else."""

    def __init__(self, path: Path) -> None:
        self._container = av.open(str(path))
        self._stream = self._container.streams.video[0]
        self._stream.codec_context.thread_count = 1

    def decode(self, pts: int) -> Moment:
        """How long it takes to get to the frame of ``pts``."""
        begun = Moment.now()
        self._container.seek(pts, stream=self._stream)
        for frame in self._container.decode(self._stream):
            if frame.pts >= pts:
                break
        return Moment.now().since(begun)


def make_film(path: Path) -> None:
    """A camera that pans over a scene with grain, with a keyframe every 250 frames."""
    scene, random = _scene(), np.random.default_rng(1)
    grain = random.integers(-4, 5, (4, HEIGHT, WIDTH, 1), np.int16)
    options = {"g": str(GROUP), "keyint_min": str(GROUP), "sc_threshold": "0", "crf": "23"}
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=25, options=options | {"preset": "veryfast"})
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        for number in range(GROUP * NUM_GROUPS):
            picture = np.roll(scene, (number // 2, number), (0, 1)) + grain[number % 4]
            pixels = np.clip(picture, 0, 255).astype(np.uint8)
            frame = av.VideoFrame.from_ndarray(pixels, format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, 25)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def _scene() -> NDArray[np.int16]:
    """(1080, 1920, 3): soft colours with some hundred hard-edged things, as a street has."""
    random = np.random.default_rng(0)
    coarse = Image.fromarray(random.integers(0, 255, (9, 16, 3), np.uint8))
    scene = np.array(coarse.resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC), dtype=np.int16)
    for _ in range(150):
        top, left = random.integers(0, HEIGHT - 60), random.integers(0, WIDTH - 60)
        height, width = random.integers(4, 60, 2)
        scene[top : top + height, left : left + width] = random.integers(0, 255, 3)
    return scene


def cold_frames(num: int) -> list[int]:
    """Frames at random places of groups, each in another group than the one before."""
    random = np.random.default_rng(1)
    groups = np.cumsum(random.integers(1, NUM_GROUPS, num)) % NUM_GROUPS
    frames: list[int] = (groups * GROUP + random.integers(GROUP // 10, GROUP, num)).tolist()
    return frames


def spread(values: NDArray[np.float64]) -> dict[str, float]:
    """Median and 95th percentile."""
    return {"p50": float(np.percentile(values, 50)), "p95": float(np.percentile(values, 95))}


def jumps(path: Path, num: int) -> dict[str, Any]:
    """Cold jumps, in milliseconds and ratios."""
    session = Watched(path)
    playback = Playback(session, cache_bytes=COLD_BYTES, make_sink=lambda: None)
    watch = Stopwatch(session, playback)
    watch.wait()
    watch.rest()
    index, bare = playback.index, Bare(path)
    assert index is not None
    rows = []
    for frame in cold_frames(num):
        pts = int(index.pts[frame])
        before = bare.decode(pts)
        first, exact = watch.seek(frame)
        watch.rest()
        after = bare.decode(pts)
        ratio = 2 * exact.s / (before.s + after.s)
        cpu_ratio = 2 * exact.cpu_s / (before.cpu_s + after.cpu_s)
        rows.append([1000 * first.s, 1000 * first.cpu_s, 1000 * exact.s, ratio, cpu_ratio])
    playback.shutdown()
    names = (
        *("first_picture_ms", "first_picture_cpu_ms", "exact_frame_ms"),
        *("exact_over_bare", "exact_over_bare_cpu"),
    )
    return dict(zip(names, map(spread, np.array(rows).T), strict=True))


def steps(path: Path) -> dict[str, Any]:
    """Single steps on and back around a frame that was looked at for a while."""
    session = Watched(path)
    playback = Playback(session, make_sink=lambda: None)
    watch = Stopwatch(session, playback)
    watch.wait()
    middle = GROUP + GROUP // 2
    watch.seek(middle)
    watch.rest()
    around = [*range(1, 25), *range(-1, -25, -1)]
    times = [1000 * watch.seek(middle + step)[1].s for step in around]
    playback.shutdown()
    return {"cached_step_ms": spread(np.array(times))}


def add_rows(bench: Bench, found: dict[str, Any]) -> None:
    """The goals are about the 95th percentile; medians and processor time stand beside."""
    first, exact = found["first_picture_ms"], found["exact_over_bare"]
    step, exact_ms = found["cached_step_ms"], found["exact_frame_ms"]
    bench.add(
        "first-picture", "cold jump in 1080p with a keyframe every 250: first picture, p95",
        first["p95"], "ms", goal=60, detail=f"median {first['p50']:.0f} ms; processor p95 "
        f"{found['first_picture_cpu_ms']['p95']:.0f} ms; {found['num_jumps']} jumps",
    )  # fmt: skip
    bench.add(
        "exact-over-bare", "the same: exact frame over bare decoding from its keyframe, p95",
        exact["p95"], "x", goal=1.3,
        detail=f"median {exact['p50']:.2f}x, {exact_ms['p50']:.0f} ms; processor "
        f"median {found['exact_over_bare_cpu']['p50']:.2f}x; "
        f"{found['decoding_threads']} decoding threads",
    )  # fmt: skip
    bench.add(
        "cached-step", "a step to a frame in the cached neighbourhood, p95", step["p95"], "ms",
        goal=40, detail=f"median {step['p50']:.1f} ms",
    )  # fmt: skip


def main() -> None:
    """Measure and tell."""
    parser = make_parser(__doc__)
    parser.add_argument("--film", type=Path, help="a film made before; made when it is missing")
    parser.add_argument("--num", type=int, default=30, help="cold jumps")
    options = parser.parse_args()
    num = 3 if options.quick else options.num
    app = QApplication([])
    with tempfile.TemporaryDirectory() as folder:
        path = options.film or Path(folder) / "scrubbing.mp4"
        if not path.exists():
            print("encoding the film ...", file=sys.stderr)
            make_film(path)
        found = {"num_jumps": num, "decoding_threads": default_num_threads()}
        found |= jumps(path, num) | steps(path)
    app.quit()
    add_rows(Bench(options.rows), found)


if __name__ == "__main__":
    main()
