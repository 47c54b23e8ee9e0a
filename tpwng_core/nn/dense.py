"""Where in a picture a text matches: the image tower read patch by patch.

A normalised image and text features in, one value per patch out, read in one of four ways:

- ``occlusion``: how much the picture's own similarity falls when the patch and its neighbours are
  covered (after Zeiler and Fergus, "Visualizing and Understanding Convolutional Networks", ECCV
  2014). Asks any tower, on a grid of its own, and costs one look per patch;
- ``values``: the last attention left out but for its values, so that a patch speaks for itself
  alone (after Zhou et al., "Extract Free Dense Labels from CLIP", ECCV 2022);
- ``gradient``: what in the last layer's input drives the picture's own similarity (after Selvaraju
  et al., "Grad-CAM", ICCV 2017);
- ``tokens``: the patches as the last layer leaves them, mapped into the joint space.

Measured by ``scripts/measure_heatmaps.py`` on event frames of rendered videos, seeds 10,001 to
10,003, spread over seeds; pointing: the best patch lies in the true region; aside: the same, only
frames where the middle of the picture does not. Left the demo's CLIP (458 frames), right a ViT of 8
x 8 patches (305 frames; ``--tower vit`` of ``scripts/train_demo_clip.py``):

========== ==== ========= ========= ========= ==== ========= ========= =========
reading    grid pointing  aside     IoU       grid pointing  aside     IoU
========== ==== ========= ========= ========= ==== ========= ========= =========
occlusion  8    .82 ± .02 .79 ± .11 .33 ± .00 8    .74 ± .06 .79 ± .03 .30 ± .01
values     2    .55 ± .04 .62 ± .16 .29 ± .00 8    .50 ± .04 .30 ± .11 .23 ± .02
gradient   2    .53 ± .04 .58 ± .20 .26 ± .00 8    .37 ± .03 .28 ± .09 .10 ± .01
tokens     2    .22 ± .02 .14 ± .08 .18 ± .01 8    .18 ± .03 .07 ± .06 .14 ± .01
chance     8    .26 ± .01 .17 ± .03 .19 ± .00 8    .26 ± .04 .17 ± .03 .19 ± .00
the middle      .74 ± .06 0         .28 ± .02      .75 ± .06 0         .28 ± .01
========== ==== ========= ========= ========= ==== ========= ========= =========

With the contrast with "normal", occlusion points .71 and .81. One look of ViT-B/16 takes .3 s of
one core, the 65 looks of occlusion 19 s.

Called by ``run.heatmap``. Shapes: G x G patches, D features, W width of the tower, K texts.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Literal, cast, get_args

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from tpwng_core.config import did_you_mean
from tpwng_core.errors import ConfigError
from tpwng_core.nn.clip import Clip
from tpwng_core.nn.masked import unit

Reading = Literal["occlusion", "values", "gradient", "tokens"]
READINGS: tuple[Reading, ...] = get_args(Reading)
DEFAULT_READING: Reading = "occlusion"

_OCCLUSION_GRID = 8
_COVER_PATCHES = 3  # a patch alone hides too little of a figure
_LOOKS_AT_ONCE = 16


def patch_similarity(clip: Clip, image: Tensor, text: Tensor, reading: Reading) -> Tensor:
    """How well each patch matches each text.

    Args:
        clip: with its image tower.
        image: (1, 3, S, S) normalised, of the tower's type and device.
        text: (K, D) text features, any norm.
        reading: see the module.

    Returns:
        (K, G, G) float32: cosines; for ``occlusion`` how much the picture's cosine falls, for
        ``gradient`` the part of it that a patch drives; comparable within one picture.

    Raises:
        ConfigError: there is no image tower, no such reading, or the tower's kind is not known.
    """
    if reading not in READINGS:
        raise ConfigError(f"there is no reading {reading!r}", did_you_mean(reading, READINGS))
    if reading == "occlusion":
        return _missed(clip, image, text)
    tower = _tower_of(clip)
    if reading == "gradient":
        return _driven(tower, image, text)
    with torch.no_grad():
        context = tower.stem(image)
        patches = tower.tokens(context) if reading == "tokens" else tower.values(context)
        cosine = unit(patches[0]) @ unit(text).T
    return _on_grid(cosine.T)


def grid_size(clip: Clip, reading: Reading) -> int:
    """G: patches along a side."""
    return _OCCLUSION_GRID if reading == "occlusion" else _tower_of(clip).grid_size


class _Tower(ABC):
    """An image tower cut before its last attention.

    ``stem`` gives what the last attention reads, ``pool`` the picture's feature from it,
    ``patches`` which of its rows are patches; ``tokens`` and ``values`` are the readings.
    """

    grid_size: int

    @abstractmethod
    def stem(self, image: Tensor) -> Tensor:
        """(1, 3, S, S) -> (1, P, W)."""

    @abstractmethod
    def pool(self, context: Tensor) -> Tensor:
        """(1, P, W) -> (1, D), as the tower itself does."""

    @abstractmethod
    def patches(self, context: Tensor) -> Tensor:
        """(1, P, W) -> (1, G * G, W)."""

    @abstractmethod
    def tokens(self, context: Tensor) -> Tensor:
        """(1, P, W) -> (1, G * G, D)."""

    @abstractmethod
    def values(self, context: Tensor) -> Tensor:
        """(1, P, W) -> (1, G * G, D)."""


class _Transformer(_Tower):
    """open_clip's VisionTransformer with a class token."""

    def __init__(self, visual: nn.Module) -> None:
        self._visual = visual
        transformer = cast(nn.Module, visual.transformer)
        self._blocks = cast(nn.ModuleList, transformer.resblocks)
        num_patches = cast(Tensor, visual.positional_embedding).shape[0] - 1
        self.grid_size = round(num_patches**0.5)

    def stem(self, image: Tensor) -> Tensor:
        x = self._visual._embeds(image)  # type: ignore[operator]
        for block in self._blocks[:-1]:
            x = block(x)
        return cast(Tensor, x)

    def pool(self, context: Tensor) -> Tensor:
        return self._project(self._blocks[-1](context))[:, 0]

    def patches(self, context: Tensor) -> Tensor:
        return context[:, 1:]

    def tokens(self, context: Tensor) -> Tensor:
        return self._project(self._blocks[-1](context))[:, 1:]

    def values(self, context: Tensor) -> Tensor:
        block = self._blocks[-1]
        attention = cast(nn.MultiheadAttention, block.attn)
        width = context.shape[-1]
        weight, bias = attention.in_proj_weight, attention.in_proj_bias
        value = F.linear(block.ln_1(context), weight[2 * width :], bias[2 * width :])  # type: ignore[operator]
        return self._project(attention.out_proj(value))[:, 1:]

    def _project(self, x: Tensor) -> Tensor:
        visual = self._visual
        return cast(Tensor, visual.ln_post(x) @ visual.proj)  # type: ignore[operator]


