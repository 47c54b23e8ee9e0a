"""The rows of the heat map: what to look for, how solid, and the way out."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.studio.asking import wait_for_request
from tests.studio.live.test_heat import HeatJobs
from tpwng_core.querycurves import QueryCurves
from tpwng_studio.live.heat import HeatMaps
from tpwng_studio.state.session import Session
from tpwng_studio.widgets.heat_bar import HeatBar


@pytest.fixture
def jobs(qapp: object) -> Iterator[HeatJobs]:
    made = HeatJobs()
    yield made
    made.shutdown()


@pytest.fixture
def bar(qtbot: QtBot, session: Session, jobs: HeatJobs) -> Iterator[HeatBar]:
    session.open_video("test_fire_001")
    made = HeatBar(HeatMaps(session, jobs), session)
    qtbot.addWidget(made)
    made._heat.toggle()
    made.resize(480, 60)
    made.show()
    yield made
    if made._heat.is_on:
        made._heat.toggle()


def test_it_is_there_only_while_maps_are_wanted(qtbot: QtBot, bar: HeatBar) -> None:
    assert bar.isVisible()
    qtbot.mouseClick(bar.close_button, Qt.MouseButton.LeftButton)
    assert not bar.isVisible()
    assert not bar._heat.is_on


def test_words_can_be_typed_and_given_up(qtbot: QtBot, bar: HeatBar, jobs: HeatJobs) -> None:
    editor = bar.what.lineEdit()
    assert editor is not None
    editor.selectAll()
    qtbot.keyClicks(editor, "a burning car")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert wait_for_request(qtbot, jobs, 1)["text"] == "a burning car"
    bar.what.setCurrentIndex(0)
    bar.what.activated.emit(0)
    assert bar._heat.text == ""
    assert wait_for_request(qtbot, jobs, 2)["category"] == "fire"


def test_categories_are_offered(bar: HeatBar, session: Session) -> None:
    offered = [bar.what.itemText(place) for place in range(bar.what.count())]
    assert offered == ["the video's category", *session.categories.values()]


def test_the_legend_says_what_is_shown(qtbot: QtBot, bar: HeatBar, jobs: HeatJobs) -> None:
    wait_for_request(qtbot, jobs, 1)
    jobs.answer(1)
    assert "7 x 7 grid" in bar.legend.accessibleName()
    with qtbot.waitSignal(bar.opacity_changed):
        bar.slider.setValue(30)
    assert bar.opacity == 0.3


def test_a_quick_look_can_be_chosen(qtbot: QtBot, bar: HeatBar, jobs: HeatJobs) -> None:
    bar.quick.click()
    assert wait_for_request(qtbot, jobs, 1)["reading"] == "values"


def test_it_fits_a_narrow_player(bar: HeatBar) -> None:
    assert bar.minimumSizeHint().width() <= 480


def test_the_last_search_and_saved_queries_are_offered(session: Session, bar: HeatBar) -> None:
    def offered() -> list[str]:
        return [bar.what.itemText(place) for place in range(bar.what.count())]

    assert "a giraffe" not in offered()
    session.show_query(QueryCurves(videos={}, meta={"text": "a giraffe"}))
    assert offered()[:3] == ["the video's category", "a giraffe", "fighting"]
    session.save_query("a burning car")
    assert offered()[-1] == "a burning car"
    session.drop_query()
    assert "a giraffe" not in offered()
    editor = bar.what.lineEdit()
    assert editor is not None
    assert editor.text() == "the video's category"
