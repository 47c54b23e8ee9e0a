"""One row per frame: what the tables of CSV and Parquet share.

An entry of an export in, columns out; columns in, an annotation out. ``label`` is what the
export's source says of the frame, ``human_label`` and ``pseudo_label`` what people and the
method say whatever the source (spec/formats.md 10).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

from tpwng_core.errors import ConfigError
from tpwng_core.formats.annotation import Annotation, Mark, Origin
from tpwng_core.formats.items import Entry, ExportItem, frame_curve
from tpwng_core.formats.losses import AUTHORS, SPLITS
from tpwng_core.formats.sidecar import VideoFacts
from tpwng_core.labels import NORMAL, STATES, UNSET, VALUES

TEXT_COLUMNS = ("video", "provenance", "class")
INT_COLUMNS = ("frame", "pseudo_label", "human_label", "label")
CURVES = ("s_normal", "s_abnormal", "psi")
FLOAT_COLUMNS = (*CURVES, "score")
COLUMNS = (
    *("video", "frame", "pts_s", *CURVES, "pseudo_label"),
    *("human_label", "label", "provenance", "class", "score"),
)
LOSES = (AUTHORS, SPLITS)
Column = NDArray[Any] | None


def frame_columns(entry: Entry) -> dict[str, Column]:
    """The columns of one video, (num_frames,) each; None where not known.

    Raises:
        ConfigError: the length of the video is not known.
    """
    item, num_frames = entry.item, entry.annotation.num_frames
    if num_frames is None:
        raise ConfigError(f"the length of {item.video} is not known", "give --videos or --features")
    pseudo = item.pseudo_runs
    columns: dict[str, Column] = {
        "video": np.full(num_frames, item.video, dtype=object),
        "frame": np.arange(num_frames, dtype=np.int32),
        "pts_s": _times(item, num_frames),
        **{name: frame_curve(item, name) for name in CURVES},
        "pseudo_label": pseudo.as_array() if pseudo else None,
        "human_label": item.labels.as_array() if item.labels else None,
        **_painted(entry, num_frames),
        "score": item.scores.score if item.scores else None,
    }
    return {name: columns[name] for name in COLUMNS}


def annotation_of_frames(
    video: str,
    label: NDArray[Any],
    provenance: Sequence[str],
    category: Sequence[str],
    facts: VideoFacts,
) -> Annotation:
    """What the rows of one video say.

    Args:
        video: id.
        label: (num_frames,) states; -2 unset.
        provenance: of each frame; "" counts as imported.
        category: of each frame, "" for none.
        facts: of the video.

    Raises:
        ValueError: a label or provenance that is none.
    """
    if not np.isin(label, [UNSET, *STATES]).all():
        raise ValueError(f"{video}: labels are -2 unset, -1 unknown, 0 normal and 1 abnormal")
    changes = np.diff(label) != 0
    for words in (provenance, category):
        numbers: dict[str, int] = {}
        codes = [numbers.setdefault(word, len(numbers)) for word in words]
        changes |= np.diff(codes) != 0
    edges = [0, *(np.flatnonzero(changes) + 1).tolist(), len(label)] if len(label) else []
    marks = (
        _mark((start, end), int(label[start]), provenance[start], category[start])
        for start, end in pairwise(edges)
    )
    kept = tuple(mark for mark in marks if mark is not None)
    said = facts.complete(Annotation(video=video, marks=kept))
    return replace(said, num_frames=len(label))


def average_rate(ends_s: Sequence[float], num_frames: int) -> Fraction | None:
    """Frames per second from the times of the first and last of ``num_frames`` frames."""
    if len(ends_s) < 2 or ends_s[-1] <= ends_s[0]:
        return None
    rate = (num_frames - 1) / (ends_s[-1] - ends_s[0])
    return Fraction(rate).limit_denominator(1001)


def _times(item: ExportItem, num_frames: int) -> Column:
    if item.pts is not None and len(item.pts) == num_frames:
        return np.round((item.pts - item.pts[:1]) * float(item.time_base), 6)
    if item.fps is None:
        return None
    return np.round(np.arange(num_frames) / float(item.fps), 6)


def _painted(entry: Entry, num_frames: int) -> dict[str, Column]:
    """The marks as columns; where the source has pseudo-labels, the rest is normal by them."""
    label = np.full(num_frames, UNSET, dtype=np.int8)
    provenance = np.full(num_frames, "", dtype=object)
    category = np.full(num_frames, "", dtype=object)
    if entry.source in ("pseudo", "effective"):
        label[:], provenance[:] = NORMAL, "pseudo"
    for mark in entry.annotation.marks:
        place = slice(mark.start, mark.end)
        label[place], provenance[place] = VALUES[mark.state], mark.origin
        category[place] = mark.category or ""
    return {"label": label, "provenance": provenance, "class": category}


def _mark(place: tuple[int, int], label: int, provenance: str, category: str) -> Mark | None:
    origin = provenance or "imported"
    if label == UNSET or (origin == "pseudo" and label == NORMAL):
        return None
    if origin not in get_args(Origin):
        raise ValueError(f"{provenance!r} is no provenance")
    return Mark(
        start=place[0],
        end=place[1],
        state=STATES[label],
        category=category or None,
        origin=origin,  # type: ignore[arg-type]
    )
