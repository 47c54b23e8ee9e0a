"""The verb score: a checkpoint and features in, frame scores out, one file per video.

Called by the command line, the worker and the demo. A video already scored by the same
checkpoint is left as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from tpwng_core import __version__
from tpwng_core.checkpoint import checkpoint_digest, read_checkpoint
from tpwng_core.errors import (
    ArtifactError,
    ConfigError,
    InputError,
    SomeInputsFailed,
    Stopped,
    TpwngError,
)
from tpwng_core.events import Artifact, Message, Reporter, Started, Ticker
from tpwng_core.features import FeatureSet
from tpwng_core.nn.device import resolve_device
from tpwng_core.run.model import Scorer, load_scorer, score_features
from tpwng_core.run.sources import VideoRequest, open_sources
from tpwng_core.scores import SUFFIX, Scores, read_scores, snippets_to_frames, write_scores


@dataclass(frozen=True, kw_only=True)
class ScoreRequest(VideoRequest):
    """What to score; files are ``<id>.scores.npz``.

    Attributes:
        causal: refuse a model that looks ahead.
    """

    causal: bool = False


def score(request: ScoreRequest, report: Reporter) -> dict[str, Any]:
    """Score every frame of every input.

    Returns:
        Summary: scored, skipped, whether it was stopped, and the folder.

    Raises:
        TpwngError: nothing could be scored.
        SomeInputsFailed: some videos failed; the others are written.
    """
    device = resolve_device(request.device)
    scorer = load_scorer(read_checkpoint(request.checkpoint), device)
    if request.causal and not scorer.is_causal:
        raise ConfigError(
            f"{request.checkpoint} was trained to look both ways",
            "train with --set temporal.causal=true to score causally",
        )
    digest = checkpoint_digest(request.checkpoint)
    sources = open_sources(request, scorer.meta, report)
    failed = dict(sources.failed)
    scored = skipped = 0
    report(Started(verb="score", total=len(sources.features)))
    ticker = Ticker(report, len(sources.features), "video")
    for video in sources.features:
        target = request.out / f"{video}{SUFFIX}"
        try:
            features = sources.features[video]
            if _is_done(target, digest, features):
                skipped += 1
            else:
                scorer.check(features)
                write_scores(target, make_scores(scorer, features, digest))
                scored += 1
                report(Artifact(kind="scores", path=target))
        except (ArtifactError, InputError) as error:
            failed[video] = str(error)
            _raise_if_alone(error, len(sources.features) + len(sources.failed))
        try:
            ticker.advance()
        except Stopped:
            break
    if skipped:
        report(Message(level="info", text=f"{skipped} videos were scored already"))
    raise_failures(failed)
    stopped = sources.stopped or scored + skipped < len(sources.features)
    return {"scored": scored, "skipped": skipped, "stopped": stopped, "out": str(request.out)}


def raise_failures(failed: Mapping[str, str]) -> None:
    """Raise SomeInputsFailed with a table, one line a video, where there are any."""
    if failed:
        lines = [f"  {video}: {reason}" for video, reason in failed.items()]
        message = "\n".join([f"{len(failed)} of the inputs failed; the rest is done", *lines])
        raise SomeInputsFailed(message)


def time_base_of(features: FeatureSet) -> dict[str, Any]:
    """What a score or pseudo-label file says of its video's time; frames at 30 fps if unknown."""
    meta = features.meta
    if meta is None:
        return {"num_frames": features.num_frames, "fps": None, "time_base": None}
    return {
        "num_frames": features.num_frames,
        "fps": f"{meta.fps.numerator}/{meta.fps.denominator}",
        "time_base": f"{meta.time_base.numerator}/{meta.time_base.denominator}",
        "fingerprint": meta.fingerprint,
    }


def make_scores(
    scorer: Scorer, features: FeatureSet, digest: str, softness: float | None = None
) -> Scores:
    """Frame scores of a video.

    Args:
        scorer: of a checkpoint.
        features: of the video.
        digest: of the checkpoint file.
        softness: R in snippets; None takes the trained one.
    """
    eta = score_features(scorer, features, softness)
    return Scores(
        video=features.video,
        score=snippets_to_frames(eta, features.snippet_start, features.num_frames),
        snippet_score=eta,
        snippet_start=features.snippet_start,
        pts=features.pts if features.meta else np.empty(0, dtype=np.int64),
        meta={
            **time_base_of(features),
            "checkpoint": digest,
            "r": scorer.settings.temporal.softness if softness is None else softness,
            "causal": scorer.is_causal,
            "version": __version__,
        },
    )


def _is_done(target: Path, digest: str, features: FeatureSet) -> bool:
    if not target.exists():
        return False
    try:
        meta = read_scores(target).meta
    except ArtifactError:
        return False  # damaged: made again
    same_video = meta.get("fingerprint") == time_base_of(features).get("fingerprint")
    return same_video and meta.get("checkpoint") == digest


def _raise_if_alone(error: TpwngError, num_videos: int) -> None:
    """A single input has no rest that is done: its own error and exit code say more."""
    if num_videos == 1:
        raise error
