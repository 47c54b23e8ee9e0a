"""Words over the open video, and saved ones as its category."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tpwng_core.errors import ConfigError
from tpwng_core.pseudocurves import read_pseudo_curves, write_pseudo_curves
from tpwng_core.querycurves import QueryCurve, QueryCurves
from tpwng_studio.state.session import Session

FIRE = "test_fire_001"


def found(session: Session) -> QueryCurves:
    """A search whose best place is in the burning bin."""
    videos = {}
    for number, item in enumerate(session.videos):
        similarity = np.linspace(0.1, 0.2 + 0.01 * number, 5, dtype=np.float32)
        if item.id == FIRE:
            similarity[3] = 0.5
        videos[item.id] = QueryCurve(similarity=similarity, edges=np.arange(6) * 8)
    return QueryCurves(videos=videos, meta={"text": "flames", "checkpoint": None})


def test_the_curve_follows_the_video_on_one_scale_for_all(session: Session) -> None:
    heard: list[None] = []
    session.query_changed.connect(lambda: heard.append(None))
    session.show_query(found(session))
    query = session.query
    assert query is not None
    assert (query.text, query.is_learned, len(heard)) == ("flames", False, 1)
    assert query.extent == pytest.approx((0.1, 0.5))
    here = session.query_line
    assert here is not None
    assert here.values.max() < 1
    session.open_video(FIRE)
    there = session.query_line
    assert there is not None
    assert there.values[3] == pytest.approx(1)
    assert there is not here
    session.drop_query()
    assert session.query_line is None
    assert session.query is None


def test_a_project_that_closes_takes_its_query_along(session: Session) -> None:
    session.show_query(found(session))
    session.close_project()
    assert session.query is None
    assert session.queries == {}


def test_saved_queries_are_made_renamed_and_deleted(session: Session) -> None:
    query = session.save_query("flames and black smoke")
    assert session.queries == {query.id: query}
    assert session.category_texts[query.id] == "flames and black smoke"
    session.rename_query(query.id, "Flames")
    assert session.category_texts[query.id] == "Flames"
    assert session.queries[query.id].words == "flames and black smoke"
    with pytest.raises(ConfigError, match="name"):
        session.rename_query(query.id, "  ")
    with pytest.raises(ConfigError, match="already"):
        session.save_query("Flames and black smoke")
    session.delete_query(query.id)
    assert session.queries == {}


def test_psi_of_a_saved_query_waits_for_curves_that_know_it(
    session: Session, tmp_path_factory: pytest.TempPathFactory
) -> None:
    query = session.save_query("flames and black smoke")
    session.set_video_category(query.id)
    assert session.saved_query == query
    assert session.lacks_saved_query
    assert "saved query" in session.stale
    project, before = session.project, session.derived
    assert project is not None
    assert before is not None
    path = project.pseudo_dir / "test_fighting_000.pseudo.npz"
    curves = read_pseudo_curves(path)
    own = np.linspace(0, 1, len(curves.similarity), dtype=curves.similarity.dtype)
    assert session.model is not None
    ids = dict(session.model.categories)
    names = {**dict(list(ids.items())[:-1]), query.words: query.words, "normal": "normal"}
    answered = replace(
        curves,
        similarity=np.insert(curves.similarity, -1, own, axis=1),
        meta={**curves.meta, "categories": names, "category": [query.words]},
    )
    target = tmp_path_factory.mktemp("answer") / path.name
    write_pseudo_curves(target, answered)
    session.show_curves(target, None)
    assert not session.lacks_saved_query
    assert session.stale == ""
    derived = session.derived
    assert derived is not None
    assert derived.s_abnormal[-1] == derived.s_abnormal.max() == 1
    session.set_video_category("fire")
    assert not session.lacks_saved_query  # nothing is asked for
    assert session.stale == ""
