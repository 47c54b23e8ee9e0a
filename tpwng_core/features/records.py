"""A video's features and where they come from, as records.

Made by ``run.extract`` and by the readers of this package; read by every verb after it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tpwng_core import __version__
from tpwng_core.errors import FeatureError

FORMAT_VERSION = 1

# What two feature files must share to be used together; how exactly numbers were computed
# (dtype) and which file the weights lay in (pretrained) do not count.
_KEY_FIELDS = (
    "clip_name",
    "activation",
    "weight_sha256",
    "stride",
    "sampling",
    "crop",
    "resize",
    "normalisation",
)


def feature_key(settings: Mapping[str, Any]) -> str:
    """16 hexadecimal digits of how features are made; see :attr:`FeatureMeta.key`.

    Args:
        settings: fields of :class:`FeatureMeta`, those that no video changes at least.
    """
    shared = [settings[name] for name in _KEY_FIELDS]
    return hashlib.sha256(json.dumps(shared).encode()).hexdigest()[:16]


@dataclass(frozen=True, kw_only=True)
class FeatureMeta:
    """Where a video's features come from (spec: files, header of the feature file).

    Attributes:
        num_frames: of the video.
        fps: of the video, frames per second.
        time_base: seconds per unit of ``pts``.
        width: of the upright picture, in pixels.
        height: of the upright picture, in pixels.
        fingerprint: of the video file: size and SHA-1 of its head and tail.
        pts_digest: of the frame times.
        stride: frames per snippet.
        sampling: which frames of a snippet were encoded: ``centre`` or ``mean-N``.
        crop: ``center`` or ``ten``.
        resize: rule and side of the encoder's input.
        normalisation: mean and standard deviation of the input.
        clip_name: open_clip's architecture, or the name of a CLIP folder.
        pretrained: tag or file name of the weights.
        activation: ``quick_gelu`` or ``gelu``.
        weight_sha256: of the towers' values.
        dtype: type the encoder computed in.
        num_concealed: sampled frames that could not be decoded; a neighbour stands for them.
        num_damaged: sampled frames of which the decoder guessed parts.
        version: of the package that wrote the file.
    """

    num_frames: int
    fps: Fraction
    time_base: Fraction
    width: int
    height: int
    fingerprint: str
    pts_digest: str
    stride: int
    sampling: str
    crop: str
    resize: str
    normalisation: str
    clip_name: str
    pretrained: str
    activation: str
    weight_sha256: str
    dtype: str
    num_concealed: int = 0
    num_damaged: int = 0
    version: str = __version__

    @property
    def key(self) -> str:
        """16 hexadecimal digits; equal where features may be trained and scored together."""
        return feature_key({name: getattr(self, name) for name in _KEY_FIELDS})

    def to_json(self) -> dict[str, Any]:
        """Plain values; fractions as ``num/den``."""
        content: dict[str, Any] = {"format_version": FORMAT_VERSION}
        for item in fields(self):
            value = getattr(self, item.name)
            if isinstance(value, Fraction):
                value = f"{value.numerator}/{value.denominator}"
            content[item.name] = value
        return content

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> FeatureMeta:
        """The record of :meth:`to_json`; keys of later versions are passed over.

        Raises:
            FeatureError: a key is missing or of another kind, or the format is a later one.
        """
        if content.get("format_version", 0) > FORMAT_VERSION:
            raise FeatureError("features of a later version", "update tpwng-studio")
        values = {}
        for item in fields(cls):
            kind = {"Fraction": Fraction, "int": int}.get(str(item.type), str)
            try:
                values[item.name] = kind(content[item.name])
            except (KeyError, ValueError, TypeError, ZeroDivisionError) as error:
                raise FeatureError(f"its header has no {item.name!r}", "extract again") from error
        return cls(**values)


@dataclass(frozen=True, kw_only=True, eq=False)
class FeatureSet:
    """The features of one video.

    Attributes:
        video: video id.
        features: (T, D), or (T, crops, D); floating, un-normalised. May be a read-only map of
            the file.
        snippet_start: (T,) int32 first frame of each snippet, increasing from 0.
        pts: (num_frames,) int64 time of each frame; for published features the frame numbers.
        meta: where they come from; None for published features, which do not say.
    """

    video: str
    features: NDArray[Any]
    snippet_start: NDArray[np.int32]
    pts: NDArray[np.int64]
    meta: FeatureMeta | None = None

    def __post_init__(self) -> None:
        shape, starts = self.features.shape, self.snippet_start
        if len(shape) not in (2, 3) or 0 in shape:
            raise FeatureError(f"features of {self.video} have shape {shape}", "extract again")
        if len(starts) != shape[0] or starts[0] != 0 or np.any(np.diff(starts) <= 0):
            raise FeatureError(
                f"features of {self.video}: {shape[0]} rows do not fit the snippet starts",
                "extract again",
            )
        if starts[-1] >= len(self.pts):
            raise FeatureError(
                f"features of {self.video}: the last snippet starts behind the last frame",
                "extract again",
            )

    @property
    def num_snippets(self) -> int:
        """T."""
        return int(self.features.shape[0])

    @property
    def num_frames(self) -> int:
        """Frames of the video."""
        return len(self.pts)

    @property
    def num_crops(self) -> int:
        """Crops per snippet; 1 for (T, D)."""
        return 1 if self.features.ndim == 2 else int(self.features.shape[1])

    @property
    def dim(self) -> int:
        """D."""
        return int(self.features.shape[-1])
