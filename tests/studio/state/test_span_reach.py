"""What R and z mean in snippets, compared with Eq. 7 written out as loops."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tpwng_studio.state.span_reach import smallest_weight, span_reach


def test_weight_is_full_up_to_z_half_behind_it_and_none_at_the_end() -> None:
    span = np.array([[2.0, 4.0, 9.0]] * 40)
    reach = span_reach(span, 16.0, 5)
    assert (reach.full, reach.full_low, reach.full_high) == (4.0, 2.0, 9.0)
    assert (reach.half, reach.zero) == (12.0, 20.0)


def test_nothing_reaches_beyond_the_window() -> None:
    reach = span_reach(np.full((1000, 4), 100.0), 256.0, 500)
    assert (reach.half, reach.zero) == (228.0, 255.0)


def test_the_printed_r_masks_little_of_a_short_video() -> None:
    assert smallest_weight(np.full((250, 4), 125.0), 256.0) > 0.5
    assert smallest_weight(np.full((250, 4), 125.0), 16.0) == 0.0


def test_a_model_that_looks_back_sees_nothing_behind_a_snippet() -> None:
    span = np.full((40, 4), 1.4)
    reach = span_reach(span, 16.0, 5, looks_back=True)
    assert reach.words == "attends 1 snippet back"
    assert span_reach(span, 16.0, 5).words == "attends 1 snippet each way"
    assert reach.smallest_weight == pytest.approx((16 + 1.4 - 5) / 16)
    assert span_reach(span, 16.0, 0, looks_back=True).smallest_weight == 1.0


@given(st.integers(1, 30), st.floats(1, 512), st.integers(0, 2**32 - 1), st.booleans())
def test_smallest_weight_is_that_of_the_loops(
    num_snippets: int, softness: float, seed: int, looks_back: bool
) -> None:
    span = np.random.default_rng(seed).uniform(0, num_snippets, (num_snippets, 3))
    weights = [
        [
            min(max((softness + span[t, h] - abs(t - r)) / softness, 0), 1)
            for r in range(t + 1 if looks_back else num_snippets)
            for h in range(3)
        ]
        for t in range(num_snippets)
    ]
    found = smallest_weight(span, softness, looks_back=looks_back)
    assert found == pytest.approx(min(map(min, weights)))
    for t in range(num_snippets):
        reach = span_reach(span, softness, t, looks_back=looks_back)
        assert reach.smallest_weight == pytest.approx(min(weights[t]))
