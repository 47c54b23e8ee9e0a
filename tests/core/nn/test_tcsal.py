"""TCSAL against plain loops, layer by layer; padding, spans, and what trains what."""

import math
from typing import Any

import pytest
import torch
from torch import Tensor

from tests import reference
from tests.core.nn.tiny import DIM, gradient, joined, random_bags, rows
from tpwng_core.errors import ConfigError
from tpwng_core.nn.span import Reach, mix, whole_view
from tpwng_core.nn.tcsal import Tcsal, TcsalConfig, scaled_unit

BAGS = random_bags()
X, MASK = BAGS.abnormal, BAGS.abnormal_mask


def make(adaptive: bool = True, **config) -> Any:
    torch.manual_seed(0)
    settings = TcsalConfig(**{"num_layers": 2, "num_heads": 2, "dropout": 0.0, **config})
    module: Any = Tcsal(DIM, settings, adaptive=adaptive)
    for layer in module.layers:
        if layer.span is not None:  # so that spans differ between heads and snippets
            torch.nn.init.normal_(layer.span.weight)
            torch.nn.init.normal_(layer.span.bias)
    return module


def plain_layers(module: Any, x: list) -> list:
    """The whole encoder in plain loops."""
    config = module.config
    x = [[math.sqrt(DIM) * value for value in reference.unit(row)] for row in x]
    for layer in module.layers:
        p = {"norm1_g": layer.norm1.weight, "norm1_b": layer.norm1.bias}
        p |= {"norm2_g": layer.norm2.weight, "norm2_b": layer.norm2.bias}
        for name in ("qkv", "out", "up", "down", "span"):
            part = getattr(layer, name)
            if part is not None:
                p |= {f"{name}_w": part.weight, f"{name}_b": part.bias}
        p = {name: value.tolist() for name, value in p.items()}
        softness = config.softness if module.adaptive else None
        x = reference.tcsal_layer(x, p, config.num_heads, softness, config.causal)
    return x


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("softness", [1.0, 4.0, 256.0])
@pytest.mark.parametrize("adaptive", [True, False])
def test_hidden_states_equal_plain_loops(adaptive: bool, softness: float, causal: bool) -> None:
    module = make(adaptive, softness=softness, causal=causal)
    hidden = module(X, MASK)
    for index in range(len(X)):
        wanted = plain_layers(module, rows(X[index], MASK[index]))
        got = hidden[index][MASK[index]].flatten().tolist()
        assert got == pytest.approx(joined(wanted), abs=2e-4)


def test_padding_changes_nothing() -> None:
    module = make(softness=2.0)
    longer = torch.nn.functional.pad(X, (0, 0, 0, 30), value=5.0)
    mask = torch.nn.functional.pad(MASK, (0, 30))
    hidden, padded = module(X, MASK), module(longer, mask)
    assert torch.allclose(padded[:, : X.shape[1]][MASK], hidden[MASK], atol=1e-5)
    assert torch.isfinite(padded).all()


def test_a_single_snippet_sees_itself() -> None:
    module = make()
    one = module(X[:1, :1], torch.ones(1, 1, dtype=torch.bool))
    wanted = plain_layers(module, X[0, :1].double().tolist())
    assert one.flatten().tolist() == pytest.approx(wanted[0], abs=1e-4)


def test_at_the_printed_softness_it_is_nearly_a_plain_transformer() -> None:
    """A11: with R = 256 chi never falls below 1 - distance / 256."""
    spans, plain = make(softness=1e6), make(adaptive=False)
    plain.load_state_dict(spans.state_dict(), strict=False)
    assert torch.allclose(spans(X, MASK), plain(X, MASK), atol=1e-3)


def test_departure_a17_eq_8_counts_the_keys_a_query_sees() -> None:
    for causal in (False, True):
        module = make(causal=causal)
        spans = module.spans(X, MASK)
        assert spans.shape == (2, len(X), 2, X.shape[1])
        layer = module.layers[0]
        for index in range(len(X)):
            snippets = scaled_unit(X[index][MASK[index]])
            for t, row in enumerate(layer.norm1(snippets).double().tolist()):
                count = t + 1 if causal else len(snippets)
                for h in range(2):
                    weight, bias = layer.span.weight[h].tolist(), layer.span.bias.tolist()[h]
                    wanted = reference.span(row, weight, bias, count)
                    assert float(spans[0, index, h, t].detach()) == pytest.approx(wanted, abs=1e-4)


def test_departure_a9_a_causal_module_never_looks_ahead() -> None:
    module = make(causal=True)
    changed = X.clone()
    changed[:, 4:] = torch.randn_like(changed[:, 4:])
    assert torch.allclose(module(changed, MASK)[:, :4], module(X, MASK)[:, :4], atol=1e-5)
    assert not torch.allclose(make()(changed, MASK)[:, :4], make()(X, MASK)[:, :4], atol=1e-2)


