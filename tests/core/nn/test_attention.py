"""What one snippet looks at: Eq. 9 by loops, averaged over windows, causal from a tail."""

from __future__ import annotations

from typing import Any, cast

import pytest
import torch
from torch import Tensor

from tests.reference.attention import masked_attention
from tpwng_core.errors import ConfigError
from tpwng_core.nn.attention import attention_of
from tpwng_core.nn.long import inspect_long, spans_long
from tpwng_core.nn.span import WINDOW
from tpwng_core.nn.tcsal import Tcsal, TcsalConfig, scaled_unit
from tpwng_core.nn.temporal import build_temporal

DIM = 16
HEADS = 2


def make(module: str = "tcsal", **config: Any) -> Tcsal:
    torch.manual_seed(0)
    settings = TcsalConfig(**{"num_layers": 2, "num_heads": HEADS, "softness": 6.0, **config})
    temporal = build_temporal(module, DIM, settings).eval()
    with torch.no_grad():
        for layer in getattr(temporal, "layers", ()):
            layer.qkv.weight.mul_(3)  # attention that is far from even
    return cast(Tcsal, temporal)


def peaked(length: int) -> Tensor:
    return torch.randn(length, DIM, generator=torch.Generator().manual_seed(length))


@pytest.mark.parametrize("module", ["tcsal", "transformer"])
@pytest.mark.parametrize("causal", [False, True])
def test_weights_are_those_of_equation_9(module: str, causal: bool) -> None:
    temporal, rows, snippet = make(module, num_layers=1, causal=causal), peaked(12), 7
    with torch.no_grad():
        heads = temporal.layers[0].project(scaled_unit(rows)[None])  # type: ignore[operator]
        found = attention_of(temporal, rows, snippet)
    identity = torch.eye(len(rows)).tolist()
    for head in range(HEADS):
        query, key = (part[0, head].tolist() for part in (heads.query, heads.key))
        z = None if module == "transformer" else spans(heads, head, causal)
        expected = masked_attention(query, key, identity, z, 6.0, causal)[snippet]
        torch.testing.assert_close(found.weights[head], torch.tensor(expected), atol=1e-5, rtol=0)
    assert float(found.weights.max()) > 2 / len(rows)


def spans(heads: Any, head: int, causal: bool) -> list[float]:
    shares = heads.share[0, head].tolist()
    return [share * (t + 1 if causal else len(shares)) for t, share in enumerate(shares)]


@pytest.mark.parametrize("causal", [False, True])
def test_it_agrees_with_the_report_of_all_snippets(causal: bool) -> None:
    temporal, rows = make(causal=causal), peaked(300)
    with torch.no_grad():
        report = inspect_long(temporal, rows, softness=9.0)
        for snippet in (0, 40, 299):
            found = attention_of(temporal, rows, snippet, softness=9.0)
            torch.testing.assert_close(found.span, report.span[snippet])
            distance = (torch.arange(300) - snippet).abs().float()
            mean = (found.weights * distance).sum(dim=1)
            torch.testing.assert_close(mean, report.mean_distance[snippet], atol=1e-3, rtol=1e-4)
            torch.testing.assert_close(found.weights.sum(dim=1), torch.ones(HEADS))


def test_a_long_video_shows_the_mean_of_the_windows_that_hold_the_snippet() -> None:
    temporal, rows, snippet = make(), peaked(700), 400
    found = attention_of(temporal, rows, snippet)
    mask = torch.ones(1, WINDOW, dtype=torch.bool)
    expected = torch.zeros(HEADS, 700)
    for start in (256, 384):  # of 0, 128, 256, 384 and 444
        window = temporal.attend(rows[None, start : start + WINDOW], mask)
        expected[:, start : start + WINDOW] += window.weights[0, :, snippet - start] / 2
    torch.testing.assert_close(found.weights, expected)
    assert not found.weights[:, :256].any()
    assert not found.weights[:, 640:].any()


@pytest.mark.parametrize("snippet", [0, 200, 600, 899])
def test_a_causal_tail_is_as_good_as_the_whole_video(snippet: int) -> None:
    temporal, rows = make(causal=True, softness=300.0, span_bias_init=2.0), peaked(900)
    found = attention_of(temporal, rows, snippet)
    whole = temporal.attend(rows[None], torch.ones(1, 900, dtype=torch.bool))
    torch.testing.assert_close(found.weights, whole.weights[0, :, snippet], atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(found.span, whole.span[0, :, snippet])
    assert not found.weights[:, snippet + 1 :].any()


def test_a_transformer_without_spans_has_weights_and_no_reach() -> None:
    temporal, rows = make("transformer"), peaked(20)
    found = attention_of(temporal, rows, 3)
    assert found.span.shape == (0,)
    assert found.weights.shape == (HEADS, 20)
    with pytest.raises(ConfigError):
        spans_long(temporal, rows)


def test_other_modules_have_no_attention_to_show() -> None:
    with pytest.raises(ConfigError, match="no attention to show"):
        attention_of(make("mtn"), peaked(20), 3)
