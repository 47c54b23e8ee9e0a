from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication, QWidget

from tpwng_studio.views.timeline.geometry import GAP_PX, HIDEABLE, ROWS, arrange, least_height
from tpwng_studio.views.timeline.look import Look


@pytest.fixture
def look(qapp: QApplication) -> Look:
    return Look.of(QWidget())


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    height=st.integers(0, 1500),
    hidden=st.frozensets(st.sampled_from(HIDEABLE)),
)
def test_rows_stand_below_each_other_and_fill_the_height(
    look: Look, height: int, hidden: frozenset[str]
) -> None:
    geometry = arrange((900, height), look, hidden)
    assert list(geometry.rows) == [row.id for row in ROWS if row.id not in hidden]
    expected = 0
    for name, (top, row_height) in geometry.rows.items():
        assert top == expected
        assert geometry.row_at(top) == geometry.row_at(top + row_height - 1) == name
        expected = top + row_height + GAP_PX
    if height >= least_height(look, hidden) and any(r.stretch for r in ROWS if r.id not in hidden):
        assert geometry.bottom + GAP_PX == height


@pytest.mark.parametrize("points", [7, 9, 14, 20])
def test_legends_and_values_have_room_at_every_font_size(qapp: QApplication, points: int) -> None:
    widget = QWidget()
    widget.setFont(QFont(widget.font().family(), points))
    look = Look.of(widget)
    geometry = arrange((1200, least_height(look, frozenset())), look, frozenset())
    for row in ROWS:
        legend = geometry.legend(row.id)
        assert look.width(row.note, is_small=True) < legend.width()
        assert look.small_px <= legend.height()
        readout = geometry.readout(row.id)
        for words in ("abnormal", "unknown", "0.000", "1:02:03.45"):
            assert look.width(words) <= readout.width()


def test_all_rows_share_the_borders_of_the_plot(look: Look) -> None:
    geometry = arrange((1000, 500), look, frozenset())
    lefts = {geometry.plot(row.id).left() for row in ROWS}
    rights = {geometry.plot(row.id).right() for row in ROWS}
    assert len(lefts) == len(rights) == 1
