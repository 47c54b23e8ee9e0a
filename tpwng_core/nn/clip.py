"""CLIP's two towers, frozen: the only module that imports open_clip.

In comes the text of ``--clip``, out goes a :class:`Clip`: images to features, words to text
states, and what must be written beside every feature so that two CLIPs are never mixed. Called
by ``run.extract``, ``nn.prompts`` and the script that trains the demo's CLIP.

Shapes: N images, K texts, D features, W width of the text tower.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal, cast

import open_clip
import torch
from torch import Tensor, nn

from tpwng_core.config import did_you_mean
from tpwng_core.errors import ConfigError
from tpwng_core.nn.clip_download import locate_weights, openai_archive_sha256
from tpwng_core.nn.clip_folder import ClipSource, read_clip_folder
from tpwng_core.nn.clip_spec import DEFAULT_CLIP, FOLDER_SOURCES, ClipSpec
from tpwng_core.nn.clip_weights import read_state_dict, weight_sha256
from tpwng_core.nn.text_tower import TextTower, Tokenizer

__all__ = ["Clip", "ClipSpec", "TextTower", "build_model", "load_clip"]

# Switches of open_clip that make a text tower something else than the paper's CLIP.
_PLAIN_TEXT = {
    "hf_model_name": None,
    "embed_cls": False,
    "no_causal_mask": False,
    "final_ln_after_pool": False,
    "pool_type": "argmax",
    "proj_type": "linear",
    "proj_bias": False,
}
# open_clip builds both towers or none; on the meta device the one not wanted costs nothing.
_NO_VISION = {"vision_cfg": {"layers": 1, "width": 64, "patch_size": 32, "image_size": 32}}

Rgb = tuple[float, float, float]


@dataclass(frozen=True, kw_only=True, eq=False)
class Clip:
    """A frozen CLIP in evaluation mode.

    Attributes:
        name: open_clip's architecture, or the name a CLIP folder gives itself.
        pretrained: tag or file name of the weights; empty for a folder.
        activation: of both towers; a wrong one gives wrong features without an error.
        weight_sha256: of the towers' values (see ``clip_weights.weight_sha256``).
        dim: D.
        image_size: side of the square input, in pixels.
        mean: of normalisation, RGB in [0, 1].
        std: of normalisation, RGB.
        interpolation: of the resize: ``bicubic`` or ``bilinear``.
        sim_scale: default of S = sim_scale * cosine for this CLIP.
        words: all that the captions it was trained on can say; None: the whole language.
        text: the text tower.
        visual: the image tower, or None where there is none or none was wanted.
    """

    name: str
    pretrained: str
    activation: Literal["quick_gelu", "gelu"]
    weight_sha256: str
    dim: int
    image_size: int
    mean: Rgb
    std: Rgb
    interpolation: str
    sim_scale: float
    words: frozenset[str] | None
    text: TextTower
    visual: nn.Module | None

    @property
    def context_length(self) -> int:
        """The most tokens a prompt may have, [SOS] and [EOS] included."""
        return self.text.context_length

    @property
    def device(self) -> torch.device:
        """Where the towers are."""
        return self.text.positional_embedding.device

    def image_tower(self) -> nn.Module:
        """The image tower.

        Raises:
            ConfigError: this CLIP has none, or was opened without it.
        """
        if self.visual is None:
            raise ConfigError(
                f"CLIP {self.name} has no image tower here",
                "choose a --clip that can encode frames, such as ViT-B-16-quickgelu:openai",
            )
        return self.visual

    @torch.no_grad()
    def encode_images(self, images: Tensor) -> Tensor:
        """Features of normalised images.

        Args:
            images: (N, 3, image_size, image_size), of the image tower's type and device.

        Returns:
            (N, D), un-normalised, of the same type.

        Raises:
            ConfigError: there is no image tower.
        """
        return cast(Tensor, self.image_tower()(images))


def build_model(config: Mapping[str, Any]) -> open_clip.CLIP:
    """An untrained CLIP from open_clip's ``model_cfg``.

    Args:
        config: ``embed_dim``, ``vision_cfg``, ``text_cfg``, optionally ``quick_gelu``.

    Raises:
        ConfigError: a key is unknown or missing, or the text tower is not the paper's kind
            (causal, pooled at [EOS], one linear projection).
    """
    _check_plain_text(config)
    try:
        return open_clip.CLIP(
            embed_dim=config["embed_dim"],
            vision_cfg=open_clip.CLIPVisionCfg(**config["vision_cfg"]),
            text_cfg=open_clip.CLIPTextCfg(**config["text_cfg"]),
            quick_gelu=bool(config.get("quick_gelu", False)),
        )
    except (KeyError, TypeError) as error:
        raise ConfigError(f"this CLIP configuration cannot be built: {error}") from error


def load_clip(spec: str, device: torch.device | str = "cpu", *, with_vision: bool = True) -> Clip:
    """Open the CLIP that ``--clip`` names.

    Args:
        spec: see :meth:`tpwng_core.nn.clip_spec.ClipSpec.parse`.
        device: where the towers go.
        with_vision: whether the image tower is wanted; without it only the text tower reaches
            the device. A CLIP folder without an image tower gives None either way.

    Raises:
        ConfigError: there is no such CLIP, its weights cannot be had or do not fit, or its
            activation is not that of the weights.
    """
    source = _find_source(ClipSpec.parse(spec))
    model, digest = _load_model(source)
    wanted = with_vision and "vision_cfg" in source.model
    visual = model.visual.requires_grad_(False).eval().to(device) if wanted else None
    preprocess = source.preprocess
    return Clip(
        name=source.name,
        pretrained=source.pretrained,
        activation="quick_gelu" if source.model.get("quick_gelu") else "gelu",
        weight_sha256=digest,
        dim=int(source.model["embed_dim"]),
        image_size=_image_size(source),
        mean=_rgb(preprocess.get("mean") or open_clip.OPENAI_DATASET_MEAN),
        std=_rgb(preprocess.get("std") or open_clip.OPENAI_DATASET_STD),
        interpolation=str(preprocess.get("interpolation", "bicubic")),
        sim_scale=source.sim_scale,
        words=None if source.words is None else frozenset(source.words),
        text=_text_tower(model, source).to(device),
        visual=visual,
    )


def load_text_tower(spec: str, device: torch.device | str = "cpu") -> Clip:
    """The CLIP of a ``--clip`` without its image tower; see :func:`load_clip`."""
    return load_clip(spec, device, with_vision=False)


def _find_source(spec: ClipSpec) -> ClipSource:
    if spec.kind == "folder":
        return read_clip_folder(spec.folder())
    model = open_clip.get_model_config(spec.name)
    if model is None:
        near = get_close_matches(spec.name, [*open_clip.list_models(), *FOLDER_SOURCES], n=1)
        hint = near[0] if near else DEFAULT_CLIP
        raise ConfigError(f"there is no CLIP {spec.name!r}", f"did you mean {hint!r}?")
    _check_plain_text(model)
    if spec.kind == "file":
        path = Path(spec.source).expanduser()
        archive = openai_archive_sha256(open_clip.get_pretrained_cfg(spec.name, "openai") or {})
        return ClipSource(
            name=spec.name,
            pretrained=path.name,
            model=model,
            weights=path,
            trusted_sha256=archive if model.get("quick_gelu") else None,
        )
    return _find_pretrained(spec, model)


def _find_pretrained(spec: ClipSpec, model: Mapping[str, Any]) -> ClipSource:
    described = open_clip.get_pretrained_cfg(spec.name, spec.source)
    if not described:
        tags = open_clip.list_pretrained_tags_by_model(spec.name)
        raise ConfigError(
            f"CLIP {spec.name} has no weights {spec.source!r}",
            did_you_mean(spec.source, tags) + ", or NAME:FILE for a local file",
        )
    if bool(described.get("quick_gelu")) != bool(model.get("quick_gelu")):
        bare = spec.name.removesuffix("-quickgelu")
        fitting = f"{bare}-quickgelu" if described.get("quick_gelu") else bare
        raise ConfigError(
            f"{spec} gives wrong features: these weights need another activation",
            f"use --clip {fitting}:{spec.source}",
        )
    return ClipSource(
        name=spec.name,
        pretrained=spec.source,
        model=model,
        preprocess=described,
        weights=locate_weights(
            spec.name, spec.source, described, lambda: open_clip.download_pretrained(described)
        ),
        trusted_sha256=openai_archive_sha256(described),
    )


def _check_plain_text(config: Mapping[str, Any]) -> None:
    """Raise ConfigError unless the text tower is the kind whose prompts can be learned."""
    text = config.get("text_cfg", {})
    different = [key for key, value in _PLAIN_TEXT.items() if text.get(key, value) != value]
    if different or config.get("custom_text") or config.get("multimodal_cfg"):
        raise ConfigError(
            f"the text tower of this CLIP is not the plain kind {' '.join(different)}".rstrip(),
            "prompts are learned for CLIPs such as ViT-B-16-quickgelu",
        )


def _load_model(source: ClipSource) -> tuple[open_clip.CLIP, str]:
    """The model with its weights as float32 on the CPU, and their hash."""
    assert source.weights is not None
    has_vision = "vision_cfg" in source.model
    with torch.device("meta"):
        model = build_model(source.model if has_vision else {**source.model, **_NO_VISION})
    names = [
        name
        for name in model.state_dict()
        if not name.startswith("logit_") and (has_vision or not name.startswith("visual."))
    ]
    tensors = read_state_dict(source.weights, source.trusted_sha256)
    _check_fit(source, model, names, tensors)
    digest = weight_sha256(tensors, names)
    floats = {name: tensors[name].to(torch.float32) for name in names}
    model.load_state_dict(floats, strict=False, assign=True)
    return model, digest


def _check_fit(
    source: ClipSource, model: nn.Module, names: Sequence[str], tensors: Mapping[str, Tensor]
) -> None:
    """Raise ConfigError unless the weights are exactly those of the model's towers."""
    shapes = {name: value.shape for name, value in model.state_dict().items()}
    missing = [name for name in names if name not in tensors]
    extra = [name for name in tensors if name not in shapes]
    other = [name for name in names if name in tensors and tensors[name].shape != shapes[name]]
    for problem, which in (("lacks", missing), ("has unknown", extra), ("has misshapen", other)):
        if which:
            raise ConfigError(
                f"{source.weights} does not fit {source.name}: it {problem} {which[0]!r}"
                + (f" and {len(which) - 1} more" if len(which) > 1 else ""),
                "name the architecture these weights were trained for",
            )