class _Convolutional(_Tower):
    """open_clip's ModifiedResNet, whose pooling is one attention."""

    def __init__(self, visual: nn.Module) -> None:
        self._visual = visual
        self._pool = cast(nn.Module, visual.attnpool)
        num_rows = cast(Tensor, self._pool.positional_embedding).shape[0]
        self.grid_size = round((num_rows - 1) ** 0.5)

    def stem(self, image: Tensor) -> Tensor:
        x = image
        for name in ("stem", "layer1", "layer2", "layer3", "layer4"):
            x = getattr(self._visual, name)(x)
        return x.flatten(2).transpose(1, 2)

    def pool(self, context: Tensor) -> Tensor:
        side = self.grid_size
        maps = context.transpose(1, 2).reshape(1, -1, side, side)
        return cast(Tensor, self._pool(maps))

    def patches(self, context: Tensor) -> Tensor:
        return context

    def tokens(self, context: Tensor) -> Tensor:
        """Every place asks as the picture's mean does."""
        rows = self._with_mean(context)
        pool, heads = self._pool, cast(int, self._pool.num_heads)
        query, key, value = (
            _split(getattr(pool, name)(rows), heads) for name in ("q_proj", "k_proj", "v_proj")
        )
        mixed = F.scaled_dot_product_attention(query, key, value)
        joined = mixed.transpose(1, 2).flatten(2)
        return cast(Tensor, pool.c_proj(joined))[:, 1:]  # type: ignore[operator]

    def values(self, context: Tensor) -> Tensor:
        rows = self._with_mean(context)[:, 1:]
        return cast(Tensor, self._pool.c_proj(self._pool.v_proj(rows)))  # type: ignore[operator]

    def _with_mean(self, context: Tensor) -> Tensor:
        rows = torch.cat([context.mean(dim=1, keepdim=True), context], dim=1)
        return rows + cast(Tensor, self._pool.positional_embedding).to(rows.dtype)


def _tower_of(clip: Clip) -> _Tower:
    visual = clip.image_tower()
    if hasattr(visual, "attnpool"):
        return _Convolutional(visual)
    is_plain = getattr(visual, "pool_type", None) == "tok" and hasattr(visual, "transformer")
    if is_plain and getattr(visual, "attn_pool", None) is None:
        return _Transformer(visual)
    raise ConfigError(
        f"the image tower of {clip.name} cannot be read patch by patch",
        "known are open_clip's ViT with a class token and its ModifiedResNet",
    )


@torch.no_grad()
def _missed(clip: Clip, image: Tensor, text: Tensor) -> Tensor:
    """How much the cosine falls where the picture is covered in the mean colour of all pictures."""
    size, side, rows = image.shape[-1], _OCCLUSION_GRID, unit(text)
    reach = (_COVER_PATCHES - 1) / 2
    starts = [max(0, round((place - reach) * size / side)) for place in range(side)]
    ends = [round((place + 1 + reach) * size / side) for place in range(side)]
    covered = image.repeat(side * side, 1, 1, 1)
    for number, picture in enumerate(covered):
        down, across = divmod(number, side)
        picture[:, starts[down] : ends[down], starts[across] : ends[across]] = 0
    whole = unit(clip.encode_images(image)) @ rows.T
    parts = [unit(clip.encode_images(part)) for part in torch.split(covered, _LOOKS_AT_ONCE)]
    return _on_grid((whole - torch.cat(parts) @ rows.T).T)


def _driven(tower: _Tower, image: Tensor, text: Tensor) -> Tensor:
    """Grad-CAM: the mean gradient of each channel weighs the channel's map; only gains count."""
    with torch.no_grad():
        context = tower.stem(image)
    maps = []
    for row in text:
        leaf = context.detach().clone().requires_grad_(True)
        with torch.enable_grad():
            cosine = (unit(tower.pool(leaf)) @ unit(row)).sum()
            (gradient,) = torch.autograd.grad(cosine, leaf)
        weights = tower.patches(gradient).float().mean(dim=1, keepdim=True)
        driven = (tower.patches(leaf.detach()).float() * weights).sum(dim=-1)
        maps.append(F.relu(driven[0]))
    return _on_grid(torch.stack(maps))


def _split(rows: Tensor, num_heads: int) -> Tensor:
    """(1, P, W) -> (1, H, P, W / H)."""
    return rows.reshape(*rows.shape[:2], num_heads, -1).transpose(1, 2)


def _on_grid(values: Tensor) -> Tensor:
    """(K, G * G) -> (K, G, G)."""
    side = round(values.shape[1] ** 0.5)
    return values.float().reshape(-1, side, side)
