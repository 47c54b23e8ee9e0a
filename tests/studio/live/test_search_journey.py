"""Search in words through the whole window, with a worker that really looks."""

from __future__ import annotations

import csv
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from tests.studio.jobbing import WAIT_MS
from tpwng_core.labels import read_labels
from tpwng_studio.shell.main_window import MainWindow
from tpwng_studio.views.search.results import FOUND
from tpwng_studio.views.timeline.content import content_of
from tpwng_studio.views.timeline.readout import row_words

CONTROL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
WORDS = "flames and black smoke"


def look_for(qtbot: QtBot, window: MainWindow, words: str) -> None:
    view = window.panels.search
    view.field.selectAll()
    qtbot.keyClicks(view.field, words)
    before = view.summary.text()
    qtbot.keyClick(view.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: view.summary.text() not in (before, "searching…", ""), timeout=WAIT_MS)


def test_fire_is_found_saved_and_labelled(demo: MainWindow, qtbot: QtBot) -> None:
    session, view = demo.session, demo.panels.search
    session.open_video("test_normal_000")
    demo.timeline.setFocus()
    qtbot.keyClick(demo.timeline, Qt.Key.Key_F, CONTROL_SHIFT)
    assert view.field.hasFocus()
    view.way.setCurrentIndex(view.way.findText("plain CLIP"))
    look_for(qtbot, demo, WORDS)
    assert view.unknown.isHidden()
    assert "query" in demo.timeline.scene.geometry.rows
    normal = float(row_words(content_of(session), "query", 30))

    qtbot.keyClick(view.field, Qt.Key.Key_Down)
    assert session.video is not None
    assert session.video.id == "test_fire_001"
    start, end = session.mark
    assert start is not None
    assert end is not None
    assert start <= session.playhead < end
    assert session.truth is not None
    assert any(start < one.end and one.start < end for one in session.truth)
    best = float(row_words(content_of(session), "query", session.playhead))
    assert best > normal + 0.2
    assert best == pytest.approx(view.tree.results.index(0, 0).data(FOUND).similarity, abs=1e-3)

    query = session.save_query(WORDS)
    session.set_video_category(query.id)
    assert session.lacks_saved_query
    qtbot.waitUntil(lambda: not session.lacks_saved_query, timeout=WAIT_MS)
    assert session.stale == ""
    assert content_of(session).badges["psi"].word == "saved query"
    demo.timeline.setFocus()
    qtbot.keyClick(demo.timeline, Qt.Key.Key_R, Qt.KeyboardModifier.ShiftModifier)
    session.save()
    assert session.project is not None
    said = read_labels(session.project.labels_dir / "test_fire_001.labels.json")
    assert said.category == query.id
    found = [one for one in said.segments if one.state == "abnormal"]
    assert {one.category for one in found} == {query.id}
    assert any(one.start < end and start < one.end for one in found)

    session.open_video("test_normal_000")
    session.open_video("test_fire_001")  # the curves on disk do not know the words
    qtbot.waitUntil(lambda: not session.lacks_saved_query, timeout=WAIT_MS)


def test_words_the_clip_never_saw_are_flagged(demo: MainWindow, qtbot: QtBot) -> None:
    qtbot.keyClick(demo.timeline, Qt.Key.Key_Slash)
    assert demo.panels.search.field.hasFocus()
    look_for(qtbot, demo, "a laser near a fire")
    assert "never saw: laser" in demo.panels.search.unknown.text()
    qtbot.keyClicks(demo.panels.search.field, "/")
    assert demo.panels.search.field.text().endswith("/")


def test_the_copied_command_finds_the_same(demo: MainWindow, qtbot: QtBot) -> None:
    qtbot.keyClick(demo.timeline, Qt.Key.Key_F, CONTROL_SHIFT)
    look_for(qtbot, demo, "two people fighting")
    demo.actions_by_id["run.copy_search"].trigger()
    program, *words = shlex.split(QGuiApplication.clipboard().text())
    assert program == "tpwng-core"
    subprocess.run([sys.executable, "-m", "tpwng_core", *words], check=True)
    with Path(words[words.index("--out") + 1]).open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    model = demo.panels.search.tree.results
    found = [model.index(row, 0).data(FOUND) for row in range(model.rowCount())]
    told = [(row["video"], int(row["peak_frame"]), float(row["similarity"])) for row in rows]
    assert told == [(one.place.video, one.place.peak, one.similarity) for one in found]
