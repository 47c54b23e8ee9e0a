"""Bars follow the playhead, mark the video's own category, and cost next to nothing."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from tpwng_studio.state.session import Session
from tpwng_studio.views.texts import TextsView


@pytest.fixture
def view(qtbot, session: Session) -> Iterator[TextsView]:
    made = TextsView(session)
    qtbot.addWidget(made)
    made.resize(260, 300)
    made.show()
    yield made
    made.close()


def shown(view: TextsView) -> np.ndarray:
    return view.bars.values


def test_bars_are_the_similarities_of_the_snippet_at_the_playhead(
    session: Session, view: TextsView
) -> None:
    assert session.curves is not None
    start = int(session.curves.snippet_start[7])
    session.seek(start)
    assert np.array_equal(shown(view)[:-1], session.curves.similarity[7])
    assert shown(view)[-1] == session.curves.s_normal[7]
    session.seek(start - 1)
    assert np.array_equal(shown(view)[:-1], session.curves.similarity[6])


def test_normal_stands_apart_and_the_own_category_is_marked(
    session: Session, view: TextsView
) -> None:
    rows = view.bars.rows
    assert [row.name for row in rows if row.is_own] == ["fighting"]
    assert [row.name for row in rows[-2:]] == ["normal", "normal + NVP"]
    assert all(row.is_normal for row in rows[-2:])
    assert not any(row.is_normal for row in rows[:-2])


def test_another_category_of_the_video_moves_the_mark(session: Session, view: TextsView) -> None:
    session.set_video_category("fire")
    assert [row.name for row in view.bars.rows if row.is_own] == ["fire"]


def test_a_video_without_curves_says_what_to_do(session: Session, view: TextsView) -> None:
    assert session.project is not None
    (session.project.pseudo_dir / "test_fire_001.pseudo.npz").unlink()
    session.open_video("test_fire_001")
    assert not view.bars.isVisibleTo(view)
    assert "score it first" in view.note.text()


def test_without_a_video_it_says_so(session: Session, view: TextsView) -> None:
    session.close_project()
    assert not view.bars.isVisibleTo(view)
    assert view.note.text() == "No video open."
