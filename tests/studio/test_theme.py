"""Colours: readable in light and dark by computation, and chosen by the user or the system."""

from __future__ import annotations

import itertools

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QCheckBox

from tpwng_studio import theme
from tpwng_studio.theme import DARK, LIGHT, Theme

SURFACES = ("background", "panel", "raised")
WORDS = ("text", "muted", "accent", "abnormal_text", "normal_text", "warning")
MARKS = (
    *("abnormal", "normal", "unknown", "psi", "score"),
    *("s_normal", "s_abnormal", "attention", "query", "truth", "playhead"),
)


def luminance(colour: QColor) -> float:
    """Relative luminance of WCAG 2.1."""
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (colour.redF(), colour.greenF(), colour.blueF())
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: QColor, other: QColor) -> float:
    """Contrast ratio of WCAG 2.1, 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("values", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("word", "surface"), [*itertools.product(WORDS, SURFACES)])
def test_words_reach_aa_on_every_surface(values: Theme, word: str, surface: str) -> None:
    assert contrast(getattr(values, word), getattr(values, surface)) >= 4.5


@pytest.mark.parametrize("values", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("mark", MARKS)
def test_curves_and_strips_stand_out_from_the_plot(values: Theme, mark: str) -> None:
    assert contrast(getattr(values, mark), values.background) >= 3.0


@pytest.mark.parametrize("values", [LIGHT, DARK], ids=["light", "dark"])
def test_selected_rows_are_readable(values: Theme) -> None:
    assert contrast(values.on_accent, values.accent) >= 4.5


@pytest.mark.parametrize("values", [LIGHT, DARK], ids=["light", "dark"])
def test_class_colours_are_the_designs(values: Theme) -> None:
    assert values.abnormal.name().upper() == "#D55E00"
    assert values.normal.name().upper() == "#0072B2"


def test_applying_a_scheme_changes_what_painters_read(qapp: QApplication) -> None:
    before = theme.current()
    schemes: tuple[tuple[theme.Scheme, theme.Theme], ...] = (("dark", DARK), ("light", LIGHT))
    for scheme, expected in schemes:
        assert theme.apply(qapp, scheme) is expected
        assert theme.current() is expected
        assert qapp.palette().color(QPalette.ColorRole.Base) == expected.background
        assert expected.border.name() in qapp.styleSheet()
    theme.apply(qapp, "dark" if before.is_dark else "light")


def test_system_gives_what_the_desktop_says(qapp: QApplication) -> None:
    shown = theme.apply(qapp, "system")
    assert shown.is_dark == (qapp.styleHints().colorScheme() == Qt.ColorScheme.Dark)


def test_an_empty_box_can_be_seen_in_the_dark_and_keeps_fusions_outline_in_the_light(
    qapp: QApplication,
) -> None:
    boxes = {}
    for scheme in ("dark", "light"):
        values = theme.apply(qapp, scheme)
        box = QCheckBox()
        picture = box.grab().toImage()
        middle = picture.height() // 2
        row = [picture.pixelColor(x, middle) for x in range(picture.width() // 2)]
        boxes[scheme] = max(contrast(colour, values.panel) for colour in row)
    assert boxes["dark"] >= 3.0
    light = QApplication.palette("QCheckBox")  # type: ignore[call-overload]
    assert light.window().color() == LIGHT.panel
