"""Pictures become files: an H.264 video, or exact frames as PNG.

Called by the demo's renderer, exports and the verb ``frames``. Files are whole or absent.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import chain
from pathlib import Path

import av
import numpy as np
from av.error import FFmpegError

from tpwng_core.errors import OutputError
from tpwng_core.files import atomic_write
from tpwng_core.video.picture import Picture
from tpwng_core.video.reader import VideoReader


def write_video(
    path: Path,
    frames: Iterable[Picture],
    fps: Fraction,
    *,
    crf: int = 23,
    preset: str = "veryfast",
) -> int:
    """Write RGB pictures as an H.264 MP4 that every player plays (yuv420p, one thread).

    Departs from the pictures: the colours are compressed, and an odd width or height loses its
    last column or row, since yuv420p has none.

    Args:
        path: the file to write, ``.mp4``.
        frames: (H, W, 3) uint8 RGB pictures of one size; at least one.
        fps: frames per second.
        crf: quality, 0 (lossless) to 51.
        preset: x264's trade of time for size.

    Returns:
        Number of frames written.

    Raises:
        OutputError: the file cannot be written, there is no picture, or their sizes differ.
    """
    with atomic_write(path) as temporary:
        try:
            num_frames = _encode(temporary, frames, fps, {"crf": str(crf), "preset": preset})
        except FFmpegError as error:
            reason = error.strerror or str(error)
            raise OutputError(f"cannot write {path}: {reason}", "check disk and sizes") from error
        if not num_frames:
            raise OutputError(f"cannot write {path}: a video needs a frame", "give one")
    return num_frames


def _encode(path: Path, frames: Iterable[Picture], fps: Fraction, options: dict[str, str]) -> int:
    pictures = (even(picture) for picture in frames)
    first = next(pictures, None)
    if first is None:
        return 0
    num_frames = 0
    with av.open(str(path), "w", format="mp4", options={"movflags": "+faststart"}) as container:
        stream = container.add_stream("libx264", rate=fps, options=options)
        stream.height, stream.width = first.shape[:2]
        stream.pix_fmt = "yuv420p"
        stream.codec_context.thread_count = 1
        for picture in chain([first], pictures):
            if picture.shape != first.shape:
                raise OutputError(
                    f"cannot write {path}: frame {num_frames} has another size than frame 0",
                    "give frames of one size",
                )
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts = num_frames
            frame.time_base = 1 / fps
            container.mux(stream.encode(frame))
            num_frames += 1
        container.mux(stream.encode(None))
    return num_frames


def even(picture: Picture) -> Picture:
    """A picture without its last row or column where they are odd."""
    height, width = picture.shape[0] // 2 * 2, picture.shape[1] // 2 * 2
    return np.ascontiguousarray(picture[:height, :width])


def save_frames(video: Path, indices: Sequence[int], out_dir: Path) -> list[Path]:
    """Save exact frames as ``out_dir/STEM_000005.png``.

    Raises:
        InputError: there is no such video.
        VideoError: it has no such frame, or the frame cannot be decoded.
        OutputError: the folder cannot be written.
    """
    from PIL import Image

    saved = []
    with VideoReader(video) as reader:
        for number in indices:
            picture = reader.frame(number)
            target = out_dir / f"{video.stem}_{number:06d}.png"
            with atomic_write(target) as temporary:
                Image.fromarray(picture).save(temporary, format="png")
            saved.append(target)
    return saved
