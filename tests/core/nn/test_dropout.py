"""Dropout: how much, how it scales, and that it follows torch's random state."""

import pytest
import torch

from tpwng_core.nn.dropout import Dropout


@pytest.mark.parametrize("p", [0.1, 0.5, 0.9])
def test_it_drops_the_share_asked_for_and_keeps_the_mean(p: float) -> None:
    torch.manual_seed(0)
    dropped = Dropout(p)(torch.ones(1000, 1001))
    assert float((dropped == 0).float().mean()) == pytest.approx(p, abs=2e-3)
    assert dropped.unique().tolist() == pytest.approx([0, 1 / (1 - p)])
    assert float(dropped.mean()) == pytest.approx(1, abs=5e-3 / (1 - p))


def test_no_two_values_share_a_coin() -> None:
    """Four coins come of one word: neighbours must not fall together."""
    torch.manual_seed(0)
    fell = (Dropout(0.5)(torch.ones(400_000)) == 0).float()
    for lag in (1, 2, 3, 4, 8):
        both = fell[:-lag] * fell[lag:]
        assert float(both.mean()) == pytest.approx(0.25, abs=4e-3)


def test_gradients_flow_where_values_were_kept() -> None:
    x = torch.randn(50, 7, requires_grad=True)
    dropped = Dropout(0.3)(x)
    (of_x,) = torch.autograd.grad(dropped.sum(), x)
    torch.testing.assert_close(of_x, (dropped != 0) / 0.7)


def test_the_same_state_drops_the_same_and_goes_on() -> None:
    layer, x = Dropout(0.5), torch.ones(3, 101)
    torch.manual_seed(7)
    first, second = layer(x), layer(x)
    torch.manual_seed(7)
    assert torch.equal(layer(x), first)
    assert torch.equal(layer(x), second)
    assert not torch.equal(first, second)


def test_nothing_happens_in_evaluation() -> None:
    x = torch.randn(5)
    assert Dropout(0.5).eval()(x) is x
    assert Dropout(0.0)(x) is x
