"""A live source through the whole window, with a worker that really watches."""

from __future__ import annotations

import json
import time
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.core.video.serving import free_port, needs_ffmpeg, served, wait_for_server
from tests.core.video.test_live import write_slowly
from tests.studio.jobbing import (
    LONG,
    WAIT_MS,
    bench,
    made,
    submit_training,
    wait_for_end,
    wait_for_metrics,
)
from tests.studio.live.test_watch_setup import look_back
from tests.studio.live_scripts import live_made, looks_back, recording
from tpwng_studio.dialogs.closing import ClosingDialog
from tpwng_studio.live.watch import SILENT_S
from tpwng_studio.shell.main_window import MainWindow

__all__ = ["bench", "live_made", "looks_back", "made", "recording"]

CONTROL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


def begin(qtbot: QtBot, window: MainWindow, source: str, model: Path) -> None:
    """Ctrl+Shift+W, the source typed, Return."""
    qtbot.keyClick(window.timeline, Qt.Key.Key_W, CONTROL_SHIFT)
    form = window.panels.live.form
    qtbot.waitUntil(form.source.line.hasFocus)
    form.model.line.setText(str(model))
    form.patience.setValue(3)
    for box, value in ((form.threshold, "0.01"), (form.release, "0.00")):
        box.selectAll()
        qtbot.keyClicks(box, value)  # whatever it sees, it rings
    form.source.line.selectAll()
    qtbot.keyClicks(form.source.line, source)
    qtbot.keyClick(form.source.line, Qt.Key.Key_Return)
    assert window.live.watch.is_running


def click_stop(qtbot: QtBot, window: MainWindow) -> float:
    """Stop by a click; returns the seconds it took."""
    asked_s = time.monotonic()
    qtbot.mouseClick(window.panels.live.monitor.stop, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not window.live.watch.is_running, timeout=WAIT_MS)
    return time.monotonic() - asked_s


def test_the_key_leads_to_the_form_and_its_remedy_to_training(
    demo: MainWindow, qtbot: QtBot
) -> None:
    qtbot.keyClick(demo.timeline, Qt.Key.Key_W, CONTROL_SHIFT)
    form = demo.panels.live.form
    qtbot.waitUntil(form.source.line.hasFocus)
    assert demo.layouts.name == "live"
    assert demo.actions_by_id["layout.live"].isChecked()
    assert "looks both ways" in form.notes["model"].text()
    assert demo.session.project is not None
    assert form.log.path == demo.session.project.folder / "live" / "alarms.jsonl"
    qtbot.mouseClick(form.train, Qt.MouseButton.LeftButton)
    assert demo.layouts.name == "train"
    assert demo.panels.training.form.wish.overrides["temporal.causal"] is True


def test_the_picture_is_veiled_as_the_players(demo: MainWindow, qtbot: QtBot) -> None:
    demo.player.set_veil("blur")
    assert demo.panels.live.monitor.picture.veil == "blur"


@pytest.mark.slow
def test_a_growing_file_is_watched_while_a_training_runs(
    demo: MainWindow, qtbot: QtBot, looks_back: Path, recording: Path, bench: Path, tmp_path: Path
) -> None:
    growing = tmp_path / "growing.ts"
    thread = write_slowly(recording.read_bytes(), growing)
    begin(qtbot, demo, str(growing), looks_back)
    watch = demo.live.watch
    qtbot.waitUntil(lambda: watch.state == "alarm", timeout=WAIT_MS)
    words = demo.panels.live.monitor.state.text
    qtbot.waitUntil(lambda: words().startswith("ALARM since 0:00"))
    assert demo.layouts.docks["live"].windowTitle() == "Live: ALARM"

    job = submit_training(demo.jobs, bench, tmp_path / "run", epochs=LONG)
    wait_for_metrics(qtbot, job)  # the watch keeps no job waiting
    demo.jobs.cancel(job)
    wait_for_end(qtbot, job)

    thread.join()
    qtbot.waitUntil(lambda: not watch.is_running, timeout=WAIT_MS)
    assert watch.reason == "the source ended"
    assert watch.num_snippets == 19
    assert np.isfinite(watch.history.steps().values).all()
    assert watch.history.last_ms == pytest.approx(18 * 4 * 1000 / 25, abs=2)
    (alarm,) = watch.alarms
    assert not alarm.is_open
    assert alarm.picture is not None
    assert alarm.picture.is_file()
    qtbot.waitUntil(lambda: not demo.panels.live.monitor.picture.image.isNull())
    assert demo.session.project is not None
    log = demo.session.project.folder / "live" / "alarms.jsonl"
    logged = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    assert [line["event"] for line in logged] == ["watch", "begin", "end"]
    assert logged[-1]["peak"] == pytest.approx(alarm.peak)


@pytest.mark.slow
@needs_ffmpeg
def test_a_stream_is_watched_lost_and_stopped(
    demo: MainWindow, qtbot: QtBot, looks_back: Path, recording: Path
) -> None:
    port = free_port()
    watch = demo.live.watch
    with served(recording, port, loops=-1) as address:
        wait_for_server(port)
        begin(qtbot, demo, address, looks_back)
        qtbot.waitUntil(lambda: watch.num_snippets > 5, timeout=WAIT_MS)
        assert watch.lag_s is not None
        assert 0 <= watch.lag_s < SILENT_S
        qtbot.waitUntil(lambda: "delay" in demo.panels.live.monitor.measures.text)
    qtbot.waitUntil(lambda: watch.num_lost >= 2, timeout=WAIT_MS)
    words = demo.panels.live.monitor.state.text
    qtbot.waitUntil(lambda: "connection lost, trying again" in words())
    assert click_stop(qtbot, demo) < 2
    assert watch.reason == "stopped"


@pytest.mark.slow
def test_closing_asks_first(
    demo: MainWindow, qtbot: QtBot, looks_back: Path, recording: Path, tmp_path: Path
) -> None:
    begin(qtbot, demo, str(recording), looks_back)
    demo.close()
    (dialog,) = demo.findChildren(ClosingDialog)
    assert "whole.ts" in dialog.text.text()
    qtbot.mouseClick(dialog.stay, Qt.MouseButton.LeftButton)
    assert demo.isVisible()
    assert demo.live.watch.is_running
    demo.close()
    dialog = demo.findChildren(ClosingDialog)[-1]
    qtbot.mouseClick(dialog.stop, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not demo.isVisible(), timeout=WAIT_MS)
    assert not demo.live.watch.is_running


@pytest.mark.slow
def test_a_watch_ends_with_its_project_and_that_is_said(
    demo: MainWindow, qtbot: QtBot, looks_back: Path, recording: Path
) -> None:
    begin(qtbot, demo, str(recording), looks_back)
    qtbot.waitUntil(lambda: demo.live.watch.num_snippets > 0, timeout=WAIT_MS)
    demo.session.close_project()
    assert "ended with its project" in demo.stage.messages.text.text()
    qtbot.waitUntil(lambda: not demo.live.watch.is_running, timeout=WAIT_MS)


def test_another_model_of_the_project_is_offered(demo: MainWindow, tmp_path: Path) -> None:
    project = demo.session.project
    assert project is not None
    assert project.checkpoint is not None
    able = look_back(project.checkpoint, project.folder / "runs" / "able.safetensors")
    project.link(checkpoint=able)
    demo.session.reload_project()
    assert demo.panels.live.form.model.path == able
    assert demo.panels.live.form.train.isHidden()
