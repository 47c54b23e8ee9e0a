from __future__ import annotations

import re

from tpwng_core.report import palette
from tpwng_core.report.stylesheet import stylesheet


def test_every_colour_that_is_used_is_defined_for_light_and_dark():
    css = stylesheet()
    light, dark = re.findall(r":root \{([^}]*)\}", css)
    used = set(re.findall(r"var\(--([a-z]+)\)", css)) | set(palette.LIGHT)
    for variables in (light, dark):
        assert used <= set(re.findall(r"--([a-z]+):", variables))


def test_paper_is_light_and_shows_what_is_folded():
    css = stylesheet()
    assert "@media screen and (prefers-color-scheme: dark)" in css
    assert "details::details-content" in css[css.index("@media print") :]


def test_braces_are_balanced_and_nothing_is_fetched():
    css = stylesheet()
    assert css.count("{") == css.count("}")
    assert "url(" not in css
