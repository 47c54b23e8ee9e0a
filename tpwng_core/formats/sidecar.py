"""What a table cannot say of its videos, in ``<file>.meta.json`` beside it.

Comment lines in front of a CSV header stop many readers, so length, frame rate, time stamps'
unit, category, settings and checkpoint lie beside it. Called by the formats of tables.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from tpwng_core import __version__
from tpwng_core.errors import DatasetError
from tpwng_core.files import write_json
from tpwng_core.formats.annotation import Annotation
from tpwng_core.formats.format import Entries
from tpwng_core.formats.items import Entry

SCHEMA_VERSION = 1


@dataclass(frozen=True, kw_only=True)
class VideoFacts:
    """Of one video; None where not known."""

    num_frames: int | None = None
    fps: Fraction | None = None
    category: str | None = None
    reviewed: bool = False

    def complete(self, annotation: Annotation) -> Annotation:
        """An annotation with these facts in it."""
        return replace(
            annotation,
            num_frames=self.num_frames,
            fps=self.fps,
            category=self.category,
            reviewed=self.reviewed or annotation.reviewed,
        )


def sidecar_path(path: Path) -> Path:
    """Where the facts of a table lie."""
    return path.with_name(f"{path.name}.meta.json")


def describe(entries: Entries) -> dict[str, Any]:
    """The facts of an export as plain values."""
    return {
        "schema_version": SCHEMA_VERSION,
        "core_version": __version__,
        "videos": {entry.item.video: _facts(entry) for entry in entries},
    }


def write_sidecar(path: Path, entries: Entries) -> Path:
    """Write the facts of a table beside it."""
    target = sidecar_path(path)
    write_json(target, describe(entries))
    return target


def read_sidecar(path: Path) -> dict[str, VideoFacts]:
    """Facts by video id of a table; {} where there is no file of them.

    Raises:
        DatasetError: the file is damaged.
    """
    target = sidecar_path(path)
    if not target.is_file():
        return {}
    try:
        return facts_of(json.loads(target.read_bytes()))
    except ValueError as error:
        raise DatasetError(
            f"{target} is damaged: {error}", "remove it and give --videos instead"
        ) from error


def facts_of(content: Any) -> dict[str, VideoFacts]:
    """Facts by video id of :func:`describe`.

    Raises:
        ValueError: it is no such content.
    """
    try:
        videos = content["videos"].items()
        return {video: _facts_of(values) for video, values in videos}
    except (KeyError, TypeError, AttributeError, ZeroDivisionError) as error:
        raise ValueError(f"a field is missing or wrong: {error}") from error


def _facts(entry: Entry) -> dict[str, Any]:
    said, curves = entry.annotation, entry.item.curves
    meta = dict(curves.meta) if curves else {}
    if entry.item.scores:
        meta = {**entry.item.scores.meta, **meta}
    kept = ("alpha", "theta", "r", "causal", "checkpoint", "prompts", "version")
    return {
        "num_frames": said.num_frames,
        "fps": str(said.fps) if said.fps else None,
        "time_base": str(entry.item.time_base),
        "category": said.category,
        "reviewed": said.reviewed,
        "params": {name: meta[name] for name in kept if name in meta},
    }


def _facts_of(values: dict[str, Any]) -> VideoFacts:
    num_frames = values.get("num_frames")
    return VideoFacts(
        num_frames=None if num_frames is None else int(num_frames),
        fps=Fraction(values["fps"]) if values.get("fps") else None,
        category=values.get("category"),
        reviewed=bool(values.get("reviewed", False)),
    )
