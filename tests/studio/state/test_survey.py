"""A look at a video that is not open sees what the session sees when it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tpwng_core.tuning import Tuning
from tpwng_studio.state.reviewed import digest_of
from tpwng_studio.state.session import Session
from tpwng_studio.state.survey import Errand, survey_video
from tpwng_studio.state.surveyor import Surveyor


def errand(session: Session, video: str, categories: tuple[str, ...] | None = None) -> Errand:
    assert session.project is not None
    folder = session.project.folder
    return Errand(
        video=video,
        pseudo=folder / f"pseudo/{video}.pseudo.npz",
        scores=folder / f"scores/{video}.scores.npz",
        categories=categories,
        labels=None,
    )


def columns(session: Session) -> list[str]:
    assert session.model is not None
    return list(session.model.categories)


@pytest.mark.parametrize("theta", [0.3, 0.55])
def test_it_sees_what_the_session_sees(session: Session, theta: float) -> None:
    session.set_tuning(theta=theta)
    session.settle()
    seen = survey_video(errand(session, "test_fighting_000"), columns(session), 1.3, session.tuning)
    assert seen is not None
    own = [item for item in session.review_queue if item.video == "test_fighting_000"]
    assert list(seen.items) == own
    assert seen.digest == digest_of(session.effective)


def test_a_category_given_by_a_person_counts(session: Session) -> None:
    given = errand(session, "test_fighting_000", ())
    seen = survey_video(given, columns(session), 1.3, Tuning())
    assert seen is not None
    assert seen.items == ()
    assert seen.categories == ("fighting",)


def test_damaged_files_are_passed_over_and_the_round_goes_on(
    session: Session, tmp_path: Path, qtbot: QtBot
) -> None:
    good, bad = errand(session, "test_fire_001"), errand(session, "test_fighting_000")
    bad.pseudo.write_bytes(b"torn")
    surveyor, heard = Surveyor(), list[str]()
    surveyor.surveyed.connect(lambda seen: heard.append(seen.video))
    with qtbot.waitSignal(surveyor.finished):
        surveyor.start([bad, good], columns(session), 1.3, Tuning())
    assert heard == ["test_fire_001"]
    surveyor.wait()


def test_only_the_last_round_is_heard(session: Session, qtbot: QtBot) -> None:
    surveyor, heard = Surveyor(), list[str]()
    surveyor.surveyed.connect(lambda seen: heard.append(seen.video))
    surveyor.start([errand(session, "test_fire_001")] * 50, columns(session), 1.3, Tuning())
    with qtbot.waitSignal(surveyor.finished):
        surveyor.start([errand(session, "test_robbery_004")], columns(session), 1.3, Tuning())
    assert heard == ["test_robbery_004"]
    surveyor.wait()
