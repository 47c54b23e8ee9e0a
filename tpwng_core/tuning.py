"""Eq. 5-6 at slider rate: from the stored similarities of one video to psi, labels and runs.

Pseudo-curves, scores and a :class:`Tuning` in, a :class:`Derived` out. What only alpha changes is
kept, so that dragging theta costs one comparison over the snippets. Called by the studio's session,
for many videos by its ``survey``, and by the simulated analyst of the verb ``corrections``. NumPy
only. T snippets, K categories (normal last).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tpwng_core.config import require
from tpwng_core.datasets import is_normal_name
from tpwng_core.labels import ABNORMAL, NORMAL, Runs
from tpwng_core.pseudocurves import PseudoCurves
from tpwng_core.pseudolabels import (
    UNIT_FLAT_BELOW,
    Fusion,
    PseudoLabelConfig,
    clean_runs,
    fuse_labels,
    mask_runs,
    minmax,
    psi,
    threshold,
)
from tpwng_core.scores import Scores, smooth
from tpwng_core.similarity import flat_below

Floats = NDArray[np.float32]
DEFAULT_SCALE = 10.0
"""Similarity scale of real CLIPs, for curves whose checkpoint is not at hand (spec A7)."""


@dataclass(frozen=True, kw_only=True)
class Tuning:
    """What the sliders say.

    Attributes:
        alpha: guidance weight in [0, 1].
        theta: threshold on psi in (0, 1].
        min_duration: abnormal segments of fewer snippets are dropped.
        merge_gap: gaps of at most this many snippets are closed.
        smoothing: snippets of the moving mean over psi; 1 leaves psi as it is.
        span_softness: R of the attention span; None is the one trained with. It changes scores
            only through the worker, never here.
    """

    alpha: float = 0.2
    theta: float = 0.55
    min_duration: int = 0
    merge_gap: int = 0
    smoothing: int = 1
    span_softness: float | None = None

    def __post_init__(self) -> None:
        PseudoLabelConfig(
            alpha=self.alpha,
            theta=self.theta,
            smoothing=self.smoothing,
            min_duration=self.min_duration,
            merge_gap=self.merge_gap,
        )
        softness = self.span_softness
        require(softness is None or softness > 0, f"R must be positive, not {softness}")


@dataclass(frozen=True, kw_only=True, eq=False)
class Derived:
    """What the settings make of one video.

    Attributes:
        s_normal: (T,) in [0, 1], similarity with the normal text, normalised over the video.
        s_abnormal: (T,) in [0, 1], with the video's own categories, normalised and fused.
        psi: (T,) in [0, 1], high = abnormal, smoothed; zeros for a normal video.
        score: (T,) in [0, 1], or None where the video is not scored.
        pseudo_label: (T,) int8, 1 abnormal, short segments dropped and gaps closed.
        runs: the same in frames, NORMAL and ABNORMAL.
        edges: (T + 1,) int64 frames at which snippets begin, and the end of the video.
        usable: False where a curve is flat, so that the video says nothing.
        is_normal: the video is taken to be normal, so that nothing in it is abnormal.
    """

    s_normal: Floats
    s_abnormal: Floats
    psi: Floats
    score: Floats | None
    pseudo_label: NDArray[np.int8]
    runs: Runs
    edges: NDArray[np.int64]
    usable: bool
    is_normal: bool


class Derivation:
    """The curves of one video, kept ready for the sliders.

    Args:
        curves: as on disk; they say how the run that made them fuses several labels.
        columns: category id of each column of ``curves.similarity``, normal last, for files that
            do not say. Where they are not as many as the columns, as without the checkpoint, only
            the category of the file can be shown.
        scores: of the same video.
        scale: similarity scale of the checkpoint.
        num_frames: length of the video; None takes what the curves say.
    """

    def __init__(
        self,
        curves: PseudoCurves,
        columns: Sequence[str] = (),
        *,
        scores: Scores | None = None,
        scale: float = DEFAULT_SCALE,
        num_frames: int | None = None,
    ) -> None:
        self._curves = curves
        names = [*curves.meta.get("categories", columns)]
        fits = len(names) == curves.similarity.shape[1]
        self._columns = {name.casefold(): at for at, name in enumerate(names)} if fits else {}
        self._flat = flat_below(scale)
        self._num_frames = frames_of(curves) if num_frames is None else num_frames
        self.edges = snippet_edges(curves.snippet_start, self._num_frames)
        self._s_normal = minmax(curves.s_normal, self._flat)
        self._score = snippet_scores(scores, curves)
        self._fusion: Fusion = curves.meta.get("several_labels", "max")
        self._fused: dict[tuple[str, ...], Floats] = {}
        self._psi_key: object = None
        self._psi: Floats = curves.psi

    def knows(self, category: str) -> bool:
        """Whether the similarity with a category is stored."""
        return category.casefold() in self._columns

    def at(self, tuning: Tuning, categories: Sequence[str] | None = None) -> Derived:
        """Apply settings.

        Args:
            tuning: the settings.
            categories: ids the video is taken to show, () for normal; None takes those the
                curves were made for. Ids that have no column are passed over.
        """
        chosen = tuple(file_categories(self._curves) if categories is None else categories)
        s_abnormal = self._s_abnormal(chosen)
        curve = self._psi_of(chosen, s_abnormal, tuning)
        raw = threshold(curve, tuning.theta)
        starts, ends = mask_runs(raw)
        if tuning.min_duration > 1 or tuning.merge_gap > 0:
            starts, ends = clean_runs(starts, ends, tuning.min_duration, tuning.merge_gap)
            raw = _painted(starts, ends, len(curve))
        return Derived(
            s_normal=self._s_normal,
            s_abnormal=s_abnormal,
            psi=curve,
            score=self._score,
            pseudo_label=raw,
            runs=_frame_runs(self.edges[starts], self.edges[ends], self._num_frames),
            edges=self.edges,
            usable=len(curve) == 1 or not _is_flat(s_abnormal),
            is_normal=not chosen,
        )

    def _s_abnormal(self, categories: tuple[str, ...]) -> Floats:
        columns = [self._columns[name.casefold()] for name in categories if self.knows(name)]
        # A normal video shows, as the label verb does, the category it looks most like.
        if not columns:
            return np.asarray(self._curves.s_abnormal, dtype=np.float32)
        if categories not in self._fused:
            similarity = self._curves.similarity
            self._fused[categories] = fuse_labels(similarity, columns, self._flat, self._fusion)
        return self._fused[categories]

    def _psi_of(self, categories: tuple[str, ...], s_abnormal: Floats, tuning: Tuning) -> Floats:
        key = (categories, tuning.alpha, tuning.smoothing)
        if key != self._psi_key:
            if categories:
                self._psi = tuned_psi(self._curves.s_normal, s_abnormal, tuning, self._flat)
            else:  # gamma = 0 throughout (Eq. 6)
                self._psi = np.zeros(len(s_abnormal), dtype=np.float32)
            self._psi_key = key
        return self._psi


def tuned_psi(
    s_normal: NDArray[np.floating], s_abnormal: Floats, tuning: Tuning, flat: float
) -> Floats:
    """(T,) psi under the sliders, smoothed.

    Args:
        s_normal: (T,) similarity with the enhanced normal text, as on disk.
        s_abnormal: (T,) in [0, 1], of the video's own categories, normalised and fused.
        tuning: alpha and smoothing count.
        flat: range below which a curve is flat (:func:`tpwng_core.similarity.flat_below`).
    """
    made = psi(s_normal, s_abnormal, tuning.alpha, flat)
    return smooth(made, tuning.smoothing) if tuning.smoothing > 1 else made


def derive(
    curves: PseudoCurves, columns: Sequence[str], tuning: Tuning, scores: Scores | None = None
) -> Derived:
    """Apply settings to one video once; :class:`Derivation` is for doing so again and again."""
    return Derivation(curves, columns, scores=scores).at(tuning)


def num_flips(
    curve: NDArray[np.floating],
    theta: float,
    delta: float = 0.05,
    edges: NDArray[np.int64] | None = None,
) -> int:
    """How many frames change their pseudo-label while theta moves by ``delta`` either way.

    Segments that are too short and gaps that are closed are left out of account.

    Args:
        curve: (T,) psi.
        theta: threshold.
        delta: half the width of the band, inclusive below and exclusive above, as Eq. 6 is.
        edges: (T + 1,) frames at which snippets begin; None counts snippets.
    """
    near = (curve >= theta - delta) & (curve < theta + delta)
    return int(near.sum() if edges is None else np.diff(edges)[near].sum())


def file_categories(curves: PseudoCurves) -> tuple[str, ...]:
    """Categories that curves on disk were made for; () for a normal video."""
    return tuple(name for name in curves.meta.get("category", ()) if not is_normal_name(name))


def frames_of(curves: PseudoCurves) -> int:
    """Length of the video that curves on disk were made of, in frames."""
    last = int(curves.snippet_start[-1]) + 1 if len(curves.snippet_start) else 0
    return int(curves.meta.get("num_frames") or len(curves.pts) or last)


def snippet_edges(snippet_start: NDArray[np.int32], num_frames: int) -> NDArray[np.int64]:
    """Frames at which snippets begin, and the end of the video, as scores are spread over frames.

    Args:
        snippet_start: (T,) ascending.
        num_frames: length; frames before the first snippet belong to it.

    Returns:
        (T + 1,), ascending within [0, num_frames].
    """
    edges = np.append(snippet_start, num_frames).astype(np.int64).clip(0, num_frames)
    edges[0] = 0
    return edges


def snippet_scores(scores: Scores | None, curves: PseudoCurves) -> Floats | None:
    """(T,) score of each snippet of the curves; None where there is none, or of another length."""
    starts = curves.snippet_start
    if scores is None or not scores.num_frames or (len(starts) and starts[-1] >= len(scores.score)):
        return None
    if np.array_equal(scores.snippet_start, starts):
        return scores.snippet_score
    return scores.score[starts]


def _painted(starts: NDArray[np.intp], ends: NDArray[np.intp], length: int) -> NDArray[np.int8]:
    steps = np.zeros(length + 1, dtype=np.int8)
    steps[starts] = 1
    steps[ends] = -1
    return np.cumsum(steps[:-1], dtype=np.int8)


def _frame_runs(starts: NDArray[np.int64], ends: NDArray[np.int64], num_frames: int) -> Runs:
    """Runs of abnormal intervals that are sorted and apart; those behind the video are dropped."""
    kept = ends > starts
    cuts = np.stack([starts[kept], ends[kept]], axis=1).ravel()
    edges = np.concatenate([[0], cuts, [num_frames]]).astype(np.int64)
    states = np.full(len(edges) - 1, NORMAL, dtype=np.int8)
    states[1::2] = ABNORMAL
    filled = np.diff(edges) > 0
    return Runs(edges[:-1][filled], edges[1:][filled], states[filled])


def _is_flat(curve: Floats) -> bool:
    return curve.size == 0 or bool(np.ptp(curve) <= UNIT_FLAT_BELOW)
