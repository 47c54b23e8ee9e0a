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
        ("use --device cpu", "choose Settings, Compute on: CPU"),
        ("train with --set temporal.causal=true to watch live", "train with Look back only"),
        ("run it again", "run it again"),
    ],
)
def test_a_remedy_names_what_the_window_has(said: str, shown: str) -> None:
    assert in_window_words(said).startswith(shown)


def test_no_option_is_left_even_where_nobody_thought_of_it() -> None:
    words = in_window_words("--spread-labels is in (0, 1], not 2: give --clip or --elsewhere")
    assert "--" not in words
    assert words.startswith("spread labels is in")
