"""Anything that trains on bags and scores snippets, TPWNG or another method, behind one call.

``fit`` is the only way in which a study trains: the same loop, the same bags in the same order,
the same number of steps, and a random state of its own, so that no digit depends on what ran
before. Called by ``run/comparison.py`` and ``run/fits.py``.
"""

# T snippets, D features

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from tpwng_core.features import FeatureSet
from tpwng_core.nn.bags import Bags
from tpwng_core.nn.clip import Clip
from tpwng_core.nn.long import average_windows, score_long
from tpwng_core.nn.methods import Method
from tpwng_core.nn.tpwng import Tpwng
from tpwng_core.run.batches import BagStore
from tpwng_core.run.loop import EpochResult, Half, Loop, ScheduleConfig
from tpwng_core.run.model import build_model, scores_over_crops
from tpwng_core.run.objective import TpwngObjective
from tpwng_core.run.settings import Settings

Floats = NDArray[np.float32]


@dataclass(frozen=True, kw_only=True)
class Contender:
    """What is trained, and how its scores are read.

    Attributes:
        model: has ``losses(bags)``.
        halves: what is trained; empty for a method without training.
        score_rows: (T, D) tensor of a video's rows to (T,) scores, in evaluation mode.
        device: of the model.
        tpwng: the network itself where it is TPWNG; it has texts and pseudo-labels.
    """

    model: nn.Module
    halves: Sequence[Half]
    score_rows: Callable[[Tensor], Tensor]
    device: torch.device
    tpwng: Tpwng | None = None

    def losses(self, bags: Bags) -> dict[str, Tensor]:
        """Weighted scalar terms of a step."""
        found: dict[str, Tensor] = self.model.losses(bags)  # type: ignore[operator]
        return found

    def train(self, mode: bool = True) -> nn.Module:
        """Switch dropout and normalisation."""
        return self.model.train(mode)

    def score(self, features: FeatureSet) -> Floats:
        """(T,) scores of a video as the model is now; scores of crops are averaged."""
        self.model.eval()
        return scores_over_crops(features, self._score)

    @torch.inference_mode()
    def _score(self, rows: Floats) -> Floats:
        eta = self.score_rows(torch.from_numpy(rows).to(self.device))
        return np.asarray(eta.float().cpu().numpy(), dtype=np.float32)


def tpwng_contender(settings: Settings, clip: Clip, device: torch.device) -> Contender:
    """TPWNG as ``train`` builds it; initial weights follow ``training.seed``.

    Args:
        settings: with categories.
        clip: its text tower is shared, never trained.
        device: where to train.
    """
    model = build_model(settings, clip, device)
    objective = TpwngObjective(model, settings.loss, settings.pseudolabels)
    return Contender(
        model=objective,
        halves=objective.halves(),
        score_rows=lambda rows: score_long(model.temporal, model.head, rows),
        device=device,
        tpwng=model,
    )


def method_contender(method: Method, device: torch.device) -> Contender:
    """Another method; long videos are scored in averaged windows, as TPWNG's are."""
    method = method.to(device)

    def score_rows(rows: Tensor) -> Tensor:
        def scored(windows: Tensor) -> Tensor:
            mask = torch.ones(windows.shape[:2], dtype=torch.bool, device=windows.device)
            return method.score(windows, mask)[..., None]

        return average_windows(rows, scored)[:, 0]

    halves = [
        Half(name="text", parameters=method.text_parameters()),
        Half(name="temporal", parameters=method.temporal_parameters()),
    ]
    return Contender(
        model=method,
        halves=halves if method.supervision != "none" else (),
        score_rows=score_rows,
        device=device,
    )


def fit(
    build: Callable[[], Contender],
    store: BagStore,
    schedule: ScheduleConfig,
    device: torch.device,
    *,
    on_step: Callable[[int], None] = lambda step: None,
    on_epoch: Callable[[Contender, EpochResult], None] = lambda contender, result: None,
) -> Contender:
    """Build and train one contender; what needs no training is returned as it is built.

    Args:
        build: gives the untrained contender; called under the schedule's seed.
        store: the bags.
        schedule: how long and how fast; its seed rules weights and dropout.
        device: of the contender.
        on_step: called with the number of steps done; may raise Cancelled.
        on_epoch: called after each epoch; must draw no random numbers.

    Returns:
        The trained contender. The global random state is left as it was.
    """
    devices = [device] if device.type == "cuda" else []
    with torch.random.fork_rng(devices=devices):
        torch.manual_seed(schedule.seed)
        contender = build()
        if contender.halves:
            loop = Loop(contender, contender.halves, store, schedule, device)
            for result in loop.epochs(on_step):
                on_epoch(contender, result)
    contender.model.eval()
    return contender
