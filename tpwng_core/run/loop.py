"""The training loop, one for TPWNG and for every method it is compared with.

In comes something trainable and a store of bags; out go its trained weights and, per epoch, the
mean of each loss term. The loop knows no files: ``run/train.py`` saves, ``run/compare.py`` counts.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol, cast

import torch
from torch import Tensor, nn

from tpwng_core.config import require
from tpwng_core.errors import ConfigError
from tpwng_core.nn.bags import Bags
from tpwng_core.run.batches import BagStore
from tpwng_core.run.ranks import ALONE, Ranks

MAX_SKIPPED_STEPS = 5
SETTLE_EVERY = 32
"""Steps after which a GPU is asked how they went; asking at every step would make it wait."""


@dataclass(frozen=True, kw_only=True)
class ScheduleConfig:
    """How long and how fast (spec/method.md B.7, B.9).

    Attributes:
        batch_size: bags of each half (abnormal, normal) per step.
        epochs: passes over the longer of the two lists; 0 = as many as ``steps`` needs.
        steps: exact number of steps; 0 = as many as ``epochs`` makes.
        lr_text: learning rate of prompts, text projection and normality prompt.
        lr_temporal: learning rate of the temporal module and classifier.
        weight_decay: of the temporal half only (coupled Adam).
        clip_norm: gradient norm bound, per half.
        max_snippets: longest bag; longer videos are pooled into so many bins.
        dtype: arithmetic of the temporal half; the text half and Eq. 3-12 stay in fp32.
        seed: of initialisation, order and dropout.
    """

    batch_size: int = 32
    epochs: int = 50
    steps: int = 0
    lr_text: float = 1e-3
    lr_temporal: float = 1e-3
    weight_decay: float = 0.005
    clip_norm: float = 5.0
    max_snippets: int = 256
    dtype: Literal["fp32", "bf16"] = "fp32"
    seed: int = 0

    def __post_init__(self) -> None:
        require(self.batch_size > 0, "training.batch_size must be at least 1")
        require(
            self.epochs >= 0 and self.steps >= 0, "training.epochs and steps cannot be negative"
        )
        require(self.epochs > 0 or self.steps > 0, "give training.epochs or training.steps")
        require(self.max_snippets > 0, "training.max_snippets must be at least 1")
        require(min(self.lr_text, self.lr_temporal) >= 0, "learning rates cannot be negative")
        require(self.clip_norm > 0, "training.clip_norm must be positive")

    def num_steps(self, store: BagStore) -> int:
        """Steps of the whole run."""
        return self.steps or self.epochs * store.num_steps(self.batch_size)


@dataclass(frozen=True, kw_only=True)
class Half:
    """Parameters that share a learning rate, a weight decay and a gradient bound."""

    name: Literal["text", "temporal"]
    parameters: Sequence[nn.Parameter]


class Trainable(Protocol):
    """What the loop can train."""

    def losses(self, bags: Bags) -> Mapping[str, Tensor]:
        """Weighted scalar terms; their sum is minimised."""
        ...

    def train(self, mode: bool = True) -> Any:
        """Switch dropout and normalisation."""
        ...


@dataclass(frozen=True, kw_only=True)
class EpochResult:
    """One epoch is done.

    Attributes:
        epoch: counted from 1.
        step: steps done since the start of the run.
        losses: mean of each weighted term over the epoch's steps, and "total".
        is_last: True after the run's last step.
    """

    epoch: int
    step: int
    losses: Mapping[str, float]
    is_last: bool


class Loop:
    """Trains a model on a store of bags.

    Args:
        model: already on its device.
        halves: its trainable parameters, in groups.
        store: the bags.
        schedule: how long and how fast.
        device: of the model.
        ranks: the processes that train it together; ``model`` is then an ``nn.Module``.
    """

    def __init__(
        self,
        model: Trainable,
        halves: Sequence[Half],
        store: BagStore,
        schedule: ScheduleConfig,
        device: torch.device,
        *,
        ranks: Ranks = ALONE,
    ) -> None:
        self.model = model
        self._ranks = ranks
        self._losses = _shared_losses(model, ranks, schedule.seed)
        self.store = store
        self.schedule = schedule
        self.device = device
        self.step = 0
        self.num_steps = schedule.num_steps(store)
        self.steps_per_epoch = store.num_steps(schedule.batch_size)
        self.skipped: list[str] = []
        self._num_skipped = 0
        self._is_stopping = False
        self.halves = [half for half in halves if half.parameters]
        self.settle_every = 1 if device.type == "cpu" else SETTLE_EVERY
        self._verdicts: list[tuple[Tensor, Sequence[str]]] = []
        store.keep_on(device)
        groups = [self._group(half) for half in self.halves]
        self.optimiser = torch.optim.Adam(groups, fused=True)

    def _group(self, half: Half) -> dict[str, Any]:
        is_temporal = half.name == "temporal"
        lr = self.schedule.lr_temporal if is_temporal else self.schedule.lr_text
        decay = self.schedule.weight_decay if is_temporal else 0.0
        return {"params": list(half.parameters), "lr": lr, "peak_lr": lr, "weight_decay": decay}

    def state_dict(self) -> dict[str, Any]:
        """Optimiser, step and random state: what a resumed run needs to be bit-identical."""
        state: dict[str, Any] = {
            "optimiser": self.optimiser.state_dict(),
            "step": self.step,
            "rng": torch.get_rng_state(),
        }
        if self.device.type == "cuda":
            state["rng_cuda"] = torch.cuda.get_rng_state(self.device)
        return state

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Continue where :meth:`state_dict` was taken."""
        self.optimiser.load_state_dict(state["optimiser"])
        self.step = state["step"]
        torch.set_rng_state(state["rng"].cpu())
        if self.device.type == "cuda" and "rng_cuda" in state:
            torch.cuda.set_rng_state(state["rng_cuda"].cpu(), self.device)
        _part_dropout(self._ranks, self.schedule.seed + self.step)

    def epochs(self, on_step: Callable[[int], None] = lambda step: None) -> Iterator[EpochResult]:
        """Train on, yielding after each epoch and after the last step.

        After :meth:`stop` it ends within an epoch, without yielding that epoch.

        Args:
            on_step: called with the number of steps done after each; may raise Cancelled or
                call :meth:`stop`.

        Raises:
            ConfigError: too many steps had no finite loss or gradient.
        """
        self._is_stopping = False
        while self.step < self.num_steps and not self._is_stopping:
            epoch = self.step // self.steps_per_epoch
            end = min((epoch + 1) * self.steps_per_epoch, self.num_steps)
            self.model.train()
            sums: dict[str, Tensor] = {}
            first = self.step
            while self.step < end and not self._is_stopping:
                for name, value in self._one_step().items():
                    sums[name] = sums.get(name, torch.zeros((), device=self.device)) + value
                self.step += 1
                on_step(self.step)
                self._is_stopping = self._ranks.any(self._is_stopping, self.device)
            self._settle()
            if self.step < end:
                return
            means = {
                name: float(self._ranks.mean(value)) / (end - first) for name, value in sums.items()
            }
            means["total"] = sum(means.values())
            yield EpochResult(
                epoch=epoch + 1, step=end, losses=means, is_last=end == self.num_steps
            )

    def stop(self) -> None:
        """End after the step that runs now; for ``on_step``."""
        self._is_stopping = True

    def _one_step(self) -> dict[str, Tensor]:
        bags, videos = self.store.bags(self.step, self.schedule.batch_size)
        for group in self.optimiser.param_groups:
            group["lr"] = group["peak_lr"] * self._cosine()
        with torch.autocast(
            self.device.type, dtype=torch.bfloat16, enabled=self.schedule.dtype == "bf16"
        ):
            own = self._ranks.share(bags)
            losses = self._losses(Bags(*(tensor.to(self.device) for tensor in own)))
        total = torch.stack(list(losses.values())).sum()
        self.optimiser.zero_grad(set_to_none=True)
        if total.requires_grad:
            total.backward()  # type: ignore[no-untyped-call]
        finite = self._is_finite(total)
        # A fused optimiser leaves a step out by itself where this is 1: no GPU has to answer.
        self.optimiser.found_inf = (~finite).float()  # type: ignore[attr-defined]
        self.optimiser.step()
        self._verdicts.append((finite, videos))
        if len(self._verdicts) >= self.settle_every:
            self._settle()
        return {name: torch.nan_to_num(value.detach()) for name, value in losses.items()}

    def _cosine(self) -> float:
        return 0.5 * (1 + math.cos(math.pi * self.step / self.num_steps))

    def _is_finite(self, total: Tensor) -> Tensor:
        """Clip the gradients; 0-d bool, whether they and the loss are numbers."""
        norms = [
            nn.utils.clip_grad_norm_(half.parameters, self.schedule.clip_norm).to(self.device)
            for half in self.halves
        ]
        return torch.isfinite(torch.stack([self._ranks.mean(total), *norms])).all()

    def _settle(self) -> None:
        """Hear how the last steps went."""
        verdicts, self._verdicts = self._verdicts, []
        if not verdicts:
            return
        finite = torch.stack([verdict for verdict, _ in verdicts]).tolist()
        for is_finite, (_, videos) in zip(finite, verdicts, strict=True):
            if not is_finite:
                self._skip(videos)

    def _skip(self, videos: Sequence[str]) -> None:
        self._num_skipped += 1
        self.skipped = sorted({*self.skipped, *videos})
        if self._num_skipped > MAX_SKIPPED_STEPS:
            raise ConfigError(
                f"training gave no finite loss in {self._num_skipped} steps; "
                f"videos seen in them: {', '.join(self.skipped)}",
                "lower the learning rates, or check these feature files",
            )


class _Losses(nn.Module):
    """The losses of a model as a forward pass, which is what distributed training can wrap."""

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.model = model

    def forward(self, bags: Bags) -> Mapping[str, Tensor]:
        """Weighted scalar terms."""
        losses: Mapping[str, Tensor] = self.model.losses(bags)  # type: ignore[operator]
        return losses


def _shared_losses(
    model: Trainable, ranks: Ranks, seed: int
) -> Callable[[Bags], Mapping[str, Tensor]]:
    """``model.losses``, with gradients averaged where several processes train."""
    if ranks.count == 1:
        return model.losses
    _part_dropout(ranks, seed)
    return ranks.wrap(_Losses(cast(nn.Module, model)))


def _part_dropout(ranks: Ranks, seed: int) -> None:
    """Each process drops other units; the first keeps the random state of a lone one."""
    if not ranks.is_first:
        torch.manual_seed(seed + 7919 * ranks.rank)
