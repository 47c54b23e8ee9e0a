"""Icons: every drawing draws, in the colour asked for."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor, QIcon
from PySide6.QtWidgets import QApplication

from tpwng_core.errors import ArtifactError
from tpwng_core.files import asset
from tpwng_studio.actions.actions import ACTIONS
from tpwng_studio.icons import app_icon, icon, pixmap

DRAWINGS = sorted(path.stem for path in asset("icons").glob("*.svg"))


@pytest.mark.parametrize("name", DRAWINGS)
def test_every_drawing_leaves_ink_and_air(name: str, qapp: QApplication) -> None:
    image = pixmap(name, QColor("#D55E00"), 32).toImage()
    inked = sum(image.pixelColor(x, y).alpha() > 128 for x in range(32) for y in range(32))
    assert 30 < inked < 1000


def test_a_drawing_takes_the_colour_asked_for(qapp: QApplication) -> None:
    image = pixmap("stop", QColor("#0072B2"), 32).toImage()
    assert image.pixelColor(16, 16) == QColor("#0072B2")


def test_disabled_is_fainter(qapp: QApplication) -> None:
    drawn = icon("stop")
    on = drawn.pixmap(32, 32, QIcon.Mode.Normal).toImage().pixelColor(16, 16).alpha()
    off = drawn.pixmap(32, 32, QIcon.Mode.Disabled).toImage().pixelColor(16, 16).alpha()
    assert off < on / 2


def test_every_action_with_an_icon_has_its_drawing(qapp: QApplication) -> None:
    assert {action.icon for action in ACTIONS} - {""} <= set(DRAWINGS)
    assert not app_icon().isNull()


def test_an_unknown_drawing_is_told(qapp: QApplication) -> None:
    with pytest.raises(ArtifactError, match=r"icons/dog\.svg"):
        icon("dog")
