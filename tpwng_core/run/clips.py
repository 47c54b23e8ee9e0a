"""Which CLIP goes with which features: the one they came from, or the one a person names.

Called by train, label and score. Features of another CLIP are refused, never scored.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import torch

from tpwng_core.checkpoint import ClipIdentity
from tpwng_core.errors import ConfigError, FeatureError
from tpwng_core.features import FeatureMeta, FeatureSet
from tpwng_core.nn.clip import Clip, load_text_tower
from tpwng_core.nn.clip_spec import FOLDER_SOURCES


def clip_for_features(
    spec: str | None,
    features: Mapping[str, FeatureSet],
    device: torch.device,
    load: Callable[[str, torch.device], Clip] = load_text_tower,
) -> tuple[Clip, ClipIdentity]:
    """Load the text tower that belongs to features.

    Args:
        spec: ``--clip``; None takes what the features say.
        features: all of one kind; the first one speaks for them.
        device: for the tower.
        load: gives a CLIP without its image tower.

    Returns:
        The CLIP without its image tower, and its identity for the checkpoint.

    Raises:
        ConfigError: the features do not say and nothing was given, or the CLIP cannot be had.
        FeatureError: the features come from another CLIP.
    """
    video = next(iter(features))
    meta = features[video].meta
    if spec is None and meta is None:
        raise ConfigError("these features do not say which CLIP made them", "name it with --clip")
    chosen = spec or spec_of(meta)
    try:
        clip = load(chosen, device)
    except ConfigError as error:
        if spec is not None:
            raise
        raise ConfigError(
            f"the features were made with CLIP {chosen}, which cannot be opened: {error.message}",
            f"give it with --clip; {error.hint}",
        ) from error
    if meta is not None and meta.weight_sha256 != clip.weight_sha256:
        raise FeatureError(
            f"features of {video} were made with {meta.clip_name}:{meta.pretrained} "
            f"({meta.weight_sha256[:12]}), not with {chosen} ({clip.weight_sha256[:12]})",
            "give the --clip that made them, or extract again",
        )
    return clip, identity_of(chosen, clip, assumed=meta is None)


def identity_of(spec: str, clip: Clip, *, assumed: bool) -> ClipIdentity:
    """How a checkpoint names its CLIP."""
    return ClipIdentity(
        spec=spec,
        name=clip.name,
        pretrained=clip.pretrained,
        activation=clip.activation,
        weight_sha256=clip.weight_sha256,
        assumed=assumed,
    )


def spec_of(meta: FeatureMeta | None) -> str:
    """The ``--clip`` that loads the CLIP of features again."""
    assert meta is not None
    is_folder = meta.clip_name.partition(":")[0] in FOLDER_SOURCES
    return meta.clip_name if is_folder else f"{meta.clip_name}:{meta.pretrained}"
