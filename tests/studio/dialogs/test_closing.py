"""Closing while jobs run asks; each answer does what it says."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from tpwng_studio.dialogs.closing import ClosingDialog


def test_each_button_is_its_answer(qtbot: QtBot) -> None:
    dialog = ClosingDialog(["train demo"])
    assert "train demo" in dialog.text.text()
    with qtbot.waitSignal(dialog.stop_asked):
        dialog.stop.click()
    dialog = ClosingDialog(["train demo"])
    with qtbot.waitSignal(dialog.cancel_asked):
        dialog.cancel.click()


def test_staying_is_what_enter_means(qtbot: QtBot) -> None:
    dialog = ClosingDialog(["train demo"])
    qtbot.addWidget(dialog)
    assert dialog.stay.isDefault()
    with qtbot.assertNotEmitted(dialog.stop_asked), qtbot.waitSignal(dialog.rejected):
        dialog.stay.click()
