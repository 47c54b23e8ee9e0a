"""Model, objective and loop of a training run together, and how their state becomes files.

Built by ``run/train.py``, which says when to save.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from tpwng_core.checkpoint import Checkpoint, CheckpointMeta, ClipIdentity
from tpwng_core.errors import CheckpointError, FeatureError
from tpwng_core.features import FeatureSet
from tpwng_core.nn.clip import Clip
from tpwng_core.nn.long import score_long
from tpwng_core.run.batches import BagStore
from tpwng_core.run.loop import EpochResult, Loop
from tpwng_core.run.model import build_model, restore_model, scores_over_crops, trained_tensors
from tpwng_core.run.objective import TpwngObjective
from tpwng_core.run.ranks import ALONE, Ranks
from tpwng_core.run.settings import Settings


class Trainer:
    """Model, objective and loop of one run, and how its state becomes files.

    Args:
        settings: of the run, categories and scale resolved.
        clip: its text tower is read.
        identity: of the CLIP, for the checkpoint.
        store: the bags.
        device: where to train.
        sample: any training video, for what its features say of themselves.
        ranks: the processes that train together.
    """

    def __init__(
        self,
        *,
        settings: Settings,
        clip: Clip,
        identity: ClipIdentity,
        store: BagStore,
        device: torch.device,
        sample: FeatureSet,
        ranks: Ranks = ALONE,
    ) -> None:
        if sample.dim != clip.dim:
            raise FeatureError(
                f"features have {sample.dim} dimensions, CLIP {identity.spec} has {clip.dim}",
                "give the --clip that the features were made with",
            )
        self.settings = settings
        self.model = build_model(settings, clip, device)
        self.objective = TpwngObjective(self.model, settings.loss, settings.pseudolabels, ranks)
        self.loop = Loop(
            self.objective,
            self.objective.halves(),
            store,
            settings.training,
            device,
            ranks=ranks,
        )
        self.epoch = 0
        self.metrics: dict[str, float] = {}
        self.best = -np.inf
        self._identity = identity
        self._store = store
        self._sample = sample
        self._device = device

    def warm_start(self, checkpoint: Checkpoint) -> None:
        """Begin from the weights of an earlier run, with a fresh optimiser.

        Raises:
            CheckpointError: it has other categories, or a model of another shape.
        """
        before, now = list(checkpoint.meta.categories), list(self.settings.categories)
        if before != now:
            raise CheckpointError(
                f"the checkpoint to begin from knows {', '.join(before)}; "
                f"this run is about {', '.join(now)}",
                "train without it, or with the same categories",
            )
        restore_model(self.model, checkpoint.tensors)

    def score(self, features: FeatureSet) -> NDArray[np.float32]:
        """(T,) scores of a video by the model as it is now."""
        self.model.eval()
        return scores_over_crops(features, self._score_rows)

    @torch.inference_mode()
    def _score_rows(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        tensor = torch.from_numpy(rows).to(self._device)
        return score_long(self.model.temporal, self.model.head, tensor).cpu().numpy()

    def line(self, result: EpochResult) -> dict[str, float]:
        """Numbers of an epoch without evaluation."""
        return {**result.losses, **self.objective.statistics()}

    def checkpoint(self) -> Checkpoint:
        """The model as it is now, with the mean normality prompt of the training normals."""
        with torch.no_grad():
            normal_text = self.model.prompts()[-1]
        self.model.normality.remember(self._store.normal_rows(), normal_text)
        meta = self._sample.meta
        return Checkpoint(
            tensors=trained_tensors(self.model),
            meta=CheckpointMeta(
                feature_dim=self._sample.dim,
                categories=dict(self.settings.categories),
                clip=self._identity,
                feature_key=meta.key if meta else "",
                stride=meta.stride if meta else 16,
                config=self.settings.tables(),
                metrics=dict(self.metrics),
                epoch=self.epoch,
            ),
        )

    def state(self) -> dict[str, Any]:
        """What a resumed run needs."""
        return {
            "epoch": self.epoch,
            "best": float(self.best),
            "metrics": dict(self.metrics),
            "model": {name: value.cpu() for name, value in self.model.trained_state().items()},
            "loop": self.loop.state_dict(),
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over what :meth:`state` gave."""
        restore_model(self.model, {name: value.numpy() for name, value in state["model"].items()})
        self.loop.load_state_dict(state["loop"])
        self.epoch, self.best = state["epoch"], state["best"]
        self.metrics = dict(state["metrics"])
