"""The command palette: a few letters find an action or a video."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tpwng_studio.actions.actions import ACTIONS, BY_ID
from tpwng_studio.actions.synonyms import SYNONYMS
from tpwng_studio.dialogs.fuzzy import match
from tpwng_studio.dialogs.palette import Entry, Palette, ranked


def entry(text: str, run: Callable[[], object] = lambda: None, **more: object) -> Entry:
    return Entry(text=text, group="Group", run=run, is_enabled=bool(more.get("is_enabled", True)))


@pytest.mark.parametrize(
    ("query", "text"), [("", "anything"), ("fr", "First frame"), ("ACC sc", "Accept this score")]
)
def test_letters_in_order_fit_whatever_their_case(query: str, text: str) -> None:
    assert match(query, text) is not None


@pytest.mark.parametrize(("query", "text"), [("x", "Undo"), ("oduu", "Undo")])
def test_letters_that_are_missing_or_in_another_order_do_not(query: str, text: str) -> None:
    assert match(query, text) is None


def test_starts_of_words_are_what_is_meant() -> None:
    names = ["Export…", "Next video", "Explosion_002", "Zoom to the segment", "First frame"]
    entries = [entry(name) for name in names]
    assert ranked(entries, "nv")[0][0].text == "Next video"
    assert ranked(entries, "ff")[0][0].text == "First frame"
    assert ranked(entries, "exp")[0][0].text in ("Export…", "Explosion_002")
    assert ranked(entries, "zseg")[0][0].text == "Zoom to the segment"


def test_the_places_are_those_of_the_letters() -> None:
    found = match("nv", "Next video")
    assert found is not None
    assert found.places == (0, 5)


def test_what_cannot_be_done_now_comes_last() -> None:
    entries = [entry("Undo", is_enabled=False), entry("Under the hood")]
    assert [item.text for item, _ in ranked(entries, "und")] == ["Under the hood", "Undo"]


def test_typing_and_enter_run_the_best_fit(qtbot: QtBot) -> None:
    ran: list[str] = []
    names = ("Export", "Undo", "Redo")
    palette = Palette([entry(name, lambda name=name: ran.append(name)) for name in names])  # type: ignore[misc]
    palette.show()
    qtbot.keyClicks(palette.field, "re")
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert ran == ["Redo"]


def test_arrows_choose_and_a_disabled_entry_does_nothing(qtbot: QtBot) -> None:
    ran: list[str] = []
    palette = Palette(
        [
            entry("One", lambda: ran.append("1")),
            entry("Two", lambda: ran.append("2"), is_enabled=False),
        ]
    )
    qtbot.addWidget(palette)
    palette.show()
    qtbot.keyClick(palette.field, Qt.Key.Key_Down)
    assert palette.list.currentIndex().row() == 1
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert ran == []
    qtbot.keyClick(palette.field, Qt.Key.Key_Up)
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert ran == ["1"]


def test_where_nothing_matches_it_says_so(qtbot: QtBot) -> None:
    palette = Palette([entry("Undo")])
    qtbot.addWidget(palette)
    palette.show()
    assert palette.nothing.isHidden()
    qtbot.keyClicks(palette.field, "qqq")
    assert palette.nothing.isVisible()
    assert palette.list.isHidden()
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    palette.field.clear()
    assert palette.list.isVisible()
    assert palette.nothing.isHidden()


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("open folder", "file.new"),
        ("export video", "file.export"),
        ("save", "file.save"),
        ("save as", "file.export"),
        ("preferences", "app.settings"),
        ("dark mode", "view.theme"),
        ("heatmap", "view.heat"),
        ("webcam", "run.watch"),
        ("exit", "app.quit"),
        ("shortcuts", "app.help"),
        ("undo", "edit.undo"),
    ],
)
def test_common_words_find_the_action(query: str, name: str) -> None:
    entries = [
        Entry(text=row.text, group=row.group, also=SYNONYMS.get(row.id, ()), run=lambda: None)
        for row in ACTIONS
    ]
    assert ranked(entries, query)[0][0].text == BY_ID[name].text


def test_other_words_are_of_actions_that_there_are() -> None:
    assert set(SYNONYMS) <= set(BY_ID)
