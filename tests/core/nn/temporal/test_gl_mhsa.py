"""GL-MHSA against plain loops."""

import math
from typing import Any

import pytest
import torch

from tests.core.nn.tiny import DIM, joined, more_padding, random_bags
from tests.reference import peers, unit
from tpwng_core.errors import ConfigError
from tpwng_core.nn.temporal.gl_mhsa import GlMhsa, local_weights

BAGS = random_bags()
X, MASK = BAGS.abnormal, BAGS.abnormal_mask


def make() -> Any:
    torch.manual_seed(0)
    return GlMhsa(DIM).eval()


def test_hidden_states_equal_plain_loops() -> None:
    module = make()
    hidden = module(X, MASK)
    parameters = {name: value.tolist() for name, value in module.named_parameters()}
    for got, bag, real in zip(hidden, X, MASK, strict=True):
        rows = bag[real].double().tolist()
        scaled = [[math.sqrt(DIM) * value for value in unit(row)] for row in rows]
        wanted = peers.gl_mhsa(scaled, parameters)
        assert got[real].flatten().tolist() == pytest.approx(joined(wanted), abs=1e-4)


def test_padding_changes_nothing() -> None:
    padded = more_padding(BAGS, extra=6)
    longer = make()(padded.abnormal, padded.abnormal_mask)[:, : X.shape[1]]
    assert torch.allclose(longer[MASK], make()(X, MASK)[MASK], atol=1e-5)


def test_departure_local_rows_sum_to_one() -> None:
    weights = local_weights(MASK)
    assert weights.sum(dim=-1).flatten().tolist() == pytest.approx([1.0] * MASK.numel())
    assert not weights.transpose(1, 2)[~MASK].any()
    near = [math.exp(-abs(2 - r) / math.e) for r in range(4)]
    assert weights[1, 2, :4].tolist() == pytest.approx([v / sum(near) for v in near])


def test_features_that_cannot_be_split_are_refused() -> None:
    with pytest.raises(ConfigError, match="multiple of 4"):
        GlMhsa(6)
