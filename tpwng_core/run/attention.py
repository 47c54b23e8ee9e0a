"""The verb attention: what the detector looked at while it scored one frame.

A video's features, a checkpoint and a frame in; one weight per head and snippet out, as ``.npz``
or ``.csv``. Checkpoint and features stay in memory, so that the next frame costs one or two
windows. Called by the command line and by the worker.
"""

# T snippets, D features, H heads

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from tpwng_core.attention import FrameAttention, describe, snippet_at, write_attention
from tpwng_core.config import require
from tpwng_core.errors import ConfigError, InputError
from tpwng_core.events import Artifact, Message, Reporter, Started
from tpwng_core.features import FeatureSet
from tpwng_core.files import write_text
from tpwng_core.formats.cells import Cell, csv_lines
from tpwng_core.nn.attention import attention_of
from tpwng_core.run.model import mean_over_crops
from tpwng_core.run.warm import Shelf, Warm

SUFFIXES = (".npz", ".csv")
_DIGITS = 6


@dataclass(frozen=True, kw_only=True)
class AttentionRequest:
    """Whose attention is wanted.

    Attributes:
        video: id, or path of the video.
        frame: its number, from 0.
        checkpoint: of a run.
        out: ``.npz`` or ``.csv``.
        features: folder of features, or the video's feature file; None: ``video`` is that file.
        r: span softness in snippets; None as trained.
        device: "auto", "cpu", "cuda".
    """

    video: str
    frame: int
    checkpoint: Path
    out: Path
    features: Path | None = None
    r: float | None = None
    device: str = "auto"

    def __post_init__(self) -> None:
        require(self.r is None or self.r > 0, f"r must be above 0 snippets, not {self.r}")
        if self.out.suffix not in SUFFIXES:
            raise ConfigError(f"attention cannot be written to {self.out}", "FILE.npz or FILE.csv")


class Observer:
    """Answers one request after the other.

    Args:
        shelf: checkpoints and features that others use too.
    """

    def __init__(self, shelf: Shelf | None = None) -> None:
        self._shelf = shelf or Shelf()

    def attention(self, request: AttentionRequest, report: Reporter) -> dict[str, Any]:
        """Find out what one frame's snippet looks at.

        Returns:
            Summary: ``out``, ``snippet``, ``num_snippets``, ``heads``, ``r``, ``trained_r``,
            ``half_reach`` and ``words``.

        Raises:
            TpwngError: what is missing, damaged, or does not fit.
        """
        report(Started(verb="attention", total=1))
        warm = self._shelf.checkpoint(request.checkpoint, request.device)
        features = self._shelf.features(request.video, request.features)
        warm.scorer.check(features)
        found = observe(warm, features, request.frame, request.r)
        _write(request.out, found)
        report(Artifact(kind="attention", path=request.out))
        words = describe(found)
        report(Message(level="info", text=words))
        return {
            "out": str(request.out),
            "snippet": found.snippet,
            "num_snippets": len(found.edges) - 1,
            "heads": len(found.weights),
            "r": found.meta["r"],
            "trained_r": found.meta["trained_r"],
            "half_reach": found.half_reach,
            "words": words,
        }


def observe(
    warm: Warm, features: FeatureSet, frame: int, softness: float | None = None
) -> FrameAttention:
    """What the snippet that holds a frame looks at.

    Args:
        warm: the checkpoint.
        features: of the video; crops are averaged, as for its similarity curves.
        frame: its number, from 0.
        softness: R in snippets; None as trained.

    Raises:
        InputError: the video has no such frame.
        ConfigError: the model's temporal module has no attention.
    """
    if not 0 <= frame < features.num_frames:
        raise InputError(
            f"{features.video} has no frame {frame}", f"0 to {features.num_frames - 1}"
        )
    edges = np.append(features.snippet_start, features.num_frames).astype(np.int64)
    snippet, scorer = snippet_at(edges, frame), warm.scorer
    rows = np.array(mean_over_crops(features), dtype=np.float32)
    with torch.inference_mode():
        on_device = torch.from_numpy(rows).to(scorer.device)
        weights, span = attention_of(scorer.temporal, on_device, snippet, softness)
    return FrameAttention(
        weights=np.asarray(weights.cpu().numpy(), dtype=np.float32),
        span=np.asarray(span.cpu().numpy(), dtype=np.float32),
        edges=edges,
        meta={
            "video": features.video,
            "frame": frame,
            "snippet": snippet,
            "r": warm.trained_r if softness is None else softness,
            "trained_r": warm.trained_r,
            "checkpoint": warm.digest,
        },
    )


def csv_text(found: FrameAttention) -> str:
    """A row per snippet; distance is negative before the snippet that looks."""
    heads = [f"head_{number}" for number in range(1, len(found.weights) + 1)]
    names = ["snippet", "start_frame", "end_frame", "distance", "weight", *heads]
    return "".join(csv_lines([names, *_rows(found)]))


def _rows(found: FrameAttention) -> Iterator[list[Cell]]:
    for snippet, mean in enumerate(found.mean):
        start, end = (int(frame) for frame in found.edges[snippet : snippet + 2])
        shares = (round(float(share), _DIGITS) for share in (mean, *found.weights[:, snippet]))
        yield [snippet, start, end, snippet - found.snippet, *shares]


def _write(path: Path, found: FrameAttention) -> None:
    if path.suffix == ".npz":
        write_attention(path, found)
    else:
        write_text(path, csv_text(found))
