"""``QAction`` objects made of the table in :mod:`.actions`: menus, keys, what is on.

In: handlers by action id, the user's keys, and what there is to act on. Out: triggered handlers.
The window owns one :class:`ActionSet`; palette, help overlay and key editor read it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from functools import partial

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from tpwng_core.errors import TpwngError
from tpwng_studio.actions.actions import ACTIONS, BY_ID, GROUPS, Action, effective_keys, shown
from tpwng_studio.icons import icon

Handler = Callable[[], object]
Report = Callable[[str, str], object]


class ActionSet:
    """All actions of one window.

    Args:
        window: gets the actions, so that their keys work wherever the focus is in it.
        handlers: what each action calls; every id of the table, no other.
        keys: the user's own keys by id.
        report: hears "error" and a text when a handler refuses.

    Raises:
        ValueError: an action has no handler, or a handler no action (a programming error).
    """

    def __init__(
        self,
        window: QWidget,
        handlers: Mapping[str, Handler],
        keys: Mapping[str, Sequence[str]],
        report: Report,
    ) -> None:
        if set(handlers) != set(BY_ID):
            raise ValueError(f"actions and handlers differ: {set(handlers) ^ set(BY_ID)}")
        self._actions = {action.id: _make(action, window) for action in ACTIONS}
        for name, action in self._actions.items():
            action.triggered.connect(partial(_call, handlers[name], report))
        self.set_keys(keys)
        self.refresh_icons()

    def __getitem__(self, name: str) -> QAction:
        return self._actions[name]

    def set_keys(self, changed: Mapping[str, Sequence[str]]) -> None:
        """Give every action its keys; those in ``changed`` replace the table's."""
        self.keys = effective_keys(changed)
        for name, keys in self.keys.items():
            action = self._actions[name]
            action.setShortcuts([QKeySequence(key) for key in keys])
            tip = BY_ID[name].tip or BY_ID[name].text.rstrip("…")
            action.setToolTip(f"{tip} ({shown(keys)})" if keys else tip)

    def set_available(self, there: Set[str]) -> None:
        """Switch each action on or off by whether what it needs is ``there``."""
        for name, action in self._actions.items():
            needs = BY_ID[name].needs
            action.setEnabled(not needs or needs in there)

    def is_off(self, key: QKeySequence, needs: Set[str]) -> bool:
        """Whether a key belongs to an action that has one of these needs and is switched off."""
        return any(
            key in action.shortcuts() and BY_ID[name].needs in needs and not action.isEnabled()
            for name, action in self._actions.items()
        )

    def set_category_names(self, names: Sequence[str]) -> None:
        """Name the categories of the keys 1 to 9; keys without a category are hidden."""
        for number in range(1, 10):
            action = self._actions[f"category.{number}"]
            action.setVisible(number <= len(names))
            if number <= len(names):
                action.setText(f"Category: {names[number - 1]}")

    def refresh_icons(self) -> None:
        """Draw the icons again in the colours of the theme on screen."""
        for name, action in self._actions.items():
            if drawing := BY_ID[name].icon:
                action.setIcon(icon(drawing))

    def fill(self, bar: QMenuBar) -> dict[str, QMenu]:
        """Put one menu per group into ``bar``; the menus by group."""
        menus = {}
        for group in GROUPS:
            menu = bar.addMenu(f"&{group}")
            menu.setToolTipsVisible(False)
            previous = ""
            for action in (item for item in ACTIONS if item.group == group):
                kind = action.id.split(".", maxsplit=1)[0]
                if previous and kind != previous:
                    menu.addSeparator()
                menu.addAction(self._actions[action.id])
                previous = kind
            menus[group] = menu
        return menus


def _make(row: Action, window: QWidget) -> QAction:
    action = QAction(row.text, window)
    action.setObjectName(row.id)
    action.setCheckable(row.checkable)
    action.setAutoRepeat(row.group in ("Move", "Segments", "View"))
    if row.id == "app.quit":
        action.setMenuRole(QAction.MenuRole.QuitRole)
    elif row.id == "app.settings":
        action.setMenuRole(QAction.MenuRole.PreferencesRole)
    elif row.id == "app.about":
        action.setMenuRole(QAction.MenuRole.AboutRole)
    else:
        action.setMenuRole(QAction.MenuRole.NoRole)
    window.addAction(action)
    return action


def _call(handler: Handler, report: Report, _checked: bool = False) -> None:
    """Call without the flag that ``triggered`` carries; what is refused is told, not lost."""
    try:
        handler()
    except TpwngError as error:
        report("error", str(error))
