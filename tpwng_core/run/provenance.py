"""Where features come from: written beside them, and compared before they are made again.

Called by ``run.extract``.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tpwng_core.errors import ArtifactError, InputError
from tpwng_core.features import FeatureMeta, read_meta
from tpwng_core.nn.clip import Clip
from tpwng_core.run.decoding import Sampling
from tpwng_core.video import DecodeReport, VideoFile, VideoIndex, fingerprint

# What features may differ in and still be the ones wanted; ``dtype`` is asked for apart.
_FREE = frozenset({"pretrained", "dtype"})


@dataclass(frozen=True, kw_only=True)
class Provenance:
    """What all features of one run share.

    Attributes:
        settings: fields of :class:`~tpwng_core.features.FeatureMeta` that no video changes.
    """

    settings: dict[str, Any]

    @classmethod
    def of(cls, clip: Clip, sampling: Sampling, dtype_name: str) -> Provenance:
        """Of features that ``clip`` makes of frames sampled so."""
        count = sampling.frames_per_snippet
        mean, std = (" ".join(f"{value:.6g}" for value in rgb) for rgb in (clip.mean, clip.std))
        settings = {
            "stride": sampling.stride,
            "sampling": "centre" if count == 1 else f"mean-{count}",
            "crop": sampling.preparation.crop,
            "resize": str(sampling.preparation),
            "normalisation": f"mean {mean} std {std}",
            "clip_name": clip.name,
            "pretrained": clip.pretrained,
            "activation": clip.activation,
            "weight_sha256": clip.weight_sha256,
            "dtype": dtype_name,
        }
        return cls(settings=settings)

    def meta(self, video: VideoFile, index: VideoIndex, decoding: DecodeReport) -> FeatureMeta:
        """The header of a video's feature file."""
        return FeatureMeta(
            num_frames=index.num_frames,
            fps=index.fps,
            time_base=index.time_base,
            width=index.width,
            height=index.height,
            fingerprint=fingerprint(video.path),
            pts_digest=index.digest,
            num_concealed=decoding.num_concealed,
            num_damaged=len(decoding.damaged),
            **self.settings,
        )

    def is_made(self, path: Path, video: VideoFile, exact_dtype: bool) -> bool:
        """Whether ``path`` holds the features of this very video, made with these settings.

        Args:
            path: where they would be; may be missing or damaged.
            video: compared by content.
            exact_dtype: whether the number type must be the same too.
        """
        if not path.is_file():
            return False
        try:
            meta = read_meta(path)
            same_video = meta.fingerprint == fingerprint(video.path)
        except (ArtifactError, InputError):
            return False
        free = _FREE - {"dtype"} if exact_dtype else _FREE
        wanted = {name: value for name, value in self.settings.items() if name not in free}
        return same_video and all(getattr(meta, name) == value for name, value in wanted.items())
