"""Building the model, for training from settings and a CLIP, for everything else from a checkpoint.

A checkpoint holds, beside the trained tensors, the finished text features (``shown.*``), so that
scoring and labelling of ready features need no CLIP at all.
"""

# T snippets, D features, K categories (normal is last), H heads

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from tpwng_core.checkpoint import Checkpoint, CheckpointMeta
from tpwng_core.errors import CheckpointError, FeatureError
from tpwng_core.features import FeatureSet
from tpwng_core.nn.clip import Clip
from tpwng_core.nn.long import score_long, spans_long
from tpwng_core.nn.normality import NormalityPrompt
from tpwng_core.nn.prompts import PromptLearner
from tpwng_core.nn.tcsal import Tcsal
from tpwng_core.nn.temporal import Head, build_temporal
from tpwng_core.nn.tpwng import Tpwng
from tpwng_core.run.settings import Settings, settings_of

SHOWN = "shown."
_TEMPORAL = ("temporal.", "head.")


def build_model(settings: Settings, clip: Clip, device: torch.device) -> Tpwng:
    """The untrained model on its device; initial weights follow ``training.seed``.

    Args:
        settings: with categories.
        clip: its text tower is shared, never trained.
        device: of the model.
    """
    torch.manual_seed(settings.training.seed)
    texts = list(settings.categories.values())
    dim = clip.dim
    model = Tpwng(
        PromptLearner(clip.text, texts, settings.prompts),
        NormalityPrompt(dim, settings.normality),
        build_temporal(settings.temporal.module, dim, settings.temporal),
        Head(dim, settings.temporal.head),
        sim_scale=settings.similarity.scale or clip.sim_scale,
    )
    return model.to(device)


def trained_tensors(model: Tpwng) -> dict[str, NDArray[Any]]:
    """What a checkpoint keeps of a model: trained tensors and the finished texts."""
    with torch.no_grad():
        text = model.prompts()
        shown = {"shown.text": text, "shown.normal": model.normality.shown(text[-1])}
    tensors = {**model.trained_state(), **shown}
    return {name: value.detach().cpu().numpy() for name, value in tensors.items()}


