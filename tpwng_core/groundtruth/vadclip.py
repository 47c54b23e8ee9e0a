"""VadCLIP's event ground truth, ``gt_segment*.npy`` and ``gt_label*.npy``.

Two object arrays without names in, intervals by video id out; the names come from the test list
beside them. Called by ``readers.py``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tpwng_core.datasets import is_normal_name, read_manifest
from tpwng_core.errors import DatasetError
from tpwng_core.groundtruth.intervals import GroundTruth, Interval
from tpwng_core.groundtruth.object_arrays import read_object_array


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
            Interval(start=_frame(start), end=_frame(end), category=name)
            for (start, end), name in zip(spans, names, strict=True)
            if not is_normal_name(name)
        )
    except (TypeError, ValueError, AttributeError) as error:
        message = f"{path}: the intervals of {video} are damaged: {error}"
        raise DatasetError(message, "get VadCLIP's file again") from error


def _frame(value: Any) -> int:
    """A frame number, which the file holds as text (``'165'``, also ``'165.0'``) or number."""
    if isinstance(value, int):
        return value
    if not isinstance(value, str) or not value.removesuffix(".0").isdecimal():
        raise ValueError("a frame number is missing")
    return int(value.removesuffix(".0"))
