"""Eq. 3-4 against plain loops; the bound, the variants, and the prompt kept for display."""

import math
from typing import Any

import pytest
import torch

from tests import reference
from tests.core.nn.tiny import DIM, gradient, random_bags, rows
from tpwng_core.errors import ConfigError
from tpwng_core.nn.masked import unit
from tpwng_core.nn.normality import NormalityConfig, NormalityPrompt

BAGS = random_bags()
X, MASK = unit(BAGS.normal), BAGS.normal_mask
TEXT = 4 * torch.randn(DIM, generator=torch.Generator().manual_seed(2))


def make(strength: float = 1.0, **config) -> Any:
    """A prompt whose FFN's last layer is ``strength`` times standard normal."""
    torch.manual_seed(0)
    prompt: Any = NormalityPrompt(DIM, NormalityConfig(**config))
    if prompt.ffn is not None:
        torch.nn.init.normal_(prompt.ffn[2].weight, std=strength)
        torch.nn.init.normal_(prompt.ffn[2].bias, std=0.1 * strength)
    return prompt


def layers(prompt: Any) -> dict:
    first, last = prompt.ffn[0], prompt.ffn[2]
    pairs = {"w1": first.weight, "b1": first.bias, "w2": last.weight, "b2": last.bias}
    return {name: value.tolist() for name, value in pairs.items()}


@pytest.mark.parametrize("variant", ["as", "fa"])
@pytest.mark.parametrize("bound", [0.5, 0.01, math.inf])
def test_eq_3_and_4_equal_plain_loops(variant: str, bound: float) -> None:
    prompt = make(variant=variant, bound=bound, tau=0.3)
    gathered, enhanced = prompt.aggregate(X, MASK, TEXT), prompt(X, MASK, TEXT)
    for index in range(len(X)):
        bag = rows(BAGS.normal[index], MASK[index])
        wanted = reference.aggregate(bag, TEXT.tolist(), 0.3 if variant == "as" else None)
        assert gathered[index].tolist() == pytest.approx(wanted, abs=1e-5)
        text = reference.enhance(TEXT.tolist(), wanted, layers(prompt), bound)
        assert enhanced[index].tolist() == pytest.approx(text, abs=1e-4)


def test_padding_changes_nothing() -> None:
    junk = X.masked_fill(~MASK[..., None], 0.7)
    prompt = make()
    assert torch.allclose(prompt(junk, MASK, TEXT), prompt(X, MASK, TEXT), atol=1e-6)


def test_departure_a8_the_temperature_makes_the_weights_differ_from_a_plain_mean() -> None:
    plain = make(variant="fa").aggregate(X, MASK, TEXT)
    hot = make(tau=1e4).aggregate(X, MASK, TEXT)
    cold = make(tau=1e-3).aggregate(X, MASK, TEXT)
    assert torch.allclose(hot, plain, atol=1e-3)
    best = (X @ unit(TEXT)).masked_fill(~MASK, -2).argmax(dim=1)
    assert torch.allclose(cold, X[torch.arange(len(X)), best], atol=1e-2)


@pytest.mark.parametrize("strength", [0.0, 0.01, 1.0, 1e4])
def test_departure_a15_the_enhanced_text_stays_within_the_bound(strength: float) -> None:
    offset = make(strength)(X, MASK, TEXT) - unit(TEXT)
    assert bool((offset.norm(dim=-1) <= 0.5 + 1e-5).all())


def test_departure_a15_an_infinite_bound_is_the_paper_as_printed() -> None:
    prompt = make(10.0, bound=math.inf)
    enhanced = prompt(X, MASK, TEXT)
    assert bool(((enhanced - unit(TEXT)).norm(dim=-1) > 0.5).all())
    assert torch.isfinite(gradient(enhanced.sum(), prompt.ffn[0].weight)).all()


def test_departure_a15_a_zero_offset_has_a_finite_gradient() -> None:
    prompt = make(0.0)
    loss = prompt(X, MASK, TEXT).square().sum()
    assert torch.isfinite(gradient(loss, *prompt.parameters())).all()


def test_training_starts_close_to_plain_normal() -> None:
    prompt = NormalityPrompt(DIM, NormalityConfig())
    assert torch.cosine_similarity(prompt(X, MASK, TEXT), TEXT[None]).min() > 0.95


def test_gradients_flow_through_the_weights_of_the_mean() -> None:
    text = TEXT.clone().requires_grad_()
    gathered = make(tau=0.3).aggregate(X, MASK, text)
    assert gradient(gathered.sum(), text).abs().sum() > 0


def test_without_the_prompt_normal_stays_as_it_is() -> None:
    prompt = make(variant="none")
    assert not list(prompt.parameters())
    assert torch.equal(prompt(X, MASK, TEXT), unit(TEXT).expand(len(X), -1))


def test_eq_3_is_computed_in_float32_under_autocast() -> None:
    prompt = make()
    expected = prompt(X, MASK, TEXT)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        assert torch.equal(prompt(X, MASK, TEXT), expected)


def test_the_remembered_prompt_is_the_mean_over_training_normals() -> None:
    prompt = make()
    videos = [BAGS.normal[index][MASK[index]] for index in range(len(X))]
    prompt.remember(videos, TEXT)
    mean = prompt.aggregate(X, MASK, TEXT).mean(dim=0)
    assert torch.allclose(prompt.mean_prompt, mean, atol=1e-6)
    assert torch.allclose(prompt.shown(TEXT), prompt.enhance(TEXT, mean[None])[0], atol=1e-6)


def test_the_remembered_prompt_survives_in_the_state() -> None:
    prompt, again = make(), make()
    prompt.remember([BAGS.normal[0]], TEXT)
    again.load_state_dict(prompt.state_dict())
    assert torch.equal(again.shown(TEXT), prompt.shown(TEXT))


@pytest.mark.parametrize("nvp_in", ["none", "dil"])
def test_curves_are_shown_with_the_text_the_pseudo_labels_used(nvp_in: str) -> None:
    prompt = make(nvp_in=nvp_in)
    prompt.remember([BAGS.normal[0]], TEXT)
    assert torch.equal(prompt.shown(TEXT), unit(TEXT))


def test_without_a_remembered_prompt_plain_normal_is_shown() -> None:
    assert torch.equal(make().shown(TEXT), unit(TEXT))


@pytest.mark.parametrize(
    "wrong", [{"variant": "max"}, {"nvp_in": "rank"}, {"tau": 0.0}, {"bound": 0.0}]
)
def test_settings_out_of_range_are_refused(wrong: dict) -> None:
    with pytest.raises(ConfigError):
        NormalityConfig(**wrong)
