"""Arrays per frame in one ``.npz`` a video, for NumPy (spec/formats.md 10).

``pts``, ``time_base``, ``s_normal``, ``s_abnormal``, ``psi``, ``score``, ``pseudo`` and ``human``,
each where it is known, and ``meta`` with the segments themselves, so that nothing is lost.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tpwng_core.errors import ArtifactError, DatasetError
from tpwng_core.events import Reporter
from tpwng_core.formats.annotation import Annotation, Mark
from tpwng_core.formats.format import Entries, Format, ImportOptions
from tpwng_core.formats.frametable import CURVES
from tpwng_core.formats.items import Entry, ExportOptions, frame_curve
from tpwng_core.formats.sidecar import SCHEMA_VERSION, describe
from tpwng_core.labels import STATES, UNSET, VALUES, Runs
from tpwng_core.npz import META, read_npz, write_npz

_REMEDY = "is it of tpwng-core export --format npz?"


def _arrays(entry: Entry) -> dict[str, NDArray[Any]]:
    item, num_frames = entry.item, entry.annotation.last_end
    base = item.time_base
    inferred = item.pseudo_runs
    found: dict[str, NDArray[Any] | None] = {
        "pts": item.pts,
        "time_base": np.array([base.numerator, base.denominator], dtype=np.int32),
        **{name: frame_curve(item, name) for name in CURVES},
        "score": item.scores.score if item.scores else None,
        "pseudo": inferred.as_array() if inferred else None,
        "human": _painted(entry.annotation, num_frames),
    }
    return {name: array for name, array in found.items() if array is not None}


def _painted(said: Annotation, num_frames: int) -> NDArray[np.int8]:
    pieces = [(mark.start, mark.end, VALUES[mark.state]) for mark in said.marks]
    return Runs.painted(pieces, num_frames).as_array()


def _meta(entry: Entry) -> dict[str, Any]:
    said = entry.annotation
    fps = str(said.fps) if said.fps else None
    return {**describe([entry]), "annotation": {**asdict(said), "fps": fps}}


def _write(entries: Entries, path: Path, options: ExportOptions, report: Reporter) -> list[Path]:
    write_npz(path, _arrays(entries[0]), _meta(entries[0]))
    return [path]


def _show(entries: Entries, options: ExportOptions) -> Iterator[str]:
    for name, array in _arrays(entries[0]).items():
        yield f"{name}: {array.dtype} {array.shape}\n"
    yield f"{META}: JSON\n"


def _read(path: Path, options: ImportOptions) -> list[Annotation]:
    arrays, meta = read_npz(path, {"human": "i"}, _REMEDY)
    human = arrays["human"]
    if meta.get("schema_version") != SCHEMA_VERSION or human.ndim != 1:
        raise ArtifactError(f"{path} is of another version, or no such file", _REMEDY)
    try:
        said = _annotation(meta["annotation"])
        if np.array_equal(_painted(said, len(human)), human):
            return [said]
        # somebody changed the array: it counts
        return [replace(said, marks=_marks(human), num_frames=len(human))]
    except (KeyError, TypeError, AttributeError, ValueError, ZeroDivisionError) as error:
        raise DatasetError(f"{path} is damaged: {error}", _REMEDY) from error


def _annotation(values: dict[str, Any]) -> Annotation:
    marks = tuple(Mark(**mark) for mark in values["marks"])
    fps = Fraction(values["fps"]) if values["fps"] else None
    return Annotation(**{**values, "marks": marks, "fps": fps})


def _marks(human: NDArray[Any]) -> tuple[Mark, ...]:
    if not np.isin(human, [UNSET, *STATES]).all():
        raise ValueError("human holds other values than -2, -1, 0 and 1")
    edges = np.flatnonzero(np.diff(human, prepend=UNSET - 1, append=UNSET - 1))
    return tuple(
        Mark(start=int(start), end=int(end), state=STATES[int(human[start])])
        for start, end in pairwise(edges)
        if human[start] in STATES
    )


def _is_like(path: Path, head: str) -> bool:
    if path.suffix != ".npz":
        return False
    try:
        return "annotation" in read_npz(path, {"human": "i"}, _REMEDY)[1]
    except ArtifactError:
        return False


FORMATS = (
    Format(
        name="npz",
        title="Arrays, NumPy",
        group="Tables and arrays",
        extension=".npz",
        per_video=True,
        has_curves=True,
        overlaps=False,
        verified_by="NumPy",
        write=_write,
        show=_show,
        read=_read,
        is_like=_is_like,
    ),
)
