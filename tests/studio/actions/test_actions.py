"""The table of actions: every key of the design, no key twice, words for everything."""

from __future__ import annotations

import pytest

from tpwng_studio.actions.actions import ACTIONS, BY_ID, conflicts, effective_keys, portable, shown

# The table "Keys and mouse" of the design, group by group.
DESIGN = {
    "play": ("Space", "K", "J", "L", "P"),
    "move": (
        *("Left", "Right", ",", ".", "Shift+Left", "Shift+Right", "Ctrl+Left", "Ctrl+Right"),
        *("Home", "End", "G", "PgUp", "PgDown"),
    ),
    "segments": (
        *("Up", "Down", "[", "]", "Alt+Left", "Alt+Right", "I", "O", "Return", "Enter"),
        *("S", "M", "Del"),
    ),
    "state": ("A", "N", "U", *"123456789", "R", "Shift+R"),
    "review": ("Tab", "Shift+Tab"),
    "view": ("+", "-", "F", "Z", "B", "F11"),
    "app": ("Ctrl+Z", "Ctrl+Shift+Z", "Ctrl+S", "Ctrl+E", "Ctrl+Shift+P", "?", "Ctrl+,"),
}


@pytest.mark.parametrize("group", DESIGN)
def test_every_key_of_the_design_does_something(group: str) -> None:
    bound = {key for action in ACTIONS for key in action.keys}
    assert set(DESIGN[group]) <= bound


def test_no_key_is_claimed_twice() -> None:
    assert conflicts(effective_keys({})) == {}


def test_every_key_is_one_that_qt_knows() -> None:
    for action in ACTIONS:
        assert all(portable(key) == key for key in action.keys), action.id


def test_ids_are_unique_and_texts_tell_actions_apart() -> None:
    assert len(BY_ID) == len(ACTIONS)
    assert len({action.text for action in ACTIONS}) == len(ACTIONS)


def test_a_conflict_names_both_actions() -> None:
    keys = effective_keys({"play.toggle": ["a"]})
    assert conflicts(keys) == {"A": ["play.toggle", "state.abnormal"]}


def test_the_users_keys_replace_the_tables() -> None:
    keys = effective_keys({"play.toggle": ["F5"], "edit.undo": []})
    assert keys["play.toggle"] == ("F5",)
    assert keys["edit.undo"] == ()
    assert keys["edit.redo"] == BY_ID["edit.redo"].keys


def test_keys_are_shown_once_and_briefly() -> None:
    assert shown(("Return", "Enter")) == "Enter"
    assert shown(("Left", ",")) == "← or ,"
