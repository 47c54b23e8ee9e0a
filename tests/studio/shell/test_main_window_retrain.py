"""Correct, retrain, look, take back: in the whole window, by keys, with a real worker."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.studio.jobbing import wait_for_end, wait_for_metrics
from tests.studio.rounds import CORRECTED, HELD_OUT, files_of, for_training, without_training
from tpwng_core.rounds import read_round
from tpwng_studio.dialogs.dataset import DatasetDialog
from tpwng_studio.jobs.job import Job
from tpwng_studio.project.project import Project
from tpwng_studio.shell.main_window import MainWindow

ROUND_MS = 120_000
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def corrected(demo: MainWindow, demo_project: Project) -> MainWindow:
    """Six videos train; a person said of one where it is normal and where not."""
    session = demo.session
    for_training(session)
    session.open_video(CORRECTED)
    session.paint(0, 150, "normal")
    session.paint(157, 181, "abnormal")
    assert session.save()
    return demo


def open_panel(qtbot: QtBot, window: MainWindow) -> None:
    window.timeline.setFocus()
    keys = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(window.timeline, Qt.Key.Key_T, keys)
    qtbot.waitUntil(window.panels.retrain.form.start.isVisible)


def project_of(window: MainWindow) -> Project:
    assert window.session.project is not None
    return window.session.project


def long_round(window: MainWindow) -> Job:
    """A round of the panel's, but for its many epochs."""
    project = project_of(window)
    return window.jobs.submit(
        "retrain",
        {
            "checkpoint": project.checkpoint,
            "labels": project.labels_dir,
            "manifest": project.manifest,
            "features": project.features_dir,
            "out": project.runs_dir / "run-1",
            "set": ["training.epochs=5000", "validation.every=1"],
        },
        "Retrain run-1",
    )


def test_the_key_and_the_button_open_the_panel_and_say_what_is_missing(
    demo: MainWindow, qtbot: QtBot
) -> None:
    open_panel(qtbot, demo)
    assert not demo.panels.retrain.form.start.isEnabled()
    assert demo.panels.retrain.form.why.isVisible()
    demo.choose_layout("tune")
    demo.layouts.bring_up("parameters")
    qtbot.waitUntil(demo.panels.parameters.rerun.corrections_button.isVisible)
    qtbot.mouseClick(demo.panels.parameters.rerun.corrections_button, LEFT)
    qtbot.waitUntil(demo.panels.retrain.form.why.isVisible)


def test_without_a_split_a_button_leads_to_where_it_is_made(demo: MainWindow, qtbot: QtBot) -> None:
    without_training(demo.session)
    demo.session.paint(0, 20, "normal")
    open_panel(qtbot, demo)
    form = demo.panels.retrain.form
    qtbot.waitUntil(form.split.isVisible)
    qtbot.mouseClick(form.split, LEFT)
    dialog = demo.findChild(DatasetDialog)
    assert dialog is not None
    qtbot.waitUntil(dialog.test_share.hasFocus)
    qtbot.mouseClick(dialog.deal, LEFT)
    qtbot.mouseClick(dialog.save, LEFT)
    dialog.close()
    qtbot.waitUntil(form.split.isHidden)


def test_the_demo_is_retrained_by_one_key_after_one_correction(
    demo: MainWindow, qtbot: QtBot
) -> None:
    demo.session.open_video(demo.session.videos[0].id)
    demo.session.paint(0, 20, "normal")
    open_panel(qtbot, demo)
    assert demo.panels.retrain.form.start.isEnabled()


