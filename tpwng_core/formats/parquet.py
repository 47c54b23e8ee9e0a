"""One row per frame as Parquet: typed columns, and what belongs to the videos in its metadata.

The columns of ``frames-csv`` (spec/formats.md 10); a row group per video keeps memory small.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from tpwng_core.errors import DatasetError
from tpwng_core.events import Reporter
from tpwng_core.files import atomic_write
from tpwng_core.formats.annotation import Annotation
from tpwng_core.formats.format import Entries, Format, ImportOptions
from tpwng_core.formats.frametable import (
    COLUMNS,
    FLOAT_COLUMNS,
    INT_COLUMNS,
    LOSES,
    TEXT_COLUMNS,
    annotation_of_frames,
    average_rate,
    frame_columns,
)
from tpwng_core.formats.items import ExportOptions
from tpwng_core.formats.sidecar import VideoFacts, describe, facts_of
from tpwng_core.labels import UNSET

_META = b"tpwng"
_MAGIC = b"PAR1"


def _schema(entries: Entries) -> Any:
    import pyarrow as pa

    kinds = {
        **dict.fromkeys(TEXT_COLUMNS, pa.string()),
        **dict.fromkeys(INT_COLUMNS, pa.int8()),
        **dict.fromkeys(FLOAT_COLUMNS, pa.float32()),
        "frame": pa.int32(),
        "pts_s": pa.float64(),
    }
    facts = describe(entries)
    metadata = {
        "schema_version": str(facts["schema_version"]),
        "core_version": facts["core_version"],
        _META: json.dumps(facts, ensure_ascii=False),
    }
    return pa.schema([(name, kinds[name]) for name in COLUMNS], metadata=metadata)


def _write(entries: Entries, path: Path, options: ExportOptions, report: Reporter) -> list[Path]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = _schema(entries)
    with atomic_write(path) as temporary, pq.ParquetWriter(temporary, schema) as writer:
        for entry in entries:
            columns = frame_columns(entry)
            num_frames = entry.annotation.num_frames or 0
            arrays = [
                pa.nulls(num_frames, field.type)
                if columns[field.name] is None
                else pa.array(columns[field.name], field.type)
                for field in schema
            ]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
    return [path]


def _show(entries: Entries, options: ExportOptions) -> Iterator[str]:
    for field in _schema(entries):
        yield f"{field.name}: {field.type}\n"


def _read(path: Path, options: ImportOptions) -> list[Annotation]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.ParquetFile(path).read()
    except (OSError, pa.ArrowException) as error:
        raise DatasetError(f"cannot read {path} as Parquet: {error}", "export it again") from error
    missing = [name for name in ("video", "frame") if name not in table.column_names]
    if missing or not {"label", "human_label"} & {*table.column_names}:
        name = (missing or ["label"])[0]
        raise DatasetError(f"{path} has no column {name!r}", "is it of tpwng-core export?")
    facts = facts_of(json.loads((table.schema.metadata or {}).get(_META, b'{"videos": {}}')))
    videos = np.array(table["video"].to_pylist(), dtype=object)
    edges = [0, *(np.flatnonzero(videos[1:] != videos[:-1]) + 1).tolist(), len(videos)]
    return [_annotation(table.slice(a, b - a), facts, path) for a, b in pairwise(edges) if a < b]


def _annotation(rows: Any, known: dict[str, VideoFacts], path: Path) -> Annotation:
    video = rows["video"][0].as_py()
    frames = np.asarray(rows["frame"])
    if not np.array_equal(frames, np.arange(len(frames))):
        raise DatasetError(f"{path}: frames of {video} are not 0, 1, 2, ...", "give each once")
    facts = known.get(video)
    if facts is None:
        facts = VideoFacts(fps=average_rate(_ends(rows), len(frames)))
    name = "label" if "label" in rows.column_names else "human_label"
    label = np.asarray(rows[name].fill_null(UNSET), dtype=np.int64)
    return annotation_of_frames(
        video, label, _texts(rows, "provenance"), _texts(rows, "class"), facts
    )


def _ends(rows: Any) -> list[float]:
    """Times of the first and last frame, where they are known."""
    if "pts_s" not in rows.column_names:
        return []
    ends = (rows["pts_s"][place].as_py() for place in (0, -1))
    return [end for end in ends if end is not None]


def _texts(rows: Any, name: str) -> list[str]:
    if name not in rows.column_names:
        return [""] * len(rows)
    return [text or "" for text in rows[name].to_pylist()]


def _is_like(path: Path, head: str) -> bool:
    with path.open("rb") as stream:
        return stream.read(len(_MAGIC)) == _MAGIC


FORMATS = (
    Format(
        name="parquet",
        title="Frames, Parquet",
        group="Tables and arrays",
        extension=".parquet",
        file_name="frames.parquet",
        has_curves=True,
        overlaps=False,
        loses=LOSES,
        verified_by="pyarrow and DuckDB",
        write=_write,
        show=_show,
        read=_read,
        is_like=_is_like,
    ),
)
