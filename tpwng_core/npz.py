"""Arrays with a JSON description in one ``.npz``: how scores and pseudo-labels lie on disk.

Written atomically, read without unpickling anything. Called by ``scores`` and ``pseudocurves``.
"""

from __future__ import annotations

import json
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from tokenize import TokenError
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tpwng_core.errors import ArtifactError
from tpwng_core.files import atomic_write

META = "meta"
# What NumPy and zipfile raise on damaged content: a header is tokenized and may claim any size;
# RuntimeError is an archive that claims to be encrypted or of a later version.
_BROKEN = (
    OSError,
    ValueError,
    EOFError,
    KeyError,
    TokenError,
    RuntimeError,
    MemoryError,
    zipfile.BadZipFile,
    zlib.error,
)


def write_npz(path: Path, arrays: Mapping[str, NDArray[Any]], meta: Mapping[str, Any]) -> None:
    """Write arrays and their description, uncompressed, so that they can be read in place.

    Raises:
        OutputError: the file cannot be written.
    """
    content: dict[str, Any] = {**arrays, META: np.array(json.dumps(dict(meta), ensure_ascii=False))}
    with atomic_write(path) as temporary, temporary.open("wb") as stream:
        np.savez(stream, **content)


def read_npz(
    path: Path, kinds: Mapping[str, str], remedy: str
) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
    """Read the arrays named, and the description.

    Args:
        path: the file.
        kinds: name -> letters of the NumPy kinds it may have ("f" floats, "iu" integers).
        remedy: what to do about a damaged file, for the message.

    Returns:
        Arrays by name, and the description.

    Raises:
        ArtifactError: missing, damaged, an array missing or of another kind.
    """
    arrays = load_arrays(path, remedy)
    missing = [name for name in (*kinds, META) if name not in arrays]
    if missing:
        raise ArtifactError(f"{path} is no such file of ours: {', '.join(missing)} missing", remedy)
    wrong = [name for name, kind in kinds.items() if arrays[name].dtype.kind not in kind]
    if wrong:
        raise ArtifactError(f"{path} is damaged: {wrong[0]} has another type", remedy)
    return {name: arrays[name] for name in kinds}, _read_meta(arrays[META], path, remedy)


def load_arrays(path: Path, remedy: str) -> dict[str, NDArray[Any]]:
    """Arrays of an ``.npz``, or ``{"": array}`` of an ``.npy``.

    Raises:
        ArtifactError: missing, damaged, or holding objects.
    """
    try:
        # Opened here, because np.load leaves a damaged file open.
        with path.open("rb") as stream:
            content = np.load(stream, allow_pickle=False)
            if isinstance(content, np.ndarray):
                return {"": content}
            return {name: content[name] for name in content.files}
    except FileNotFoundError as error:
        raise ArtifactError(f"there is no file {path}", "check the path") from error
    except _BROKEN as error:
        raise ArtifactError(f"{path} is damaged, or another kind of file", remedy) from error


def _read_meta(array: NDArray[Any], path: Path, remedy: str) -> dict[str, Any]:
    try:
        meta = json.loads(str(array))
    except json.JSONDecodeError as error:
        raise ArtifactError(f"{path} is damaged: its description is no JSON", remedy) from error
    if not isinstance(meta, dict):
        raise ArtifactError(f"{path} is damaged: its description is no JSON object", remedy)
    return meta
