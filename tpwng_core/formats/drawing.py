"""What is known of a video as the curves that figures draw. Called by figures and the report."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from tpwng_core.errors import ConfigError
from tpwng_core.formats.items import Entry
from tpwng_core.labels import UNSET, VALUES
from tpwng_core.report.curves import Thumbnail, VideoCurves

NUM_THUMBNAILS = 6


def curves_of_entry(entry: Entry) -> VideoCurves:
    """Curves, labels and pictures of a video; pictures where its file is there.

    Raises:
        ConfigError: length or frame rate are not known.
        VideoError: the video cannot be read.
    """
    item, said = entry.item, entry.annotation
    if not said.num_frames or said.fps is None:
        raise ConfigError(f"the length of {item.video} is not known", "give --videos or --features")
    curves = item.curves
    is_abnormal = bool(said.categories)
    return VideoCurves(
        video=item.video,
        num_frames=said.num_frames,
        fps=Fraction(said.fps),
        categories=said.categories,
        snippet_start=curves.snippet_start if curves else None,
        s_normal=curves.s_normal if curves else None,
        s_abnormal=curves.s_abnormal if curves else None,
        psi=curves.psi if curves and is_abnormal else None,
        theta=curves.meta.get("theta") if curves else None,
        pseudo_label=curves.pseudo_label if curves else None,
        score=item.scores.score if item.scores else None,
        label=_labels(entry),
        ground_truth=None if item.truth is None else tuple((a.start, a.end) for a in item.truth),
        thumbnails=_thumbnails(entry),
    )


def _labels(entry: Entry) -> np.ndarray | None:
    """What people said, frame by frame; None where nobody said anything."""
    marks = [mark for mark in entry.annotation.marks if mark.origin in ("human", "imported")]
    if not marks:
        return None
    label = np.full(entry.annotation.num_frames or 0, UNSET, dtype=np.int8)
    for mark in marks:
        label[mark.start : mark.end] = VALUES[mark.state]
    return label


def _thumbnails(entry: Entry) -> tuple[Thumbnail, ...]:
    path = entry.item.path
    if path is None or not path.is_file():
        return ()
    from tpwng_core.video import VideoReader  # FFmpeg is loaded with it

    with VideoReader(path) as reader:
        places = (np.arange(NUM_THUMBNAILS) + 0.5) * reader.index.num_frames / NUM_THUMBNAILS
        numbers = dict.fromkeys(places.astype(int).tolist())
        return tuple(Thumbnail(frame=number, rgb=reader.frame(number)) for number in numbers)
