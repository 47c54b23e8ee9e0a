"""One seed's world: what things mean, what the words for them and their pictures look like.

In goes a preset and a seed, out come unit vectors; ``videos`` mixes them into snippets, and the
text targets are what the text tower of ``run/synth.py`` is fitted to.
"""

# V latent dimensions, D feature dimensions, K abnormal categories

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tpwng_core.config import require
from tpwng_core.synthetic.presets import ConceptConfig, Preset

Array = NDArray[np.float32]

_WORLD_STREAM = 0
_NUM_JUNK = 3


@dataclass(frozen=True, kw_only=True)
class World:
    """Vectors of one world, all float32; unit length unless said.

    Attributes:
        preset: where it comes from.
        seed: which world of the preset.
        events: (K, V) looks of the categories' events.
        activities: (A, V) looks of the normal activities.
        scenes: (P, V) looks of the places.
        favoured: (K, 4) int, the scenes each category favours.
        junk: (3, V) looks of camera junk (black, noise, test card).
        vision_offset: (V,) added to every snippet; not of unit length.
        text_targets: (K+1, V) where the names of the categories and, last, normal point.
        basis: (V, D) with orthonormal rows: latent row vectors times it are features.
    """

    preset: Preset
    seed: int
    events: Array
    activities: Array
    scenes: Array
    favoured: NDArray[np.int64]
    junk: Array
    vision_offset: Array
    text_targets: Array
    basis: Array

    @property
    def dim(self) -> int:
        """Feature dimensions."""
        return int(self.basis.shape[1])

    def project_text(self) -> Array:
        """(K+1, D) unit text targets in feature space, normal last."""
        targets: Array = self.text_targets @ self.basis
        return targets


def make_world(preset: Preset, seed: int, dim: int = 64) -> World:
    """Draw the world of ``seed``; the same arguments give the same world.

    Args:
        preset: which benchmark.
        seed: not negative. The hard and plain variants of a benchmark share a seed's world.
        dim: feature dimensions; under 64 the world itself is that small, and harder.

    Raises:
        ConfigError: a negative seed or fewer than 8 dimensions.
    """
    require(seed >= 0, f"a seed cannot be negative: {seed}")
    require(dim >= 8, f"a synthetic world needs at least 8 dimensions, not {dim}")
    rng = np.random.default_rng([preset.stream, seed, _WORLD_STREAM])
    config = preset.concepts
    latent_dim = min(config.latent_dim, dim)
    num_categories = len(preset.categories)
    categories, activities, normal = _draw_concepts(rng, config, num_categories, latent_dim)
    words = np.concatenate([categories, normal])
    return World(
        preset=preset,
        seed=seed,
        events=_blur(rng, categories, config.vision_noise),
        activities=_blur(rng, activities, config.vision_noise),
        scenes=_draw_units(rng, config.num_scenes, latent_dim),
        favoured=_draw_favoured(rng, config, num_categories),
        junk=_draw_units(rng, _NUM_JUNK, latent_dim),
        vision_offset=config.vision_offset * _draw_units(rng, 1, latent_dim)[0],
        text_targets=_draw_text_targets(rng, config, words),
        basis=_draw_basis(rng, latent_dim, dim),
    )


def normalise(vectors: NDArray[np.floating]) -> Array:
    """Rows scaled to unit length, float32."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    units: Array = (vectors / lengths).astype(np.float32)
    return units


def _draw_concepts(
    rng: np.random.Generator, config: ConceptConfig, num_categories: int, latent_dim: int
) -> tuple[Array, Array, Array]:
    """Unit concepts of the categories (K, V), the activities (A, V) and the word normal (1, V)."""
    danger, ordinary = _draw_units(rng, 2, latent_dim)
    own = _draw_units(rng, num_categories + config.num_activities + 1, latent_dim)
    split = num_categories + config.num_activities
    return (
        _lean(own[:num_categories], danger, config.danger),
        _lean(own[num_categories:split], ordinary, config.ordinary),
        _lean(own[split:], ordinary, config.normal_word),
    )


def _draw_text_targets(rng: np.random.Generator, config: ConceptConfig, words: Array) -> Array:
    offset = config.text_offset * _draw_units(rng, 1, words.shape[1])
    return normalise(_blur(rng, words, config.text_noise) + offset)


def _draw_favoured(
    rng: np.random.Generator, config: ConceptConfig, num_categories: int
) -> NDArray[np.int64]:
    rows = [
        rng.choice(config.num_scenes, size=config.favoured_scenes, replace=False)
        for _ in range(num_categories)
    ]
    return np.stack(rows).astype(np.int64)


def _draw_units(rng: np.random.Generator, count: int, latent_dim: int) -> Array:
    return normalise(rng.standard_normal((count, latent_dim)))


def _lean(own: Array, shared: Array, share: float) -> Array:
    """Unit vectors leaning to ``shared``: its share is about their cosine with it."""
    return normalise(np.sqrt(1.0 - share**2) * own + share * shared)


def _blur(rng: np.random.Generator, vectors: Array, noise: float) -> Array:
    """Unit vectors off by a random vector of length ``noise``."""
    return normalise(vectors + noise * _draw_units(rng, *vectors.shape))


def _draw_basis(rng: np.random.Generator, latent_dim: int, dim: int) -> Array:
    """Orthonormal rows; the identity where the world fills the features."""
    if latent_dim == dim:
        return np.eye(dim, dtype=np.float32)
    columns, _ = np.linalg.qr(rng.standard_normal((dim, latent_dim)))
    return np.ascontiguousarray(columns.T, dtype=np.float32)
