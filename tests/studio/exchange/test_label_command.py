"""The copied line is what the verb takes, whatever the paths are called."""

from __future__ import annotations

import os
import shlex
from pathlib import Path

import pytest

from tpwng_core.cli.parser import make_parser
from tpwng_core.tuning import Tuning
from tpwng_studio.exchange.label_command import LabelCommand

pytestmark = pytest.mark.skipif(os.name == "nt", reason="quoted for a POSIX shell here")
ODD = Path("/data/my videos/it's #1.mp4")


def command(**changes: object) -> LabelCommand:
    values = {"source": ODD, "checkpoint": Path("/runs/a b/c.safetensors"), "out": Path("/out")}
    return LabelCommand(**{**values, **changes})  # type: ignore[arg-type]


def test_the_verb_reads_the_line_as_it_was_meant() -> None:
    text = command(features=Path("/fe at"), categories=("fire",)).text(Tuning(alpha=0.3, theta=0.5))
    words = shlex.split(text, comments=True)
    assert words[0] == "tpwng-core"
    found = make_parser().parse_args(words[1:])
    assert found.verb == "label"
    assert found.inputs == [ODD]
    assert (found.alpha, found.theta, found.category) == (0.3, 0.5, "fire")
    assert found.features == Path("/fe at")


@pytest.mark.parametrize(
    ("categories", "words"),
    [
        (None, []),
        ((), ["--category", "normal"]),
        (("fire",), ["--category", "fire"]),
        (("fire", "fighting"), ["--manifest", "/m.csv"]),
    ],
)
def test_who_says_what_it_shows(categories: tuple[str, ...] | None, words: list[str]) -> None:
    line = command(categories=categories, manifest=Path("/m.csv")).words(Tuning())
    assert line[17:] == words


def test_the_line_holds_every_setting_of_the_window() -> None:
    tuning = Tuning(alpha=1 / 3, theta=0.123456789, min_duration=3, merge_gap=2, smoothing=5)
    found = make_parser().parse_args(shlex.split(command().text(tuning))[1:])
    assert (found.alpha, found.theta) == (1 / 3, 0.123456789)
    assert (found.smoothing, found.min_duration, found.merge_gap) == (5, 3, 2)


def test_a_saved_query_goes_by_its_words() -> None:
    words = command(categories=("query_1",), query="- it's a fire").words(Tuning())
    found = make_parser().parse_args(words[1:])
    assert found.text == "- it's a fire"
    assert found.category is None
