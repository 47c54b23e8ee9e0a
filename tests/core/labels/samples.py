"""Random labels for property tests, here and in the tests of formats."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import strategies as st

from tpwng_core.labels import LabelSegment, Runs, State, VideoLabels

STATES: tuple[State, ...] = ("abnormal", "normal", "unknown")
CATEGORIES = ("Abuse", "RoadAccidents", 'odd, "name"', "ümlaut")
LENGTH = 60


@st.composite
def segments(draw: st.DrawFn, length: int = LENGTH) -> LabelSegment:
    start = draw(st.integers(0, length - 1))
    end = draw(st.integers(start + 1, length + 5))
    state = draw(st.sampled_from(STATES))
    category = draw(st.none() | st.sampled_from(CATEGORIES)) if state == "abnormal" else None
    return LabelSegment(
        start=start,
        end=end,
        state=state,
        category=category,
        author=draw(st.sampled_from(["", "ann", "bob"])),
        provenance=draw(st.sampled_from(["human", "imported"])),
    )


def empty(length: int = LENGTH, video: str = "a #1 ü") -> VideoLabels:
    return VideoLabels(video=video, num_frames=length, fps=Fraction(30000, 1001))


@st.composite
def labels(draw: st.DrawFn, length: int = LENGTH, video: str = "a #1 ü") -> VideoLabels:
    found = empty(length, video)
    for segment in draw(st.lists(segments(length), max_size=6)):
        found = found.paint(segment)
    return found


@st.composite
def pseudo(draw: st.DrawFn, length: int = LENGTH) -> Runs:
    cuts = sorted(draw(st.sets(st.integers(0, length), max_size=8)))
    pieces = [(start, end, 1) for start, end in zip(cuts[::2], cuts[1::2], strict=False)]
    return Runs.painted(pieces, length, base=0)
