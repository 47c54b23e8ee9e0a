"""The menu of the timeline: which rows are shown, and what a mouse without keys needs.

Built anew each time it opens, so that it always says how things are. Called by the view.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Protocol

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from tpwng_studio.views.timeline.geometry import HIDEABLE, ROW


class Host(Protocol):
    """What the menu changes."""

    @property
    def hidden_rows(self) -> Collection[str]:
        """Ids of the rows that are not shown."""

    @property
    def absent_rows(self) -> Collection[str]:
        """Ids of the rows there is nothing for now."""

    @property
    def shows_reach(self) -> bool:
        """Whether the reach of attention is drawn."""

    @property
    def shows_attention(self) -> bool | None:
        """Whether attention is asked for; None where nobody can tell it."""

    def toggle_attention(self) -> None:
        """Ask for attention, or no more."""

    def set_row_visible(self, row: str, is_visible: bool) -> None:
        """Show or hide a row."""

    def set_reach_visible(self, is_visible: bool) -> None:
        """Draw the reach of attention or not."""

    def fit(self) -> None:
        """Show the whole video."""

    def zoom_to_segment(self) -> None:
        """Show the selected segment."""

    def reset_theta(self) -> None:
        """Back to the theta that the curves were made with."""


def timeline_menu(host: Host, parent: QWidget) -> QMenu:
    """The menu, ready to pop up; it deletes itself when it closes."""
    menu = QMenu(parent)
    menu.setObjectName("timelineMenu")
    _add(menu, "Fit the whole video", host.fit)
    _add(menu, "Zoom to the segment", host.zoom_to_segment)
    _add(menu, "Reset theta", host.reset_theta)
    menu.addSeparator()
    for row in [row for row in HIDEABLE if row not in host.absent_rows]:
        shown = _add(menu, ROW[row].title, lambda on, row=row: host.set_row_visible(row, on))
        shown.setCheckable(True)
        shown.setChecked(row not in host.hidden_rows)
    menu.addSeparator()
    reach = _add(menu, "Reach of attention at the playhead", host.set_reach_visible)
    reach.setCheckable(True)
    reach.setChecked(host.shows_reach)
    if host.shows_attention is not None:
        weights = _add(menu, "Weights of attention at the playhead", host.toggle_attention)
        weights.setCheckable(True)
        weights.setChecked(host.shows_attention)
    menu.aboutToHide.connect(menu.deleteLater)
    return menu


def _add(menu: QMenu, text: str, act: Callable[..., None]) -> QAction:
    action = menu.addAction(text)
    action.triggered.connect(act)  # Qt leaves "checked" out where the slot does not take it
    return action
