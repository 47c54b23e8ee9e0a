"""Our feature file: ``<video>.features.safetensors``, written whole, read in place.

Reading parses the header and maps the tensors, so that a data set of any size costs no memory
until its rows are used. A damaged file is a FeatureError, never a wrong array.
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save

from tpwng_core.errors import FeatureError
from tpwng_core.features.records import FeatureMeta, FeatureSet
from tpwng_core.files import write_bytes

SUFFIX = ".features.safetensors"
_HEADER = "tpwng"
_LENGTH_BYTES = 8
_MAX_HEADER_BYTES = 1 << 20
_DTYPES = {"F16": np.float16, "F32": np.float32, "I32": np.int32, "I64": np.int64}
_TENSORS = {"features": ("F16", "F32"), "snippet_start": ("I32",), "pts": ("I64",)}


class _Placed(NamedTuple):
    """Where a tensor lies in a file."""

    dtype: Any
    shape: tuple[int, ...]
    offset: int


def write_features(path: Path, features: FeatureSet) -> None:
    """Write a feature file: float16, with provenance, whole or not at all.

    Args:
        path: ends in :data:`SUFFIX`.
        features: must have ``meta``.

    Raises:
        FeatureError: values are not finite, or too large for float16.
        OutputError: the file cannot be written.
    """
    if features.meta is None:
        raise FeatureError(f"features of {features.video} do not say where they come from")
    with np.errstate(over="ignore"):
        halves = np.asarray(features.features).astype(np.float16)
    if not np.isfinite(halves).all():
        raise FeatureError(
            f"features of {features.video} are not finite",
            "encode in another type: --set extract.dtype=float32",
        )
    tensors = {
        "features": np.ascontiguousarray(halves),
        "snippet_start": features.snippet_start.astype(np.int32),
        "pts": features.pts.astype(np.int64),
    }
    header = json.dumps(features.meta.to_json(), ensure_ascii=False)
    write_bytes(path, save(tensors, metadata={_HEADER: header}))


def read_features(path: Path, *, mmap: bool = True) -> FeatureSet:
    """Read a feature file.

    Args:
        path: the file.
        mmap: map ``features`` read-only instead of reading them.

    Raises:
        FeatureError: missing, damaged, cut short, or not ours.
    """
    header, size = _read_header(path)
    meta = _meta_of(header, path)
    placed = {name: _place(header, name, size, path) for name in _TENSORS}
    arrays = {name: _map(path, where) for name, where in placed.items()}
    values = arrays["features"] if mmap else np.array(arrays["features"])
    if not np.isfinite(values).all():
        raise _damaged(path, "values are not finite")
    try:
        return FeatureSet(
            video=path.name.removesuffix(SUFFIX),
            features=values,
            snippet_start=np.array(arrays["snippet_start"]),
            pts=arrays["pts"] if mmap else np.array(arrays["pts"]),
            meta=meta,
        )
    except FeatureError as error:
        raise _damaged(path, error.message) from error


def read_meta(path: Path) -> FeatureMeta:
    """The header of a feature file alone, which must still have its full length.

    Raises:
        FeatureError: missing, damaged, cut short, or not ours.
    """
    header, size = _read_header(path)
    for name in _TENSORS:
        _place(header, name, size, path)
    return _meta_of(header, path)


def _read_header(path: Path) -> tuple[dict[str, Any], int]:
    """Header of a safetensors file, with ``start`` of the data under the empty name."""
    try:
        size = path.stat().st_size
        with path.open("rb") as stream:
            length = int.from_bytes(stream.read(_LENGTH_BYTES), "little")
            if length > min(size, _MAX_HEADER_BYTES):
                raise _damaged(path, "it is no safetensors file, or cut short")
            header = json.loads(stream.read(length))
    except OSError as error:
        raise FeatureError(f"cannot read {path}: {error.strerror}", "check the path") from error
    except ValueError as error:
        raise _damaged(path, "its header is no JSON") from error
    if not isinstance(header, dict):
        raise _damaged(path, "its header is no JSON object")
    header[""] = _LENGTH_BYTES + length
    return header, size


def _meta_of(header: dict[str, Any], path: Path) -> FeatureMeta:
    try:
        content = json.loads(header["__metadata__"][_HEADER])
        return FeatureMeta.from_json(content)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _damaged(path, "it does not say where it comes from") from error
    except FeatureError as error:
        raise FeatureError(f"cannot use {path}: {error.message}", error.hint) from error


def _place(header: dict[str, Any], name: str, size: int, path: Path) -> _Placed:
    try:
        entry = header[name]
        shape = tuple(int(count) for count in entry["shape"])
        begin, end = (int(value) + header[""] for value in entry["data_offsets"])
        dtype = np.dtype(_DTYPES[entry["dtype"]])
    except (KeyError, TypeError, ValueError) as error:
        raise _damaged(path, f"{name!r} is missing from its header") from error
    if entry["dtype"] not in _TENSORS[name] or end - begin != math.prod(shape) * dtype.itemsize:
        raise _damaged(path, f"{name!r} has another type or size than its header says")
    if begin < header[""] or end > size:
        raise _damaged(path, "it is cut short")
    return _Placed(dtype, shape, begin)


def _map(path: Path, where: _Placed) -> NDArray[Any]:
    if 0 in where.shape:
        return np.zeros(where.shape, where.dtype)
    return np.memmap(path, where.dtype, "r", where.offset, where.shape)


def _damaged(path: Path, reason: str) -> FeatureError:
    return FeatureError(f"{path} is damaged: {reason}", "delete it and extract again")
