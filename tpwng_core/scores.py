"""Frame scores: how anomalous each frame of a video is, in [0, 1], higher = more anomalous.

Made by ``run/score.py`` from snippet scores, written as one ``.npz`` per video (spec/files.md),
read by ``evaluation``, ``formats`` and the studio. NumPy only; nothing is unpickled.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from tpwng_core.datasets import video_id
from tpwng_core.errors import ArtifactError
from tpwng_core.npz import load_arrays, read_npz, write_npz

SUFFIX = ".scores.npz"
SCORE_DECIDES = 0.5
"""Where a score changes sides: training drives normal and abnormal apart around it."""
_ARRAYS = {"score": "f", "snippet_score": "f", "snippet_start": "iu", "pts": "iu"}
_REMEDY = "score the video again"


@dataclass(frozen=True, kw_only=True, eq=False)
class Scores:
    """Scores of one video.

    Attributes:
        video: id.
        score: (num_frames,) float32.
        snippet_score: (T,) float32, before it was spread over frames; empty where not known.
        snippet_start: (T,) int32, first frame of each snippet.
        pts: (num_frames,) int64 time stamps of the frames, in ``meta["time_base"]``; empty
            where not known.
        meta: ``fps`` and ``time_base`` as "num/den", checkpoint digest, R, causal, version.
    """

    video: str
    score: npt.NDArray[np.float32]
    snippet_score: npt.NDArray[np.float32]
    snippet_start: npt.NDArray[np.int32]
    pts: npt.NDArray[np.int64]
    meta: Mapping[str, Any] = field(default_factory=dict)

    @property
    def num_frames(self) -> int:
        """Length of the video in frames."""
        return len(self.score)


def write_scores(path: Path, scores: Scores) -> None:
    """Write one video's scores as an uncompressed ``.npz``, atomically.

    Raises:
        ArtifactError: the arrays do not fit each other.
        OutputError: the file cannot be written.
    """
    _check(scores, path)
    arrays: dict[str, npt.NDArray[Any]] = {
        "score": scores.score.astype(np.float32, copy=False),
        "snippet_score": scores.snippet_score.astype(np.float32, copy=False),
        "snippet_start": scores.snippet_start.astype(np.int32, copy=False),
        "pts": scores.pts.astype(np.int64, copy=False),
    }
    write_npz(path, arrays, scores.meta)


def read_scores(path: Path) -> Scores:
    """Read a ``.scores.npz``, or a plain ``STEM.npy`` of frame scores.

    Raises:
        ArtifactError: the file is missing, damaged, or not of scores.
    """
    if path.suffix.lower() == ".npy":
        return _read_plain(path)
    arrays, meta = read_npz(path, _ARRAYS, _REMEDY)
    for name, array in arrays.items():
        if array.ndim != 1:
            raise ArtifactError(f"{path} is damaged: {name} is no list of numbers", _REMEDY)
    scores = Scores(
        video=video_id(path.name),
        score=arrays["score"].astype(np.float32, copy=False),
        snippet_score=arrays["snippet_score"].astype(np.float32, copy=False),
        snippet_start=arrays["snippet_start"].astype(np.int32, copy=False),
        pts=arrays["pts"].astype(np.int64, copy=False),
        meta=meta,
    )
    _check(scores, path)
    return scores


def read_score_folder(path: Path) -> dict[str, Scores]:
    """Scores of every video in a folder, by id, in the order of the file names.

    Reads our ``<id>.scores.npz`` and, in the field's layout, plain ``<id>.npy``.

    Raises:
        ArtifactError: the folder is missing or holds no scores, a file is damaged, or a video
            has two files.
    """
    if not path.is_dir():
        raise ArtifactError(f"there is no score folder {path}", "give the --out of score")
    found: dict[str, Scores] = {}
    for file in sorted(path.iterdir()):
        if file.name.startswith(".") or not file.name.endswith((SUFFIX, ".npy")):
            continue
        scores = read_scores(file)
        if scores.video in found:
            message = f"{path} holds both {scores.video}{SUFFIX} and {scores.video}.npy"
            raise ArtifactError(message, "remove one of them")
        found[scores.video] = scores
    if not found:
        hint = f"it should hold <id>{SUFFIX} files or plain <id>.npy arrays"
        raise ArtifactError(f"{path} holds no scores", hint)
    return found


def snippets_to_frames(
    snippet_values: npt.NDArray[Any], snippet_start: npt.NDArray[Any], num_frames: int
) -> npt.NDArray[Any]:
    """Repeat each snippet's value over its frames, up to the next snippet or the end.

    Frames before the first snippet take its value (the field repeats 16 times and crops).

    Args:
        snippet_values: (T,) or (T, K) values.
        snippet_start: (T,) first frame of each snippet, ascending.
        num_frames: length of the video; snippets that start behind it are dropped.

    Returns:
        (num_frames,) or (num_frames, K) values.

    Raises:
        ValueError: no snippet for a video with frames, or lengths that differ.
    """
    if len(snippet_values) != len(snippet_start):
        raise ValueError(f"{len(snippet_values)} values for {len(snippet_start)} snippets")
    if num_frames and not len(snippet_start):
        raise ValueError(f"no snippet for {num_frames} frames")
    edges = np.append(snippet_start, num_frames).clip(0, num_frames)
    edges[0] = 0
    return np.repeat(snippet_values, np.diff(edges), axis=0)


def smooth(values: npt.NDArray[Any], window: int) -> npt.NDArray[np.float32]:
    """Centred moving average over ``window`` values; at the ends over those that exist.

    Args:
        values: (N,) values.
        window: length of the average; an even one is widened by one, 1 changes nothing.

    Returns:
        (N,) float32 within the bounds of ``values``.
    """
    reach = max(window, 1) // 2
    if reach == 0 or not len(values):
        return values.astype(np.float32)
    total = np.concatenate([[0.0], np.cumsum(values, dtype=np.float64)])
    # Sums and counts over a window are differences of running ones, which stand still outside.
    sums, counts = (
        padded[2 * reach + 1 :] - padded[: -2 * reach - 1]
        for padded in (np.pad(run, reach, "edge") for run in (total, np.arange(len(total))))
    )
    means: npt.NDArray[np.float64] = sums / counts
    # Rounding of the running total must not lead out of the bounds of the values.
    return means.clip(values.min(), values.max()).astype(np.float32)


def _check(scores: Scores, path: Path) -> None:
    if len(scores.snippet_score) != len(scores.snippet_start):
        raise ArtifactError(f"{path}: snippet scores and starts differ in length", _REMEDY)
    if len(scores.pts) not in (0, scores.num_frames):
        count = f"{scores.num_frames} scores for {len(scores.pts)} time stamps"
        raise ArtifactError(f"{path}: {count}", _REMEDY)
    if not np.isfinite(scores.score).all():
        raise ArtifactError(f"{path}: not every score is a number", _REMEDY)


def _read_plain(path: Path) -> Scores:
    """A ``STEM.npy`` of (num_frames,) scores; other axes of length 1 are dropped."""
    values = np.atleast_1d(np.squeeze(load_arrays(path, _REMEDY)[""]))
    if values.ndim != 1 or values.dtype.kind not in "fiub":
        hint = "a plain .npy holds one score per frame"
        raise ArtifactError(f"{path} holds an array of shape {values.shape}", hint)
    scores = Scores(
        video=video_id(path.name),
        score=values.astype(np.float32),
        snippet_score=np.empty(0, np.float32),
        snippet_start=np.empty(0, np.int32),
        pts=np.empty(0, np.int64),
    )
    _check(scores, path)
    return scores
