"""Four arrangements of the docks, Review, Tune, Train and Live, each as the user left it.

In: the window and who makes its panels. Out: docks that are placed, shown, filled when they are
seen, and remembered. Used by the window only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QByteArray, Qt, QTimer
from PySide6.QtWidgets import QApplication, QDockWidget, QMainWindow, QTabBar, QTabWidget, QWidget

from tpwng_studio.settings import Settings
from tpwng_studio.shell.dock_widths import DockWidths

# Grows when docks are added or renamed: states of an older window do not fit any more.
STATE_VERSION = 4
_LEFT = Qt.DockWidgetArea.LeftDockWidgetArea
_RIGHT = Qt.DockWidgetArea.RightDockWidgetArea


@dataclass(frozen=True, kw_only=True)
class Layout:
    """Panels of each side from top to bottom, those of one place as tabs, the first in front.

    Widths and heights are shares of the window, so that a layout fits 1280 as well as 2560 pixels.
    """

    left: tuple[tuple[str, ...], ...]
    right: tuple[tuple[str, ...], ...]
    left_share: float
    right_share: float
    left_heights: tuple[int, ...]
    right_heights: tuple[int, ...]


LAYOUTS: Mapping[str, Layout] = {
    "review": Layout(
        left=(("library",), ("review", "search")),
        right=(("segments", "parameters", "retrain"), ("texts",)),
        left_share=0.20,
        right_share=0.25,
        left_heights=(3, 2),
        right_heights=(3, 2),
    ),
    "tune": Layout(
        left=(("library", "search"),),
        right=(("parameters", "retrain"), ("texts", "segments")),
        left_share=0.17,
        right_share=0.27,
        left_heights=(1,),
        right_heights=(4, 1),
    ),
    "train": Layout(
        left=(("library", "search"),),
        right=(("training", "retrain"),),
        left_share=0.16,
        right_share=0.36,
        left_heights=(1,),
        right_heights=(1,),
    ),
    "live": Layout(
        left=(("library", "search"),),
        right=(("live",),),
        left_share=0.15,
        right_share=0.42,
        left_heights=(1,),
        right_heights=(1,),
    ),
}
TITLES = {
    "library": "Project",
    "review": "Review queue",
    "search": "Search",
    "parameters": "Parameters",
    "segments": "Segments",
    "texts": "Texts at the playhead",
    "training": "Training",
    "retrain": "Retrain",
    "live": "Live",
}


class Layouts:
    """The docks of one window.

    Args:
        window: gets the docks.
        make_panel: puts the panel of a name of ``TITLES`` into its dock; asked when the dock is
            seen for the first time.
        settings: keeps how the docks were left.
    """

    def __init__(
        self, window: QMainWindow, make_panel: Callable[[str], object], settings: Settings
    ) -> None:
        self._window = window
        self._make_panel = make_panel
        self._settings = settings
        self._name = settings.layout_name if settings.layout_name in LAYOUTS else "review"
        self._is_shown = False
        self._titles = QTimer(window, singleShot=True, interval=0)
        self._titles.timeout.connect(self._show_titles)
        self._look = QTimer(window, singleShot=True, interval=0)
        self._look.timeout.connect(self._fill_seen)
        self.docks = {name: self._dock(name) for name in TITLES}
        window.setTabPosition(_LEFT | _RIGHT, QTabWidget.TabPosition.North)
        window.setDockOptions(
            QMainWindow.DockOption.AnimatedDocks
            | QMainWindow.DockOption.AllowNestedDocks
            | QMainWindow.DockOption.AllowTabbedDocks
        )
        for dock in self.docks.values():
            dock.hide()
        self._widths = DockWidths(window, self.docks)

    @property
    def name(self) -> str:
        """The layout that is chosen."""
        return self._name

    @property
    def is_shown(self) -> bool:
        """Whether docks are on screen: not while no project is open."""
        return self._is_shown

    def show(self) -> None:
        """Show the chosen layout, as it was left."""
        if not self._is_shown:
            self._is_shown = True
            self._restore()

    def hide(self) -> None:
        """Hide all docks: there is no project to show."""
        self.remember()
        self._is_shown = False
        for dock in self.docks.values():
            dock.hide()

    def choose(self, name: str) -> None:
        """Change to another layout; the one before is remembered."""
        self.remember()
        self._name = self._settings.layout_name = name
        if self._is_shown:
            self._restore()

    def reset(self) -> None:
        """Place the docks of this layout as they were made."""
        self._settings.set_state(self._key, QByteArray())
        self._settings.set_state(f"{self._key}/widths", QByteArray())
        if self._is_shown:
            self._arrange()

    def remember(self) -> None:
        """Keep how the docks stand now, and how wide they are where there is room."""
        if self._is_shown:
            self._settings.set_state(f"{self._key}/widths", self._widths.saved())
            self._settings.set_state(self._key, self._window.saveState(STATE_VERSION))
            names = [name for name, dock in self.docks.items() if not dock.isHidden()]
            self._settings.set_state(f"{self._key}/docks", QByteArray(",".join(names).encode()))

    def bring_up(self, name: str) -> None:
        """Show a panel, in front of those that share its place."""
        self._make_panel(name)
        self.docks[name].show()
        self.docks[name].raise_()

    def shown_panels(self) -> list[QWidget]:
        """Panels one can see now, in the order of the docks."""
        self._fill_seen()
        return [self.docks[name].widget() for name in self._seen()]

    @property
    def _key(self) -> str:
        return f"layout/{self._name}"

    def _dock(self, name: str) -> QDockWidget:
        dock = QDockWidget(TITLES[name], self._window)
        dock.setObjectName(f"dock_{name}")
        features = QDockWidget.DockWidgetFeature
        dock.setFeatures(
            features.DockWidgetClosable | features.DockWidgetMovable | features.DockWidgetFloatable
        )
        dock.dockLocationChanged.connect(self._titles.start)
        dock.topLevelChanged.connect(self._titles.start)
        dock.visibilityChanged.connect(self._look.start)
        return dock

    def _seen(self) -> list[str]:
        """Docks that nothing hides: a tab behind another lies outside of the window."""
        return [name for name, dock in self.docks.items() if not dock.visibleRegion().isEmpty()]

    def _fill_seen(self) -> None:
        for name in self._seen():
            self._make_panel(name)

    def _restore(self) -> None:
        state = self._settings.state(self._key)
        self._take_out()
        if state.isEmpty() or not self._window.restoreState(state, STATE_VERSION):
            self._arrange()
            return
        # Qt's state brings docks back that were taken out before it was saved.
        names = bytes(self._settings.state(f"{self._key}/docks").data()).decode().split(",")
        for name, dock in self.docks.items():
            dock.setVisible(name in names)
        self._widths.restore(self._settings.state(f"{self._key}/widths"))
        self._titles.start()

    def _arrange(self) -> None:
        layout = LAYOUTS[self._name]
        self._take_out()
        for names in (*layout.left, *layout.right):
            self._make_panel(names[0])
        for area, side in ((_LEFT, layout.left), (_RIGHT, layout.right)):
            for names in side:
                self._stack(area, names)
        self._share_room()
        self._widths.begin()
        QTimer.singleShot(0, self._window, self._show_tabs)
        self._titles.start()

    def _share_room(self) -> None:
        layout = LAYOUTS[self._name]
        width, height = self._window.width(), self._window.height()
        for side, share, heights in (
            (layout.left, layout.left_share, layout.left_heights),
            (layout.right, layout.right_share, layout.right_heights),
        ):
            tops = [self.docks[names[0]] for names in side]
            parts = [height * part // sum(heights) for part in heights]
            widths = [round(width * share)] * len(tops)
            self._window.resizeDocks(tops, widths, Qt.Orientation.Horizontal)
            self._window.resizeDocks(tops, parts, Qt.Orientation.Vertical)

    def _show_titles(self) -> None:
        """A panel whose name stands on a tab needs no second title."""
        for dock in self.docks.values():
            is_tab = bool(self._window.tabifiedDockWidgets(dock)) and not dock.isFloating()
            bare = dock.titleBarWidget()
            if is_tab and bare is None:
                dock.setTitleBarWidget(QWidget(dock))
            elif not is_tab and bare is not None:
                dock.setTitleBarWidget(None)  # type: ignore[arg-type]
                bare.deleteLater()

    def _show_tabs(self) -> None:
        """Qt shows a new bar of tabs only when a dock moved after it was made."""
        for bar in self._window.findChildren(
            QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly
        ):
            bar.setVisible(bar.count() > 1)

    def _take_out(self) -> None:
        """No dock has a place: what a layout does not name must not be there."""
        for dock in self.docks.values():
            dock.setFloating(False)
            self._window.removeDockWidget(dock)

    def _stack(self, area: Qt.DockWidgetArea, names: tuple[str, ...]) -> None:
        """Put docks in one place, as tabs; the first is in front."""
        docks = [self.docks[name] for name in names]
        self._window.addDockWidget(area, docks[0], Qt.Orientation.Vertical)
        for before, dock in pairwise(docks):
            self._window.tabifyDockWidget(before, dock)
        for dock in docks:
            dock.show()
        docks[0].raise_()


def focus_next(panels: Sequence[QWidget], step: int) -> None:
    """Give the focus to the panel after (1) or before (-1) the one that has it."""
    focused = QApplication.focusWidget()
    places = [n for n, panel in enumerate(panels) if focused and panel.isAncestorOf(focused)]
    places += [n for n, panel in enumerate(panels) if panel is focused]
    place = (places[0] + step) % len(panels) if places else 0
    panel = panels[place]
    inside = [child for child in panel.findChildren(QWidget) if _takes_focus(child)]
    target = panel if _takes_focus(panel) or not inside else inside[0]
    target.setFocus(Qt.FocusReason.TabFocusReason)


def _takes_focus(widget: QWidget) -> bool:
    is_on = widget.isVisible() and widget.isEnabled()
    return is_on and bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
