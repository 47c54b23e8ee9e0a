"""VadCLIP's event ground truth, ``gt_segment*.npy`` and ``gt_label*.npy``, read without trust.

The files are object arrays, that is, pickles; unpickling a stranger's file runs whatever it
says. Here the pickle machine gets three inert stand-ins for NumPy's names and nothing else to
call, so that a file can build lists, tuples, numbers and text, and do nothing. Called by
``readers.py``.
"""

from __future__ import annotations

import io
import pickle
from pathlib import Path
from typing import Any

import numpy as np

from tpwng_core.datasets import is_normal_name, read_manifest, video_id
from tpwng_core.errors import DatasetError
from tpwng_core.groundtruth.intervals import GroundTruth, Interval

_MAX_BYTES = 16 * 2**20  # XD-Violence's file has 52 kB
# What the pickle machine raises on content that is damaged or made to harm.
_BROKEN = (
    pickle.UnpicklingError,
    EOFError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
    KeyError,
    OverflowError,
    MemoryError,
)


def read_segments(path: Path) -> GroundTruth:
    """Intervals from ``gt_segment*.npy``, the ``gt_label*.npy`` and the test list beside it.

    The files name no videos: they follow the order of the published test list (``path,label``),
    which must lie in the same folder. A normal video is one interval labelled ``A``.

    Raises:
        DatasetError: a file is missing, no object array of intervals, or asks for code.
    """
    segments = read_object_array(path)
    label_path = path.with_name(path.name.replace("segment", "label"))
    if label_path == path:
        hint = "name the gt_segment file; its gt_label file is found beside it"
        raise DatasetError(f"{path} is not VadCLIP's segment file", hint)
    labels = read_object_array(label_path)
    videos = _order(path, len(segments))
    if len(labels) != len(segments):
        counts = f"{len(segments)} and {len(labels)} videos"
        raise DatasetError(f"{path} and {label_path} hold {counts}", "get both files again")
    rows = zip(videos, segments, labels, strict=True)
    return {video: _intervals(spans, names, video, path) for video, spans, names in rows}


def read_object_array(path: Path) -> list[Any]:
    """Elements of a one-dimensional object ``.npy``: text, numbers, lists and tuples only.

    Raises:
        DatasetError: the file is missing, too large, damaged, no such array, or names anything
            that could run.
    """
    hint = "get VadCLIP's file again"
    try:
        data = path.read_bytes()
    except OSError as error:
        raise DatasetError(f"cannot read {path}: {error.strerror}", "check the path") from error
    if len(data) > _MAX_BYTES:
        raise DatasetError(f"{path} is too large for a segment file", hint)
    stream = io.BytesIO(data)
    try:
        np.lib.format.read_magic(stream)
        shape, _, dtype = np.lib.format.read_array_header_1_0(stream)
        if not dtype.hasobject or len(shape) != 1:
            raise ValueError("no one-dimensional object array")
        content = _InertUnpickler(stream).load()
    except _BROKEN as error:
        raise DatasetError(f"{path} is no list of segments: {error}", hint) from error
    if not isinstance(content, _ObjectArray) or len(content.items) != shape[0]:
        raise DatasetError(f"{path} is no list of segments", hint)
    return content.items


class _Inert:
    """Stands for ``numpy.ndarray`` and ``numpy.dtype``: takes anything, does nothing."""

    def __init__(self, *_: object) -> None:
        pass

    def __setstate__(self, _: object) -> None:
        pass


class _ObjectArray:
    """Stands for the array under reconstruction: keeps the list of its elements."""

    def __init__(self, *_: object) -> None:
        self.items: list[Any] = []

    def __setstate__(self, state: tuple[object, ...]) -> None:
        items = state[-1]
        if not isinstance(items, list):
            raise TypeError("the array holds no list")
        self.items = items


_STAND_INS: dict[tuple[str, str], type] = {
    ("numpy.core.multiarray", "_reconstruct"): _ObjectArray,
    ("numpy._core.multiarray", "_reconstruct"): _ObjectArray,
    ("numpy", "ndarray"): _Inert,
    ("numpy", "dtype"): _Inert,
}


class _InertUnpickler(pickle.Unpickler):
    """A pickle machine that can import and call nothing but the stand-ins."""

    def find_class(self, module_name: str, global_name: str) -> type:
        """The stand-in for a name; every other name is refused."""
        if (module_name, global_name) not in _STAND_INS:
            raise pickle.UnpicklingError(f"it asks for {module_name}.{global_name}")
        return _STAND_INS[module_name, global_name]


def _order(path: Path, num_videos: int) -> list[str]:
    """Ids of the one test list beside ``path`` that lists so many videos."""
    fitting = []
    for file in sorted(path.parent.glob("*test*.csv")):
        if file.read_bytes()[:10].removeprefix(b"\xef\xbb\xbf").startswith(b"path,"):
            videos = [record.video for record in read_manifest(file)]
            fitting += [videos] if len(videos) == num_videos else []
    if len(fitting) != 1:
        raise DatasetError(
            f"{path} names no videos, and {len(fitting)} lists of {num_videos} lie beside it",
            "put the published test list (ucf_CLIP_rgbtest.csv, xd_CLIP_rgbtest.csv) beside it",
        )
    return fitting[0]


def _intervals(spans: Any, names: Any, video: str, path: Path) -> tuple[Interval, ...]:
    try:
        return tuple(
            Interval(start=int(float(start)), end=int(float(end)), category=str(name))
            for (start, end), name in zip(spans, names, strict=True)
            if not is_normal_name(str(name))
        )
    except (TypeError, ValueError) as error:
        message = f"{path}: the intervals of {video_id(video)} are damaged: {error}"
        raise DatasetError(message, "get VadCLIP's file again") from error
