"""The verb inspect: what a file is and what it says of itself, as plain values.

Called by the command line and the studio.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from tpwng_core import labels, scores
from tpwng_core.checkpoint import read_checkpoint_meta
from tpwng_core.errors import InputError
from tpwng_core.features import SUFFIX as FEATURES_SUFFIX
from tpwng_core.features import FeatureSet, read_features, read_published
from tpwng_core.pseudocurves import SUFFIX as PSEUDO_SUFFIX
from tpwng_core.pseudocurves import read_pseudo_curves
from tpwng_core.video import VIDEO_SUFFIXES, health


def inspect(path: Path) -> dict[str, Any]:
    """What ``path`` is.

    Returns:
        ``kind`` and what belongs to it, ready for JSON.

    Raises:
        InputError: the file is of no kind we know.
        TpwngError: it is damaged.
    """
    for suffix, read in _READERS.items():
        if path.name.lower().endswith(suffix):
            return read(path)
    if path.suffix.lower() in VIDEO_SUFFIXES or not path.suffix:
        return {"kind": "video", **health(path).to_json()}
    raise InputError(
        f"{path} is of no kind that can be inspected",
        "a video, features, a checkpoint, scores, pseudo-labels or labels",
    )


def _checkpoint(path: Path) -> dict[str, Any]:
    return {"kind": "checkpoint", **asdict(read_checkpoint_meta(path))}


def _features(path: Path) -> dict[str, Any]:
    return _describe(read_features(path))


def _published(path: Path) -> dict[str, Any]:
    return _describe(read_published([path], path.stem))


def _describe(features: FeatureSet) -> dict[str, Any]:
    meta = features.meta
    return {
        "kind": "features",
        "video": features.video,
        "shape": list(features.features.shape),
        "dtype": str(features.features.dtype),
        "num_snippets": features.num_snippets,
        "num_frames": features.num_frames,
        "key": meta.key if meta else None,
        "provenance": meta.to_json() if meta else None,
    }


def _scores(path: Path) -> dict[str, Any]:
    found = scores.read_scores(path)
    return {
        "kind": "scores",
        "video": found.video,
        "num_frames": found.num_frames,
        "num_snippets": len(found.snippet_score),
        **_range("score", found.score),
        "meta": dict(found.meta),
    }


def _pseudo(path: Path) -> dict[str, Any]:
    found = read_pseudo_curves(path)
    return {
        "kind": "pseudo-labels",
        "video": found.video,
        "num_snippets": len(found.psi),
        "num_abnormal_snippets": int(found.pseudo_label.sum()),
        **_range("psi", found.psi),
        "meta": dict(found.meta),
    }


def _labels(path: Path) -> dict[str, Any]:
    found = labels.read_labels(path)
    runs = found.runs()
    num_frames = {
        f"num_{name}_frames": int((runs.end - runs.start)[runs.state == value].sum())
        for name, value in [*labels.VALUES.items(), ("unset", labels.UNSET)]
    }
    return {
        "kind": "labels",
        "video": found.video,
        "num_frames": found.num_frames,
        "fps": str(found.fps),
        "category": found.category,
        "reviewed": found.reviewed,
        "num_segments": len(found.segments),
        **num_frames,
    }


def _range(name: str, values: np.ndarray) -> dict[str, float | None]:
    if not len(values):
        return {f"{name}_min": None, f"{name}_max": None}
    return {f"{name}_min": float(values.min()), f"{name}_max": float(values.max())}


_READERS: Mapping[str, Callable[[Path], dict[str, Any]]] = {
    FEATURES_SUFFIX: _features,
    PSEUDO_SUFFIX: _pseudo,
    scores.SUFFIX: _scores,
    labels.SUFFIX: _labels,
    ".safetensors": _checkpoint,
    ".npy": _published,
}
