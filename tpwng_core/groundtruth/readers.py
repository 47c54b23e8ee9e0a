"""Annotation files of the benchmarks and our own, told apart by their content.

Text (UCF-Crime, XD-Violence, UR-DMU's test list, our interval CSV), PEL4VAD's frame labels
(``.npz``) and VadCLIP's segments (``.npy``) in, intervals by video id out. Called by the command
line, training and tests.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from tpwng_core.datasets import (
    XD_VIOLENCE_CATEGORIES,
    benchmark_labels,
    header_of,
    is_normal_name,
    read_table,
    read_text,
    video_id,
)
from tpwng_core.errors import DatasetError
from tpwng_core.groundtruth.intervals import ANY_CATEGORY, GroundTruth, Interval, Protocol
from tpwng_core.groundtruth.vadclip import read_segments
from tpwng_core.npz import load_arrays

INTERVAL_COLUMNS = ("video", "start_frame", "end_frame", "category")
_NO_INTERVAL = ("-1", "-1")
_MAX_DIGITS = 9  # a year of video at 30 fps has 946,080,000 frames


def read_ground_truth(path: Path, protocol: Protocol | None = None) -> GroundTruth:
    """Intervals of every annotated video, in the order of the file.

    Names lose folders and suffixes; numbers stay as they stand in the file, also behind the end
    of a video (:func:`validate` lists those).

    Args:
        path: annotation file; see the module.
        protocol: the benchmark the file must be of; None takes what it is. An interval CSV or
            frame labels fit any.

    Raises:
        DatasetError: the file is missing or wrong; names the line and the remedy.
    """
    found, ground_truth = _read(path, protocol)
    if protocol and found != protocol and path.suffix != ".npz" and found != "intervals":
        raise DatasetError(f"{path} is of {found}, not of {protocol}", f"use --protocol {found}")
    return ground_truth


def sniff_protocol(path: Path) -> Protocol:
    """Protocol of an annotation file.

    Raises:
        DatasetError: as :func:`read_ground_truth`.
    """
    return _read(path)[0]


def read_frame_counts(path: Path) -> dict[str, int]:
    """Lengths of videos in frames by id.

    Reads CSV with columns ``video,num_frames``, lines of ``path num_frames ...`` (UR-DMU,
    ekosman), and frame labels (``.npz``), whose lengths count.

    Raises:
        DatasetError: the file is missing or wrong; names the line and the remedy.
    """
    if path.suffix == ".npz":
        return {video: len(labels) for video, labels in read_frame_labels(path).items()}
    text = read_text(path)
    if "video" in header_of(text):
        table = read_table(text, path, ("video", "num_frames"))
        rows = [(line, [row["video"], row["num_frames"]]) for line, row in table.rows]
    else:
        rows = _words(text)
    counts = {}
    for line, words in rows:
        (count,) = _numbers(words[1:2] or [""], f"{path} line {line}")
        if count < 1:
            raise DatasetError(f"{path} line {line}: a video of {count} frames", "correct the line")
        counts[video_id(words[0])] = count
    return counts


def read_frame_labels(path: Path) -> dict[str, npt.NDArray[Any]]:
    """PEL4VAD's published frame labels: an ``.npz`` with one 0/1 array per video.

    Raises:
        ArtifactError: the file is missing or damaged.
        DatasetError: an array is not one label per frame.
    """
    arrays = load_arrays(path, "download it again")
    for name, array in arrays.items():
        if array.ndim != 1 or array.dtype.kind not in "biuf" or not np.isin(array, (0, 1)).all():
            raise DatasetError(f"{path}: {name} is not one 0 or 1 per frame", "is it another file?")
    return {video_id(name): array for name, array in arrays.items()}


def _read(path: Path, wanted: Protocol | None = None) -> tuple[Protocol, GroundTruth]:
    if path.suffix == ".npz":
        labels = read_frame_labels(path)
        painted = {video: _painted(video, frames) for video, frames in labels.items()}
        return _protocol_of(painted), painted
    if path.suffix == ".npy":
        ground_truth = read_segments(path)
        return _protocol_of(ground_truth), ground_truth
    text = read_text(path)
    if {"video", "start_frame"} & {*header_of(text)}:
        return "intervals", _read_intervals(text, path)
    return _read_lines(text, path, wanted)


def _protocol_of(ground_truth: GroundTruth) -> Protocol:
    videos = list(ground_truth)
    if any("_label_" in video for video in videos):
        return "xd-violence"
    return (
        "ucf-crime" if all(benchmark_labels(video) is not None for video in videos) else "intervals"
    )


def _painted(video: str, frames: npt.NDArray[Any]) -> tuple[Interval, ...]:
    """Intervals of 0/1 frame labels, with the category that the id states."""
    category = "|".join(benchmark_labels(video) or ()) or ANY_CATEGORY
    edges = np.flatnonzero(np.diff(frames != 0, prepend=False, append=False)).reshape(-1, 2)
    return tuple(
        Interval(start=int(start), end=int(end), category=category) for start, end in edges
    )


def _read_intervals(text: str, path: Path) -> GroundTruth:
    """Our CSV: a row per interval; a normal video has one row without numbers."""
    found: dict[str, tuple[Interval, ...]] = {}
    for line, row in read_table(text, path, INTERVAL_COLUMNS).rows:
        place = f"{path} line {line}"
        video, words = video_id(row["video"]), [row["start_frame"], row["end_frame"]]
        if not video:
            raise DatasetError(f"{place} names no video", "fill in the video")
        before = found.setdefault(video, ())
        if words == ["", ""]:
            continue
        category = row["category"] or ANY_CATEGORY
        found[video] = (*before, *_pairs([(category, words[0], words[1])], place))
    return found


def _read_lines(text: str, path: Path, wanted: Protocol | None) -> tuple[Protocol, GroundTruth]:
    """Annotation with a video a line, in one of four layouts."""
    rows = _words(text)
    protocol, parse = _layout(rows[0][1], f"{path} line {rows[0][0]}", wanted)
    found: dict[str, tuple[Interval, ...]] = {}
    lines: dict[str, int] = {}
    for line, words in rows:
        place, video = f"{path} line {line}", video_id(words[0])
        if video in found:
            message = f"{place} lists {video} again, after line {lines[video]}"
            raise DatasetError(message, "keep one line a video")
        found[video], lines[video] = _pairs(parse(words, place), place), line
    return protocol, found


_Triples = list[tuple[str, str, str]]


def _layout(
    words: list[str], place: str, wanted: Protocol | None
) -> tuple[Protocol, Callable[[list[str], str], _Triples]]:
    """What the words of the first line say about all lines.

    A line of UCF-Crime's layout about a video of XD-Violence looks like a multi-class one, so
    that the protocol asked for decides.
    """
    is_number = [_is_number(word) for word in words[:4]]
    if is_number[1:3] == [True, False]:
        return "ucf-crime", lambda line, where: _ucf_triples(line[:1] + line[2:], where)
    if is_number[1:3] == [True, True]:
        return "xd-violence", _merged_triples
    if is_number[1:4] == [False, True, True]:
        is_xd_name = "_label_" in words[0] and words[1] in XD_VIOLENCE_CATEGORIES
        if is_xd_name and wanted != "ucf-crime":
            return "xd-violence", _multiclass_triples
        return "ucf-crime", _ucf_triples
    raise DatasetError(
        f"{place} is no annotation: {' '.join(words)[:80]!r}",
        "known are UCF-Crime's, XD-Violence's and video,start_frame,end_frame,category",
    )


def _ucf_triples(words: list[str], place: str) -> _Triples:
    """``name class s1 e1 s2 e2 ...``, -1 -1 for none."""
    if len(words) < 2:
        raise DatasetError(f"{place} names no class", "write name  Class  start  end")
    category = words[1]
    pairs = [pair for pair in _paired(words[2:], place) if pair != _NO_INTERVAL]
    if is_normal_name(category) == bool(pairs):
        says = "has intervals" if pairs else "has no interval"
        raise DatasetError(f"{place}: a video of class {category} {says}", "correct the line")
    return [(category, *pair) for pair in pairs]


def _merged_triples(words: list[str], place: str) -> _Triples:
    """``id s1 e1 s2 e2 ...``; the id carries the categories, all of them for each interval."""
    category = "|".join(benchmark_labels(words[0]) or ()) or ANY_CATEGORY
    return [(category, *pair) for pair in _paired(words[1:], place)]


def _multiclass_triples(words: list[str], place: str) -> _Triples:
    """``id C1 s1 e1 C2 s2 e2 ...``."""
    if len(words) % 3 != 1:
        raise DatasetError(f"{place} has {len(words)} words", "write id, then Class start end ...")
    return list(zip(words[1::3], words[2::3], words[3::3], strict=True))


def _paired(words: Sequence[str], place: str) -> list[tuple[str, str]]:
    if len(words) % 2:
        raise DatasetError(f"{place} has a start without an end", "write numbers in pairs")
    return list(zip(words[::2], words[1::2], strict=True))


def _pairs(triples: _Triples, place: str) -> tuple[Interval, ...]:
    intervals = []
    for category, *words in triples:
        start, end = _numbers(words, place)
        try:
            intervals.append(Interval(start=start, end=end, category=category))
        except ValueError as error:
            raise DatasetError(
                f"{place}: {error}", "give start and end as frame numbers"
            ) from error
    return tuple(intervals)


def _words(text: str) -> list[tuple[int, list[str]]]:
    """Line number and words of each line that is not blank; ``#`` is no comment here."""
    lines = enumerate(text.splitlines(), start=1)
    return [(number, line.split()) for number, line in lines if line.strip()]


def _is_number(word: str) -> bool:
    return word.removeprefix("-").isdecimal() and len(word) <= _MAX_DIGITS


def _numbers(words: Sequence[str], place: str) -> list[int]:
    for word in words:
        if not _is_number(word):
            raise DatasetError(f"{place}: {word!r} is no frame number", "write whole frame numbers")
    return [int(word) for word in words]
