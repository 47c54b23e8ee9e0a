"""Eq. 7 and 9 against plain loops, and the properties the soft mask must have."""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from tests import reference
from tests.core.nn.tiny import gradient, joined
from tpwng_core.nn.span import (
    WINDOW,
    Reach,
    View,
    attention_weights,
    bag_view,
    block_view,
    mix,
    soft_mask,
    whole_view,
)

positive = st.floats(0.1, 512)


@given(distance=st.floats(0, 600), z=st.floats(0, 256), softness=positive)
def test_eq_7_equals_the_plain_formula(distance: float, z: float, softness: float) -> None:
    got = soft_mask(torch.tensor(distance), torch.tensor(z), softness)
    assert float(got) == pytest.approx(reference.chi(distance, z, softness), abs=2e-4)


@given(z=st.floats(0, 256), softness=positive)
def test_the_soft_mask_never_rises_with_distance(z: float, softness: float) -> None:
    chi = soft_mask(torch.arange(512.0), torch.tensor(z), softness)
    assert bool((chi.diff() <= 0).all())
    assert float(chi[0]) == 1.0
    assert 0 <= float(chi.min()) <= float(chi.max()) <= 1


@given(near=st.floats(0, 256), further=st.floats(0, 256), softness=positive)
def test_a_longer_span_never_sees_less(near: float, further: float, softness: float) -> None:
    short, long = sorted((near, further))
    distance = torch.arange(512.0)
    less = soft_mask(distance, torch.tensor(short), softness)
    assert bool((less <= soft_mask(distance, torch.tensor(long), softness)).all())


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("softness", [0.5, 3.0, 256.0])
@pytest.mark.parametrize("length", [1, 2, 9])
def test_eq_9_equals_plain_loops(length: int, softness: float, causal: bool) -> None:
    torch.manual_seed(length)
    query, key, value = torch.randn(3, 1, 1, length, 4).unbind()
    span = torch.rand(1, 1, length) * 4
    view = whole_view(torch.ones(1, length, dtype=torch.bool), causal)
    q, k, v = (item[0, 0].double().tolist() for item in (query, key, value))
    wanted = reference.masked_attention(q, k, v, span[0, 0].tolist(), softness, causal)
    by_weights = attention_weights(query, key, span, view, softness) @ value
    for got in (by_weights, mix(query, key, value, Reach(span, view, softness))):
        assert got.flatten().tolist() == pytest.approx(joined(wanted), abs=1e-5)


VIEWS = {
    "padded": whole_view(torch.arange(9) < torch.tensor([[9], [4]]), causal=False),
    "padded, causal": whole_view(torch.arange(9) < torch.tensor([[9], [4]]), causal=True),
    "block": block_view(20, 9, 30, torch.device("cpu")),
}


@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS.keys())
@pytest.mark.parametrize("softness", [0.5, 2.0, 256.0])
@pytest.mark.parametrize("with_span", [True, False])
def test_attention_by_hand_has_the_gradients_of_the_plain_chain(
    view: View, softness: float, with_span: bool
) -> None:
    torch.manual_seed(1)
    num_keys = view.distance.shape[1]
    query, goal = torch.randn(2, 2, 3, 9, 4).unbind()
    key, value = torch.randn(2, 2, 3, num_keys, 4).unbind()
    span = 3 * torch.rand(2, 3, 9) if with_span else None
    inputs = [item for item in (query, key, value, span) if item is not None]
    for item in inputs:
        item.requires_grad_()
    plain = attention_weights(query, key, span, view, softness) @ value
    by_hand = mix(query, key, value, Reach(span, view, softness))
    chi = soft_mask(view.distance, torch.zeros(1) if span is None else span[..., None], softness)
    in_reach = view.allowed & ((chi > 0) | (span is None))
    seen = in_reach.any(dim=-1, keepdim=True)  # a padded query far from all keys means nothing
    torch.testing.assert_close(by_hand * seen, plain * seen, atol=1e-6, rtol=1e-5)
    wanted = torch.autograd.grad((plain * goal * seen).sum(), inputs)
    got = torch.autograd.grad((by_hand * goal * seen).sum(), inputs)
    for mine, theirs in zip(got, wanted, strict=True):
        torch.testing.assert_close(mine, theirs, atol=2e-6, rtol=1e-4)


def test_attention_by_hand_of_a_row_whose_mask_ends_at_a_key() -> None:
    """chi is exactly 0 at distance 3: no gradient, and no division by it."""
    query, key, value = torch.randn(3, 1, 1, 9, 4).unbind()
    span = torch.ones(1, 1, 9, requires_grad=True)
    mixed = mix(query, key, value, Reach(span, bag_view(9, causal=False), 2.0))
    moved = gradient(mixed.square().sum(), span)
    assert torch.isfinite(moved).all()
    assert bool((moved != 0).any())


