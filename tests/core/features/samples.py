"""Feature sets for the tests of this folder."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np

from tpwng_core.features import FeatureMeta, FeatureSet

META = FeatureMeta(
    num_frames=100,
    fps=Fraction(30000, 1001),
    time_base=Fraction(1, 90000),
    width=320,
    height=240,
    fingerprint="sha1:00-1234",
    pts_digest="0011223344556677",
    stride=16,
    sampling="centre",
    crop="center",
    resize="bicubic-antialias-uint8 224",
    normalisation="mean 0.5 std 0.5",
    clip_name="ViT-B-16-quickgelu",
    pretrained="openai",
    activation="quick_gelu",
    weight_sha256="ab" * 32,
    dtype="bfloat16",
)


def make_set(video: str = "v", num_snippets: int = 7, dim: int = 8, **meta: Any) -> FeatureSet:
    """Smooth random features of a video of 16 frames a snippet, the last one shorter."""
    rng = np.random.default_rng(num_snippets)
    walk = rng.normal(size=(num_snippets, dim)).cumsum(axis=0) + 5
    num_frames = num_snippets * 16 - 12
    return FeatureSet(
        video=video,
        features=walk.astype(np.float32),
        snippet_start=np.arange(num_snippets, dtype=np.int32) * 16,
        pts=np.arange(num_frames, dtype=np.int64) * 3003,
        meta=replace(META, num_frames=num_frames, **meta),
    )
