"""Long videos: windows average as the spec says, a causal stream equals the whole video at once."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor

from tpwng_core.errors import ConfigError
from tpwng_core.nn.long import (
    CausalStream,
    average_windows,
    inspect_long,
    score_long,
    spans_long,
    window_starts,
)
from tpwng_core.nn.span import WINDOW
from tpwng_core.nn.tcsal import TcsalConfig
from tpwng_core.nn.temporal import Head, build_temporal

DIM = 16


def make(module: str = "tcsal", **config) -> tuple[Any, Head]:
    torch.manual_seed(0)
    settings = TcsalConfig(**{"num_layers": 2, "num_heads": 2, "softness": 16.0, **config})
    temporal = build_temporal(module, DIM, settings).eval()
    return temporal, Head(DIM, "mlp").eval()


def whole(temporal: torch.nn.Module, head: Head, rows: Tensor) -> Tensor:
    mask = torch.ones(1, len(rows), dtype=torch.bool)
    return torch.sigmoid(head(temporal(rows[None], mask)))[0]


@pytest.mark.parametrize("module", ["tcsal", "transformer", "mtn", "gl-mhsa", "none"])
@pytest.mark.parametrize("length", [1, 5, 256])
def test_a_short_video_is_scored_whole(module: str, length: int) -> None:
    temporal, head = make(module)
    rows = torch.randn(length, DIM)
    with torch.no_grad():
        assert torch.allclose(score_long(temporal, head, rows), whole(temporal, head, rows))


@pytest.mark.parametrize("length", [257, 300, 384, 385, 1000])
def test_probabilities_of_overlapping_windows_are_averaged(length: int) -> None:
    temporal, head = make()
    rows = torch.randn(length, DIM)
    starts, start = [], 0
    while start + WINDOW < length:
        starts.append(start)
        start += WINDOW // 2
    starts.append(length - WINDOW)
    total, count = torch.zeros(length), torch.zeros(length)
    with torch.no_grad():
        for first in starts:
            total[first : first + WINDOW] += whole(temporal, head, rows[first : first + WINDOW])
            count[first : first + WINDOW] += 1
        assert window_starts(length) == starts
        assert torch.allclose(score_long(temporal, head, rows), total / count, atol=1e-6)


def test_every_snippet_is_in_a_window() -> None:
    rows = torch.arange(1003.0)[:, None]
    assert torch.allclose(average_windows(rows, lambda windows: windows), rows)


@pytest.mark.parametrize("module", ["tcsal", "transformer"])
@pytest.mark.parametrize("length", [1, 40, 256, 700])
def test_a_causal_stream_equals_the_whole_video(module: str, length: int) -> None:
    temporal, head = make(module, causal=True)
    rows = torch.randn(length, DIM)
    with torch.no_grad():
        expected = whole(temporal, head, rows)
        assert torch.allclose(score_long(temporal, head, rows), expected, atol=1e-5)


@pytest.mark.parametrize("piece", [1, 7, 255, 300])
def test_the_size_of_the_pieces_changes_nothing(piece: int) -> None:
    temporal, _ = make(causal=True)
    rows = torch.randn(600, DIM)
    stream, again = CausalStream(temporal), CausalStream(temporal)
    expected = stream.push(rows)
    found = torch.cat([again.push(part) for part in rows.split(piece)])
    assert torch.allclose(found, expected, atol=1e-5)
    assert again.num_seen == 600


def test_the_cache_is_bounded() -> None:
    temporal, _ = make(causal=True)
    stream = CausalStream(temporal)
    for part in torch.randn(2000, DIM).split(100):
        stream.push(part)
    assert all(cached[0].shape[2] == WINDOW - 1 for cached in stream._cache if cached)


def test_a_causal_score_ignores_the_future() -> None:
    temporal, head = make(causal=True)
    rows = torch.randn(400, DIM)
    changed = rows.clone()
    changed[300:] = torch.randn(100, DIM)
    with torch.no_grad():
        before, after = score_long(temporal, head, rows), score_long(temporal, head, changed)
    assert torch.allclose(before[:300], after[:300], atol=1e-6)
    assert not torch.allclose(before[300:], after[300:])


def test_another_softness_changes_the_scores() -> None:
    temporal, head = make(span_bias_init=-3.0)
    rows = torch.randn(60, DIM)
    with torch.no_grad():
        assert not torch.allclose(
            score_long(temporal, head, rows), score_long(temporal, head, rows, softness=1.0)
        )


@pytest.mark.parametrize("length", [40, 700])
@pytest.mark.parametrize("softness", [0.5, 4.0, 40.0])
def test_keys_beyond_every_span_are_skipped_without_a_trace(softness: float, length: int) -> None:
    temporal, head = make(causal=True, softness=softness, span_bias_init=-4.0)
    rows = torch.randn(length, DIM)
    with torch.no_grad():
        expected = whole(temporal, head, rows)
        assert torch.allclose(score_long(temporal, head, rows), expected, atol=1e-5)


@pytest.mark.parametrize("length", [40, 300])
def test_a_causal_report_equals_that_of_the_whole_video(length: int) -> None:
    temporal, _ = make(causal=True, softness=5.0)
    rows = torch.randn(length, DIM)
    whole_report = temporal.inspect(rows[None], torch.ones(1, length, dtype=torch.bool))
    for got, wanted in zip(inspect_long(temporal, rows), whole_report, strict=True):
        assert torch.allclose(got, wanted[0].T, atol=1e-3)


def test_a_report_of_a_long_video_averages_its_windows() -> None:
    temporal, _ = make(softness=5.0)
    rows = torch.randn(300, DIM)
    mask = torch.ones(1, WINDOW, dtype=torch.bool)
    first = temporal.inspect(rows[None, :WINDOW], mask, 9.0)
    last = temporal.inspect(rows[None, -WINDOW:], mask, 9.0)
    report = inspect_long(temporal, rows, 9.0)
    for got, one, two in zip(report, first, last, strict=True):
        assert torch.allclose(got[:44], one[0].T[:44], atol=1e-4)
        assert torch.allclose(got[100], (one[0, :, 100] + two[0, :, 56]) / 2, atol=1e-4)


def test_a_plain_transformer_has_no_spans_to_show() -> None:
    temporal, _ = make("transformer")
    with pytest.raises(ConfigError, match="no spans"):
        inspect_long(temporal, torch.randn(4, DIM))


@pytest.mark.parametrize("causal", [False, True])
def test_spans_are_those_of_the_last_layer(causal: bool) -> None:
    temporal, _ = make(causal=causal)
    rows = torch.randn(30, DIM)
    mask = torch.ones(1, 30, dtype=torch.bool)
    with torch.no_grad():
        expected = temporal.spans(rows[None], mask)[-1, 0].T
        assert torch.allclose(spans_long(temporal, rows), expected, atol=1e-4)
