"""What is asked about a resting playhead: once, only while wanted, and the answer is kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.studio.asking import AskedJobs, wait_for_request
from tpwng_core.errors import ArtifactError
from tpwng_studio.jobs.jobs import Jobs
from tpwng_studio.live import resting
from tpwng_studio.live.resting import RestingQuestion, changed_ns
from tpwng_studio.state.session import Session

LONGER_MS = 100


class Number(RestingQuestion[int, int]):
    """The number of the frame, as the worker wrote it."""

    NAME = "number"
    REST_MS = 30

    def __init__(self, session: Session, jobs: Jobs) -> None:
        super().__init__(session, jobs)
        session.playhead_changed.connect(self._look)

    def known(self) -> list[int]:
        return list(self._kept)

    def _wanted(self) -> int | None:
        return self._session.playhead if self._is_on else None

    def _request(self, wanted: int, out: Path) -> int:
        return self._jobs.heatmap({"frame": wanted, "out": str(out)})

    def _read(self, path: Path) -> int:
        text = path.read_text()
        if not text.isdigit():
            raise ArtifactError(f"{path.name}: no number")
        return int(text)


@pytest.fixture
def jobs(qapp: object) -> Iterator[AskedJobs]:
    made = AskedJobs()
    yield made
    made.shutdown()


@pytest.fixture
def number(session: Session, jobs: AskedJobs) -> Number:
    return Number(session, jobs)


def answer(jobs: AskedJobs, request: int, text: str = "") -> None:
    asked = jobs.asked[request - 1]
    Path(asked["out"]).write_text(text or str(asked["frame"]))
    jobs.live_answer.emit(request, {"out": asked["out"]})


def test_switched_off_before_it_rests_nothing_is_asked(
    qtbot: QtBot, number: Number, jobs: AskedJobs
) -> None:
    number.toggle()
    number.toggle()
    qtbot.wait(LONGER_MS)
    assert not jobs.asked


def test_what_is_on_its_way_is_not_asked_again(
    qtbot: QtBot, session: Session, number: Number, jobs: AskedJobs
) -> None:
    session.seek(20)
    number.toggle()
    wait_for_request(qtbot, jobs, 1)
    session.seek(30)
    session.seek(20)
    qtbot.wait(LONGER_MS)
    assert len(jobs.asked) == 1
    with qtbot.waitSignal(number.changed):
        answer(jobs, 1)
    assert number.found == 20


def test_an_answer_to_another_question_is_not_taken(
    qtbot: QtBot, session: Session, number: Number, jobs: AskedJobs
) -> None:
    number.toggle()
    wait_for_request(qtbot, jobs, 1)
    session.seek(30)
    wait_for_request(qtbot, jobs, 2)
    answer(jobs, 1)
    jobs.live_failed.emit(1, "late")
    assert number.known() == []
    answer(jobs, 2)
    assert number.known() == [30]


def test_a_failure_and_an_unreadable_answer_are_kept_as_words(
    qtbot: QtBot, session: Session, number: Number, jobs: AskedJobs
) -> None:
    failures: list[str] = []
    number.failed.connect(failures.append)
    number.toggle()
    wait_for_request(qtbot, jobs, 1)
    jobs.live_failed.emit(1, "the worker was ended by signal 9")
    session.seek(30)
    wait_for_request(qtbot, jobs, 2)
    answer(jobs, 2, "many")
    session.seek(0)
    qtbot.wait(LONGER_MS)
    assert len(jobs.asked) == 2
    assert number.found is None
    assert list(number._kept.values()) == [
        "the worker was ended by signal 9",
        "frame.npz: no number",
    ]
    assert failures == ["the worker was ended by signal 9"]


def test_only_the_last_answers_are_kept(
    qtbot: QtBot, session: Session, number: Number, jobs: AskedJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resting, "_NUM_KEPT", 2)
    number.toggle()
    for count, frame in enumerate((10, 20, 30), start=1):
        session.seek(frame)
        assert wait_for_request(qtbot, jobs, count)["frame"] == frame
        answer(jobs, count)
        assert len(number.known()) == min(count, 2)
    assert number.known() == [20, 30]


def test_a_checkpoint_that_is_not_there_was_never_written(tmp_path: Path) -> None:
    file = tmp_path / "model.pt"
    assert changed_ns(file) == 0
    file.write_bytes(b"")
    assert changed_ns(file) == file.stat().st_mtime_ns
