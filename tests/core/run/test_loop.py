"""The training loop: schedule, halves, skipped steps, resuming."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from tests.core.run.test_batches import make_store
from tpwng_core.errors import ConfigError
from tpwng_core.nn.bags import Bags
from tpwng_core.run.loop import Half, Loop, ScheduleConfig

CPU = torch.device("cpu")


class Toy(nn.Module):
    """Two halves, each with a loss of its own."""

    def __init__(self, scale: float = 1.0) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.text = nn.Linear(4, 1)
        self.temporal = nn.Sequential(nn.Linear(4, 1), nn.Dropout(0.5))
        self.scale = scale

    def losses(self, bags: Bags) -> dict[str, Tensor]:
        return {
            "text": self.scale * self.text(bags.abnormal).square().mean(),
            "temporal": (self.temporal(bags.normal) - 1).square().mean(),
        }

    def halves(self) -> list[Half]:
        return [
            Half(name="text", parameters=list(self.text.parameters())),
            Half(name="temporal", parameters=list(self.temporal.parameters())),
        ]


def make_loop(toy: Toy, **schedule) -> Loop:
    store = make_store({"a1": 5, "a2": 4, "a3": 6, "n1": 3, "n2": 2})
    settings = ScheduleConfig(**{"batch_size": 2, "epochs": 4, **schedule})
    return Loop(toy, toy.halves(), store, settings, CPU)


def weights(toy: Toy) -> list[Tensor]:
    return [value.detach().clone() for value in toy.parameters()]


def test_losses_go_down_and_every_epoch_is_reported() -> None:
    toy = Toy()
    results = list(make_loop(toy, epochs=30, lr_text=0.05, lr_temporal=0.05).epochs())
    assert [item.epoch for item in results] == list(range(1, 31))
    assert [item.is_last for item in results] == [False] * 29 + [True]
    assert results[-1].losses["text"] < 0.5 * results[0].losses["text"]
    total = results[0].losses["text"] + results[0].losses["temporal"]
    assert results[0].losses["total"] == pytest.approx(total)


def test_exact_steps_end_within_an_epoch() -> None:
    loop = make_loop(Toy(), steps=5, epochs=0)
    assert [item.step for item in loop.epochs()] == [2, 4, 5]


def test_a_stopped_loop_ends_after_the_step_and_goes_on_as_if_it_had_not() -> None:
    toy, whole = Toy(), Toy()
    loop = make_loop(toy)

    def stop_after_three(step: int) -> None:
        if step == 3:
            loop.stop()

    assert [item.step for item in loop.epochs(stop_after_three)] == [2]
    assert loop.step == 3
    assert [item.step for item in loop.epochs()] == [4, 6, 8]
    torch.manual_seed(0)
    other = make_loop(whole)
    list(other.epochs())
    assert loop.step == other.step


def test_stopping_at_the_end_of_an_epoch_still_gives_its_result() -> None:
    loop = make_loop(Toy())
    assert [item.step for item in loop.epochs(lambda step: loop.stop())][:1] == []
    assert [item.step for item in loop.epochs(lambda step: loop.stop())] == [2]


def test_each_half_has_its_learning_rate() -> None:
    toy = Toy()
    before = weights(toy)
    list(make_loop(toy, lr_text=0.0, weight_decay=0.0).epochs())
    same = [bool((a == b).all()) for a, b in zip(before, weights(toy), strict=True)]
    assert same == [True, True, False, False]


def test_weight_decay_acts_on_the_temporal_half_only() -> None:
    plain, decayed = Toy(), Toy()
    list(make_loop(plain, weight_decay=0.0).epochs())
    list(make_loop(decayed, weight_decay=0.5).epochs())
    same = [bool((a == b).all()) for a, b in zip(weights(plain), weights(decayed), strict=True)]
    assert same == [True, True, False, False]


def test_a_huge_gradient_of_one_half_leaves_the_other_alone() -> None:
    plain = Toy()
    list(make_loop(plain).epochs())
    loud = Toy(scale=1e6)
    list(make_loop(loud).epochs())
    assert torch.equal(weights(plain)[2], weights(loud)[2])


def test_the_rate_falls_to_nothing() -> None:
    loop = make_loop(Toy())
    rates = []
    for _ in loop.epochs(lambda step: rates.append(loop.optimiser.param_groups[0]["lr"])):
        pass
    assert rates[0] == pytest.approx(1e-3)
    assert rates == sorted(rates, reverse=True)
    assert rates[-1] < 0.1e-3


def test_a_resumed_run_is_bit_identical() -> None:
    whole = Toy()
    list(make_loop(whole).epochs())
    first = Toy()
    loop = make_loop(first)
    steps = loop.epochs()
    next(steps)
    next(steps)
    state, model = loop.state_dict(), {k: v.clone() for k, v in first.state_dict().items()}
    torch.manual_seed(99)
    second = Toy()
    second.load_state_dict(model)
    resumed = make_loop(second)
    resumed.load_state_dict(state)
    assert [item.epoch for item in resumed.epochs()] == [3, 4]
    assert all(torch.equal(a, b) for a, b in zip(weights(whole), weights(second), strict=True))


def test_steps_without_a_finite_loss_are_skipped_then_refused() -> None:
    toy = Toy(scale=float("nan"))
    before = weights(toy)
    with pytest.raises(ConfigError, match=r"no finite loss in 6 steps.*a1"):
        list(make_loop(toy).epochs())
    assert all(torch.equal(a, b) for a, b in zip(before, weights(toy), strict=True))


def test_a_step_without_a_finite_loss_changes_nothing_and_is_told_later_on_a_gpu() -> None:
    """There the verdict stays on the device until several can be asked for at once."""
    toy, steady = Toy(), Toy()
    whole = toy.losses
    toy.losses = lambda bags: {  # type: ignore[method-assign]
        name: value * (float("nan") if loop.step in (1, 2) else 1.0)
        for name, value in whole(bags).items()
    }
    loop, other = make_loop(toy, steps=3, epochs=0), make_loop(steady, steps=1, epochs=0)
    loop.settle_every = 8
    told = []
    torch.manual_seed(1)
    list(loop.epochs(lambda step: told.append(len(loop.skipped))))
    other.num_steps = loop.num_steps
    torch.manual_seed(1)
    next(iter(other.epochs(lambda step: other.stop())), None)
    assert told[:2] == [0, 0]  # the third hears of the second at the end of its epoch
    assert loop.skipped
    assert all(torch.equal(a, b) for a, b in zip(weights(toy), weights(steady), strict=True))


@pytest.mark.parametrize(
    "wrong",
    [{"batch_size": 0}, {"epochs": 0, "steps": 0}, {"lr_text": -1.0}, {"clip_norm": 0.0}],
)
def test_impossible_schedules_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ConfigError):
        ScheduleConfig(**wrong)  # type: ignore[arg-type]