def _text_tower(model: open_clip.CLIP, source: ClipSource) -> TextTower:
    byte_pairs = open_clip.SimpleTokenizer()
    tokenizer = Tokenizer(
        byte_pairs.encode, byte_pairs.sot_token_id, byte_pairs.eot_token_id, source.token_ids
    )
    modules = {
        "token_embedding": model.token_embedding,
        "transformer": model.transformer,
        "ln_final": model.ln_final,
    }
    return TextTower(modules, model.positional_embedding, model.text_projection, tokenizer)


def _image_size(source: ClipSource) -> int:
    """Side of the square input; other shapes and resize rules are refused, not approximated."""
    size = source.model.get("vision_cfg", {}).get("image_size", 224)
    if isinstance(size, list | tuple):
        size = size[0] if len(set(size)) == 1 else 0
    rule = source.preprocess.get("resize_mode", "shortest")
    interpolation = source.preprocess.get("interpolation", "bicubic")
    if not size or rule != "shortest" or interpolation not in ("bicubic", "bilinear"):
        raise ConfigError(
            f"CLIP {source.name}:{source.pretrained} prepares images in a way not supported "
            f"({rule}, {interpolation})",
            "use a CLIP with square input and resize of the shortest side",
        )
    return int(size)


def _rgb(values: Sequence[float]) -> Rgb:
    red, green, blue = (float(value) for value in values)
    return red, green, blue
