"""Which keys stay with the widget that has the focus, and which act on the video.

In: the ``ShortcutOverride`` that Qt sends to the focused widget before it looks for a shortcut.
Accepting it there gives the key to the widget. So letters never act while somebody types a name,
arrows move a slider that was clicked, and Space presses a focused button. The window has one
:class:`KeyGuard`.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QKeySequenceEdit,
    QLineEdit,
    QPlainTextEdit,
    QTabBar,
    QTextEdit,
    QWidget,
)

_Key = Qt.Key
_TAB = {_Key.Key_Tab, _Key.Key_Backtab}
_ENTER = {_Key.Key_Return, _Key.Key_Enter}
_UP_DOWN = {_Key.Key_Up, _Key.Key_Down}
_LEFT_RIGHT = {_Key.Key_Left, _Key.Key_Right}
_PAGES = {_Key.Key_Home, _Key.Key_End, _Key.Key_PageUp, _Key.Key_PageDown}
_TEXT_FIELDS = (QLineEdit, QAbstractSpinBox, QTextEdit, QPlainTextEdit, QKeySequenceEdit)
_EDITING = Qt.KeyboardModifier.ControlModifier
# Keys with Ctrl that edit text; the others (save, export, palette) work while typing.
_EDIT_KEYS = {
    *(_Key.Key_A, _Key.Key_C, _Key.Key_V, _Key.Key_X, _Key.Key_Z, _Key.Key_Y),
    *(_Key.Key_Left, _Key.Key_Right, _Key.Key_Home, _Key.Key_End),
    *(_Key.Key_Backspace, _Key.Key_Delete),
}
_KEPT: tuple[tuple[type[QWidget], set[Qt.Key]], ...] = (
    (QAbstractSlider, _TAB | _UP_DOWN | _LEFT_RIGHT | _PAGES),
    (QComboBox, _TAB | _UP_DOWN | _ENTER | _PAGES | {_Key.Key_Space}),
    (QAbstractItemView, _TAB | _UP_DOWN | _ENTER | _PAGES),
    (QAbstractButton, _TAB | {_Key.Key_Space}),
    (QTabBar, _TAB | _LEFT_RIGHT),
)


class KeyGuard(QObject):
    """Filters the events of the widget that has the focus, and of no other.

    A filter on the application would run Python for every event of every widget.

    Signals:
        left: a key that was pressed and that the widget with the focus leaves to the window.

    Args:
        app: tells where the focus goes.
        parent: the owner.
    """

    left = Signal(QKeySequence)

    def __init__(self, app: QApplication, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._app = app
        app.focusChanged.connect(self._follow)
        self._follow(None, app.focusWidget())

    def stop(self) -> None:
        """Watch no more."""
        self._app.focusChanged.disconnect(self._follow)
        self._follow(self._app.focusWidget(), None)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Keep a key for the focused widget where it is the widget's own."""
        if (
            event.type() != QEvent.Type.ShortcutOverride
            or not isinstance(event, QKeyEvent)
            or not isinstance(watched, QWidget)
        ):
            return False
        if keeps(watched, event):
            event.accept()
            return True
        if not event.isAutoRepeat():
            self.left.emit(QKeySequence(event.keyCombination()))
        return False

    def _follow(self, before: QWidget | None, now: QWidget | None) -> None:
        if before is not None:
            before.removeEventFilter(self)
        if now is not None:
            now.installEventFilter(self)


def keeps(widget: QWidget, event: QKeyEvent) -> bool:
    """Whether ``widget`` itself wants the key of ``event``."""
    key = Qt.Key(event.key())
    modifiers = event.modifiers() & ~(
        Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier
    )
    if is_text_field(widget):
        if key == _Key.Key_Escape or _Key.Key_F1 <= key <= _Key.Key_F35:
            return False
        return not modifiers or (modifiers == _EDITING and key in _EDIT_KEYS)
    return not modifiers and any(isinstance(widget, kind) and key in keys for kind, keys in _KEPT)


def is_text_field(widget: QWidget) -> bool:
    """Whether letters typed into ``widget`` are text."""
    if isinstance(widget, QComboBox):
        return widget.isEditable()
    if isinstance(widget, QLineEdit | QTextEdit | QPlainTextEdit):
        return not widget.isReadOnly()
    return isinstance(widget, _TEXT_FIELDS)