@pytest.mark.parametrize("causal", [False, True])
def test_the_view_of_one_bag_is_the_whole_view_without_bags(causal: bool) -> None:
    whole = whole_view(torch.ones(1, 7, dtype=torch.bool), causal)
    bag = bag_view(7, causal)
    assert torch.equal(bag.distance, whole.distance)
    assert torch.equal(bag.allowed[None], whole.allowed)
    assert torch.equal(bag.num_keys[None], whole.num_keys)


def test_departure_a19_a_far_key_of_huge_weight_cannot_underflow_the_row() -> None:
    """The masked key's logit is 200 above the others: exp would leave them nothing."""
    query = torch.tensor([[[[1.0]]]])
    key = torch.tensor([[[[200.0], [1.0], [0.0]]]])
    view = block_view(2, 1, 3, query.device)
    weights = attention_weights(query, key, torch.zeros(1, 1, 1), view, 1.5)
    beta = math.exp(1.0) * (1 / 3)
    assert weights.flatten().tolist() == pytest.approx([0, beta / (beta + 1), 1 / (beta + 1)])


def test_departure_a19_rows_sum_to_one_at_a_small_softness() -> None:
    torch.manual_seed(0)
    query, key = 30 * torch.randn(2, 1, 2, 50, 4).unbind()[0], 30 * torch.randn(1, 2, 50, 4)
    view = whole_view(torch.ones(1, 50, dtype=torch.bool), causal=False)
    weights = attention_weights(query, key, torch.rand(1, 2, 50), view, 4.0)
    assert weights.sum(dim=-1).flatten().tolist() == pytest.approx([1.0] * 100, abs=1e-6)


def test_gradients_stay_finite_where_the_mask_is_zero() -> None:
    query, key = torch.randn(2, 1, 1, 9, 4).unbind()
    share = torch.full((1, 1, 9), 0.1, requires_grad=True)
    view = whole_view(torch.ones(1, 9, dtype=torch.bool), causal=False)
    weights = attention_weights(query, key, view.num_keys * share, view, 2.0)
    assert (weights == 0).any()
    moved = gradient((weights * torch.randn_like(weights)).sum(), share)
    assert torch.isfinite(moved).all()
    assert bool((moved != 0).any())


def test_gradients_stay_finite_where_the_mask_ends_exactly_at_a_key() -> None:
    """chi is 0 at distance R + z = 3, where a clamp passes gradients on."""
    query, key = torch.randn(2, 1, 1, 9, 4).unbind()
    span = torch.ones(1, 1, 9, requires_grad=True)
    view = whole_view(torch.ones(1, 9, dtype=torch.bool), causal=False)
    weights = attention_weights(query, key, span, view, 2.0)
    assert torch.isfinite(gradient((weights * torch.randn_like(weights)).sum(), span)).all()


def test_departure_a17_both_ways_a_query_sees_the_real_snippets_of_its_bag() -> None:
    mask = torch.arange(300) < torch.tensor([300, 7, 1])[:, None]
    view = whole_view(mask, causal=False)
    assert view.num_keys.flatten().tolist() == [256, 7, 1]
    assert view.allowed[1].sum() == 7


def test_departure_a17_looking_back_a_query_counts_itself_and_at_most_256() -> None:
    view = whole_view(torch.ones(1, 300, dtype=torch.bool), causal=True)
    assert view.num_keys.flatten().tolist() == [min(t, WINDOW) for t in range(1, 301)]
    assert view.allowed[0, 0].sum(dim=-1).tolist() == view.num_keys.flatten().int().tolist()


def test_departure_a9_every_query_sees_itself() -> None:
    for causal in (False, True):
        view = whole_view(torch.ones(1, 5, dtype=torch.bool), causal)
        assert view.allowed.expand(1, 1, 5, 5)[0, 0].diagonal().all()


def test_a_block_sees_what_it_would_see_in_the_whole() -> None:
    whole = whole_view(torch.ones(1, 400, dtype=torch.bool), causal=True)
    block = block_view(350, 50, 300, torch.device("cpu"))
    assert torch.equal(block.allowed[0, 0], whole.allowed[0, 0, 350:, 100:])
    assert torch.equal(block.distance, whole.distance[350:, 100:])
    assert torch.equal(block.num_keys, whole.num_keys[..., 350:])


def test_a_padded_query_without_keys_is_finite() -> None:
    mask = torch.tensor([[True] + [False] * 40])
    query = torch.randn(1, 1, 41, 4)
    weights = attention_weights(
        query, query, torch.zeros(1, 1, 41), whole_view(mask, causal=False), 2.0
    )
    assert torch.isfinite(weights).all()
    assert float(weights[0, 0, 0, 0]) == 1.0
