"""MTN against plain loops; batch statistics do not see the padding."""

import math
from typing import Any

import pytest
import torch

from tests.core.nn.tiny import DIM, joined, more_padding, random_bags
from tests.reference import peers, unit
from tpwng_core.errors import ConfigError
from tpwng_core.nn.temporal.mtn import MaskedBatchNorm, Mtn

BAGS = random_bags()
X, MASK = BAGS.abnormal, BAGS.abnormal_mask


def make() -> Any:
    torch.manual_seed(0)
    module = Mtn(DIM)
    torch.nn.init.normal_(module.non_local.norm.norm.weight)
    return module


def scaled_bags() -> list:
    scaled = []
    for bag, real in zip(X, MASK, strict=True):
        rows = bag[real].double().tolist()
        scaled.append([[math.sqrt(DIM) * value for value in unit(row)] for row in rows])
    return scaled


def test_hidden_states_equal_plain_loops() -> None:
    module = make()
    hidden = module(X, MASK)
    parameters = {name: value.tolist() for name, value in module.named_parameters()}
    for got, real, wanted in zip(hidden, MASK, peers.mtn(scaled_bags(), parameters), strict=True):
        assert got[real].flatten().tolist() == pytest.approx(joined(wanted), abs=1e-4)
        assert not got[~real].any()


@pytest.mark.parametrize("training", [True, False])
def test_padding_changes_nothing(training: bool) -> None:
    module, other = make().train(training), make().train(training)
    padded = more_padding(BAGS, extra=6)
    hidden = module(X, MASK)
    longer = other(padded.abnormal, padded.abnormal_mask)
    assert torch.allclose(longer[:, : X.shape[1]], hidden, atol=1e-5)
    for name, value in module.state_dict().items():
        assert torch.allclose(other.state_dict()[name], value, atol=1e-6), name


def test_statistics_are_those_of_the_real_snippets() -> None:
    norm = MaskedBatchNorm(DIM)
    out = norm(X, MASK)[MASK]
    assert out.mean(dim=0).tolist() == pytest.approx([0.0] * DIM, abs=1e-5)
    assert out.var(dim=0, unbiased=False).tolist() == pytest.approx([1.0] * DIM, abs=1e-3)


def test_the_non_local_branch_starts_as_nothing() -> None:
    module = Mtn(DIM).non_local
    x = torch.randn(3, X.shape[1], DIM // 4)
    assert torch.equal(module(x, MASK), x)


def test_features_that_cannot_be_split_are_refused() -> None:
    with pytest.raises(ConfigError, match="multiple of 8"):
        Mtn(12)
