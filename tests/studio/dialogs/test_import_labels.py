"""Import: the format is recognised, what is in it is told, and it can be undone."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QDialogButtonBox
from pytestqt.qtbot import QtBot

from tpwng_core.files import asset
from tpwng_studio.dialogs.import_labels import ImportDialog
from tpwng_studio.state.session import Session


def ready(dialog: ImportDialog) -> bool:
    return dialog.buttons.button(QDialogButtonBox.StandardButton.Ok).isEnabled()


def test_the_demos_annotations_become_labels(session: Session, qtbot: QtBot) -> None:
    dialog = ImportDialog(session, [asset("demo/miniature/annotations.txt")])
    assert dialog.format.currentData() == "ucf-crime"
    qtbot.waitUntil(lambda: ready(dialog))
    assert "of the project" in dialog.answer.text()
    dialog.accept()
    session.open_video("test_fire_001")
    assert any(item.state == "abnormal" for item in session.labels.segments)
    assert {item.provenance for item in session.labels.segments} == {"imported"}
    session.undo()
    assert session.labels.segments == ()


def test_a_file_that_is_none_says_why_and_imports_nothing(
    session: Session, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("buy milk\n")
    dialog = ImportDialog(session, [path])
    qtbot.addWidget(dialog)
    qtbot.waitUntil(lambda: "Reading" not in dialog.answer.text())
    assert "notes.txt" in dialog.answer.text()
    assert "look like no known format" in dialog.answer.text()
    assert not ready(dialog)


def test_videos_of_others_are_named_and_left_out(
    session: Session, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "segments.csv"
    path.write_text("")
    path = tmp_path / "annotations.txt"
    path.write_text("Stranger_x264.mp4  Fire  10  20  -1  -1\n")
    dialog = ImportDialog(session, [path])
    qtbot.addWidget(dialog)
    qtbot.waitUntil(lambda: "Reading" not in dialog.answer.text())
    assert "Stranger_x264" in dialog.answer.text()
    assert not ready(dialog)
