"""The line below a button that writes: who has the focus while it is shown, and afterwards."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from tpwng_studio.dialogs.export.progress import ProgressRow


def test_cancel_hands_the_focus_back_or_to_the_place_where_the_button_is_off(qtbot: QtBot) -> None:
    form = QWidget()
    qtbot.addWidget(form)
    button, place, other = QPushButton("Write"), QLineEdit(), QLineEdit()
    row = ProgressRow(button, place, "Being written")
    column = QVBoxLayout(form)
    for widget in (button, other, place):
        column.addWidget(widget)
    column.addLayout(row)
    form.show()
    form.activateWindow()
    qtbot.waitUntil(form.isActiveWindow)
    for begins, is_on, ends in (
        (button, True, button),
        (button, False, place),
        (other, True, other),
    ):
        button.setEnabled(True)
        begins.setFocus()
        row.begin()
        button.setEnabled(False)
        assert row.cancel_button.isVisible()
        assert row.cancel_button.hasFocus() == (begins is button)
        button.setEnabled(is_on)
        row.end()
        assert not row.cancel_button.isVisible()
        assert ends.hasFocus()
