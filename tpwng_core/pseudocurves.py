"""What the method thinks of one video on disk: similarities, psi, pseudo-labels, spans.

Made by ``run/label.py``, one ``<id>.pseudo.npz`` per video (spec/files.md); read by reports,
exports and the studio, which recomputes psi from the stored similarities as sliders move.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tpwng_core.errors import ArtifactError
from tpwng_core.npz import read_npz, write_npz

SUFFIX = ".pseudo.npz"
_REMEDY = "make it again: tpwng-core label"
_KINDS = {
    "s_normal": "f",
    "s_abnormal": "f",
    "psi": "f",
    "pseudo_label": "iu",
    "similarity": "f",
    "span": "f",
    "snippet_start": "iu",
    "pts": "iu",
}


@dataclass(frozen=True, kw_only=True, eq=False)
class PseudoCurves:
    """The curves of one video; T snippets, K categories (normal last), H heads.

    Attributes:
        video: id.
        s_normal: (T,) float32 similarity with the enhanced normal text.
        s_abnormal: (T,) float32 similarity with the video's own categories, normalised to
            [0, 1] and fused (Eq. 5).
        psi: (T,) float32 in [0, 1], high = abnormal; zeros for a normal video.
        pseudo_label: (T,) int8 in {0, 1} (Eq. 6).
        similarity: (T, K) float32 with every category's text.
        span: (T, H) float32, learned attention reach z of the last layer, in snippets.
        snippet_start: (T,) int32 first frame of each snippet.
        pts: (num_frames,) int64; empty where not known.
        meta: category (ids), assumed, usable, alpha, theta, num_frames, fps, time_base, digests.
    """

    video: str
    s_normal: NDArray[np.float32]
    s_abnormal: NDArray[np.float32]
    psi: NDArray[np.float32]
    pseudo_label: NDArray[np.int8]
    similarity: NDArray[np.float32]
    span: NDArray[np.float32]
    snippet_start: NDArray[np.int32]
    pts: NDArray[np.int64]
    meta: Mapping[str, Any] = field(default_factory=dict)


def write_pseudo_curves(path: Path, curves: PseudoCurves) -> None:
    """Write one video's curves atomically.

    Raises:
        OutputError: the file cannot be written.
    """
    arrays = {name: getattr(curves, name) for name in _KINDS}
    write_npz(path, arrays, curves.meta)


def read_pseudo_curves(path: Path) -> PseudoCurves:
    """Read a ``.pseudo.npz``.

    Raises:
        ArtifactError: missing, damaged, or of lengths that differ.
    """
    arrays, meta = read_npz(path, _KINDS, _REMEDY)
    num_snippets = len(arrays["snippet_start"])
    for name in _KINDS:
        if name != "pts" and len(arrays[name]) != num_snippets:
            raise ArtifactError(f"{path} is damaged: {name} has another length", _REMEDY)
    return PseudoCurves(video=path.name.removesuffix(SUFFIX), meta=meta, **arrays)


def read_pseudo_folder(folder: Path) -> dict[str, PseudoCurves]:
    """Curves of every video in a folder, by id.

    Raises:
        ArtifactError: the folder is missing or holds none, or a file is damaged.
    """
    files = sorted(folder.glob(f"*{SUFFIX}")) if folder.is_dir() else []
    if not files:
        raise ArtifactError(f"{folder} holds no pseudo-labels", _REMEDY)
    found = (read_pseudo_curves(file) for file in files)
    return {curves.video: curves for curves in found}
