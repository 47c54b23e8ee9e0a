"""The panel of a round: real keys and clicks, with rounds that a test makes."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.studio.rounds import WaitingJobs, files_of, for_training, make_round, without_training
from tpwng_studio.jobs.jobs import Jobs
from tpwng_studio.jobs.retraining import Retraining
from tpwng_studio.project.project import Project
from tpwng_studio.state.session import Session
from tpwng_studio.views.retraining import RetrainView
from tpwng_studio.views.retraining.change_list import CORRECTED_ROLE, ORDERS

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def jobs(demo_project: Project) -> WaitingJobs:
    return WaitingJobs(demo_project.jobs_dir)


@pytest.fixture
def view(qtbot: QtBot, session: Session, jobs: WaitingJobs) -> RetrainView:
    view = RetrainView(session, Retraining(session, cast(Jobs, jobs), session))
    qtbot.addWidget(view)
    view.resize(360, 800)
    with qtbot.waitExposed(view):
        view.show()
    return view


@pytest.fixture
def ready(qtbot: QtBot, view: RetrainView, session: Session) -> RetrainView:
    """A training video is corrected."""
    for_training(session)
    session.paint(0, 24, "abnormal")
    session.save()
    qtbot.waitUntil(view.form.start.isEnabled)
    return view


@pytest.fixture
def done(qtbot: QtBot, ready: RetrainView, jobs: WaitingJobs, demo_project: Project) -> RetrainView:
    """A round has ended well."""
    qtbot.mouseClick(ready.form.start, LEFT)
    (job,) = jobs.running
    make_round(demo_project, Path(str(job.args["out"])))
    jobs.end(job, "done")
    qtbot.waitUntil(lambda: ready.outcome.list.changes.rowCount() > 0)
    return ready


def test_while_a_round_is_undecided_the_panel_says_what_retrain_does(
    qtbot: QtBot, done: RetrainView, jobs: WaitingJobs, demo_project: Project
) -> None:
    assert not done.undecided.isHidden()
    assert "begins again from the old model" in done.undecided.text()
    qtbot.mouseClick(done.form.start, LEFT)
    (job,) = jobs.running
    assert job.args["checkpoint"] == demo_project.linked("before")
    jobs.cancel(job)
    qtbot.waitUntil(done.outcome.back.isEnabled)
    qtbot.mouseClick(done.outcome.back, LEFT)
    qtbot.waitUntil(done.undecided.isHidden)


def test_the_button_waits_for_corrections_and_says_so(
    qtbot: QtBot, view: RetrainView, session: Session
) -> None:
    assert not view.form.start.isEnabled()
    assert "training video first" in view.form.why.text()
    assert view.form.split.isHidden()
    without_training(session)
    assert view.outcome.isHidden()
    session.paint(0, 24, "abnormal")
    qtbot.waitUntil(lambda: "split train" in view.form.why.text())
    with qtbot.waitSignal(view.dataset_asked):
        qtbot.mouseClick(view.form.split, LEFT)
    for_training(session)
    qtbot.waitUntil(view.form.start.isEnabled)
    assert view.form.why.isHidden()
    assert view.form.split.isHidden()
    assert "24 frames in 1 video" in view.form.amount.text()


def test_space_on_the_button_begins_what_the_form_says(
    qtbot: QtBot, ready: RetrainView, jobs: WaitingJobs
) -> None:
    ready.form.weight.setValue(3.0)
    ready.form.spread.setChecked(True)
    ready.focus_start()
    qtbot.keyClick(ready.form.start, Qt.Key.Key_Space)
    (job,) = jobs.running
    assert "loss.human_weight=3" in job.args["set"]
    assert job.args["spread_labels"] == 0.99
    assert job.args["from_scratch"] is False
    qtbot.waitUntil(lambda: not ready.bar.isHidden())
    assert not ready.form.start.isEnabled()


def test_cancel_says_that_the_old_model_is_in_use(
    qtbot: QtBot, ready: RetrainView, jobs: WaitingJobs, demo_project: Project
) -> None:
    before = files_of(demo_project)
    qtbot.mouseClick(ready.form.start, LEFT)
    qtbot.waitUntil(ready.cancel.isVisible)
    qtbot.mouseClick(ready.cancel, LEFT)
    assert len(jobs.cancelled) == 1
    qtbot.waitUntil(lambda: "still in use" in ready.trouble.text())
    assert ready.outcome.isHidden()
    assert ready.bar.isHidden()
    assert files_of(demo_project) == before
    qtbot.waitUntil(ready.form.start.isEnabled)


def test_enter_on_a_change_goes_to_its_first_frame(
    qtbot: QtBot, done: RetrainView, session: Session
) -> None:
    changes = done.outcome.list
    rows = changes.changes.rows
    done.focus_start()
    changes.setCurrentIndex(changes.changes.index(0))
    qtbot.keyClick(changes, Qt.Key.Key_Down)
    qtbot.keyClick(changes, Qt.Key.Key_Return)
    assert changes.currentIndex().row() == 1
    assert session.video is not None
    assert session.video.id == rows[1].video
    assert session.playhead == rows[1].start
    last = len(rows) - 1
    changes.scrollTo(changes.changes.index(last))
    place = changes.visualRect(changes.changes.index(last)).center()
    qtbot.mouseClick(changes.viewport(), LEFT, pos=place)
    assert session.video.id == rows[last].video
    assert session.playhead == rows[last].start


def test_the_list_can_be_sorted_and_tells_corrected_videos(qtbot: QtBot, done: RetrainView) -> None:
    model = done.outcome.list.changes
    for name, order in ORDERS.items():
        done.outcome.order.setCurrentText(name)
        assert model.rows == order(model.rows)
    kinds = [change.kind for change in model.rows]
    assert kinds == sorted(kinds)
    for row, change in enumerate(model.rows):
        is_told = model.data(model.index(row), CORRECTED_ROLE)
        assert is_told == (change.video == "test_fighting_000")


def test_the_gain_is_on_screen_with_what_it_was_measured_on(done: RetrainView) -> None:
    assert "On 2 held-out videos" in done.outcome.gain.text()
    assert "AUC" in done.outcome.gain.text()


def test_without_ground_truth_it_says_that_no_gain_can_be_told(
    qtbot: QtBot, done: RetrainView, session: Session, demo_project: Project
) -> None:
    demo_project.link(ground_truth=None)
    session.reload_project()
    qtbot.waitUntil(lambda: "no gain can be told" in done.outcome.gain.text())


def test_back_to_the_old_and_keep_the_new(
    qtbot: QtBot, done: RetrainView, jobs: WaitingJobs, session: Session, demo_project: Project
) -> None:
    run = demo_project.checkpoint
    qtbot.mouseClick(done.outcome.back, LEFT)
    assert demo_project.checkpoint == demo_project.runs_dir / "demo" / "checkpoint.safetensors"
    qtbot.waitUntil(done.outcome.isHidden)
    qtbot.mouseClick(done.form.start, LEFT)
    (job,) = jobs.running
    assert Path(str(job.args["out"])).name == "run-2"
    make_round(demo_project, Path(str(job.args["out"])))
    jobs.end(job, "done")
    qtbot.waitUntil(lambda: not done.outcome.isHidden())
    done.outcome.keep.setFocus()
    qtbot.keyClick(done.outcome.keep, Qt.Key.Key_Space)
    qtbot.waitUntil(done.outcome.isHidden)
    assert demo_project.checkpoint == demo_project.runs_dir / "run-2" / "checkpoint.safetensors"
    assert run is not None
    assert run.is_file()
    assert session.ghost is None


def test_everything_fits_a_narrow_dock(done: RetrainView) -> None:
    assert done.outcome.minimumSizeHint().width() <= 320
    assert done.form.minimumSizeHint().width() <= 320
