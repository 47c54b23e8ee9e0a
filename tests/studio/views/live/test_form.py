"""The form by keys and clicks: what can be started, and what is said where it cannot."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from tests.studio.live.test_watch_setup import look_back
from tpwng_studio.live.watch_records import WatchWish
from tpwng_studio.project.project import Project
from tpwng_studio.views.live.form import WatchForm


@pytest.fixture
def form(qtbot: QtBot) -> WatchForm:
    form = WatchForm()
    qtbot.addWidget(form)
    form.resize(520, 480)
    with qtbot.waitExposed(form):
        form.show()
    return form


@pytest.fixture
def able(demo_project: Project, tmp_path: Path) -> Path:
    assert demo_project.checkpoint is not None
    return look_back(demo_project.checkpoint, tmp_path / "able" / "checkpoint.safetensors")


def test_a_source_is_typed_and_started_by_return(
    qtbot: QtBot, form: WatchForm, able: Path, tmp_path: Path
) -> None:
    wishes: list[WatchWish] = []
    form.started.connect(wishes.append)
    form.set_defaults(able, tmp_path / "alarms.jsonl")
    qtbot.keyClick(form.source.line, Qt.Key.Key_Return)
    assert not wishes  # nothing typed yet
    assert not form.start.isEnabled()
    qtbot.keyClicks(form.source.line, "1")
    assert "Camera 1" in form.notes["source"].text()
    form.threshold.selectAll()
    qtbot.keyClicks(form.threshold, "0.70")
    assert form.release.value() == pytest.approx(0.56)
    form.hold.selectAll()
    qtbot.keyClicks(form.hold, "3")
    qtbot.keyClick(form.source.line, Qt.Key.Key_Return)
    assert wishes == [
        WatchWish(
            source="camera:1", checkpoint=able, log=tmp_path / "alarms.jsonl",
            threshold=0.7, release=0.56, hold=3, patience_s=10.0,
        )
    ]  # fmt: skip


def test_an_alarm_never_ends_above_where_it_begins(qtbot: QtBot, form: WatchForm) -> None:
    form.release.selectAll()
    qtbot.keyClicks(form.release, "0.90")
    qtbot.keyClick(form.release, Qt.Key.Key_Tab)
    assert form.release.value() <= form.threshold.value()


def test_a_model_that_looks_ahead_leads_to_training(
    qtbot: QtBot, form: WatchForm, demo_project: Project, tmp_path: Path
) -> None:
    form.set_defaults(demo_project.checkpoint, tmp_path / "alarms.jsonl")
    qtbot.keyClicks(form.source.line, "rtsp://cam/1")
    assert "looks both ways" in form.notes["model"].text()
    assert not form.start.isEnabled()
    with qtbot.waitSignal(form.training_asked):
        qtbot.mouseClick(form.train, Qt.MouseButton.LeftButton)


def test_a_model_that_looks_back_needs_no_training(
    form: WatchForm, able: Path, tmp_path: Path
) -> None:
    form.set_defaults(able, tmp_path / "alarms.jsonl")
    assert form.train.isHidden()
    form.source.line.setText("rtsp://cam/1")
    assert form.start.isEnabled()
    form.log.line.clear()
    assert not form.start.isEnabled()


def test_the_button_asks_for_a_file(qtbot: QtBot, form: WatchForm, tmp_path: Path) -> None:
    film = tmp_path / "film.ts"
    film.touch()
    qtbot.mouseClick(form.source.button, Qt.MouseButton.LeftButton)
    (dialog,) = form.findChildren(QFileDialog)
    dialog.fileSelected.emit(str(film))
    dialog.reject()
    assert form.source.line.text() == str(film)
    assert "followed while it grows" in form.notes["source"].text()
