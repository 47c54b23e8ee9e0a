"""Every action of the table is bound to something, and nothing else is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tpwng_studio.actions.actions import BY_ID
from tpwng_studio.settings import Settings
from tpwng_studio.shell.bindings import handlers_of
from tpwng_studio.shell.main_window import MainWindow


@pytest.fixture
def window(tmp_path: Path) -> Iterator[MainWindow]:
    made = MainWindow(Settings.in_file(tmp_path / "settings.ini"))
    yield made
    made.close()
    made.deleteLater()


def test_each_action_has_a_handler(window: MainWindow) -> None:
    assert set(handlers_of(window)) == set(BY_ID)


def test_every_action_that_is_on_without_a_project_can_be_triggered(window: MainWindow) -> None:
    """None may raise; what closes the window or opens a dialog is left to other tests."""
    for name, row in BY_ID.items():
        if row.group in ("View", "Move", "Play", "Segments", "Labels", "Review", "Edit"):
            window.actions_by_id[name].trigger()
    assert window.session.project is None
