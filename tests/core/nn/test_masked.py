"""Masked arithmetic: padding changes nothing, and min-max has the gradients it should."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import reference
from tests.core.nn.tiny import gradient
from tpwng_core import pseudolabels
from tpwng_core.nn.masked import (
    masked_max,
    masked_mean,
    minmax,
    paired_similarity,
    similarity,
    unit,
)
from tpwng_core.similarity import cosine_similarity

MASK = torch.tensor([[True] * 5, [True] * 2 + [False] * 3, [True] + [False] * 4])


@given(seed=st.integers(0, 1000), flat=st.sampled_from([1e-3, 0.5]))
@settings(max_examples=30, deadline=None)
def test_minmax_equals_plain_loops_and_the_numpy_version(seed: int, flat: float) -> None:
    curve = torch.randn(3, 5, generator=torch.Generator().manual_seed(seed))
    got = minmax(curve, MASK, flat)
    for row, real, out in zip(curve, MASK, got, strict=True):
        assert out[real].tolist() == pytest.approx(
            reference.minmax(row[real].double().tolist(), flat), abs=1e-5
        )
        assert out[real].tolist() == pseudolabels.minmax(row[real].numpy(), flat).tolist()
        assert not out[~real].any()


def test_minmax_of_several_curves_is_that_of_each() -> None:
    curves = torch.randn(3, 5, 4)
    together = minmax(curves, MASK, 1e-3)
    for index in range(4):
        assert torch.equal(together[..., index], minmax(curves[..., index], MASK, 1e-3))


def test_a14_gradients_flow_through_minimum_and_maximum() -> None:
    curve = torch.tensor([[0.0, 1.0, 4.0]], dtype=torch.float32, requires_grad=True)
    middle = minmax(curve, torch.ones(1, 3, dtype=torch.bool), 1e-3)[0, 1]
    # y = (x - low) / (high - low): dy/dx = 1/4, dy/dlow = -3/16, dy/dhigh = -1/16
    assert gradient(middle, curve).tolist() == pytest.approx([-3 / 16, 1 / 4, -1 / 16])


def test_departure_a21_a_flat_curve_has_no_gradient() -> None:
    curve = (torch.randn(1, 6) * 1e-7 + 3).requires_grad_()
    out = minmax(curve, torch.ones(1, 6, dtype=torch.bool), 1e-3)
    assert not out.any()
    assert gradient((out * torch.randn(6)).sum(), curve).tolist() == [0.0] * 6


def test_maximum_and_mean_do_not_see_the_padding() -> None:
    values = torch.randn(3, 5)
    junk = values.masked_fill(~MASK, 99.0)
    for got, plain in ((masked_max, max), (masked_mean, lambda v: sum(v) / len(v))):
        wanted = [plain(row[real].tolist()) for row, real in zip(values, MASK, strict=True)]
        assert got(junk, MASK).tolist() == pytest.approx(wanted, abs=1e-6)


def test_the_mean_of_nothing_is_zero() -> None:
    assert masked_mean(torch.ones(1, 2), torch.zeros(1, 2, dtype=torch.bool)).tolist() == [0.0]


def test_a_zero_vector_stays_zero_and_has_a_finite_gradient() -> None:
    x = torch.zeros(2, 4, requires_grad=True)
    assert torch.isfinite(gradient(unit(x).sum(), x)).all()


def test_similarity_equals_the_numpy_version() -> None:
    x, text = torch.randn(2, 5, 6) * 9, torch.randn(3, 6) * 4
    got = similarity(unit(x), text, 5.0)
    for bag, out in zip(x, got, strict=True):
        wanted = cosine_similarity(bag.numpy(), text.numpy(), 5.0)
        assert out.numpy() == pytest.approx(wanted, abs=1e-5)


def test_paired_similarity_takes_each_bags_own_text() -> None:
    x, text = torch.randn(3, 5, 6), torch.randn(3, 6)
    got = paired_similarity(unit(x), text, 5.0)
    for index in range(3):
        wanted = similarity(unit(x), text[index : index + 1], 5.0)[index, :, 0]
        assert torch.allclose(got[index], wanted, atol=1e-6)
