"""The data set dialog by keys and clicks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from tpwng_core.datasets import read_manifest
from tpwng_studio.dialogs.dataset import DatasetDialog
from tpwng_studio.jobs.jobs import Jobs
from tpwng_studio.state.session import Session
from tpwng_studio.views.training.form import TrainingForm


@pytest.fixture
def dialog(qtbot: QtBot, session: Session) -> Iterator[DatasetDialog]:
    jobs = Jobs()
    dialog = DatasetDialog(session, jobs)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    qtbot.addWidget(dialog)
    yield dialog
    jobs.shutdown()


def select(dialog: DatasetDialog, *rows: int) -> None:
    model = dialog.table.selectionModel()
    model.clearSelection()
    flags = QItemSelectionModel.SelectionFlag
    for row in rows:
        model.select(dialog.model.index(row, 0), flags.Select | flags.Rows)


def click(qtbot: QtBot, button: object) -> None:
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_it_begins_with_what_is_known(dialog: DatasetDialog) -> None:
    labels = {row.video: row.label for row in dialog.plan.rows}
    assert labels["test_fire_001"] == "fire"
    assert labels["test_normal_000"] == "normal"
    assert {row.split for row in dialog.plan.rows} == {"train", "test"}
    assert dialog.go.isEnabled()
    assert dialog.preset.currentText() == "demo"
    assert dialog.clip.currentText() == "demo"


def test_without_a_video_to_train_on_it_says_so(dialog: DatasetDialog) -> None:
    dialog.table.selectAll()
    dialog.set_splits["test"].click()
    assert "no abnormal video to train on" in dialog.missing.text()
    assert not dialog.go.isEnabled()


def test_selected_videos_take_a_category_and_a_use(qtbot: QtBot, dialog: DatasetDialog) -> None:
    select(dialog, 0, 2)
    dialog.label.setEditText("flood")
    click(qtbot, dialog.set_label)
    click(qtbot, dialog.set_splits["val"])
    assert [dialog.plan.rows[row].label for row in (0, 2)] == ["flood", "flood"]
    assert [dialog.plan.rows[row].split for row in (0, 1)] == ["val", "train"]
    assert "flood" in [dialog.label.itemText(i) for i in range(dialog.label.count())]


def test_a_cell_is_typed_into(qtbot: QtBot, dialog: DatasetDialog) -> None:
    dialog.show()
    place = dialog.model.index(1, 1)
    dialog.table.setCurrentIndex(place)
    dialog.table.edit(place)
    editor = dialog.table.viewport().findChild(QLineEdit)
    qtbot.keyClick(editor, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(editor, "fire|arson")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: dialog.plan.rows[1].labels == ("fire", "arson"))
    assert not dialog.model.setData(dialog.model.index(1, 2), "tomorrow")
    dialog.close()


def test_dealing_out_makes_a_training_possible(qtbot: QtBot, dialog: DatasetDialog) -> None:
    dialog.test_share.setValue(50)
    click(qtbot, dialog.deal)
    assert dialog.plan.can_train
    dialog.preset.setCurrentText("ucf-crime")
    assert "preset ucf-crime does not know" in dialog.missing.text()
    assert not dialog.go.isEnabled()
    dialog.preset.setCurrentText("custom")
    assert dialog.go.isEnabled()


def test_the_share_for_validation_is_the_one_a_training_uses(
    qtbot: QtBot, dialog: DatasetDialog
) -> None:
    assert dialog.val_share.value() == 0
    assert "no videos choose the epoch" in dialog.counts.text()
    dialog.preset.setCurrentText("custom")
    assert dialog.val_share.value() == 15
    assert "it takes 5 with an event and 5 normal ones" in dialog.counts.text()
    dialog.val_share.setValue(20)
    chain = dialog.prepare_and_train()
    assert "validation.share=0.2" in chain[0].args["set"]
    for job in reversed(chain):
        dialog._jobs.cancel(job)


def test_the_button_says_how_many_epochs_it_trains(dialog: DatasetDialog) -> None:
    assert dialog.go.text() == "Prepare and train 20 epochs"
    assert dialog.training.text() == "20 epochs  ·  as the preset has it"
    dialog.preset.setCurrentText("custom")
    assert dialog.go.text() == "Prepare and train 15 epochs"


def test_it_trains_as_the_training_panel_says(
    qtbot: QtBot, session: Session, dialog: DatasetDialog
) -> None:
    form = TrainingForm()
    qtbot.addWidget(form)
    form.begin_with("demo")
    form.numbers["training.epochs"].setValue(3)
    form.numbers["validation.share"].setValue(0.25)
    form.look_back.setChecked(True)
    form.hold.setChecked(False)
    asked = DatasetDialog(session, dialog._jobs, form.wish)
    assert asked.go.text() == "Prepare and train 3 epochs"
    assert "epochs 3, causal true, corrections not held fixed" in asked.training.text()
    assert asked.val_share.value() == 25
    asked.preset.setCurrentText("custom")
    assert asked.wish.epochs == 15
    assert asked.wish.overrides["temporal.causal"] is True
    asked.preset.setCurrentText("demo")
    assert asked.wish.epochs == 3
    chain = asked.prepare_and_train()
    told = chain[0].args["set"]
    assert {"training.epochs=3", "validation.share=0.25", "temporal.causal=true"} <= set(told)
    for job in reversed(chain):
        dialog._jobs.cancel(job)


def test_a_csv_tells_labels_and_a_wrong_one_says_why(dialog: DatasetDialog, tmp_path: Path) -> None:
    told = tmp_path / "told.csv"
    told.write_text("video,label,split\ntest_fire_001,flood,train\nelsewhere,fire,train\n")
    dialog.read_csv(told)
    row = next(row for row in dialog.plan.rows if row.video == "test_fire_001")
    assert (row.label, row.split) == ("flood", "train")
    dialog.read_csv(tmp_path / "none.csv")
    assert "none.csv" in dialog.missing.text()


def test_saving_writes_the_projects_manifest(
    qtbot: QtBot, dialog: DatasetDialog, session: Session
) -> None:
    click(qtbot, dialog.deal)
    click(qtbot, dialog.save)
    project = session.project
    assert project is not None
    assert project.manifest == project.folder / "manifest.csv"
    splits = {record.video: record.split for record in read_manifest(project.manifest)}
    assert splits == {row.video: row.split for row in dialog.plan.rows}
    assert session.records["test_fire_001"].split == splits["test_fire_001"]


def test_saving_does_not_forget_a_video_that_is_out_of_the_project(
    qtbot: QtBot, session: Session
) -> None:
    before = session.records["test_fire_001"]
    session.take_out("test_fire_001")
    dialog = DatasetDialog(session, jobs := Jobs())
    qtbot.addWidget(dialog)
    assert "test_fire_001" not in {row.video for row in dialog.plan.rows}
    assert dialog.save_manifest()
    session.undo()
    assert session.records["test_fire_001"] == before
    jobs.shutdown()