def restore_model(model: Tpwng, tensors: Mapping[str, NDArray[Any]]) -> None:
    """Put a checkpoint's trained tensors into a model of the same settings.

    Raises:
        CheckpointError: they do not fit.
    """
    device = next(model.parameters()).device
    scalars = {name for name, value in model.trained_state().items() if value.ndim == 0}
    kept = {name: np.array(value) for name, value in tensors.items() if not name.startswith(SHOWN)}
    for name in scalars & kept.keys():
        # The first checkpoints, the packaged one among them, hold a scalar as a row of one.
        kept[name] = kept[name].reshape(()) if kept[name].size == 1 else kept[name]
    model.load_trained_state(
        {name: torch.from_numpy(value).to(device) for name, value in kept.items()}
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class Scorer:
    """The temporal half of a checkpoint, and its finished texts.

    Attributes:
        meta: header of the checkpoint.
        settings: of the run.
        temporal: in evaluation mode, on ``device``.
        head: likewise.
        text: (K, D) text features, normal last.
        normal_text: (D,) the text "normal" as psi sees it (enhanced by the mean prompt).
        sim_scale: of S = sim_scale * cosine.
        device: where features are scored.
    """

    meta: CheckpointMeta
    settings: Settings
    temporal: nn.Module
    head: nn.Module
    text: NDArray[np.float32]
    normal_text: NDArray[np.float32]
    sim_scale: float
    device: torch.device

    @property
    def category_ids(self) -> list[str]:
        """Category ids in the order of the texts, normal last."""
        return list(self.meta.categories)

    @property
    def is_causal(self) -> bool:
        """Whether the model was trained to look only back."""
        return self.settings.temporal.causal

    def check(self, features: FeatureSet) -> None:
        """Raise FeatureError where features were made otherwise than those of the training."""
        if features.dim != self.meta.feature_dim:
            raise FeatureError(
                f"features of {features.video} have {features.dim} dimensions, "
                f"the checkpoint was trained on {self.meta.feature_dim}",
                f"extract with --clip {self.meta.clip.spec}",
            )
        if features.meta is None or not self.meta.feature_key:
            return
        if features.meta.key != self.meta.feature_key:
            raise FeatureError(
                f"features of {features.video} come from {features.meta.clip_name}:"
                f"{features.meta.pretrained} every {features.meta.stride} frames; the checkpoint "
                f"was trained on {self.meta.clip.name}:{self.meta.clip.pretrained} "
                f"every {self.meta.stride}",
                f"extract with --clip {self.meta.clip.spec} --stride {self.meta.stride}",
            )

    @torch.inference_mode()
    def score(self, rows: NDArray[Any], softness: float | None = None) -> NDArray[np.float32]:
        """eta of a video's snippets: (T, D) to (T,) in [0, 1]; R as trained where None."""
        return score_long(self.temporal, self.head, self._tensor(rows), softness).cpu().numpy()

    @torch.inference_mode()
    def spans(self, rows: NDArray[Any]) -> NDArray[np.float32]:
        """Learned reach z of the last layer, in snippets: (T, D) to (T, H).

        H is 0 for a temporal module without spans.
        """
        if self.settings.temporal.module != "tcsal":
            return np.empty((len(rows), 0), dtype=np.float32)
        spans = spans_long(cast(Tcsal, self.temporal), self._tensor(rows))
        return np.asarray(spans.cpu().numpy(), dtype=np.float32)

    def _tensor(self, rows: NDArray[Any]) -> Tensor:
        return torch.from_numpy(np.asarray(rows, dtype=np.float32)).to(self.device)


def load_scorer(checkpoint: Checkpoint, device: torch.device) -> Scorer:
    """What scores and labels videos, from a checkpoint alone.

    Raises:
        CheckpointError: a tensor is missing or of another shape.
    """
    settings = settings_of({name: dict(table) for name, table in checkpoint.meta.config.items()})
    dim = checkpoint.meta.feature_dim
    temporal = build_temporal(settings.temporal.module, dim, settings.temporal)
    head = Head(dim, settings.temporal.head)
    for prefix, module in zip(_TEMPORAL, (temporal, head), strict=True):
        _load(module, checkpoint.tensors, prefix)
        module.to(device).eval()
    if "shown.text" not in checkpoint.tensors or settings.similarity.scale is None:
        raise CheckpointError("the checkpoint lacks its text features", "train it again")
    return Scorer(
        meta=checkpoint.meta,
        settings=settings,
        temporal=temporal,
        head=head,
        text=np.asarray(checkpoint.tensors["shown.text"], dtype=np.float32),
        normal_text=np.asarray(checkpoint.tensors["shown.normal"], dtype=np.float32),
        sim_scale=settings.similarity.scale,
        device=device,
    )


def _load(module: nn.Module, tensors: Mapping[str, NDArray[Any]], prefix: str) -> None:
    state = {
        name.removeprefix(prefix): torch.from_numpy(np.array(value))
        for name, value in tensors.items()
        if name.startswith(prefix)
    }
    try:
        module.load_state_dict(state)
    except RuntimeError as error:
        first = str(error).splitlines()[-1].strip()
        raise CheckpointError(f"the checkpoint does not fit its settings: {first}") from error


def mean_over_crops(features: FeatureSet) -> NDArray[Any]:
    """(T, D) rows of a video for its similarity curves; crops are averaged, as the field does."""
    rows = features.features
    return np.asarray(rows).mean(axis=1, dtype=np.float32) if rows.ndim == 3 else rows


def scores_over_crops(
    features: FeatureSet, score_rows: Callable[[NDArray[np.float32]], NDArray[np.float32]]
) -> NDArray[np.float32]:
    """(T,) scores of a video; those of several crops are averaged, as the field does.

    Args:
        features: of a video, of one crop or several.
        score_rows: scores (T,) of the rows (T, D) of one crop.
    """
    rows = features.features
    crops = [rows] if rows.ndim == 2 else [rows[:, crop] for crop in range(rows.shape[1])]
    each = [score_rows(np.array(crop, dtype=np.float32)) for crop in crops]
    return np.asarray(np.mean(each, axis=0), dtype=np.float32)


def score_features(
    scorer: Scorer, features: FeatureSet, softness: float | None = None
) -> NDArray[np.float32]:
    """(T,) scores of a video; those of several crops are averaged."""
    return scores_over_crops(features, lambda rows: scorer.score(rows, softness))
