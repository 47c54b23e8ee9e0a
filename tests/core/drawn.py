"""Curves, scores and labels of made-up videos, for tests that need no files."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from tpwng_core.labels import LabelSegment, State, VideoLabels
from tpwng_core.pseudocurves import PseudoCurves
from tpwng_core.pseudolabels import minmax
from tpwng_core.scores import Scores

CATEGORIES = ("arson", "fighting", "normal")
FPS = Fraction(10)


def drawn_curves(
    num_snippets: int = 40, stride: int = 4, seed: int = 0, category: Sequence[str] = ("arson",)
) -> PseudoCurves:
    """Curves of a video that wanders, ``stride`` frames a snippet and 3 frames behind the last."""
    rng = np.random.default_rng(seed)
    walk = rng.normal(size=(num_snippets, len(CATEGORIES))).cumsum(axis=0)
    similarity = walk.astype(np.float32)
    return PseudoCurves(
        video="drawn",
        s_normal=similarity[:, -1],
        s_abnormal=minmax(similarity[:, 0], 1e-4),
        psi=np.zeros(num_snippets, np.float32),
        pseudo_label=np.zeros(num_snippets, np.int8),
        similarity=similarity,
        span=np.zeros((num_snippets, 1), np.float32),
        snippet_start=np.arange(num_snippets, dtype=np.int32) * stride,
        pts=np.empty(0, np.int64),
        meta={
            "num_frames": num_snippets * stride + 3,
            "fps": str(FPS),
            "category": list(category),
        },
    )


def drawn_scores(snippet_score: NDArray[np.float32], stride: int = 4) -> Scores:
    """Scores of the same video."""
    frames = np.append(np.repeat(snippet_score, stride), np.repeat(snippet_score[-1:], 3))
    return Scores(
        video="drawn",
        score=frames.astype(np.float32),
        snippet_score=snippet_score,
        snippet_start=np.arange(len(snippet_score), dtype=np.int32) * stride,
        pts=np.empty(0, np.int64),
    )


def labels_of(num_frames: int, *pieces: tuple[int, int, State]) -> VideoLabels:
    """Labels of ``(start, end, state)`` pieces."""
    labels = VideoLabels(video="drawn", num_frames=num_frames, fps=FPS)
    for start, end, state in pieces:
        labels = labels.paint(LabelSegment(start=start, end=end, state=state))
    return labels
