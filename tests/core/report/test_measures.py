from __future__ import annotations

import pytest

from tpwng_core.report.measures import duration, paired_percent, percent, plain


def test_spread_over_seeds_divides_by_n_minus_one():
    assert percent([0.8, 0.9]) == "85.0 ± 7.1"


def test_one_seed_and_none():
    assert percent([0.8779]) == "87.8"
    assert percent([]) == percent(None) == "–"


def test_paired_differences_go_seed_by_seed():
    assert paired_percent([0.7, 0.9], [0.8, 1.0]) == "−10.0 ± 0.0"
    assert paired_percent([0.9], [0.8]) == "+10.0"
    assert paired_percent([0.9], None) == "–"


def test_unequal_numbers_of_seeds_are_not_paired():
    with pytest.raises(ValueError):
        paired_percent([0.7, 0.9], [0.8])


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.417, "0.42 s"), (31.52, "31.5 s"), (125, "2 min 05 s"), (7500, "2 h 05 min")],
)
def test_durations_read_as_people_write_them(seconds, text):
    assert duration(seconds) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "–"),
        (True, "yes"),
        (1109824, "1,109,824"),
        (0.00012345, "0.0001234"),
        ({"a": 1, "b": [2.5, None]}, "a 1, b 2.5, –"),
        ("as is", "as is"),
    ],
)
def test_settings_read_as_text(value, text):
    assert plain(value) == text
