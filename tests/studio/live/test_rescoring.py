"""psi of a saved query: asked of the worker as soon as it is a video's category, and only once."""

from __future__ import annotations

import pytest

from tests.studio.asking import AskedJobs
from tpwng_studio.live.heat import HeatMaps
from tpwng_studio.live.rescoring import QueryRescoring, rescore_args
from tpwng_studio.state.session import Session


@pytest.fixture
def rescoring(session: Session, jobs: AskedJobs) -> QueryRescoring:
    return QueryRescoring(session, jobs, session)


def test_known_categories_ask_for_nothing(
    session: Session, jobs: AskedJobs, rescoring: QueryRescoring
) -> None:
    session.save_query("flames and black smoke")
    session.set_video_category("fire")
    session.set_video_category("normal")
    assert jobs.asked == []
    args = rescore_args(session, 64.0)
    assert args is not None
    assert (args["category"], args["text"], args["r"]) == ("normal", None, 64.0)


def test_a_saved_query_is_asked_for_once_each_time_a_video_needs_it(
    session: Session, jobs: AskedJobs, rescoring: QueryRescoring
) -> None:
    query = session.save_query("flames and black smoke")
    session.set_video_category(query.id)
    assert [(args["text"], args["category"]) for args in jobs.asked] == [(query.words, None)]
    session.toggle_reviewed()  # labels change, the question stays
    assert len(jobs.asked) == 1
    said: list[tuple[str, str]] = []
    session.message.connect(lambda level, text: said.append((level, text)))
    jobs.live_failed.emit(1, "the worker was ended by signal 9")
    assert said == [("warning", "No psi for the saved query: the worker was ended by signal 9")]
    assert len(jobs.asked) == 1  # no circle
    session.open_video("test_fire_001")
    session.open_video("test_fighting_000")
    assert len(jobs.asked) == 2


def test_without_a_checkpoint_it_says_what_is_missing(
    session: Session, jobs: AskedJobs, rescoring: QueryRescoring
) -> None:
    query = session.save_query("flames and black smoke")
    assert session.project is not None
    session.project.link(checkpoint=None)
    session.reload_project()
    said: list[str] = []
    session.message.connect(lambda _, text: said.append(text))
    session.set_video_category(query.id)
    assert jobs.asked == []
    assert "psi of a saved query needs a trained checkpoint" in said


def test_closed_videos_of_a_saved_query_wait_until_they_are_opened(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = session.save_query("flames and black smoke")
    session.set_video_category(query.id)
    session.open_video("test_fire_001")
    asked: list[str] = []
    monkeypatch.setattr(
        session._surveyor, "start", lambda errands, *_: asked.extend(e.video for e in errands)
    )
    session._survey()
    assert "test_fire_001" in asked
    assert "test_fighting_000" not in asked


def test_a_heat_map_of_a_saved_query_looks_for_its_words(session: Session, jobs: AskedJobs) -> None:
    heat = HeatMaps(session, jobs, session)
    query = session.save_query("flames and black smoke")
    session.set_video_category(query.id)
    heat.toggle()
    assert query.words in heat.words
    heat.toggle()
