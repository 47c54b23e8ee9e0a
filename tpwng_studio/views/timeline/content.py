"""What the timeline shows of the open video, pulled from the session in one go.

The session in, plain curves and runs out. ``Content.parts`` names what each row is drawn from, so
that a change repaints only the rows it touches. No painting here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tpwng_core.attention import FrameAttention
from tpwng_core.labels import ABNORMAL, NORMAL, VALUES, Runs
from tpwng_core.report.envelope import clip_spans
from tpwng_core.scores import Scores
from tpwng_core.tuning import Derived, snippet_edges
from tpwng_studio.state.span_reach import SpanReach, span_reach
from tpwng_studio.views.timeline.geometry import CURVES, MODEL_CURVES
from tpwng_studio.widgets.columns import Steps
from tpwng_studio.widgets.ticks import Clock

if TYPE_CHECKING:
    from tpwng_studio.live.attention import Attention
    from tpwng_studio.state.session import Session

AXIS = (-0.05, 1.05)
"""Bottom and top of every curve: all lie in [0, 1], and neither end may be cut."""
_UNIT = (0.0, 1.0)
SHARES = frozenset({"attention"})
"""Rows whose values are shares of a whole, written in percent."""


_STILL = Clock(float, int)


@dataclass(frozen=True, kw_only=True)
class Badge:
    """A warning beside a row: a word or two, and why."""

    word: str
    why: str


@dataclass(frozen=True, kw_only=True, eq=False)
class Content:
    """One video, ready to be drawn; a part that does not exist is missing.

    Attributes:
        video: id; empty where none is open.
        num_frames: its length; 0 where that is not known.
        times: other times are another object.
        clock: times of its frames.
        curves: by row.
        ghosts: curves kept for comparison, by row.
        ghost_note: what the ghost is, beside its row.
        strips: runs of states, by row.
        names: start, end and category of the human segments that have one.
        theta: threshold on psi.
        badges: by row.
        is_stale: the curves belong to other settings.
        is_psi_mute: psi says nothing, as the video is normal or flat.
        query: words that were looked for; "" where none are.
        query_note: what they went through.
        attention: what the row of attention shows, or why it is empty.
        attention_note: the same in a few words; "" where it is empty.
        extents: what 0 and 1 of a curve stand for, by row, where it is something else.
        span: (T, H) learned spans in snippets; None where not known.
        softness: R in snippets; None where not known.
        looks_back: the model sees nothing behind a snippet.
    """

    video: str = ""
    num_frames: int = 0
    times: object = None
    clock: Clock = _STILL
    curves: Mapping[str, Steps] = field(default_factory=dict)
    ghosts: Mapping[str, Steps] = field(default_factory=dict)
    ghost_note: str = ""
    strips: Mapping[str, Runs] = field(default_factory=dict)
    names: tuple[tuple[int, int, str], ...] = ()
    theta: float = 0.55
    badges: Mapping[str, Badge] = field(default_factory=dict)
    is_stale: bool = False
    is_psi_mute: bool = False
    query: str = ""
    query_note: str = ""
    attention: str = ""
    attention_note: str = ""
    extents: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    span: NDArray[np.floating] | None = None
    softness: float | None = None
    looks_back: bool = False

    def parts(self, row: str) -> tuple[object, ...]:
        """What a row is drawn from: where all are the same objects, so is the row."""
        common = (self.video, self.times, self.badges.get(row), bool(self.curves))
        if row == "overview":
            return (*common, self.strips.get("label"), self.strips.get("truth"))
        if row not in CURVES:
            return (*common, self.strips.get(row), self.names if row == "human" else ())
        held = (lines.get(row) for lines in (self.curves, self.ghosts))
        drawn = (None if steps is None else steps.values for steps in held)
        settings: tuple[object, ...] = ()
        if row == "psi":
            settings = (self.theta, self.is_psi_mute)
        elif row == "query":
            settings = (self.query, self.query_note, *self.extent(row))
        elif row == "attention":
            settings = (self.attention, self.attention_note, *self.extent(row))
        return (*common, *drawn, self.ghost_note, self.is_stale_row(row), *settings)

    def changed_rows(self, before: Content, rows: Mapping[str, object]) -> set[str]:
        """The rows that are drawn from other things than before."""
        return {row for row in rows if not _same(self.parts(row), before.parts(row))}

    def is_stale_row(self, row: str) -> bool:
        """Whether the curve of a row belongs to other settings."""
        return self.is_stale and row in MODEL_CURVES

    def extent(self, row: str) -> tuple[float, float]:
        """What 0 and 1 of a row's curve stand for."""
        return self.extents.get(row, _UNIT)

    def value_at(self, row: str, frame: int) -> float | None:
        """The value of a row's curve at a frame; None outside the curve."""
        value, (low, high) = self.curves[row].at(frame), self.extent(row)
        return None if value is None else low + value * (high - low)

    def value_words(self, row: str, frame: int) -> str:
        """That value as it is written beside the row; a dash outside the curve."""
        value = self.value_at(row, frame)
        if value is None:
            return "-"
        return f"{value:.2%}" if row in SHARES else f"{value:.3f}"

    @property
    def has_reach(self) -> bool:
        """Whether the reach of attention is known."""
        return self.span is not None and self.softness is not None and "score" in self.curves

    def reach_at(self, frame: int) -> tuple[SpanReach, float, float] | None:
        """Attention reach of the snippet at a frame, and that snippet's borders in frames."""
        if self.span is None or self.softness is None or not self.has_reach:
            return None
        score = self.curves["score"]
        index = int(np.searchsorted(score.edges, frame, side="right")) - 1
        if not 0 <= index < min(len(self.span), len(score.values)):
            return None
        reach = span_reach(self.span, self.softness, index, looks_back=self.looks_back)
        return reach, float(score.edges[index]), float(score.edges[index + 1])


