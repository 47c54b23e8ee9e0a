"""Every control of the panels and dialogs says what it is, to eyes and to screen readers."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QComboBox, QWidget

from tpwng_studio.dialogs.export import ExportDialog
from tpwng_studio.jobs.jobs import Jobs
from tpwng_studio.live.search import Search
from tpwng_studio.live.watch import Watch
from tpwng_studio.state.session import Session
from tpwng_studio.views.live import LiveView
from tpwng_studio.views.parameters import ParametersView
from tpwng_studio.views.review import ReviewView
from tpwng_studio.views.search import SearchView
from tpwng_studio.views.segments import SegmentsView
from tpwng_studio.views.texts import TextsView

VIEWS: dict[str, Callable[[Session, Jobs], QWidget]] = {
    "parameters": ParametersView,
    "segments": lambda session, jobs: SegmentsView(session),
    "review": lambda session, jobs: ReviewView(session),
    "search": lambda session, jobs: SearchView(session, Search(session, jobs)),
    "texts": lambda session, jobs: TextsView(session),
    "live": lambda session, jobs: LiveView(session, Watch(parent=jobs)),
    "export": lambda session, jobs: ExportDialog(session),
}


def controls(view: QWidget) -> list[QWidget]:
    """What Tab reaches; lists of combo boxes are windows of their own."""
    return [
        item
        for item in view.findChildren(QWidget)
        if item.focusPolicy() & Qt.FocusPolicy.TabFocus
        and item.window() is view
        and not item.objectName().startswith("qt_")
    ]


@pytest.mark.parametrize("name", VIEWS)
def test_each_control_has_a_name(qtbot, session: Session, name: str) -> None:
    jobs = Jobs()
    view = VIEWS[name](session, jobs)
    view.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    qtbot.addWidget(view)
    nameless = [
        f"{type(item).__name__} {item.toolTip()}"
        for item in controls(view)
        if not item.accessibleName() and not (isinstance(item, QAbstractButton) and item.text())
    ]
    view.close()
    jobs.shutdown()
    assert not nameless


@pytest.mark.parametrize("name", ["parameters", "segments", "review", "live"])
def test_each_button_and_box_has_a_tip(qtbot, session: Session, name: str) -> None:
    jobs = Jobs()
    view = VIEWS[name](session, jobs)
    qtbot.addWidget(view)
    silent = [
        item.accessibleName() or type(item).__name__
        for item in controls(view)
        if isinstance(item, QAbstractButton | QComboBox) and not item.toolTip()
    ]
    jobs.shutdown()
    assert not silent
