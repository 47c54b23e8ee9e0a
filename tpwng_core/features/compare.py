"""Do two feature sets say the same? Cosine per snippet and the likely cause of a difference.

Two folders or files in, a :class:`FeatureComparison` out. Called by ``tpwng-core features
compare`` and by the extraction benchmark.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tpwng_core.errors import FeatureError
from tpwng_core.features.folder import open_feature_folder
from tpwng_core.features.records import FeatureMeta, FeatureSet

# Cosines that separate causes; what each cause does was measured on ViT-B/16 (bf16 5e-5,
# another resize 1e-3 to 2e-5, see design/performance) or follows from neighbouring frames.
_SAME = 0.999999
_NUMBER_TYPE = 0.9999
_PREPARATION = 0.99
_SAMPLING = 0.8
_UNIT_NORM = 0.01
_MAX_OFFSET = 3
_EPSILON = 1e-12

_META_CAUSES = (
    ("weight_sha256", "other CLIP weights"),
    ("activation", "another activation"),
    ("clip_name", "another CLIP"),
    ("stride", "another stride"),
    ("sampling", "other frames of each snippet"),
    ("crop", "another crop"),
    ("resize", "another resize"),
    ("normalisation", "another normalisation of the input"),
    ("fingerprint", "another video file"),
    ("pts_digest", "other frame times"),
    ("dtype", "another number type"),
)


@dataclass(frozen=True, kw_only=True)
class VideoComparison:
    """Two feature sets of one video.

    Attributes:
        video: video id.
        num_snippets: of the first and the second.
        cosine_min: smallest cosine of two rows of the same snippet; None where the widths differ.
        cosine_mean: mean of these cosines.
        norm: mean length of a row, of the first and the second.
        offset: snippets by which the second runs late where that explains the difference.
        causes: likely ones, the surest first; empty where nothing differs.
    """

    video: str
    num_snippets: tuple[int, int]
    cosine_min: float | None
    cosine_mean: float | None
    norm: tuple[float, float]
    offset: int
    causes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class FeatureComparison:
    """Two feature sets.

    Attributes:
        videos: those in both, by id.
        only_first: ids of videos without features in the second.
        only_second: ids of videos without features in the first.
    """

    videos: tuple[VideoComparison, ...]
    only_first: tuple[str, ...]
    only_second: tuple[str, ...]

    @property
    def is_same(self) -> bool:
        """True where both hold the same videos and no row differs."""
        differ = any(video.causes for video in self.videos)
        return not (differ or self.only_first or self.only_second)

    def to_json(self) -> dict[str, Any]:
        """The comparison as plain values."""
        return {**asdict(self), "is_same": self.is_same}


def compare_features(first: Path, second: Path) -> FeatureComparison:
    """Compare two feature files, or two folders video by video.

    Two single files are compared whatever their names.

    Raises:
        FeatureError: one is missing or damaged, or they have no video in common.
    """
    one, two = open_feature_folder(first), open_feature_folder(second)
    if first.is_file() and second.is_file():
        (a,), (b,) = one.values(), two.values()
        return FeatureComparison(videos=(compare_video(a, b),), only_first=(), only_second=())
    shared = [video for video in one if video in two]
    if not shared:
        raise FeatureError(
            f"{first} and {second} have no video in common", "give two sets of the same videos"
        )
    return FeatureComparison(
        videos=tuple(compare_video(one[video], two[video]) for video in shared),
        only_first=tuple(video for video in one if video not in two),
        only_second=tuple(video for video in two if video not in one),
    )


def compare_video(first: FeatureSet, second: FeatureSet) -> VideoComparison:
    """Compare two feature sets of one video; several crops count with their mean."""
    a, b = _rows(first), _rows(second)
    norms = (_mean_norm(a), _mean_norm(b))
    offset = 0
    cosine: NDArray[np.float64] | None = None
    if first.dim == second.dim:
        offset = _best_offset(a, b)
        cosine = _cosine(a, b, 0)
    causes = [*_causes_of_meta(first.meta, second.meta), *_causes_of_shape(first, second)]
    if cosine is not None and (float(cosine.min()) < _SAME or _norms_differ(norms)):
        causes += _causes_of_values(cosine, norms, offset, known=bool(causes))
    return VideoComparison(
        video=first.video,
        num_snippets=(first.num_snippets, second.num_snippets),
        cosine_min=None if cosine is None else float(cosine.min()),
        cosine_mean=None if cosine is None else float(cosine.mean()),
        norm=norms,
        offset=offset,
        causes=tuple(causes),
    )


def _causes_of_meta(first: FeatureMeta | None, second: FeatureMeta | None) -> Iterator[str]:
    if first is None or second is None:
        return
    for name, cause in _META_CAUSES:
        a, b = getattr(first, name), getattr(second, name)
        if a != b:
            yield f"{cause}: {_short(a)} and {_short(b)}"


def _causes_of_shape(first: FeatureSet, second: FeatureSet) -> Iterator[str]:
    if first.dim != second.dim:
        yield f"another encoder: {first.dim} and {second.dim} numbers a row"
    if first.num_crops != second.num_crops:
        yield f"another crop: {first.num_crops} and {second.num_crops} crops"
    a, b = first.num_snippets, second.num_snippets
    if a == b:
        return
    if abs(a - b) == 1:
        yield f"a snippet more: {a} and {b} (the last, shorter snippet dropped or kept)"
    else:
        yield f"another stride or frame count: {a} and {b} snippets, ratio {a / b:.3f}"


def _causes_of_values(
    cosine: NDArray[np.float64], norms: tuple[float, float], offset: int, *, known: bool
) -> Iterator[str]:
    if _norms_differ(norms):
        if any(abs(norm - 1) < _UNIT_NORM for norm in norms):
            yield f"one of them is normalised: rows of length {norms[0]:.3g} and {norms[1]:.3g}"
        elif float(cosine.mean()) >= _PREPARATION:
            yield f"another scale: rows of length {norms[0]:.3g} and {norms[1]:.3g}"
    low = float(cosine.min())
    if low >= _SAME or known:
        return
    if offset:
        yield f"frames sampled at another place: the second runs {offset:+d} snippets late"
    elif low >= _NUMBER_TYPE:
        yield "another number type (float16, bfloat16), or another version of a library"
    elif low >= _PREPARATION:
        yield "another resize or crop, or frames decoded otherwise"
    elif float(cosine.mean()) >= _SAMPLING:
        yield "other frames of each snippet, another crop, or another activation"
    else:
        yield "other CLIP weights, another activation, or another video"


def _rows(features: FeatureSet) -> NDArray[np.float32]:
    """(T, D) float32: the features, crops averaged."""
    values = np.asarray(features.features, dtype=np.float32)
    return values.mean(axis=1) if values.ndim == 3 else values


def _cosine(a: NDArray[np.float32], b: NDArray[np.float32], offset: int) -> NDArray[np.float64]:
    """Cosines of row t of ``a`` with row t + offset of ``b``, where both exist."""
    a, b = (a, b[offset:]) if offset >= 0 else (a[-offset:], b)
    count = min(len(a), len(b))
    a, b = a[:count], b[:count]
    dot = np.einsum("td,td->t", a, b, dtype=np.float64)
    norms = np.linalg.norm(a, axis=1).astype(np.float64) * np.linalg.norm(b, axis=1)
    return np.asarray(dot / np.maximum(norms, _EPSILON))


def _best_offset(a: NDArray[np.float32], b: NDArray[np.float32]) -> int:
    """Offset under which the rows agree; 0 unless another one explains nearly all."""
    reach = max(min(_MAX_OFFSET, len(a) - 2, len(b) - 2), 0)
    means = {offset: float(_cosine(a, b, offset).mean()) for offset in range(-reach, reach + 1)}
    best = max(means, key=lambda offset: means[offset])
    return best if means[best] >= _PREPARATION > means[0] else 0


def _mean_norm(rows: NDArray[np.float32]) -> float:
    return float(np.linalg.norm(rows, axis=1).mean())


def _norms_differ(norms: tuple[float, float]) -> bool:
    return abs(norms[0] - norms[1]) > 0.01 * max(*norms, _EPSILON)


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= 40 else f"{text[:12]}..."
