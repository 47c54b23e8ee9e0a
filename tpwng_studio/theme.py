"""Colours of the window, light and dark, and how they reach Qt.

In: "system", "light" or "dark". Out: Fusion style, a palette, a short style sheet, and a
:class:`Theme` that painters read with :func:`current` (again after ``PaletteChange``).
The class colours are Okabe and Ito's, which colour-blind people tell apart; nothing in the window
is said by colour alone. ``tests/studio/test_theme.py`` computes every contrast.
"""

from __future__ import annotations

from dataclasses import dataclass
from string import Template
from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

Scheme = Literal["system", "light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("system", "light", "dark")


@dataclass(frozen=True, kw_only=True)
class Theme:
    """One set of colours.

    Surfaces: ``background`` (plots, lists), ``panel`` (window, docks), ``raised`` (buttons, cards).
    Words: ``text`` and ``muted``, and ``abnormal_text``, ``normal_text``, ``warning``, ``accent``,
    which reach 4.5:1 on every surface. The rest is for curves, strips and lines, 3:1 on
    ``background``; ``selection`` is translucent, ``grid`` and ``border`` are quiet on purpose.
    """

    is_dark: bool
    background: QColor
    panel: QColor
    raised: QColor
    border: QColor
    text: QColor
    muted: QColor
    accent: QColor
    on_accent: QColor
    abnormal: QColor
    abnormal_text: QColor
    normal: QColor
    normal_text: QColor
    unknown: QColor
    warning: QColor
    psi: QColor
    score: QColor
    s_normal: QColor
    s_abnormal: QColor
    attention: QColor
    query: QColor
    truth: QColor
    playhead: QColor
    selection: QColor
    grid: QColor


LIGHT = Theme(
    is_dark=False,
    background=QColor("#ffffff"),
    panel=QColor("#f3f4f6"),
    raised=QColor("#fafbfc"),
    border=QColor("#c9ced6"),
    text=QColor("#1b1f24"),
    muted=QColor("#59616b"),
    accent=QColor("#2459b3"),
    on_accent=QColor("#ffffff"),
    abnormal=QColor("#D55E00"),
    abnormal_text=QColor("#a84600"),
    normal=QColor("#0072B2"),
    normal_text=QColor("#00629a"),
    unknown=QColor("#7d848d"),
    warning=QColor("#8a5a00"),
    psi=QColor("#7b3fa0"),
    score=QColor("#00795c"),
    s_normal=QColor("#0072B2"),
    s_abnormal=QColor("#D55E00"),
    attention=QColor("#2459b3"),
    query=QColor("#b8256e"),
    truth=QColor("#7a6a00"),
    playhead=QColor("#111418"),
    selection=QColor(36, 89, 179, 46),
    grid=QColor("#e3e6ea"),
)
DARK = Theme(
    is_dark=True,
    background=QColor("#15171b"),
    panel=QColor("#1e2126"),
    raised=QColor("#2a2e35"),
    border=QColor("#3b414b"),
    text=QColor("#e8eaed"),
    muted=QColor("#a3abb6"),
    accent=QColor("#7fb0ff"),
    on_accent=QColor("#0b1220"),
    abnormal=QColor("#D55E00"),
    abnormal_text=QColor("#ff9a52"),
    normal=QColor("#0072B2"),
    normal_text=QColor("#62b8ee"),
    unknown=QColor("#8b929c"),
    warning=QColor("#f0b94a"),
    psi=QColor("#c792ea"),
    score=QColor("#34cfa3"),
    s_normal=QColor("#56B4E9"),
    s_abnormal=QColor("#f28034"),
    attention=QColor("#7fb0ff"),
    query=QColor("#ff7ab6"),
    truth=QColor("#e5d84a"),
    playhead=QColor("#ffffff"),
    selection=QColor(127, 176, 255, 60),
    grid=QColor("#2a2e35"),
)

_OUTLINED = ("QCheckBox", "QRadioButton", "QLineEdit", "QAbstractSpinBox")

_STYLE_SHEET = Template("""
QToolTip { color: $text; background: $raised; border: 1px solid $border; padding: 3px; }
QDockWidget::title { background: $panel; padding: 5px 8px; border-bottom: 1px solid $border; }
QMainWindow::separator { background: $panel; width: 5px; height: 5px; }
QMainWindow::separator:hover { background: $accent; }
QHeaderView::section { background: $panel; color: $muted; border: none; padding: 4px 6px;
  border-bottom: 1px solid $border; }
QAbstractItemView { border: 2px solid $background; }
QAbstractItemView:focus { border-color: $accent; }
QStatusBar { border-top: 1px solid $border; }
QStatusBar::item { border: none; }
QDialogButtonBox { dialogbuttonbox-buttons-have-icons: 0; }
""")


def current() -> Theme:
    """The theme on screen, told from the application's palette."""
    return DARK if QGuiApplication.palette().window().color().lightness() < 128 else LIGHT


def apply(app: QApplication, scheme: Scheme) -> Theme:
    """Dress the application: Fusion style, palette, style sheet.

    ``system`` follows the desktop from now on, also when it changes while the window is open
    (call again on ``app.styleHints().colorSchemeChanged``; :mod:`tpwng_studio.app` does).

    Args:
        app: the one application.
        scheme: what the user chose.

    Returns:
        The theme that is now on screen.
    """
    hints = app.styleHints()
    schemes = {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}
    wanted = schemes.get(scheme, Qt.ColorScheme.Unknown)
    if hints.colorScheme() != wanted:
        hints.setColorScheme(wanted)
    is_dark = (hints.colorScheme() if scheme == "system" else wanted) == Qt.ColorScheme.Dark
    theme = DARK if is_dark else LIGHT
    app.setStyle("Fusion")
    app.setPalette(_palette(theme))
    if theme.is_dark:
        for kind in _OUTLINED:  # PySide takes a string, whatever its stubs say
            app.setPalette(_outlined(theme), kind)  # type: ignore[arg-type]
    app.setStyleSheet(_style_sheet(theme))
    return theme


def _palette(theme: Theme) -> QPalette:
    role = QPalette.ColorRole
    palette = QPalette(theme.raised, theme.panel)
    for which, colour in (
        (role.Window, theme.panel),
        (role.WindowText, theme.text),
        (role.Base, theme.background),
        (role.AlternateBase, theme.panel),
        (role.Text, theme.text),
        (role.PlaceholderText, theme.muted),
        (role.Button, theme.raised),
        (role.ButtonText, theme.text),
        (role.ToolTipBase, theme.raised),
        (role.ToolTipText, theme.text),
        (role.BrightText, theme.abnormal_text),
        (role.Highlight, theme.accent),
        (role.HighlightedText, theme.on_accent),
        (role.Accent, theme.accent),
        (role.Link, theme.accent),
        (role.LinkVisited, theme.accent),
        (role.Mid, theme.border),
        (role.Midlight, theme.raised),
        (role.Light, theme.raised.lighter(115)),
        (role.Dark, theme.border),
        (role.Shadow, theme.border.darker(140)),
    ):
        palette.setColor(which, colour)
    for which in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, _mixed(theme.muted, theme.panel))
    palette.setColor(QPalette.ColorGroup.Disabled, role.Highlight, theme.border)
    return palette


def _outlined(theme: Theme) -> QPalette:
    """A palette for controls that draw no window of their own, only Fusion's outline.

    Fusion takes the outline from the window's colour, darkened: on dark grounds nobody sees it.
    """
    palette = _palette(theme)
    palette.setColor(QPalette.ColorRole.Window, theme.muted)
    return palette


def _mixed(one: QColor, other: QColor) -> QColor:
    """One colour faded by a third towards another: what is disabled stays readable."""
    return QColor(
        (2 * one.red() + other.red()) // 3,
        (2 * one.green() + other.green()) // 3,
        (2 * one.blue() + other.blue()) // 3,
    )


def _style_sheet(theme: Theme) -> str:
    colours = {name: value.name() for name, value in vars(theme).items() if name != "is_dark"}
    return _STYLE_SHEET.substitute(colours)