def test_spans_are_learned() -> None:
    module = make(softness=2.0, span_bias_init=-1.0)
    for layer in module.layers:
        for value in layer.span.parameters():
            loss = module(X, MASK)[MASK].square().sum()
            assert gradient(loss, value).abs().sum() > 0


def test_the_start_of_the_span_follows_its_bias() -> None:
    torch.manual_seed(0)
    for bias in (0.0, -3.0):
        module = Tcsal(DIM, TcsalConfig(num_heads=2, span_bias_init=bias))
        share = module.spans(X, MASK) / MASK.sum(dim=1)[:, None, None]
        middle = 1 / (1 + math.exp(-bias))
        assert float(share.detach().mean()) == pytest.approx(middle, abs=0.05)


def test_the_report_on_the_last_layer_is_that_of_its_weights() -> None:
    module = make(softness=3.0)
    report = module.inspect(X, MASK)
    assert torch.allclose(report.span, module.spans(X, MASK)[-1])
    farthest = (MASK.sum(dim=1) - 1)[:, None].expand(-1, 2)
    chi = ((3.0 + report.span[:, :, 0] - farthest) / 3.0).clamp(0, 1)
    assert torch.allclose(report.smallest_chi[:, :, 0], chi, atol=1e-5)
    assert bool((report.mean_distance >= 0).all())
    assert bool((report.mean_distance[:, :, 0] <= farthest).all())


def test_a_smaller_softness_brings_attention_nearer() -> None:
    module = make(span_bias_init=-3.0)
    near = module.inspect(X, MASK, softness=1.0).mean_distance[:, :, 0]
    far = module.inspect(X, MASK, softness=512.0).mean_distance[:, :, 0]
    assert bool((near < far).all())


def test_another_softness_can_be_tried_without_training() -> None:
    module, other = make(softness=4.0), make(softness=1.0)
    other.load_state_dict(module.state_dict())
    assert torch.equal(module(X, MASK, 1.0), other(X, MASK))


def test_a_plain_transformer_has_no_spans() -> None:
    module = make(adaptive=False)
    assert not any("span" in name for name, _ in module.named_parameters())
    for look in (module.spans, module.inspect):
        with pytest.raises(ConfigError, match="no spans"):
            look(X, MASK)


def test_attention_is_float32_under_autocast(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Tensor] = []

    def spy(query: Tensor, key: Tensor, value: Tensor, reach: Reach) -> Tensor:
        mixed = mix(query, key, value, reach)
        with torch.autocast("cpu", enabled=False):
            assert torch.equal(mixed, mix(query.float(), key.float(), value.float(), reach))
        seen.append(mixed)
        return mixed

    monkeypatch.setattr("tpwng_core.nn.tcsal.mix", spy)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        hidden = make(softness=2.0)(X, MASK)
    assert {item.dtype for item in seen} == {torch.float32}
    assert torch.allclose(hidden[MASK].float(), make(softness=2.0)(X, MASK)[MASK], atol=0.2)


@pytest.mark.parametrize("causal", [False, True])
def test_bags_end_to_end_are_what_padded_bags_are(causal: bool) -> None:
    """On a CPU bags go one by one, elsewhere padded: the same values and gradients."""
    module, goal = make(softness=3.0, causal=causal), torch.randn(*X.shape)
    padded = scaled_unit(X)
    for layer in module.layers:
        padded = layer(padded, whole_view(MASK, causal), 3.0)
    got = module(X, MASK)
    torch.testing.assert_close(got[MASK], padded[MASK], atol=1e-5, rtol=1e-5)
    parameters = list(module.parameters())
    mine, theirs = (
        torch.autograd.grad((hidden * goal)[MASK].sum(), parameters) for hidden in (got, padded)
    )
    for one, other in zip(mine, theirs, strict=True):
        torch.testing.assert_close(one, other, atol=1e-4, rtol=1e-4)


def test_features_count_by_direction_not_by_norm() -> None:
    module = make()
    assert torch.allclose(module(X * 7, MASK)[MASK], module(X, MASK)[MASK], atol=1e-4)
    assert scaled_unit(X)[MASK].norm(dim=-1).tolist() == pytest.approx([math.sqrt(DIM)] * 20)


def test_dropout_acts_in_training_only() -> None:
    module = make(dropout=0.5)
    assert not torch.equal(module.train()(X, MASK), module(X, MASK))
    assert torch.equal(module.eval()(X, MASK), module(X, MASK))


@pytest.mark.parametrize(
    "wrong",
    [
        {"num_layers": 0},
        {"num_heads": 0},
        {"softness": 0.0},
        {"softness": math.inf},
        {"dropout": 1.0},
        {"span_bias_init": math.nan},
        {"ffn_ratio": 0},
    ],
)
def test_settings_out_of_range_are_refused(wrong: dict) -> None:
    with pytest.raises(ConfigError):
        TcsalConfig(**wrong)


def test_heads_must_divide_the_features() -> None:
    with pytest.raises(ConfigError, match="3 heads do not divide features of 8"):
        Tcsal(DIM, TcsalConfig(num_heads=3))