def content_of(session: Session, attention: Attention | None = None) -> Content:
    """Everything the timeline draws, of the video that is open.

    Args:
        session: the state on screen.
        attention: of the playhead; None where nobody asks for it.
    """
    item, num_frames = session.video, session.num_frames
    if item is None or num_frames <= 0:
        return Content(video="" if item is None else item.id)
    derived, ghost = session.derived, session.ghost
    curves = _score_only(session.scores) if derived is None else _curves(derived)
    query, line = session.query, session.query_line
    if line is not None:
        curves["query"] = Steps(edges=line.edges, values=line.values)
    extents = {} if query is None else {"query": query.extent}
    looked = None if attention is None else attention.found
    if looked is not None:
        curves["attention"] = Steps(edges=looked.edges, values=looked.against_most)
        extents["attention"] = (0.0, float(looked.mean.max()))
    return Content(
        video=item.id,
        num_frames=num_frames,
        times=session.times_s,
        clock=Clock(session.time_of, session.frame_at),
        curves=curves,
        ghosts={} if ghost is None else {row: _curves(ghost)[row] for row in _ghost_rows(ghost)},
        ghost_note=_ghost_note(session),
        strips=_strips(session),
        names=_names(session),
        theta=session.tuning.theta,
        badges=_badges(session),
        is_stale=bool(session.stale),
        is_psi_mute=derived is not None and (derived.is_normal or not derived.usable),
        query="" if query is None else query.text,
        query_note="" if query is None else "learned prompts" if query.is_learned else "plain CLIP",
        attention="" if attention is None else attention.words,
        attention_note="" if looked is None else _attention_note(looked),
        extents=extents,
        span=None if session.curves is None else session.curves.span,
        softness=_softness(session),
        looks_back=session.model is not None and session.model.can_watch,
    )


def _same(one: tuple[object, ...], other: tuple[object, ...]) -> bool:
    return len(one) == len(other) and all(
        a is b or (isinstance(a, str | int | float | bool | Badge) and a == b)
        for a, b in zip(one, other, strict=True)
    )


def _curves(derived: Derived) -> dict[str, Steps]:
    values = {
        "s_normal": derived.s_normal,
        "s_abnormal": derived.s_abnormal,
        "psi": derived.psi,
        "score": derived.score,
    }
    return {
        row: Steps(edges=derived.edges, values=line)
        for row, line in values.items()
        if line is not None
    }


def _score_only(scores: Scores | None) -> dict[str, Steps]:
    """The curve of a video that is scored but has no pseudo-labels."""
    if scores is None or not scores.num_frames:
        return {}
    if len(scores.snippet_start):
        edges = snippet_edges(scores.snippet_start, scores.num_frames)
        return {"score": Steps(edges=edges, values=scores.snippet_score)}
    edges = np.arange(scores.num_frames + 1)
    return {"score": Steps(edges=edges, values=scores.score)}


def _ghost_rows(ghost: Derived) -> tuple[str, ...]:
    return ("psi",) if ghost.score is None else ("psi", "score")


def _ghost_note(session: Session) -> str:
    if session.ghost is None:
        return ""
    return "thin: before" if session.is_ghost_before else "thin: kept"


def _strips(session: Session) -> dict[str, Runs]:
    num_frames = session.num_frames
    said = [(one.start, one.end, VALUES[one.state]) for one in session.labels.segments]
    strips = {"human": Runs.painted(said, num_frames), "label": session.effective}
    if session.derived is not None:
        strips["pseudo"] = session.derived.runs
    if session.truth is not None:
        spans = clip_spans([(one.start, one.end) for one in session.truth], num_frames)
        pieces = [(start, end, ABNORMAL) for start, end in spans]
        strips["truth"] = Runs.painted(pieces, num_frames, base=NORMAL)
    return strips


def _names(session: Session) -> tuple[tuple[int, int, str], ...]:
    texts = session.category_texts
    return tuple(
        (one.start, one.end, texts.get(one.category, one.category))
        for one in session.labels.segments
        if one.category is not None
    )


def _badges(session: Session) -> dict[str, Badge]:
    badges: dict[str, Badge] = {}
    if session.stale:
        badges = {row: Badge(word="stale", why=session.stale) for row in MODEL_CURVES}
    derived, item = session.derived, session.video
    if derived is not None and derived.is_normal:
        why = "The video is taken to be normal: no frame of it is abnormal, whatever psi says."
        badges["psi"] = Badge(word="normal video", why=why)
    elif derived is not None and not derived.usable:
        why = "The curves are flat over the whole video, so psi says nothing about it."
        badges["psi"] = Badge(word="flat", why=why)
    elif session.saved_query is not None and not session.stale:
        why = f"psi is that of the saved query “{session.saved_query.words}”, never trained on."
        badges["psi"] = Badge(word="saved query", why=why)
    elif item is not None and item.is_assumed and not session.stale:
        why = "Nobody said what this video shows: psi takes the category its texts fit best."
        badges["psi"] = Badge(word="assumed", why=why)
    return badges


def _attention_note(found: FrameAttention) -> str:
    reach = found.half_reach
    near = f"half within {reach} snippet{'' if reach == 1 else 's'}"
    return f"{near}, peak {found.peak_ratio:.1f} x an even share"


def _softness(session: Session) -> float | None:
    if session.tuning.span_softness is not None:
        return session.tuning.span_softness
    trained = None if session.scores is None else session.scores.meta.get("r")
    return float(trained) if isinstance(trained, int | float) and trained > 0 else None
