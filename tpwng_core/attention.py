"""What the detector looked at while it scored one frame: a weight for every snippet of the video.

Made by ``run.attention``; read by the studio. NumPy only. The weights are those of the last
layer: what lies below has looked around already, so they tell where it looked, not why.
"""

# T snippets, H heads

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tpwng_core.errors import ArtifactError
from tpwng_core.npz import read_npz, write_npz

_REMEDY = "make it again: tpwng-core attention"


@dataclass(frozen=True, kw_only=True, eq=False)
class FrameAttention:
    """The attention of the snippet that holds one frame.

    Attributes:
        weights: (H, T) float32, each row sums to 1.
        span: (H,) learned reach z of that snippet, in snippets; empty where none is learned.
        edges: (T + 1,) frames at which snippets begin, and the end of the video.
        meta: ``video``, ``frame``, ``snippet``, ``r``, ``trained_r``, ``checkpoint``.
    """

    weights: NDArray[np.float32]
    span: NDArray[np.float32]
    edges: NDArray[np.int64]
    meta: Mapping[str, Any]

    @property
    def snippet(self) -> int:
        """The one that looks."""
        return int(self.meta["snippet"])

    @cached_property
    def mean(self) -> NDArray[np.float32]:
        """(T,) weights averaged over the heads; they sum to 1."""
        return np.asarray(self.weights.mean(axis=0), dtype=np.float32)

    @cached_property
    def against_most(self) -> NDArray[np.float32]:
        """(T,) the same as shares of the largest: in [0, 1]."""
        return np.asarray(self.mean / self.mean.max(), dtype=np.float32)

    @property
    def peak_ratio(self) -> float:
        """The largest weight against an even share of all snippets; 1 where all are alike."""
        return float(self.mean.max() * len(self.mean))

    @property
    def half_reach(self) -> int:
        """How many snippets each way hold half of the weight, itself included."""
        distance = np.abs(np.arange(self.weights.shape[1]) - self.snippet)
        within = np.cumsum(np.bincount(distance, weights=self.mean))
        return int(np.searchsorted(within, 0.5 * within[-1]))


def snippet_at(edges: NDArray[np.integer], frame: int) -> int:
    """The snippet that holds a frame; the nearest one outside."""
    return int(np.clip(np.searchsorted(edges, frame, side="right") - 1, 0, len(edges) - 2))


def write_attention(path: Path, found: FrameAttention) -> None:
    """Write it.

    Raises:
        OutputError: the file cannot be written.
    """
    arrays: dict[str, NDArray[Any]] = {
        "weights": found.weights,
        "span": found.span,
        "edges": found.edges,
    }
    write_npz(path, arrays, found.meta)


def read_attention(path: Path) -> FrameAttention:
    """Read it.

    Raises:
        ArtifactError: missing, damaged, or its parts do not fit.
    """
    arrays, meta = read_npz(path, {"weights": "f", "span": "f", "edges": "iu"}, _REMEDY)
    weights, span, edges = arrays["weights"], arrays["span"], arrays["edges"]
    snippet = meta.get("snippet")
    fits = weights.ndim == 2 and edges.shape == (weights.shape[1] + 1,)
    fits = fits and isinstance(snippet, int) and 0 <= snippet < weights.shape[1]
    if not fits or span.shape not in ((0,), weights.shape[:1]):
        raise ArtifactError(f"{path} is damaged: its parts do not fit", _REMEDY)
    return FrameAttention(
        weights=weights.astype(np.float32),
        span=span.astype(np.float32),
        edges=edges.astype(np.int64),
        meta=meta,
    )


def describe(found: FrameAttention) -> str:
    """Where it looks, in a line."""
    mean = found.mean
    best = int(mean.argmax())
    start, end = (int(frame) for frame in found.edges[best : best + 2])
    where = "itself" if best == found.snippet else f"frames {start} to {end - 1}"
    return (
        f"frame {found.meta['frame']}: half of the weight within {found.half_reach} snippets each "
        f"way, most on {where}, {mean[best]:.1%} ({found.peak_ratio:.1f} times an even share)"
    )
