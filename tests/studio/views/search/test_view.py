"""The search panel by real keys: what it asks, what it shows, where it goes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QInputDialog, QMenu
from pytestqt.qtbot import QtBot

from tests.studio.asking import AskedJobs
from tpwng_core.querycurves import QueryCurve, QueryCurves, write_query_curves
from tpwng_studio.live.search import Search
from tpwng_studio.state.session import Session
from tpwng_studio.views.search import SearchView

FIRE = "test_fire_001"


class SearchJobs(AskedJobs):
    """Jobs that only note what the live worker is asked."""

    def __init__(self) -> None:
        super().__init__()
        self.searched: dict[str, Any] = {}

    def search(self, args: Any) -> int:
        self.searched = dict(args)
        return 7


@pytest.fixture
def jobs(qapp) -> Iterator[SearchJobs]:
    made = SearchJobs()
    yield made
    made.shutdown()


@pytest.fixture
def view(qtbot: QtBot, session: Session, jobs: SearchJobs) -> Iterator[SearchView]:
    made = SearchView(session, Search(session, jobs))
    qtbot.addWidget(made)
    made.resize(280, 420)
    made.show()
    yield made
    made.close()


def hit(video: str, peak: int, similarity: float, also: tuple[str, ...] = ()) -> dict[str, Any]:
    """A result as the worker tells it."""
    return {
        "video": video,
        "similarity": similarity,
        "start_frame": peak - 4,
        "end_frame": peak + 4,
        "peak_frame": peak,
        "start_s": (peak - 4) / 12,
        "num_similar": len(also) + bool(also),
        "also": list(also),
    }


def answer(jobs: SearchJobs, *hits: dict[str, Any], unknown: tuple[str, ...] = ()) -> None:
    """The worker says what it found."""
    curve = QueryCurve(similarity=np.array([0.1, 0.5], np.float32), edges=np.array([0, 100, 224]))
    meta = {"text": jobs.searched["text"], "checkpoint": jobs.searched.get("checkpoint")}
    write_query_curves(Path(jobs.searched["curves"]), QueryCurves(videos={FIRE: curve}, meta=meta))
    summary = {
        "hits": list(hits),
        "unknown_words": list(unknown),
        "num_videos": 8,
        "num_snippets": 200,
        "curves": jobs.searched["curves"],
    }
    jobs.live_answer.emit(7, summary)


def ask(qtbot: QtBot, view: SearchView, words: str) -> None:
    view.field.selectAll()
    qtbot.keyClicks(view.field, words)
    qtbot.keyClick(view.field, Qt.Key.Key_Return)


def test_words_go_through_learned_prompts_or_plain_clip(
    qtbot: QtBot, view: SearchView, session: Session, jobs: SearchJobs
) -> None:
    assert view.way.currentText() == "plain CLIP"
    ask(qtbot, view, "a  giraffe ")
    assert session.project is not None
    assert jobs.searched["text"] == "a giraffe"
    assert "checkpoint" not in jobs.searched
    assert "Searching" in view.note.text()
    view.way.setFocus()
    qtbot.keyClick(view.way, Qt.Key.Key_Down)
    assert view.way.currentText() == "learned prompts"
    assert jobs.searched["text"] == "a giraffe"
    assert jobs.searched["checkpoint"] == str(session.project.checkpoint)
    session.project.link(checkpoint=None)
    session.reload_project()
    assert view.way.currentText() == "plain CLIP"


def test_the_worker_loads_while_a_person_types(
    qtbot: QtBot, view: SearchView, jobs: SearchJobs
) -> None:
    assert not jobs.searched
    qtbot.keyClick(view.field, Qt.Key.Key_F)
    assert (jobs.searched["text"], jobs.searched["top"]) == ("normal", 1)
    jobs.searched = {}
    view.focus_field()
    assert not jobs.searched  # once is enough
    assert view.note.text().startswith("Type what you look for")


def test_arrows_and_enter_go_to_moments(
    qtbot: QtBot, view: SearchView, session: Session, jobs: SearchJobs
) -> None:
    ask(qtbot, view, "flames")
    twins = ("test_normal_000@20", "test_normal_001@30")
    answer(jobs, hit(FIRE, 60, 0.5, twins), hit(FIRE, 210, 0.3))
    assert session.video is not None
    assert session.video.id == "test_fighting_000"  # nobody chose anything yet
    assert view.summary.text().startswith("2 moments of 8 videos")
    qtbot.keyClick(view.field, Qt.Key.Key_Down)
    assert (session.video.id, session.playhead, session.mark) == (FIRE, 60, (56, 64))
    qtbot.keyClick(view.tree, Qt.Key.Key_Down)
    assert (session.playhead, session.mark) == (210, (206, 214))
    session.seek(0)
    qtbot.keyClick(view.tree, Qt.Key.Key_Return)
    assert session.playhead == 210


def test_twins_are_listed_below_their_moment(
    qtbot: QtBot, view: SearchView, session: Session, jobs: SearchJobs
) -> None:
    ask(qtbot, view, "flames")
    answer(jobs, hit(FIRE, 60, 0.5, ("test_normal_000@20",)))
    model = view.tree.results
    assert "looks the same in 2 other places" in model.index(0, 0).data(Qt.ItemDataRole.ToolTipRole)
    qtbot.keyClick(view.field, Qt.Key.Key_Down)
    qtbot.keyClick(view.tree, Qt.Key.Key_Right)
    assert view.tree.isExpanded(model.index(0, 0))
    qtbot.keyClick(view.tree, Qt.Key.Key_Down)
    assert session.video is not None
    assert (session.video.id, session.playhead) == ("test_normal_000", 20)
    assert session.mark == (None, None)
    last = model.index(1, 0, model.index(0, 0))
    assert (last.data(), model.place_at(last)) == ("and 1 more", None)


def test_nothing_is_offered_of_a_video_that_is_out_of_the_project(
    qtbot: QtBot, view: SearchView, session: Session, jobs: SearchJobs
) -> None:
    session.take_out("test_normal_001")
    ask(qtbot, view, "flames")
    twins = ("test_normal_000@20", "test_normal_001@30")
    answer(jobs, hit("test_normal_001", 9, 0.6), hit(FIRE, 60, 0.5, twins), hit(FIRE, 210, 0.3))
    assert view.summary.text().startswith("2 moments")
    tip = view.tree.results.index(0, 0).data(Qt.ItemDataRole.ToolTipRole)
    assert "looks the same in 2 other places" in tip  # the one that is listed, and "1 more"
    session.take_out(FIRE)
    assert view.tree.results.rowCount() == 0


def test_unknown_words_and_failures_are_said(
    qtbot: QtBot, view: SearchView, session: Session, jobs: SearchJobs
) -> None:
    ask(qtbot, view, "a laser and a titanic fire")
    answer(jobs, hit(FIRE, 60, 0.5), unknown=("laser", "titanic"))
    assert view.unknown.isVisible()
    assert view.unknown.text().endswith("never saw: laser, titanic")
    assert session.query is not None
    ask(qtbot, view, "fire")
    jobs.live_failed.emit(7, "the CLIP cannot be opened")
    assert view.note.isVisible()
    assert "the CLIP cannot be opened" in view.note.text()
    assert not view.unknown.isVisible()
    assert session.query is None
    jobs.live_answer.emit(7, {})  # late, of nobody
    assert "cannot be opened" in view.note.text()


def test_without_features_there_is_nothing_to_search(view: SearchView, session: Session) -> None:
    assert session.project is not None
    for path in session.project.features_dir.iterdir():
        path.unlink()
    session.reload_project()
    assert not view.field.isEnabled()
    assert "Extract the features first" in view.note.text()


def test_the_command_on_the_clipboard_says_all(
    qtbot: QtBot, view: SearchView, session: Session, jobs: SearchJobs
) -> None:
    view.copy_command()
    view.way.setCurrentIndex(view.way.findText("learned prompts"))
    ask(qtbot, view, "two people's fight")
    view.copy_command()
    line = QGuiApplication.clipboard().text()
    assert line.startswith("tpwng-core search 'two people'\"'\"'s fight' --features ")
    assert "--checkpoint" in line
    assert "--top 50" in line
    assert "--curves" not in line


def test_a_query_is_saved_used_renamed_and_deleted(
    qtbot: QtBot, view: SearchView, session: Session, jobs: SearchJobs
) -> None:
    def act(*texts: str) -> None:
        menu = view.saved.menu()
        view.saved.fill()
        for text in texts[:-1]:
            action = next(a for a in menu.actions() if a.text() == text)
            menu = cast(QMenu, action.menu())
        next(a for a in menu.actions() if a.text() == texts[-1]).trigger()

    qtbot.keyClicks(view.field, "black smoke")
    act("Save “black smoke”")
    assert [query.words for query in session.queries.values()] == ["black smoke"]
    act("black smoke", "Make it the video's category")
    assert session.labels.category == "black_smoke"
    act("black smoke", "Rename…")
    dialog = view.saved.findChild(QInputDialog)
    assert dialog is not None
    dialog.setTextValue("Smoke")
    dialog.accept()
    assert session.category_texts["black_smoke"] == "Smoke"
    act("Smoke", "Look for it")
    assert jobs.searched["text"] == "black smoke"
    act("Smoke", "Delete")
    assert not session.queries


def test_an_emptied_field_takes_the_curve_away(
    qtbot: QtBot, view: SearchView, session: Session, jobs: SearchJobs
) -> None:
    ask(qtbot, view, "flames")
    answer(jobs, hit(FIRE, 60, 0.5))
    assert session.query is not None
    view.field.selectAll()
    qtbot.keyClick(view.field, Qt.Key.Key_Delete)
    assert session.query is None
    assert not view.tree.isVisible()
