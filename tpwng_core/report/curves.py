"""What is known about one video, ready to be drawn: the input of ``video_figure``.

Filled by ``run/demo`` and ``evaluate`` from features, pseudo-labels, scores, labels and ground
truth; every part but the id and the frame count may be missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from tpwng_core.errors import ArtifactError
from tpwng_core.report.envelope import clip_spans

Array = npt.NDArray[np.generic]


@dataclass(frozen=True, kw_only=True)
class Thumbnail:
    """One decoded frame.

    Args:
        frame: index of the frame.
        rgb: (H, W, 3) uint8, display orientation, any size (shrunk when drawn).
    """

    frame: int
    rgb: npt.NDArray[np.uint8]


@dataclass(frozen=True, kw_only=True, eq=False)
class QueryCurve:
    """How well each snippet matches words.

    Args:
        words: that were looked for.
        edges: (T + 1,) borders of the snippets, frames.
        values: (T,) in [0, 1], from the lowest to the highest match of the search.
    """

    words: str
    edges: Array
    values: Array


@dataclass(frozen=True, kw_only=True)
class VideoCurves:
    """Curves, labels and pictures of one video; None where a part does not exist.

    Args:
        video: video id.
        num_frames: number of frames, at least 1.
        fps: frames per second, average; positive.
        categories: category texts; empty for a normal video.
        snippet_start: (T,) first frame of each snippet, ascending from 0 or later.
        s_normal: (T,) similarity to the normal prompt.
        s_abnormal: (T,) similarity to the category's prompt.
        psi: (T,) guidance curve in [0, 1], high = abnormal (Eq. 5); None for normal videos.
        theta: threshold on psi (Eq. 6).
        pseudo_label: (T,) 0 normal, 1 abnormal.
        score: (num_frames,) anomaly score in [0, 1].
        label: (num_frames,) what a person said: -2 unset, -1 unknown, 0 normal, 1 abnormal.
        ground_truth: half-open (start, end) frames; empty = known to be normal; None = not known.
        effective: (num_frames,) what holds in the end, in the values of ``label``.
        query: similarity with words that somebody looked for.
        thumbnails: frames of the picture strip, ascending.
        shown: the frames [start, end) that are drawn; None for all. Nothing is scaled anew.

    Raises:
        ArtifactError: lengths do not fit each other.
    """

    video: str
    num_frames: int
    fps: Fraction
    categories: tuple[str, ...] = ()
    snippet_start: Array | None = None
    s_normal: Array | None = None
    s_abnormal: Array | None = None
    psi: Array | None = None
    theta: float | None = None
    pseudo_label: Array | None = None
    score: Array | None = None
    label: Array | None = None
    ground_truth: tuple[tuple[int, int], ...] | None = None
    effective: Array | None = None
    query: QueryCurve | None = None
    thumbnails: tuple[Thumbnail, ...] = ()
    shown: tuple[int, int] | None = None

    def __post_init__(self) -> None:
        _require(self.num_frames >= 1 and self.fps > 0, self.video, "no frames or no frame rate")
        starts = self.snippet_start
        if starts is not None:
            _require(_ascending_below(starts, self.num_frames), self.video, "bad snippet starts")
        num_snippets = None if starts is None else len(starts)
        for name, values in self._per_snippet().items():
            fits = values is None or len(values) == num_snippets
            _require(fits, self.video, f"{name} does not have one value per snippet")
        start, end = self.extent
        _require(0 <= start < end <= self.num_frames, self.video, "no such frames to show")
        per_frame = {"score": self.score, "label": self.label, "effective": self.effective}
        for name, values in per_frame.items():
            fits = values is None or len(values) == self.num_frames
            _require(fits, self.video, f"{name} does not have one value per frame")

    @property
    def extent(self) -> tuple[int, int]:
        """The frames [start, end) that are drawn."""
        return self.shown or (0, self.num_frames)

    @property
    def snippet_edges(self) -> npt.NDArray[np.float64]:
        """(T + 1,) borders of the snippets in frames; the first and last reach the video's."""
        assert self.snippet_start is not None
        edges = np.append(self.snippet_start, self.num_frames).astype(np.float64)
        edges[0] = 0.0
        return edges

    @property
    def frame_edges(self) -> npt.NDArray[np.float64]:
        """(num_frames + 1,) borders of the frames."""
        return np.arange(self.num_frames + 1, dtype=np.float64)

    @property
    def abnormal_spans(self) -> list[tuple[int, int]]:
        """Ground truth inside the video, merged; empty where there is none."""
        return clip_spans(self.ground_truth or (), self.num_frames)

    def is_abnormal_at(self, frame: int) -> bool:
        """Whether ``frame`` lies in the ground truth."""
        return any(start <= frame < end for start, end in self.abnormal_spans)

    def _per_snippet(self) -> Mapping[str, Array | None]:
        return {
            "s_normal": self.s_normal,
            "s_abnormal": self.s_abnormal,
            "psi": self.psi,
            "pseudo_label": self.pseudo_label,
        }


def describe(curves: VideoCurves) -> str:
    """The figure in words, for those who cannot see it."""
    kind = ", ".join(curves.categories) or "normal"
    parts = [f"{curves.video}, {kind}, {curves.num_frames} frames"]
    if curves.shown is not None:
        parts[0] += f" ({curves.shown[0]} to {curves.shown[1] - 1} shown)"
    if curves.psi is not None and curves.theta is not None:
        share = float(np.mean(np.asarray(curves.psi, dtype=np.float64) >= curves.theta))
        parts.append(f"psi lies on the abnormal side of theta {curves.theta:g} for {share:.0%}")
    if curves.score is not None:
        score = np.asarray(curves.score, dtype=np.float64)
        peak = int(np.argmax(score))
        parts.append(f"score mean {score.mean():.2f}, highest {score[peak]:.2f} at frame {peak}")
    parts.append(_ground_truth_in_words(curves))
    return "; ".join(parts) + "."


def _ground_truth_in_words(curves: VideoCurves) -> str:
    if curves.ground_truth is None:
        return "no ground truth"
    spans = curves.abnormal_spans
    if not spans:
        return "ground truth: normal throughout"
    shown = ", ".join(f"{start} to {end}" for start, end in spans[:6])
    more = f" and {len(spans) - 6} more" if len(spans) > 6 else ""
    return f"ground truth: abnormal in frames {shown}{more}"


def _ascending_below(starts: Array, num_frames: int) -> bool:
    values = np.asarray(starts, dtype=np.int64)
    inside = len(values) > 0 and values[0] >= 0 and values[-1] < num_frames
    return bool(inside and np.all(np.diff(values) > 0))


def _require(condition: bool, video: str, problem: str) -> None:
    if not condition:
        raise ArtifactError(f"cannot draw {video}: {problem}", "make its files again")
