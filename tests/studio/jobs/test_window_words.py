"""Remedies of the worker as the window says them."""

from __future__ import annotations

import pytest

from tpwng_studio.jobs.window_words import in_window_words


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("add --resume to go on with it, or choose another --out", "Resume it, or train a new run"),
        ("train without --resume", "train a new run"),
        (
            "give the --labels it was begun with, or train into another --out",
            "train a new run",
        ),
        ("free some space or choose another --out", "free some space"),
        ("rename the file /a/features or choose another --out", "rename the file /a/features"),
        ("choose another --out, so that the model before it stays", "train a new run"),
        ("choose another --out", "choose another place"),
        ("use --device cpu", "choose Settings, Compute on: CPU"),
        ("train with --set temporal.causal=true to watch live", "train with Look back only"),
        ("the length is not known (give --videos or --features)", "the length is not known (ext"),
        ("there is no checkpoint (train one: tpwng-core train)", "there is no checkpoint (train o"),
        ("make it again: tpwng-core label", "make it again: Train, Use"),
        ("run it again", "run it again"),
    ],
)
def test_a_remedy_names_what_the_window_has(said: str, shown: str) -> None:
    assert in_window_words(said).startswith(shown)
    assert "tpwng-core" not in in_window_words(said)


@pytest.mark.parametrize(
    "said",
    ["there is no file /videos/robbery--bank.mp4", "/v/my--clip.mp4 is empty", "a--labels is odd"],
)
def test_names_of_files_stay_as_they_are(said: str) -> None:
    assert in_window_words(said) == said


def test_the_remedy_of_a_file_that_cannot_be_written_names_no_run() -> None:
    words = in_window_words("cannot write /a/b: No space (free some space or choose another --out)")
    assert words == "cannot write /a/b: No space (free some space)"


def test_an_option_is_no_part_of_a_longer_one() -> None:
    assert in_window_words("give --clip-dtype") == "give clip dtype"


def test_no_option_is_left_even_where_nobody_thought_of_it() -> None:
    words = in_window_words("--spread-labels is in (0, 1], not 2: give --clip or --elsewhere")
    assert "--" not in words
    assert words.startswith("spread labels is in")
