"""Written videos read back; saved frames are the frames."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from fractions import Fraction

import numpy as np
import pytest
from PIL import Image

from tests.core.video.access import assert_exact
from tests.core.video.rendering import draw
from tpwng_core.errors import OutputError, VideoError
from tpwng_core.video import VideoReader, index_video, save_frames, write_video


def test_a_written_video_reads_back_exactly(tmp_path):
    path = tmp_path / "new" / "film.mp4"
    assert write_video(path, map(draw, range(50)), Fraction(30000, 1001)) == 50
    index = index_video(path)
    assert (index.num_frames, index.fps, index.vfr) == (50, Fraction(30000, 1001), False)
    assert_exact(path, index, lambda number: number)


def test_writing_twice_gives_the_same_bytes(tmp_path):
    for name in ("a.mp4", "b.mp4"):
        write_video(tmp_path / name, map(draw, range(20)), Fraction(25))
    assert (tmp_path / "a.mp4").read_bytes() == (tmp_path / "b.mp4").read_bytes()


def test_an_odd_size_loses_its_last_row_and_column(tmp_path):
    write_video(tmp_path / "odd.mp4", [np.zeros((33, 47, 3), np.uint8)], Fraction(10))
    index = index_video(tmp_path / "odd.mp4")
    assert (index.width, index.height) == (46, 32)


def test_a_failed_write_leaves_nothing_behind(tmp_path):
    path = tmp_path / "film.mp4"
    with pytest.raises(OutputError, match=r"film\.mp4: a video needs a frame"):
        write_video(path, [], Fraction(25))

    def frames() -> Iterator[np.ndarray]:
        yield draw(0)
        raise ValueError("the renderer broke")

    with pytest.raises(OutputError, match="frame 1 has another size than frame 0"):
        write_video(path, [draw(0), draw(1)[:50]], Fraction(25))
    with pytest.raises(ValueError, match="the renderer broke"):
        write_video(path, frames(), Fraction(25))
    assert list(tmp_path.iterdir()) == []


def test_saved_frames_are_the_frames(plain, tmp_path):
    saved = save_frames(plain, [5, 0, 79], tmp_path / "out")
    assert [path.name for path in saved] == [
        f"h264_{number}.png" for number in ("000005", "000000", "000079")
    ]
    with VideoReader(plain) as reader:
        for number, path in zip([5, 0, 79], saved, strict=True):
            assert np.array_equal(np.asarray(Image.open(path)), reader.frame(number))


def test_saving_a_frame_that_is_not_there_names_the_range(plain, tmp_path):
    with pytest.raises(VideoError, match="frames 0 to 79"):
        save_frames(plain, [80], tmp_path)


def test_importing_the_room_loads_neither_opencv_nor_torch():
    code = "import sys, tpwng_core.video; print(sorted({'cv2', 'torch', 'PIL'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
