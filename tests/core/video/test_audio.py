"""The sound follows the pictures' time, wherever it starts and whatever is missing."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from itertools import islice
from pathlib import Path

import av
import numpy as np
import pytest

from tests.core.video.rendering import draw
from tpwng_core.errors import InputError
from tpwng_core.video import index_video
from tpwng_core.video.audio import RATE, AudioReader, open_audio

DURATION_S = 4
SOURCE_RATE = 44_100


def clicks(rate: int = SOURCE_RATE) -> np.ndarray:
    """(N,) int16: at each whole second a click of 10 ms, louder each time."""
    times = np.arange(DURATION_S * rate) / rate
    loud = 0.2 + 0.15 * np.floor(times)
    return (loud * 32767 * np.sin(2 * np.pi * 2000 * times) * (times % 1 < 0.01)).astype(np.int16)


def film(path: Path, *, codec: str = "aac", late_s: float = 0, gap: range = range(0)) -> Path:
    """A video of 4 s whose sound clicks every second; ``gap``: blocks of 1,024 left out."""
    with av.open(str(path), "w") as container:
        video = container.add_stream("libx264", rate=25)
        video.width, video.height, video.pix_fmt = 128, 96, "yuv420p"
        audio = container.add_stream(codec, rate=SOURCE_RATE, layout="mono")
        for number in range(DURATION_S * 25):
            frame = av.VideoFrame.from_ndarray(draw(number), format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, 25)
            container.mux(video.encode(frame))
        container.mux(video.encode(None))
        for place, packet in enumerate(_encoded(audio, late_s)):
            if place not in gap:
                container.mux(packet)
    return path


def _encoded(audio: av.AudioStream, late_s: float) -> Iterable[av.Packet]:
    samples = clicks()
    for start in range(0, len(samples), 1024):
        block = samples[None, start : start + 1024]
        frame = av.AudioFrame.from_ndarray(block, format="s16", layout="mono")
        frame.sample_rate = SOURCE_RATE
        frame.pts, frame.time_base = start + round(late_s * SOURCE_RATE), Fraction(1, SOURCE_RATE)
        yield from audio.encode(frame)
    yield from audio.encode(None)


def hear(reader: AudioReader, start_s: float, num_samples: int = 10 * RATE) -> np.ndarray:
    """(N,) the left channel from ``start_s`` on."""
    heard, num_heard = [], 0
    for block in reader.blocks(start_s):
        assert block.dtype == np.int16
        assert block.shape[1] == 2
        heard.append(block[:, 0])
        num_heard += len(block)
        if num_heard >= num_samples:
            break
    return np.concatenate(heard or [np.zeros(0, np.int16)])[:num_samples]


def click_times(samples: np.ndarray, start_s: float) -> list[float]:
    """Seconds at which clicks begin."""
    loud = np.flatnonzero(np.abs(samples.astype(int)) > 2500)
    begins = loud[np.diff(loud, prepend=-RATE) > RATE // 2]
    return [start_s + begin / RATE for begin in begins]


def listener(path: Path) -> AudioReader:
    reader = open_audio(path, index_video(path).start_s)
    assert reader is not None
    return reader


@pytest.mark.parametrize(
    ("name", "codec"),
    [("a.mp4", "aac"), ("a.mkv", "aac"), ("a.ts", "aac"), ("a.mov", "pcm_s16le"), ("a.avi", "mp2")],
)
@pytest.mark.parametrize("start_s", [0.0, 0.5, 1.98, 2.5])
def test_every_click_is_heard_when_its_picture_is_seen(tmp_path, name, codec, start_s):
    reader = listener(film(tmp_path / name, codec=codec))
    times = click_times(hear(reader, start_s), start_s)
    reader.close()
    due = [second for second in range(DURATION_S) if second >= start_s]
    assert len(times) == len(due)
    assert np.abs(np.array(times) - due).max() < 0.03


def test_a_jump_back_is_as_exact_as_the_first_pass(tmp_path):
    reader = listener(film(tmp_path / "a.mov", codec="pcm_s16le"))
    everything = hear(reader, 0.0)
    for start_s in (2.9, 0.75, 1.8):
        piece = hear(reader, start_s, RATE // 2).astype(int)
        begin = round(start_s * RATE)
        expected = everything[begin : begin + len(piece)].astype(int)
        # resampling starts at another phase, so the shift is below a sample, not zero
        likeness = [np.dot(piece[8:-8], np.roll(expected, lag)[8:-8]) for lag in range(-4, 5)]
        assert np.argmax(likeness) == 4
    reader.close()


def test_sound_that_starts_late_begins_with_silence(tmp_path):
    reader = listener(film(tmp_path / "a.mkv", late_s=0.7))
    heard = hear(reader, 0.0)
    reader.close()
    assert not heard[: round(0.6 * RATE)].any()
    assert click_times(heard, 0.0)[0] == pytest.approx(0.7, abs=0.03)


def test_a_gap_is_silent_and_moves_nothing_after_it(tmp_path):
    reader = listener(film(tmp_path / "a.mkv", gap=range(30, 60)))
    times = click_times(hear(reader, 0.0), 0.0)
    reader.close()
    assert np.allclose(times, [0, 2, 3], atol=0.03)


def test_blocks_are_small_enough_to_stop_between(tmp_path):
    reader = listener(film(tmp_path / "a.mp4", late_s=2.5))
    assert max(len(block) for block in islice(reader.blocks(0.0), 20)) <= RATE
    reader.close()


def test_a_film_without_sound_has_none(plain):
    assert open_audio(plain, 0.0) is None


def test_a_missing_file_is_an_error(tmp_path):
    with pytest.raises(InputError, match="there is no file"):
        open_audio(tmp_path / "missing.mp4", 0.0)


def test_beyond_the_end_there_is_nothing(tmp_path):
    reader = listener(film(tmp_path / "a.mp4"))
    assert len(hear(reader, 100.0)) == 0
    reader.close()
