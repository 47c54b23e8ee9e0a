"""The training panel on the demo project, with a real worker."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.studio.jobbing import wait_for_end, wait_for_metrics
from tests.studio.rounds import without_training
from tpwng_core.checkpoint import checkpoint_digest
from tpwng_studio.dialogs.dataset import DatasetDialog
from tpwng_studio.jobs.job import Job
from tpwng_studio.jobs.job_follower import JobFollower
from tpwng_studio.jobs.jobs import Jobs
from tpwng_studio.project.project import Project
from tpwng_studio.state.session import Session
from tpwng_studio.views.training import TrainingView


@pytest.fixture
def jobs(session: Session, demo_project: Project) -> Iterator[Jobs]:
    jobs = Jobs()
    jobs.device = "cpu"
    jobs.open(demo_project.jobs_dir)
    yield jobs
    for job in jobs.running:
        jobs.cancel(job)
    jobs.shutdown()


@pytest.fixture
def view(qtbot: QtBot, session: Session, jobs: Jobs) -> TrainingView:
    view = TrainingView(session, jobs, JobFollower(session, jobs, jobs))
    qtbot.addWidget(view)
    view.resize(560, 900)
    view.show()
    return view


def for_training(session: Session) -> None:
    """Six videos train, two are for testing."""
    project = session.project
    assert project is not None
    assert project.manifest is not None
    text = project.manifest.read_text().replace(",test", ",train")
    for video in ("test_normal_001", "test_fire_001"):
        line = next(item for item in text.splitlines() if video in item)
        text = text.replace(line, line.replace(",train", ",test"))
    project.manifest.write_text(text)
    session.reload_project()


def quick(view: TrainingView, epochs: int) -> None:
    view.form.preset.setCurrentText("demo")
    view.form.numbers["training.epochs"].setValue(epochs)
    view.form.numbers["training.batch_size"].setValue(2)


def test_it_says_why_no_training_can_begin(view: TrainingView, session: Session) -> None:
    without_training(session)
    assert not view.train.isEnabled()
    assert "abnormal and normal training videos" in view.why.text()
    for_training(session)
    assert view.train.isEnabled()
    assert view.why.isHidden()


def test_in_a_small_window_the_buttons_of_a_run_need_no_scrolling(view: TrainingView) -> None:
    """As tall as the panel is in a window of 1280 x 800 with the strip of jobs below."""
    view.pinned.begin("test_fire_001", ())
    view.device.setText("Training on 6 abnormal and 1 normal videos, 7 categories, on cpu, fp32")
    view.resize(450, 690)
    QApplication.processEvents()
    for button in (view.train, view.use, view.resume, view.evaluate):
        bottom = button.mapTo(view, button.rect().bottomLeft()).y()
        assert button.isVisible()
        assert 0 < bottom < view.height()
    assert view.pinned.isVisible()


def test_only_what_differs_from_the_preset_is_overridden(view: TrainingView) -> None:
    view.form.preset.setCurrentText("demo")
    assert view.form.wish.overrides == {"validation.every": 1}
    view.form.numbers["pseudolabels.theta"].setValue(0.4)
    assert view.form.wish.overrides == {"pseudolabels.theta": 0.4, "validation.every": 1}
    view.form.preset.setCurrentText("xd-violence")
    assert view.form.numbers["pseudolabels.theta"].value() == 0.35


def test_the_sliders_alpha_theta_and_r_are_taken(
    qtbot: QtBot, view: TrainingView, session: Session
) -> None:
    session.set_tuning(alpha=0.4, theta=0.7, span_softness=64.0)
    qtbot.mouseClick(view.form.sliders, Qt.MouseButton.LeftButton)
    numbers = view.form.numbers
    assert numbers["pseudolabels.alpha"].value() == 0.4
    assert numbers["pseudolabels.theta"].value() == 0.7
    assert numbers["temporal.softness"].value() == 64


def test_a_training_is_seen_to_learn_and_its_model_becomes_the_projects(
    qtbot: QtBot, view: TrainingView, session: Session, jobs: Jobs
) -> None:
    for_training(session)
    quick(view, 3)
    session.paint(10, 60, "abnormal")
    pinned = "test_fire_001"
    view.form.pin.setCurrentIndex(view.form.pin.findData(pinned))
    qtbot.mouseClick(view.train, Qt.MouseButton.LeftButton)
    (job,) = jobs.running
    assert job.args["labels"] == session.project.labels_dir  # type: ignore[union-attr]
    wait_for_end(qtbot, job)
    assert job.state == "done", job.error
    assert any("people's labels hold" in line for line in job.log)
    assert "on cpu" in view.device.text()
    qtbot.waitUntil(lambda: view.pinned.epoch == 3)
    assert view.pinned.video == pinned
    qtbot.waitUntil(lambda: [run.name for run in view.table.chosen] == ["run-1"])
    assert "all" in view.losses.names
    assert "AUC" in view.measures.names
    project = session.project
    assert project is not None
    assert project.checkpoint == project.runs_dir / "run-1" / "checkpoint.safetensors"


def test_a_training_that_fails_before_an_epoch_is_not_awaited_for_ever(
    view: TrainingView, jobs: Jobs
) -> None:
    job = Job(id="1", verb="train", args={"pin": "test_fire_001"}, title="Train", state="running")
    jobs.job_changed.emit(job)
    assert view.pinned.title == "test_fire_001: waiting for the first epoch"
    job.state, job.error = "failed", "out of memory"
    jobs.job_changed.emit(job)
    assert "the training is over: failed: out of memory" in view.pinned.title
    assert "out of memory" in view.pinned.toolTip()
    view.pinned.begin("test_fire_001", ())
    assert view.pinned.title == "test_fire_001: waiting for the first epoch"
    assert not view.pinned.toolTip()


def test_runs_are_compared_in_the_settings_that_differ(
    qtbot: QtBot, view: TrainingView, session: Session, jobs: Jobs
) -> None:
    for_training(session)
    quick(view, 1)
    for theta in (0.5, 0.4):
        view.form.numbers["pseudolabels.theta"].setValue(theta)
        job = view.start()
        assert job is not None
        wait_for_end(qtbot, job)
    qtbot.waitUntil(lambda: view.table.model().rowCount() == 3)
    header = [
        view.table.model().headerData(column, Qt.Orientation.Horizontal)
        for column in range(view.table.model().columnCount())
    ]
    assert {"epochs", "theta"} <= set(header)
    view.table.choose(["run-1", "run-2"])
    assert sorted(view.losses.names) == ["run-1", "run-2"]


def test_using_a_run_scores_every_video_with_it(
    qtbot: QtBot, view: TrainingView, session: Session, jobs: Jobs
) -> None:
    project = session.project
    assert project is not None
    for_training(session)
    quick(view, 1)
    job = view.start()
    assert job is not None
    wait_for_end(qtbot, job)
    view.read_runs()
    view.table.choose(["run-1"])
    qtbot.mouseClick(view.use, Qt.MouseButton.LeftButton)
    for running in jobs.running:
        wait_for_end(qtbot, running)
        assert running.state == "done", running.error
    digest = checkpoint_digest(project.runs_dir / "run-1" / "checkpoint.safetensors")
    qtbot.waitUntil(
        lambda: session.scores is not None and session.scores.meta["checkpoint"] == digest
    )
    assert session.curves is not None
    assert session.curves.meta["checkpoint"] == digest
    qtbot.mouseClick(view.evaluate, Qt.MouseButton.LeftButton)
    (evaluation,) = jobs.running
    wait_for_end(qtbot, evaluation)
    assert "AUC" in view.report.text()
    assert view.report.isVisible()


def test_a_stopped_run_is_resumed_from_the_table(
    qtbot: QtBot, view: TrainingView, session: Session, jobs: Jobs
) -> None:
    for_training(session)
    quick(view, 400)
    job = view.start()
    assert job is not None
    wait_for_metrics(qtbot, job)
    jobs.stop(job)
    wait_for_end(qtbot, job)
    view.read_runs()
    view.table.choose(["run-1"])
    assert view.resume.isEnabled()
    qtbot.mouseClick(view.resume, Qt.MouseButton.LeftButton)
    (again,) = jobs.running
    wait_for_metrics(qtbot, again)
    assert again.metrics[0]["epoch"] > 1
    jobs.cancel(again)
    wait_for_end(qtbot, again)


def test_the_data_set_page_leads_from_videos_to_scores(
    qtbot: QtBot, view: TrainingView, session: Session, jobs: Jobs
) -> None:
    """One video has no features: extract, train, score and label as one chain."""
    project = session.project
    assert project is not None
    (project.features_dir / "test_fire_001.features.safetensors").unlink()
    (project.scores_dir / "test_fire_001.scores.npz").unlink()
    session.reload_project()
    dialog = DatasetDialog(session, jobs)
    dialog.test_share.setValue(0)
    qtbot.mouseClick(dialog.deal, Qt.MouseButton.LeftButton)
    assert "1 to extract" in dialog.counts.text()
    dialog.preset.setCurrentText("demo")
    chain = dialog.prepare_and_train()
    assert [job.verb for job in chain] == ["extract", "train", "score", "label"]
    for job in chain[:1]:
        wait_for_end(qtbot, job)
        assert job.state == "done", (job.error, list(job.log))
    jobs.cancel(chain[1])
    wait_for_end(qtbot, chain[-1])
    assert [job.state for job in chain] == ["done", "cancelled", "cancelled", "cancelled"]
    item = next(item for item in session.videos if item.id == "test_fire_001")
    assert item.has_features
