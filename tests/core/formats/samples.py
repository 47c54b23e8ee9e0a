"""Random videos for the tests of formats: odd names, uneven times, every kind of segment."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
from hypothesis import strategies as st

from tests.core.labels.samples import labels
from tpwng_core.formats import Annotation, Clock, ExportItem, annotation_of_labels
from tpwng_core.labels import VideoLabels
from tpwng_core.pseudocurves import PseudoCurves
from tpwng_core.scores import Scores

NUM_FRAMES = 60
ODD_NAMES = (
    "plain",
    "a #1 b",
    "ü 映像",
    '"quoted", name',
    "it's",
    "two\nlines",
    "=1+1",
    "'=x",
    "a=b&c<d>",
)
PLAIN_NAMES = ("plain_x264", "v=S-7r__#1_label_B4-0-0", "ü", '"quoted"', "=1+1", "'a'&<b>")
ODD_CATEGORIES = (
    "Abuse",
    "Road accident (car)",
    'odd, "name"',
    "ümlaut",
    "@x",
    "two\nlines",
    " -->",
)
PLAIN_CATEGORIES = ("Abuse", "RoadAccidents", "B6", "ümlaut")


@st.composite
def pts(draw: st.DrawFn, num_frames: int = NUM_FRAMES) -> np.ndarray:
    """Uneven times in 1/90000 s, at least 2 ms apart, from any start."""
    gaps = draw(st.lists(st.integers(180, 9000), min_size=num_frames, max_size=num_frames))
    return np.cumsum(gaps, dtype=np.int64) + draw(st.integers(0, 10**9))


def curves(video: str, num_frames: int = NUM_FRAMES, category: str = "Abuse") -> PseudoCurves:
    starts = np.arange(0, num_frames, 8, dtype=np.int32)
    count = len(starts)
    wave = (np.sin(np.arange(count)) / 2 + 0.5).astype(np.float32)
    return PseudoCurves(
        video=video,
        s_normal=wave,
        s_abnormal=1 - wave,
        psi=wave,
        pseudo_label=(wave >= 0.55).astype(np.int8),
        similarity=np.stack([wave, 1 - wave], axis=1),
        span=np.ones((count, 2), np.float32),
        snippet_start=starts,
        pts=np.empty(0, np.int64),
        meta={"category": [category], "assumed": False, "alpha": 0.2, "theta": 0.55},
    )


def scores(video: str, num_frames: int = NUM_FRAMES) -> Scores:
    values = np.linspace(0, 1, num_frames, dtype=np.float32)
    empty = np.empty(0, np.float32)
    return Scores(
        video=video,
        score=values,
        snippet_score=empty,
        snippet_start=empty.astype(np.int32),
        pts=empty.astype(np.int64),
    )


@st.composite
def said(draw: st.DrawFn, *, plain: bool = False) -> VideoLabels:
    """Labels of a video whose names are odd, or without a space where ``plain``."""
    video = draw(st.sampled_from(PLAIN_NAMES if plain else ODD_NAMES))
    categories = PLAIN_CATEGORIES if plain else ODD_CATEGORIES
    found = draw(labels(NUM_FRAMES, video))
    segments = tuple(
        replace(item, category=draw(st.none() | st.sampled_from(categories)))
        if item.state == "abnormal"
        else item
        for item in found.segments
    )
    category = draw(st.sampled_from([None, "normal", categories[0], "|".join(categories[:2])]))
    reviewed = draw(st.booleans())
    return replace(found, segments=segments, category=category, reviewed=reviewed)


@st.composite
def items(draw: st.DrawFn, *, plain: bool = False) -> ExportItem:
    """A labelled video of uneven times."""
    found = draw(said(plain=plain))
    return item_of(found, draw(pts()))


def item_of(found: VideoLabels, times: np.ndarray | None = None) -> ExportItem:
    return ExportItem(
        video=found.video,
        num_frames=found.num_frames,
        fps=found.fps,
        labels=found,
        pts=times,
        time_base=Fraction(1, 90000),
        width=320,
        height=240,
        path=Path("videos") / f"{found.video}.mp4",
    )


def clock_of(item: ExportItem) -> Clock:
    return item.clock


def annotation(item: ExportItem) -> Annotation:
    assert item.labels is not None
    return annotation_of_labels(item.labels)
