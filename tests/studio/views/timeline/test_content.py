from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tpwng_core.labels import ABNORMAL, NORMAL
from tpwng_core.querycurves import QueryCurve, QueryCurves
from tpwng_core.scores import Scores
from tpwng_studio.state.session import Session
from tpwng_studio.views.timeline.content import Content, content_of
from tpwng_studio.views.timeline.geometry import ROW
from tpwng_studio.views.timeline.readout import is_abnormal, row_words, tip


def rows_changed_by(session: Session, before: Content) -> set[str]:
    session.settle()
    return content_of(session).changed_rows(before, ROW)


def test_only_rows_that_a_change_touches_are_painted_again(session: Session) -> None:
    before = content_of(session)
    assert rows_changed_by(session, before) <= {"overview", "human", "label", "truth"}
    session.set_tuning(theta=0.8)
    changed = rows_changed_by(session, before)
    assert {"psi", "pseudo"} <= changed
    assert changed.isdisjoint({"s_normal", "s_abnormal", "score", "ruler"})
    before = content_of(session)
    session.set_tuning(alpha=0.9)
    assert "s_normal" not in rows_changed_by(session, before)


def test_another_video_changes_every_row(session: Session) -> None:
    before = content_of(session)
    session.open_video("test_fire_001")
    assert content_of(session).changed_rows(before, ROW) == set(ROW)


def test_words_say_what_curves_and_strips_hold(session: Session) -> None:
    session.paint(40, 60, "unknown")
    content = content_of(session)
    derived = session.derived
    assert derived is not None
    for frame in (0, 50, 170, 232):
        snippet = frame // 8
        assert row_words(content, "psi", frame) == f"{derived.psi[snippet]:.3f}"
        assert is_abnormal(content, "psi", frame) == bool(derived.psi[snippet] >= 0.55)
        truth = "abnormal" if 157 <= frame < 181 else "normal"
        assert row_words(content, "truth", frame) == truth
    assert row_words(content, "human", 50) == row_words(content, "label", 50) == "unknown"
    assert row_words(content, "human", 70) == "-"


def test_a_normal_video_mutes_psi_and_says_so(session: Session) -> None:
    session.open_video("test_normal_000")
    content = content_of(session)
    assert content.is_psi_mute
    assert content.badges["psi"].word == "normal video"
    assert "no frame of it is abnormal" in tip(content, "psi")
    assert not is_abnormal(content, "psi", 3)


def test_curves_of_other_settings_are_stale_and_say_why(session: Session) -> None:
    session.set_tuning(span_softness=8.0)
    content = content_of(session)
    assert content.is_stale == bool(session.stale)
    if session.stale:
        assert content.badges["score"].word == "stale"
        assert session.stale in tip(content, "score")


def test_kept_curves_are_ghosts_of_psi_and_score_only(session: Session) -> None:
    assert not content_of(session).ghosts
    kept = session.derived
    assert kept is not None
    session.keep_ghost()
    session.set_tuning(alpha=0.9)
    session.settle()
    ghosts = content_of(session).ghosts
    assert set(ghosts) == {"psi", "score"}
    assert ghosts["psi"].values is kept.psi
    assert "kept to compare" in tip(content_of(session), "psi")
    assert "kept to compare" not in tip(content_of(session), "s_normal")


def test_reach_is_that_of_the_snippet_at_the_frame(session: Session) -> None:
    content = content_of(session)
    curves = session.curves
    assert curves is not None
    assert content.has_reach
    found = content.reach_at(83)
    assert found is not None
    reach, start, end = found
    assert (start, end) == (80, 88)
    assert reach.full == pytest.approx(float(np.median(curves.span[10])))
    assert content.reach_at(10**9) is None
    assert replace(content, softness=None).reach_at(83) is None


def test_reach_goes_back_only_where_the_model_looks_so(session: Session) -> None:
    content, model = content_of(session), session.model
    assert model is not None
    assert not content.looks_back
    temporal = {**model.config["temporal"], "causal": True}
    session._catalogue.model = replace(model, config={**model.config, "temporal": temporal})
    found = content_of(session).reach_at(83)
    assert found is not None
    assert found[0].looks_back


def test_a_video_with_scores_alone_shows_its_score(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = Scores(
        video="test_fighting_000",
        score=np.linspace(0, 1, 233, dtype=np.float32),
        snippet_score=np.empty(0, np.float32),
        snippet_start=np.empty(0, np.int32),
        pts=np.empty(0, np.int64),
    )
    monkeypatch.setattr(Session, "derived", None)
    monkeypatch.setattr(Session, "curves", None)
    monkeypatch.setattr(Session, "scores", plain)
    content = content_of(session)
    assert set(content.curves) == {"score"}
    assert row_words(content, "score", 232) == "1.000"
    assert row_words(content, "psi", 5) == "-"
    assert not content.has_reach


def test_truth_is_drawn_from_its_intervals(session: Session) -> None:
    runs = content_of(session).strips["truth"]
    assert runs.segments(ABNORMAL) == [(157, 181)]
    assert set(runs.state.tolist()) == {NORMAL, ABNORMAL}


def searched(session: Session) -> QueryCurves:
    """A search that finds the middle of every video."""
    edges = np.array([0, 50, 100, 233])
    curve = QueryCurve(similarity=np.array([0.1, 0.3, 0.2], np.float32), edges=edges)
    videos = {"test_fighting_000": curve}
    return QueryCurves(videos=videos, meta={"text": "a giraffe", "checkpoint": "run"})


def test_a_query_has_an_axis_and_words_of_its_own(session: Session) -> None:
    before = content_of(session)
    assert "query" not in before.curves
    session.show_query(searched(session))
    content = content_of(session)
    assert content.extent("query") == pytest.approx((0.1, 0.3))
    assert row_words(content, "query", 60) == "0.300"
    assert row_words(content, "query", 110) == "0.200"
    assert "“a giraffe”, through learned prompts" in tip(content, "query")
    rows = dict.fromkeys(("psi", "query", "label"))
    assert content.changed_rows(before, rows) == {"query"}
    assert content_of(session).changed_rows(content, rows) == set()
    session.open_video("test_fire_001")
    assert "query" not in content_of(session).curves
    assert row_words(content_of(session), "query", 3) == "-"


def test_settings_never_make_a_query_stale(session: Session) -> None:
    session.show_query(searched(session))
    session.set_tuning(span_softness=8.0)
    content = content_of(session)
    assert content.is_stale_row("score")
    assert not content.is_stale_row("query")
    assert "query" not in content.badges
