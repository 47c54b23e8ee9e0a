"""Noise has the length and the correlation it is asked for."""

from __future__ import annotations

import numpy as np
import pytest

from tpwng_core.synthetic.noise import correlated_noise, correlated_series, white_noise


@pytest.mark.parametrize("num_dims", [4, 64])
def test_rows_have_the_length_asked_for_in_any_dimension(num_dims):
    rng = np.random.default_rng(0)
    for rows in (
        white_noise(rng, (4000, num_dims), 0.7),
        correlated_noise(rng, (4000, num_dims), 0.7, 0.6),
    ):
        assert np.sqrt((rows**2).sum(axis=1).mean()) == pytest.approx(0.7, rel=0.05)
        assert rows.dtype == np.float32


def test_a_series_remembers_the_step_before():
    series = correlated_series(np.random.default_rng(1), 20_000, 0.7)
    assert np.corrcoef(series[:-1], series[1:])[0, 1] == pytest.approx(0.7, abs=0.03)
    assert series.std() == pytest.approx(1.0, abs=0.05)


def test_the_first_row_is_as_long_as_the_others():
    rng = np.random.default_rng(2)
    first = [correlated_noise(rng, (3, 16), 1.0, 0.95)[0] for _ in range(500)]
    assert np.sqrt((np.array(first) ** 2).sum(axis=1).mean()) == pytest.approx(1.0, rel=0.1)
