"""Attention of the playhead's frame: asked when it rests, kept by snippet, shown for no other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QAction
from pytestqt.qtbot import QtBot

from tests.studio.asking import AskedJobs, wait_for_request
from tpwng_core.attention import FrameAttention, write_attention
from tpwng_studio.live.attention import Attention
from tpwng_studio.state.session import Session
from tpwng_studio.views.timeline import TimelineView
from tpwng_studio.views.timeline.content import content_of
from tpwng_studio.views.timeline.menu import timeline_menu
from tpwng_studio.views.timeline.readout import row_words, tip

STRIDE = 8
NUM_SNIPPETS = 28


class AttentionJobs(AskedJobs):
    """Answers when the test says so."""

    def answer(self, number: int) -> None:
        """Half of the weight on the snippet itself, the rest on the first one."""
        asked = self.asked[number - 1]
        snippet = asked["frame"] // STRIDE
        weights = np.zeros((4, NUM_SNIPPETS), dtype=np.float32)
        weights[:, 0] += 0.25
        weights[:, snippet] += 0.75
        found = FrameAttention(
            weights=weights,
            span=np.ones(4, dtype=np.float32),
            edges=np.append(np.arange(NUM_SNIPPETS) * STRIDE, 224),
            meta={"frame": asked["frame"], "snippet": snippet},
        )
        write_attention(Path(asked["out"]), found)
        self.live_answer.emit(number, {"out": asked["out"]})


@pytest.fixture
def jobs(qapp: object) -> Iterator[AttentionJobs]:
    made = AttentionJobs()
    yield made
    made.shutdown()


@pytest.fixture
def attention(session: Session, jobs: AttentionJobs) -> Attention:
    session.open_video("test_fire_001")
    return Attention(session, jobs)


def test_nothing_is_asked_until_it_is_wanted(
    qtbot: QtBot, session: Session, attention: Attention, jobs: AttentionJobs
) -> None:
    session.seek(70)
    qtbot.wait(150)
    assert not jobs.asked
    assert attention.words == ""
    attention.toggle()
    asked = wait_for_request(qtbot, jobs, 1)
    assert (asked["video"], asked["frame"], asked["r"]) == ("test_fire_001", 70, None)


def test_it_is_that_of_its_snippet_alone_and_is_kept(
    qtbot: QtBot, session: Session, attention: Attention, jobs: AttentionJobs
) -> None:
    attention.toggle()
    session.seek(70)
    wait_for_request(qtbot, jobs, 1)
    session.seek(90)
    jobs.answer(1)
    assert attention.found is None
    assert wait_for_request(qtbot, jobs, 2)["frame"] in (88, 90)
    jobs.answer(2)
    assert attention.found is not None
    assert attention.found.snippet == 11
    for frame in (95, 88, 64, 71):  # in snippet 11, then in snippet 8
        session.seek(frame)
        assert attention.found is not None
        assert attention.found.snippet == frame // STRIDE
    qtbot.wait(150)
    assert len(jobs.asked) == 2
    session.seek(100)
    assert attention.found is None


def test_another_r_is_another_attention(
    qtbot: QtBot, session: Session, attention: Attention, jobs: AttentionJobs
) -> None:
    attention.toggle()
    wait_for_request(qtbot, jobs, 1)
    jobs.answer(1)
    session.set_tuning(span_softness=4.0)
    assert attention.found is None
    assert wait_for_request(qtbot, jobs, 2)["r"] == 4.0


def test_a_failure_is_said_and_not_asked_again(
    qtbot: QtBot, session: Session, attention: Attention, jobs: AttentionJobs
) -> None:
    attention.toggle()
    wait_for_request(qtbot, jobs, 1)
    jobs.live_failed.emit(1, "this module has no attention to show")
    assert attention.words == "this module has no attention to show"
    qtbot.wait(150)
    assert len(jobs.asked) == 1


def test_the_timeline_has_a_row_for_it_while_it_is_wanted(
    qtbot: QtBot, session: Session, attention: Attention, jobs: AttentionJobs
) -> None:
    view = TimelineView(session, attention=attention)
    qtbot.addWidget(view)
    assert "attention" not in view.scene.geometry.rows
    session.seek(70)
    attention.toggle()
    assert "attention" in view.scene.geometry.rows
    assert "attention" not in view.scene.content.curves
    wait_for_request(qtbot, jobs, 1)
    jobs.answer(1)
    content = view.scene.content
    assert content.extent("attention") == pytest.approx((0.0, 0.75))
    assert content.attention_note == "half within 0 snippets, peak 21.0 x an even share"
    assert row_words(content, "attention", 3) == "25.00%"
    assert row_words(content, "attention", 70) == "75.00%"
    assert row_words(content, "attention", 120) == "0.00%"
    assert "frame 70: half of the weight" in tip(content, "attention")
    again = content_of(session, attention)
    assert again.changed_rows(content, dict.fromkeys(("attention", "score"))) == set()
    session.seek(150)
    assert "attention" not in view.scene.content.curves
    attention.toggle()
    assert "attention" not in view.scene.geometry.rows


def test_the_menu_of_the_timeline_asks_for_it(
    qtbot: QtBot, session: Session, attention: Attention
) -> None:
    def item(view: TimelineView) -> QAction | None:
        actions = timeline_menu(view, view).actions()
        return next((one for one in actions if one.text().startswith("Weights of")), None)

    plain, view = TimelineView(session), TimelineView(session, attention=attention)
    for made in (plain, view):
        qtbot.addWidget(made)
    assert item(plain) is None
    shown = item(view)
    assert shown is not None
    assert not shown.isChecked()
    shown.trigger()
    assert attention.is_on
    again = item(view)
    assert again is not None
    assert again.isChecked()
    view.set_row_visible("attention", False)  # only asking for no more takes it away
    assert "attention" in view.scene.geometry.rows
    again.trigger()
    assert not attention.is_on


def test_without_a_checkpoint_it_says_what_is_missing(
    session: Session, attention: Attention, jobs: AttentionJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert session.project is not None
    monkeypatch.setattr(type(session.project), "checkpoint", None)
    attention.toggle()
    assert "train one" in attention.words
    assert not jobs.asked
