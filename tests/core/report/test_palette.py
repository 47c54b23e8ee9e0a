from __future__ import annotations

import pytest

from tpwng_core.report import palette


def luminance(color: str) -> float:
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("colors", [palette.LIGHT, palette.DARK], ids=["light", "dark"])
def test_text_reaches_aa_and_marks_reach_three_to_one(colors):
    assert contrast(colors["ink"], colors["paper"]) >= 7
    assert contrast(colors["muted"], colors["paper"]) >= 4.5
    for name in ("abnormal", "normal", "unknown", "psi", "green", "amber"):
        assert contrast(colors[name], colors["paper"]) >= 3, name


def test_dark_replaces_every_light_colour_and_none_is_ambiguous():
    assert set(palette.DARK) == set(palette.LIGHT)
    assert len(set(palette.LIGHT.values())) == len(palette.LIGHT)


def test_series_differ_without_colour():
    looks = [(dashes, marker) for _, dashes, marker in palette.SERIES]
    assert len({dashes for dashes, _ in looks}) == len(looks)
    assert len({marker for _, marker in looks}) == len(looks)
