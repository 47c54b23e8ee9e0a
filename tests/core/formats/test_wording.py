"""One text per mark, and what other tools' words mean."""

from __future__ import annotations

from pathlib import Path

import pytest

from tpwng_core.formats import ExportItem
from tpwng_core.formats.annotation import Mark
from tpwng_core.formats.wording import mark_text, media_name, state_and_category


@pytest.mark.parametrize("category", [None, "Abuse", "a (b)", "x) y", "two\nlines", "abnormal"])
@pytest.mark.parametrize("state", ["abnormal", "normal", "unknown"])
def test_a_mark_comes_back_from_its_text(state, category) -> None:
    text = mark_text(Mark(start=0, end=1, state=state, category=category))
    assert state_and_category(text) == (state, category)


def test_other_words_are_categories_and_names_of_normal_are_normal() -> None:
    assert state_and_category(" Fighting ") == ("abnormal", "Fighting")
    assert state_and_category("Normal") == ("normal", None)
    assert state_and_category("") == ("abnormal", None)


def test_the_file_name_tells_the_id() -> None:
    assert media_name(ExportItem(video="a", path=Path("x/a.avi"))) == "a.avi"
    assert media_name(ExportItem(video="a-12345678", path=Path("x/a.avi"))) == "a-12345678.avi"
    assert media_name(ExportItem(video="a")) == "a.mp4"
