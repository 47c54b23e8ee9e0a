"""Go to a frame or a time."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialogButtonBox
from pytestqt.qtbot import QtBot

from tpwng_studio.dialogs.goto import GoToDialog
from tpwng_studio.state.session import Session


@pytest.mark.parametrize(("typed", "frame"), [("60", 60), ("5s", 60), ("0:05", 60)])
def test_a_frame_or_a_time_leads_there(
    session: Session, qtbot: QtBot, typed: str, frame: int
) -> None:
    dialog = GoToDialog(session)
    dialog.show()
    dialog.field.clear()
    qtbot.keyClicks(dialog.field, typed)
    qtbot.keyClick(dialog.field, Qt.Key.Key_Return)
    assert session.playhead == frame


def test_beyond_the_end_is_the_last_frame_and_said(session: Session, qtbot: QtBot) -> None:
    dialog = GoToDialog(session)
    qtbot.addWidget(dialog)
    dialog.field.setText("999999")
    assert "the last" in dialog.answer.text()
    dialog.accept()
    assert session.playhead == session.num_frames - 1


def test_what_is_no_place_cannot_be_gone_to(session: Session, qtbot: QtBot) -> None:
    dialog = GoToDialog(session)
    qtbot.addWidget(dialog)
    dialog.field.setText("soon")
    assert not dialog.buttons.button(QDialogButtonBox.StandardButton.Ok).isEnabled()
    dialog.accept()
    assert session.playhead == 0