@pytest.mark.slow
def test_correct_retrain_look_and_take_it_back(corrected: MainWindow, qtbot: QtBot) -> None:
    window, session, project = corrected, corrected.session, project_of(corrected)
    before, curves = files_of(project), session.curves
    open_panel(qtbot, window)
    qtbot.waitUntil(lambda: QApplication.focusWidget() is window.panels.retrain.form.start)
    qtbot.keyClick(window.panels.retrain.form.start, Qt.Key.Key_Space)
    (job,) = window.jobs.running
    wait_for_end(qtbot, job)
    assert job.state == "done", (job.error, list(job.log))
    changes = window.panels.retrain.outcome.list
    qtbot.waitUntil(lambda: changes.changes.rowCount() > 0, timeout=ROUND_MS)

    run = Path(str(job.args["out"]))
    made = read_round(run)
    assert made.corrected == {CORRECTED: 174}
    assert project.checkpoint == run / "checkpoint.safetensors"
    assert session.stale == ""
    assert session.curves is not curves
    assert session.ghost is not None
    comparison = window.panels.retrain.retraining.comparison
    assert comparison is not None
    assert comparison.gain is not None
    assert set(comparison.gain.videos) == set(HELD_OUT)
    assert not set(comparison.gain.videos) & {*made.trained, *made.corrected}
    assert "held-out" in window.panels.retrain.outcome.gain.text()

    changes.setFocus()
    changes.setCurrentIndex(changes.changes.index(0))
    qtbot.keyClick(changes, Qt.Key.Key_Return)
    first = changes.changes.rows[0]
    assert session.video is not None
    assert (session.video.id, session.playhead) == (first.video, first.start)

    qtbot.mouseClick(window.panels.retrain.outcome.back, LEFT)
    assert files_of(project) == before
    assert session.stale == ""
    assert session.ghost is None
    assert (run / "checkpoint.safetensors").is_file()


@pytest.mark.slow
def test_cancel_is_over_in_two_seconds_and_nothing_has_changed(
    corrected: MainWindow, qtbot: QtBot
) -> None:
    project = project_of(corrected)
    before = files_of(project)
    open_panel(qtbot, corrected)
    job = long_round(corrected)
    wait_for_metrics(qtbot, job)
    qtbot.waitUntil(corrected.panels.retrain.cancel.isVisible)
    begun = time.monotonic()
    qtbot.mouseClick(corrected.panels.retrain.cancel, LEFT)
    wait_for_end(qtbot, job)
    assert time.monotonic() - begun < 2
    assert job.state == "cancelled"
    assert files_of(project) == before
    assert not (project.runs_dir / "run-1").exists()


@pytest.mark.slow
def test_a_worker_that_is_killed_leaves_the_old_model_and_the_next_round_works(
    corrected: MainWindow, qtbot: QtBot
) -> None:
    project = project_of(corrected)
    before = files_of(project)
    job = long_round(corrected)
    wait_for_metrics(qtbot, job, 3)
    os.kill(corrected.jobs._worker.process_id, signal.SIGKILL)
    wait_for_end(qtbot, job)
    assert job.state == "failed"
    assert files_of(project) == before
    open_panel(qtbot, corrected)
    qtbot.waitUntil(lambda: "still in use" in corrected.panels.retrain.trouble.text())
    assert corrected.session.stale == ""
    qtbot.waitUntil(corrected.panels.retrain.form.start.isEnabled)
    qtbot.mouseClick(corrected.panels.retrain.form.start, LEFT)
    (again,) = corrected.jobs.running
    assert Path(str(again.args["out"])).name == "run-2"
    wait_for_end(qtbot, again)
    assert again.state == "done", again.error
    qtbot.waitUntil(
        lambda: corrected.panels.retrain.retraining.comparison is not None, timeout=ROUND_MS
    )


def test_the_data_set_page_trains_as_the_training_panel_says(
    demo: MainWindow, qtbot: QtBot
) -> None:
    def epochs() -> int:
        demo.actions_by_id["run.dataset"].trigger()
        dialog = demo.findChild(DatasetDialog)
        assert dialog is not None
        found = dialog.wish.epochs
        with qtbot.waitSignal(dialog.destroyed):
            dialog.close()
        return found

    assert epochs() == 20  # of the preset: nobody has seen the panel yet
    demo.panels.training.form.numbers["training.epochs"].setValue(7)
    assert epochs() == 7
