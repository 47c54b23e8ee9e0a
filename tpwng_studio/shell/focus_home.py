"""Where the keyboard goes when what had it is gone, and why a click on a button takes none of it.

The window's focus in; the focus at home, on the timeline, out. Qt passes the focus of a widget that
is switched off or hidden on to the next one, and there the next key changes what nobody chose: the
category of the video, the weight of a correction. Used by the window only.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from tpwng_studio.actions.key_guard import is_text_field

_CLICK = Qt.FocusPolicy.ClickFocus
_TAB = Qt.FocusPolicy.TabFocus


class FocusHome(QObject):
    """Brings the focus home.

    Made after the :class:`~tpwng_studio.actions.key_guard.KeyGuard`, which hears of each step in
    its order.

    Args:
        app: tells where the focus goes.
        home: gets it; keys pressed there mean the video.
        parent: the owner.
    """

    def __init__(self, app: QApplication, home: QWidget, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._app = app
        self._home = home
        app.focusChanged.connect(self._follow)

    def stop(self) -> None:
        """Watch no more."""
        self._app.focusChanged.disconnect(self._follow)

    def calm(self, panel: QWidget) -> None:
        """A click on a button of ``panel`` leaves the focus where it is; Tab still goes there.

        Else Space, which plays, would press the button again.
        """
        for button in panel.findChildren(QAbstractButton):
            if (button.focusPolicy() & _CLICK) == _CLICK:
                button.setFocusPolicy(_TAB)
                button.pressed.connect(self._finish_typing)

    def _finish_typing(self) -> None:
        """What was typed counts before a button acts, as if the click had taken the focus."""
        focused = self._app.focusWidget()
        if focused is not None and self._is_ours(focused) and is_text_field(focused):
            self._home.setFocus(Qt.FocusReason.MouseFocusReason)

    def _follow(self, before: QWidget | None, now: QWidget | None) -> None:
        if before is None or now is self._home or not self._is_ours(before):
            return
        # Qt hands the focus on itself only then; whoever else takes it does so on purpose.
        if not (before.isEnabled() and before.isVisible()) and self._home.isVisible():
            self._home.setFocus(Qt.FocusReason.OtherFocusReason)

    def _is_ours(self, widget: QWidget) -> bool:
        return widget.window() is self._home.window()
