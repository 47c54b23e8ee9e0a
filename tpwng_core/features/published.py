"""Features as other projects publish them: plain ``.npy`` arrays without provenance.

(T, D), ten files ``__0`` to ``__9``, (T, crops, D) or (crops, T, D) in; a FeatureSet out. Axes
are told apart by their sizes and never guessed: what cannot be told is an error. Only mapped,
never unpickled.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Literal, cast

import numpy as np
from numpy.typing import DTypeLike, NDArray

from tpwng_core.errors import FeatureError
from tpwng_core.features.records import FeatureSet

STRIDE = 16
"""Frames per snippet of every published feature set of the benchmarks."""

Layout = Literal["rows", "snippets-first", "crops-first"]

_CROP_COUNTS = frozenset({1, 5, 10})
# Widths of published encoders; a file with such a count of rows and another width is transposed.
_WIDTHS = frozenset({384, 400, 512, 640, 768, 1024, 1280, 1408, 2048, 4096})


class CropFiles:
    """(T, crops, D) of which each crop lies in its own file; reads only the crops asked for.

    Slices like the array it stands for, and becomes it in ``np.asarray``.
    """

    ndim = 3

    def __init__(self, crops: Sequence[NDArray[Any]]) -> None:
        self._crops = crops
        self.shape = (len(crops[0]), len(crops), crops[0].shape[1])
        self.dtype = crops[0].dtype

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, key: Any) -> NDArray[Any]:
        if isinstance(key, tuple) and len(key) > 1 and isinstance(key[1], int | np.integer):
            return np.asanyarray(self._crops[int(key[1])][(key[0], *key[2:])])
        return np.asanyarray(np.asarray(self)[key])

    def __array__(self, dtype: DTypeLike | None = None, copy: bool | None = None) -> NDArray[Any]:
        stacked: NDArray[Any] = np.stack(self._crops, axis=1)
        return stacked if dtype is None else stacked.astype(dtype, copy=False)


def read_published(paths: Sequence[Path], video: str, siblings: Iterable[Path] = ()) -> FeatureSet:
    """Features of one video from its ``.npy`` file or its files of crops.

    Args:
        paths: one file, or one per crop in order of the crops.
        video: video id.
        siblings: other files of the same set, asked where the sizes of this one leave the order
            of its axes open.

    Raises:
        FeatureError: damaged, pickled, of an unknown layout, or crops of different lengths.
    """
    arrays = [_load(path) for path in paths]
    if len(arrays) == 1:
        features = _oriented(arrays[0], paths[0], siblings)
    else:
        features = cast(NDArray[Any], CropFiles(_check_crops(arrays, paths)))
    num_snippets = features.shape[0]
    return FeatureSet(
        video=video,
        features=features,
        snippet_start=np.arange(num_snippets, dtype=np.int32) * STRIDE,
        pts=np.arange(num_snippets * STRIDE, dtype=np.int64),
    )


def layout_of(shape: tuple[int, ...]) -> Layout | None:
    """Which axis is which; None where the sizes leave it open or fit nothing."""
    if len(shape) == 2:
        transposed = shape[0] in _WIDTHS and shape[1] not in _WIDTHS
        return None if transposed else "rows"
    if len(shape) != 3:
        return None
    first, second = (size in _CROP_COUNTS for size in shape[:2])
    if first == second:
        return None
    return "crops-first" if first else "snippets-first"


def _load(path: Path) -> NDArray[Any]:
    try:
        array = np.load(path, mmap_mode="r", allow_pickle=False)
    except FileNotFoundError as error:
        raise FeatureError(f"there is no file {path}", "check the path") from error
    except (OSError, ValueError, EOFError) as error:
        raise FeatureError(f"{path} is damaged or no .npy file", "download it again") from error
    if array.dtype.kind != "f" or 0 in array.shape:
        raise FeatureError(
            f"{path} holds {array.dtype} of shape {array.shape}, not features",
            "features are floating numbers (T, D) or (T, crops, D)",
        )
    if not np.isfinite(array).all():
        raise FeatureError(f"{path} holds values that are not finite", "download it again")
    return cast(NDArray[Any], array)


def _oriented(array: NDArray[Any], path: Path, siblings: Iterable[Path]) -> NDArray[Any]:
    """The array as (T, D) or (T, crops, D)."""
    layout = layout_of(array.shape)
    if layout is None and array.ndim == 3:
        layout = _layout_of_siblings(array.shape, siblings)
    if layout is None:
        raise FeatureError(
            f"{path}: the axes of shape {array.shape} cannot be told apart",
            "save it as (T, D), as (T, crops, D) with 5 or 10 crops, or as files __0 to __9",
        )
    if layout == "crops-first":
        array = np.swapaxes(array, 0, 1)
    return array[:, 0] if array.ndim == 3 and array.shape[1] == 1 else array


def _layout_of_siblings(shape: tuple[int, ...], siblings: Iterable[Path]) -> Layout | None:
    """Layout of the first other file that shows it and whose crops this shape can have."""
    for sibling in siblings:
        other = np.load(sibling, mmap_mode="r", allow_pickle=False).shape
        layout = layout_of(other)
        if len(other) == 3 and layout is not None:
            axis = 0 if layout == "crops-first" else 1
            return layout if other[axis] == shape[axis] else None
    return None


def _check_crops(arrays: Sequence[NDArray[Any]], paths: Sequence[Path]) -> Sequence[NDArray[Any]]:
    for array, path in zip(arrays, paths, strict=True):
        if array.ndim != 2 or array.shape != arrays[0].shape:
            raise FeatureError(
                f"{path} has shape {array.shape}, the first crop {arrays[0].shape}",
                "all crops of a video need the same (T, D); download it again",
            )
    return arrays
