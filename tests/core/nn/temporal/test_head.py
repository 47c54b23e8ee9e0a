"""Classifiers against plain loops."""

from typing import Any

import pytest
import torch

from tests import reference
from tests.core.nn.tiny import DIM
from tpwng_core.errors import ConfigError
from tpwng_core.nn.temporal.head import Head


def plain(head: Any, row: list) -> float:
    parts = [layer for layer in head.layers if hasattr(layer, "weight")]
    x = reference.layer_norm(row, parts[0].weight.tolist(), parts[0].bias.tolist())
    for index, layer in enumerate(parts[1:]):
        x = x if index == 0 else [reference.gelu(value) for value in x]
        x = reference.affine(layer.weight.tolist(), layer.bias.tolist(), x)
    return x[0]


@pytest.mark.parametrize(("name", "num_linear"), [("layernorm-linear", 1), ("mlp", 2)])
def test_logits_equal_plain_loops(name: str, num_linear: int) -> None:
    torch.manual_seed(0)
    head = Head(DIM, name)
    assert sum(isinstance(layer, torch.nn.Linear) for layer in head.layers) == num_linear
    hidden = 5 * torch.randn(2, 3, DIM)
    wanted = [[plain(head, row) for row in bag] for bag in hidden.double().tolist()]
    assert head(hidden).flatten().tolist() == pytest.approx(wanted[0] + wanted[1], abs=1e-5)


def test_an_unknown_head_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(ConfigError, match="did you mean 'mlp'"):
        Head(DIM, "mpl")
