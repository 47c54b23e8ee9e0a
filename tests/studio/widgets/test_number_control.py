"""Slider and box show one number and speak only when a person moves them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from tpwng_studio.widgets.number_control import NumberControl, Scale

SHARE = Scale(low=0.0, high=1.0, step=0.01, decimals=2)
SOFTNESS = Scale(low=1.0, high=1024.0, step=1.0, decimals=0, is_log=True)


@pytest.fixture
def control(qtbot) -> Iterator[NumberControl]:
    home = QWidget()
    qtbot.addWidget(home)
    made = NumberControl("alpha", SHARE, "tip", home)
    made.place_in(QGridLayout(home), 0)
    home.resize(400, 60)
    home.show()
    yield made
    home.close()


def heard_by(control: NumberControl) -> list[float]:
    heard: list[float] = []
    control.changed.connect(heard.append)
    return heard


def test_arrow_on_the_slider_moves_the_box_by_a_hundredth(qtbot, control: NumberControl) -> None:
    heard = heard_by(control)
    control.set_value(0.2)
    qtbot.keyClick(control.slider, Qt.Key.Key_Right)
    assert control.box.value() == 0.21
    assert heard == [0.21]


def test_a_drag_of_the_slider_moves_the_box(qtbot, control: NumberControl) -> None:
    heard = heard_by(control)
    slider = control.slider
    middle = slider.height() // 2
    qtbot.mousePress(slider, Qt.MouseButton.LeftButton, pos=QPoint(6, middle))
    qtbot.mouseMove(slider, QPoint(slider.width() // 2, middle))
    qtbot.mouseRelease(slider, Qt.MouseButton.LeftButton)
    assert heard
    assert 0.3 < control.value < 0.7
    assert control.value == heard[-1]


def test_typing_speaks_once_when_done(qtbot, control: NumberControl) -> None:
    heard = heard_by(control)
    control.box.selectAll()
    qtbot.keyClicks(control.box, "0.73")
    assert heard == []
    qtbot.keyClick(control.box, Qt.Key.Key_Return)
    assert heard == [0.73]
    assert control.slider.value() == 73


def test_a_value_from_outside_is_silent(qtbot, control: NumberControl) -> None:
    heard = heard_by(control)
    control.set_value(0.4)
    assert (control.box.value(), control.slider.value()) == (0.4, 40)
    assert heard == []


def test_a_finer_value_of_a_file_is_shown_as_it_is(qtbot, control: NumberControl) -> None:
    control.set_value(0.29)
    control.set_value(0.285)
    assert control.box.text() == control.box.locale().toString(0.285, "f", 3)
    control.set_value(0.3)
    assert control.box.text() == control.box.locale().toString(0.3, "f", 2)
    heard = heard_by(control)
    qtbot.keyClick(control.slider, Qt.Key.Key_Right)
    assert heard == [0.31]


def test_every_handle_has_a_name_and_a_tip(qtbot, control: NumberControl) -> None:
    assert control.box.accessibleName() == "alpha"
    assert control.slider.accessibleName() == "alpha slider"
    assert control.slider.toolTip() == "tip"
    assert control.label.buddy() is control.box


@given(st.integers(0, 240))
def test_a_log_scale_gives_each_position_back_where_values_are_apart(position: int) -> None:
    value = SOFTNESS.value_at(position)
    assert SOFTNESS.value_at(SOFTNESS.position_of(value)) == value
    assert 1 <= value <= 1024


def test_values_outside_the_range_stand_at_the_ends() -> None:
    assert SOFTNESS.position_of(0) == 0
    assert SOFTNESS.position_of(1e9) == SOFTNESS.num_positions
