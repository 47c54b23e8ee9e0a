"""How well every snippet of a project matches a text: the file behind a search.

Curves by video in and out, all in one ``.npz``, so that a window that opens another video has its
curve at once. Written by ``run.search``, read by the studio.
"""

# T snippets, N snippets of all videos, V videos

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tpwng_core.errors import ArtifactError
from tpwng_core.npz import read_npz, write_npz

_KINDS = {"similarity": "f", "snippet_start": "iu", "offsets": "iu", "num_frames": "iu"}
_REMEDY = "search again"


@dataclass(frozen=True, kw_only=True, eq=False)
class QueryCurve:
    """One video.

    Attributes:
        similarity: (T,) cosine with the text, in [-1, 1].
        edges: (T + 1,) frames at which snippets begin, and the end of the video.
    """

    similarity: NDArray[np.float32]
    edges: NDArray[np.int64]


@dataclass(frozen=True, kw_only=True, eq=False)
class QueryCurves:
    """All videos.

    Attributes:
        videos: by id.
        meta: ``text``; ``checkpoint`` whose prompts it went through, or None for plain CLIP; and
            in a file ``extent``.
    """

    videos: Mapping[str, QueryCurve]
    meta: Mapping[str, Any] = field(default_factory=dict)

    @property
    def extent(self) -> tuple[float, float]:
        """Lowest and highest similarity of any snippet; (0, 1) where there is none."""
        if "extent" in self.meta:
            low, high = self.meta["extent"]
            return float(low), float(high)
        return _extent(_joined([curve.similarity for curve in self.videos.values()], np.float32))


class _StoredCurves(Mapping[str, QueryCurve]):
    """Videos of a file, cut out of its arrays when they are asked for."""

    def __init__(self, names: Sequence[str], arrays: Mapping[str, NDArray[Any]]) -> None:
        self._places = {str(name): place for place, name in enumerate(names)}
        self._arrays = arrays

    def __getitem__(self, video: str) -> QueryCurve:
        place, arrays = self._places[video], self._arrays
        first, last = arrays["offsets"][place : place + 2]
        edges = np.append(arrays["snippet_start"][first:last], arrays["num_frames"][place])
        return QueryCurve(similarity=arrays["similarity"][first:last], edges=edges)

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


def write_query_curves(path: Path, curves: QueryCurves) -> None:
    """Write curves atomically.

    Raises:
        OutputError: the file cannot be written.
    """
    lines = list(curves.videos.values())
    lengths = [len(line.similarity) for line in lines]
    arrays = {
        "similarity": _joined([line.similarity for line in lines], np.float32),
        "snippet_start": _joined([line.edges[:-1] for line in lines], np.int32),
        "offsets": np.cumsum([0, *lengths], dtype=np.int64),
        "num_frames": np.array([line.edges[-1] for line in lines], dtype=np.int64),
    }
    more = {"videos": list(curves.videos), "extent": _extent(arrays["similarity"])}
    write_npz(path, arrays, {**curves.meta, **more})


def read_query_curves(path: Path) -> QueryCurves:
    """Read what :func:`write_query_curves` wrote.

    Raises:
        ArtifactError: missing, damaged, or its parts do not fit.
    """
    arrays, meta = read_npz(path, _KINDS, _REMEDY)
    names, offsets, ends = meta.get("videos"), arrays["offsets"], arrays["num_frames"]
    similarity, starts = arrays["similarity"], arrays["snippet_start"]
    fits = isinstance(names, list) and len(names) == len(ends) == len(offsets) - 1
    extent = meta.get("extent")
    fits = fits and isinstance(extent, list) and len(extent) == 2
    if not fits or not len(similarity) == len(starts) == offsets[-1]:
        raise ArtifactError(f"{path} is damaged: its parts do not fit", _REMEDY)
    assert isinstance(names, list)
    return QueryCurves(videos=_StoredCurves(names, arrays), meta=meta)


def _joined(arrays: list[NDArray[Any]], kind: type[np.generic]) -> NDArray[Any]:
    return np.concatenate(arrays).astype(kind) if arrays else np.empty(0, dtype=kind)


def _extent(similarity: NDArray[np.float32]) -> tuple[float, float]:
    if not len(similarity):
        return 0.0, 1.0
    return float(similarity.min()), float(similarity.max())
