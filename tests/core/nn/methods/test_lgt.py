"""The pieces of VadCLIP's temporal adapter against plain loops."""

from __future__ import annotations

import math

import pytest
import torch
import torch.nn.functional as F

from tpwng_core.nn.methods.lgt import (
    GraphBranch,
    LocalGlobalAdapter,
    WindowLayer,
    likeness_graph,
    nearness_graph,
)

DIM = 8
MASK = torch.arange(11) < torch.tensor([11, 6])[:, None]


@pytest.fixture
def features() -> torch.Tensor:
    return torch.randn(2, 11, DIM, generator=torch.Generator().manual_seed(0))


def test_likeness_counts_cosines_above_the_threshold(features: torch.Tensor):
    graph = likeness_graph(features, MASK, threshold=0.2)
    for bag, length in enumerate([11, 6]):
        for i in range(length):
            cosine = [
                F.cosine_similarity(features[bag, i], features[bag, j], dim=0).item()
                for j in range(length)
            ]
            powers = [math.exp(value if value > 0.2 else 0.0) for value in cosine]
            for j in range(length):
                assert graph[bag, i, j].item() == pytest.approx(powers[j] / sum(powers), abs=1e-5)


def test_nearness_falls_by_e_each_e_snippets():
    graph = nearness_graph(MASK)
    for bag, length in enumerate([11, 6]):
        for i in range(length):
            powers = [math.exp(-abs(i - j) / math.e) for j in range(length)]
            for j in range(length):
                assert graph[bag, i, j].item() == pytest.approx(powers[j] / sum(powers), abs=1e-6)
    assert not graph[1, :, 6:].any()


def test_a_window_is_attended_as_if_it_were_alone(features: torch.Tensor):
    torch.manual_seed(1)
    layer = WindowLayer(DIM, num_heads=2, window=4)
    got = layer(features, MASK)
    for bag, length in enumerate([11, 6]):
        for start in range(0, length, 4):
            end = min(start + 4, length)
            alone = features[bag : bag + 1, start:end]
            wanted = layer(alone, torch.ones(1, end - start, dtype=torch.bool))
            assert torch.allclose(got[bag, start:end], wanted[0], atol=1e-5)


def test_attention_is_softmax_of_scaled_products(features: torch.Tensor):
    torch.manual_seed(1)
    layer = WindowLayer(DIM, num_heads=1, window=16)
    x = features[:1]
    normed = layer.attention_norm(x[0])
    query, key, value = layer.query_key_value(normed).chunk(3, dim=-1)
    rows = []
    for i in range(11):
        powers = torch.stack([torch.exp(query[i] @ key[j] / math.sqrt(DIM)) for j in range(11)])
        rows.append(sum(powers[j] / powers.sum() * value[j] for j in range(11)))
    mixed = x[0] + layer.output(torch.stack([torch.as_tensor(row) for row in rows]))
    wanted = mixed + layer.feed_forward(layer.forward_norm(mixed))
    assert torch.allclose(layer(x, MASK[:1])[0], wanted, atol=1e-5)


def test_a_graph_branch_mixes_neighbours_and_adds_the_skip(features: torch.Tensor):
    torch.manual_seed(2)
    branch = GraphBranch(DIM)
    adjacency = nearness_graph(MASK[:1])
    got = branch(features[:1], adjacency)[0]
    kernel, bias = branch.skip.weight, branch.skip.bias
    assert bias is not None
    first = []
    for i in range(11):
        mixed = sum(adjacency[0, i, j] * branch.first(features[0, j]) for j in range(11))
        skip = bias.clone()
        for tap in range(5):
            if 0 <= i + tap - 2 < 11:
                skip = skip + kernel[:, :, tap] @ features[0, i + tap - 2]
        first.append(F.gelu(mixed + skip))
    for i in range(11):
        mixed = sum(adjacency[0, i, j] * branch.second(first[j]) for j in range(11))
        assert torch.allclose(got[i], F.gelu(mixed + first[i]), atol=1e-5)


def test_a_bag_in_a_longer_batch_comes_out_the_same(features: torch.Tensor):
    torch.manual_seed(3)
    adapter = LocalGlobalAdapter(DIM, num_layers=2, num_heads=1, window=4)
    together = adapter(features, MASK)
    alone = adapter(features[1:, :6], MASK[1:, :6])
    assert torch.allclose(together[1, :6], alone[0], atol=1e-5)
    assert not together[1, 6:].any()
