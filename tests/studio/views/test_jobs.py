"""The strip of jobs by real clicks, against a real worker."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.studio.jobbing import (
    LONG,
    WAIT_MS,
    bench,
    made,
    submit_training,
    wait_for_end,
    wait_for_metrics,
)
from tpwng_studio.dialogs.job_log import JobLog
from tpwng_studio.jobs.job import Job
from tpwng_studio.jobs.jobs import Jobs
from tpwng_studio.views.jobs import JobsView

__all__ = ["bench", "made"]


@pytest.fixture
def jobs(qapp: object, tmp_path: Path) -> Iterator[Jobs]:
    jobs = Jobs()
    jobs.open(tmp_path / "jobs")
    yield jobs
    for job in jobs.running:
        jobs.cancel(job)
    jobs.shutdown()


@pytest.fixture
def view(qtbot: QtBot, jobs: Jobs) -> JobsView:
    view = JobsView(jobs)
    qtbot.addWidget(view)
    return view


def click(qtbot: QtBot, button: object) -> None:
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_it_is_hidden_while_there_is_nothing_to_say(view: JobsView) -> None:
    assert view.isHidden()


def test_a_training_is_followed_and_cancelled_by_a_click(
    qtbot: QtBot, view: JobsView, jobs: Jobs, bench: Path, tmp_path: Path
) -> None:
    job = submit_training(jobs, bench, tmp_path / "run", epochs=LONG)
    waiting = submit_training(jobs, bench, tmp_path / "run2", epochs=LONG)
    assert not view.isHidden()
    assert view.queue.text() == "1 waiting"
    wait_for_metrics(qtbot, job)
    assert "Training" in view.words.text
    assert "loss" in view.words.text
    assert view.bar.format().endswith("steps")
    jobs.cancel(waiting)
    start_s = time.monotonic()
    click(qtbot, view.cancel)
    wait_for_end(qtbot, job)
    assert time.monotonic() - start_s < 2
    assert view.words.text == "cancelled"
    assert view.bar.isHidden()
    click(qtbot, view.away)


def test_stop_and_keep_then_resume_by_clicks(
    qtbot: QtBot, view: JobsView, jobs: Jobs, bench: Path, tmp_path: Path
) -> None:
    job = submit_training(jobs, bench, tmp_path / "run", epochs=LONG)
    wait_for_metrics(qtbot, job)
    click(qtbot, view.stop)
    wait_for_end(qtbot, job)
    assert view.words.text.startswith("stopped and kept")
    assert view.again.text() == "Resume"
    click(qtbot, view.again)
    (again,) = jobs.running
    wait_for_metrics(qtbot, again)
    click(qtbot, view.cancel)
    wait_for_end(qtbot, again)


def test_what_failed_is_told_with_its_remedy_until_it_is_put_away(
    qtbot: QtBot, view: JobsView, jobs: Jobs, tmp_path: Path
) -> None:
    job = jobs.submit("inspect", {"file": tmp_path / "none"}, "Look")
    wait_for_end(qtbot, job)
    assert "there is no file" in view.words.text
    assert "check the path" in view.words.text
    assert view.again.text() == "Run again"
    click(qtbot, view.away)
    assert view.isHidden()


def test_jobs_of_another_day_stay_quiet_but_one_that_was_cut_off_is_shown(
    qtbot: QtBot, view: JobsView, jobs: Jobs, tmp_path: Path
) -> None:
    folder = tmp_path / "old"
    for number, state in enumerate(("done", "running")):
        job = Job(
            id=f"20260101-00000{number}-001",
            verb="train",
            args={"out": str(tmp_path)},
            title=f"Train {state}",
            state=state,  # type: ignore[arg-type]
            folder=folder,
        )
        job.write()
    jobs.open(folder)
    assert "Train running" in view.title.text()
    assert view.words.text.startswith("cut off")


def test_the_log_grows_with_the_job(
    qtbot: QtBot, view: JobsView, jobs: Jobs, bench: Path, tmp_path: Path
) -> None:
    job = submit_training(jobs, bench, tmp_path / "run", epochs=2)
    click(qtbot, view.log)
    (log,) = [item for item in QApplication.topLevelWidgets() if isinstance(item, JobLog)]
    qtbot.waitUntil(lambda: "training on" in log.text.toPlainText(), timeout=WAIT_MS)
    wait_for_end(qtbot, job)
    qtbot.waitUntil(lambda: "checkpoint" in log.text.toPlainText())
    assert "done" in log.choice.currentText()
    log.close()


def test_of_a_broken_chain_it_shows_what_failed_first_and_runs_it_again_from_there(
    qtbot: QtBot, view: JobsView, jobs: Jobs, tmp_path: Path
) -> None:
    view.show()
    first = jobs.submit("inspect", {"file": tmp_path / "none"}, "Look")
    second = jobs.submit("inspect", {"file": tmp_path / "none"}, "Look again", after=first)
    third = jobs.submit("inspect", {"file": tmp_path / "none"}, "And again", after=second)
    wait_for_end(qtbot, third)
    assert view.job is first
    assert "there is no file" in view.words.text
    assert view.words.text.endswith("2 to follow not begun")
    click(qtbot, view.again)
    assert [job.title for job in jobs.jobs[3:]] == ["Look", "Look again", "And again"]
    wait_for_end(qtbot, jobs.jobs[-1])
    assert view.job is jobs.jobs[3]
    click(qtbot, view.away)
    assert view.job is first
    click(qtbot, view.away)
    assert view.isHidden()
