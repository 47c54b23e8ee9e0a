"""Whole journeys of an analyst, by real keys and drags, in the whole window."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.studio.jobbing import wait_for, wait_for_end, wait_for_metrics
from tpwng_core.labels import VideoLabels
from tpwng_studio.dialogs.closing import ClosingDialog
from tpwng_studio.dialogs.dataset import DatasetDialog
from tpwng_studio.dialogs.export import ExportDialog
from tpwng_studio.dialogs.import_labels import ImportDialog
from tpwng_studio.jobs.jobs import Job
from tpwng_studio.project.project import Project
from tpwng_studio.shell.main_window import MainWindow
from tpwng_studio.views.timeline.scene import theta_y

LEFT = Qt.MouseButton.LeftButton
TRAIN_MS = 120_000


def press(qtbot: QtBot, window: MainWindow, *keys: Qt.Key) -> None:
    for key in keys:
        qtbot.keyClick(QApplication.focusWidget() or window, key)


def drag_theta(window: MainWindow, pixels: int) -> None:
    timeline = window.timeline
    start = QPoint(timeline.width() // 2, round(theta_y(timeline.scene)))
    end = start + QPoint(0, pixels)
    QTest.mousePress(timeline, LEFT, pos=start)
    QTest.mouseMove(timeline, start + QPoint(0, pixels // 2))
    QTest.mouseMove(timeline, end)
    QTest.mouseRelease(timeline, LEFT, pos=end)


def test_tune_correct_undo_review_export_and_read_back(
    demo: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    session = demo.session
    theta, segments = session.tuning.theta, len(session.segments)
    drag_theta(demo, 20)
    assert session.tuning.theta < theta
    qtbot.waitUntil(lambda: len(session.segments) != segments)

    press(qtbot, demo, Qt.Key.Key_Down, Qt.Key.Key_N)
    assert [item.state for item in session.labels.segments] == ["normal"]
    qtbot.keyClick(demo.timeline, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert session.labels.segments == ()

    press(qtbot, demo, Qt.Key.Key_Tab, Qt.Key.Key_Return)
    session.open_video("test_fire_001")
    qtbot.keyClick(demo.timeline, Qt.Key.Key_R, Qt.KeyboardModifier.ShiftModifier)
    assert session.labels.reviewed
    said = session.labels

    target = tmp_path / "said.csv"
    export(demo, qtbot, target)
    session.erase(0, session.num_frames)
    assert session.labels.segments == ()
    read_back(demo, qtbot, target)
    assert spoken(session.labels) == spoken(said)


def spoken(labels: VideoLabels) -> list[tuple[object, ...]]:
    return [(item.start, item.end, item.state, item.category) for item in labels.segments]


def export(window: MainWindow, qtbot: QtBot, target: Path) -> None:
    window.actions_by_id["file.export"].trigger()
    dialog = window.findChild(ExportDialog)
    assert dialog is not None
    page = dialog.data_page
    page.choices.choose("segments-csv")
    page.choices.source.setCurrentIndex(page.choices.source.findData("human"))
    page.target.setText(str(target))
    qtbot.waitUntil(page.export_button.isEnabled)
    qtbot.mouseClick(page.export_button, LEFT)
    qtbot.waitUntil(lambda: target.exists() and page.is_idle)
    dialog.close()


def read_back(window: MainWindow, qtbot: QtBot, path: Path) -> None:
    dialog = ImportDialog(window.session, [path], window)
    ok = dialog.buttons.button(dialog.buttons.StandardButton.Ok)
    dialog.show()
    qtbot.waitUntil(ok.isEnabled)
    qtbot.mouseClick(ok, LEFT)


def test_a_corrupt_video_gets_a_badge_and_everything_else_works(
    window: MainWindow, qtbot: QtBot, clips_and_a_broken_one: Path, tmp_path: Path
) -> None:
    session = window.session
    session.open_project(Project.create(tmp_path / "project", [clips_and_a_broken_one]))
    qtbot.waitUntil(lambda: any(item.badge == "corrupt" for item in session.videos))
    session.open_video("broken")
    qtbot.wait(100)
    for video in ("test_fire_001", "test_normal_000"):
        session.open_video(video)
        qtbot.waitUntil(lambda: session.index is not None)
        qtbot.waitUntil(lambda: has_exact_picture(window))
        session.paint(10, 20, "abnormal")
        assert session.labels.segment_at(15) is not None
    assert "1 unreadable" in window.panels.library.footer.text()


def has_exact_picture(window: MainWindow) -> bool:
    shown = window.playback.shown
    return shown is not None and not shown.is_approximate


def for_training(window: MainWindow, qtbot: QtBot, epochs: int) -> Job:
    """Say in the data set page that all videos train, then press Train."""
    window.actions_by_id["run.dataset"].trigger()
    dialog = window.findChild(DatasetDialog)
    assert dialog is not None
    dialog.table.selectAll()
    dialog._set_rows(split="train")
    assert dialog.save_manifest()
    dialog.close()
    form = window.panels.training.form
    form.preset.setCurrentText("demo")
    form.numbers["training.epochs"].setValue(epochs)
    form.numbers["training.batch_size"].setValue(2)
    window.choose_layout("train")
    qtbot.waitUntil(window.panels.training.train.isEnabled)
    qtbot.mouseClick(window.panels.training.train, LEFT)
    (job,) = window.jobs.running
    return job


@pytest.mark.slow
def test_a_training_from_the_window_changes_the_curves(demo: MainWindow, qtbot: QtBot) -> None:
    before = demo.session.curves
    job = for_training(demo, qtbot, epochs=2)
    wait_for_end(qtbot, job)
    assert job.state == "done", job.error
    assert [row["epoch"] for row in job.metrics]
    qtbot.waitUntil(lambda: demo.panels.training.table.model().rowCount() == 2)
    run = Path(str(job.args["out"]))
    demo.panels.training.table.choose([run.name])
    qtbot.mouseClick(demo.panels.training.use, LEFT)
    for follower in list(demo.jobs.running):
        wait_for_end(qtbot, follower)
    qtbot.waitUntil(lambda: demo.session.curves is not before)
    assert demo.session.project is not None
    assert demo.session.project.checkpoint == run / "checkpoint.safetensors"
    assert demo.session.stale == ""


@pytest.mark.slow
def test_a_training_is_cancelled_within_two_seconds(demo: MainWindow, qtbot: QtBot) -> None:
    job = for_training(demo, qtbot, epochs=500)
    wait_for(qtbot, job, "running")
    wait_for_metrics(qtbot, job)
    begun = time.monotonic()
    demo.jobs.cancel(job)
    wait_for_end(qtbot, job)
    assert time.monotonic() - begun < 2
    assert job.state == "cancelled"
    assert not Path(str(job.args["out"])).exists()


@pytest.mark.slow
def test_closing_while_a_training_runs_asks_and_then_closes(demo: MainWindow, qtbot: QtBot) -> None:
    job = for_training(demo, qtbot, epochs=500)
    wait_for_metrics(qtbot, job)
    assert not demo.close()
    asked = demo.findChild(ClosingDialog)
    assert asked is not None
    qtbot.mouseClick(asked.cancel, LEFT)
    qtbot.waitUntil(lambda: not demo.isVisible(), timeout=TRAIN_MS)
    assert job.state == "cancelled"
