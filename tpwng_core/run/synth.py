"""The verb ``synth``: write a synthetic feature benchmark as files (spec/files.md).

In go a preset's name and a seed, out come parameters, text tower, features, manifest, settings
and annotations. Videos are made and written one by one, so that benchmarks of real size need
little memory. The truth of the training videos lies in a file of its own: it is there to measure
pseudo-labels with, and no verb that trains reads it.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from hashlib import sha1
from pathlib import Path
from typing import Any

import numpy as np
import torch

from tpwng_core import __version__
from tpwng_core.errors import OutputError
from tpwng_core.events import Artifact, Message, Reporter, Started, Ticker
from tpwng_core.features import SUFFIX, FeatureMeta, FeatureSet, write_features
from tpwng_core.files import atomic_write, write_json
from tpwng_core.nn.clip import Clip, load_clip
from tpwng_core.nn.clip_spec import FOLDER_CONFIG, FOLDER_WEIGHTS
from tpwng_core.run.synthetic_clip import DEFAULT_DIM, cached_tower, tower_cosines
from tpwng_core.run.synthetic_lists import write_annotations, write_records, write_settings
from tpwng_core.synthetic import (
    FPS,
    STRIDE_FRAMES,
    Counts,
    SyntheticVideo,
    VideoPlan,
    World,
    get_preset,
    make_video,
    make_world,
    plan_script,
    plan_videos,
)

CLIP = "clip"
FEATURES = "features"
PARAMETERS = "parameters.json"
MANIFEST = "manifest.csv"
SETTINGS = "settings.toml"
ANNOTATIONS = "annotations.csv"
TRAIN_ANNOTATIONS = "train_annotations.csv"


@dataclass(frozen=True, kw_only=True)
class SynthSummary:
    """What ``synth`` has done.

    Attributes:
        clip: what ``--clip`` is told.
        num_videos: of both splits.
        num_written: feature files written now; the others were there.
        num_snippets: of all videos.
        min_text_cosine: worst cosine of a category's encoded name with its text target.
    """

    clip: str
    num_videos: int
    num_written: int
    num_snippets: int
    min_text_cosine: float


def synth(
    preset: str,
    seed: int,
    out: Path,
    report: Reporter,
    *,
    dim: int = DEFAULT_DIM,
    lengths: Sequence[int] | None = None,
    counts: Counts | None = None,
) -> SynthSummary:
    """Write the benchmark ``preset`` of ``seed`` to ``out``; a second run finds it done.

    Args:
        preset: ``ucf-like``, ``xd-like``, or one of them with ``-plain``.
        seed: which world; 0 to 9 are for results, 10,000 and up for choosing parameters.
        out: folder; may hold the same benchmark, whole or in part.
        report: told of each video and file.
        dim: feature dimensions.
        lengths: snippets of each video (see ``plan_videos``), for runs of real size.
        counts: other numbers of videos.

    Raises:
        ConfigError: no such preset, a negative seed, or lengths that do not fit.
        OutputError: ``out`` cannot be written, or holds another benchmark.
    """
    world = make_world(get_preset(preset), seed, dim)
    plans = plan_videos(world.preset, seed, counts, lengths)
    report(Started(verb="synth", total=len(plans)))
    _write_parameters(out / PARAMETERS, world, plans)
    report(Artifact(kind="parameters", path=out / PARAMETERS))
    clip = _provide_tower(out / CLIP, world, report)
    num_written = _write_videos(out / FEATURES, world, plans, clip, report)
    _write_lists(out, world, plans, report)
    if not num_written:
        report(Message(level="info", text=f"{out} was complete; no video was made again"))
    return SynthSummary(
        clip=clip.name,
        num_videos=len(plans),
        num_written=num_written,
        num_snippets=sum(plan.num_snippets for plan in plans),
        min_text_cosine=min(tower_cosines(clip.text, world).values()),
    )


def _write_parameters(path: Path, world: World, plans: Sequence[VideoPlan]) -> None:
    """Write the parameters before anything else, so that two benchmarks never mix."""
    lengths = ",".join(str(plan.num_snippets) for plan in plans)
    splits = [f"{plan.split}_{'abnormal' if plan.categories else 'normal'}" for plan in plans]
    parameters: dict[str, Any] = {
        "benchmark": world.preset.name,
        "seed": world.seed,
        "dim": world.dim,
        "version": __version__,
        "num_videos": {kind: splits.count(kind) for kind in dict.fromkeys(splits)},
        "lengths_sha1": sha1(lengths.encode()).hexdigest(),
        "preset": asdict(world.preset),
    }
    if path.exists() and _read_json(path) != json.loads(json.dumps(parameters)):
        raise OutputError(
            f"{path.parent} holds another synthetic benchmark", "choose another --out"
        )
    write_json(path, parameters)


def _read_json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None  # damaged: whatever it was, it is not this benchmark's


def _provide_tower(folder: Path, world: World, report: Reporter) -> Clip:
    """The text tower, copied from the cache unless it is there."""
    cached = cached_tower(world)
    for name in (FOLDER_WEIGHTS, FOLDER_CONFIG):
        if not (folder / name).is_file():
            with atomic_write(folder / name) as temporary:
                shutil.copyfile(cached / name, temporary)
    report(Artifact(kind="clip", path=folder))
    return load_clip(str(folder), torch.device("cpu"), with_vision=False)


def _write_videos(
    folder: Path, world: World, plans: Sequence[VideoPlan], clip: Clip, report: Reporter
) -> int:
    """Write the feature files that are not there; returns how many."""
    ticker = Ticker(report, len(plans), "video")
    num_written = 0
    for plan in plans:
        path = folder / f"{plan.video}{SUFFIX}"
        if not path.exists():
            write_features(path, _feature_set(make_video(world, plan), clip))
            num_written += 1
        ticker.advance()
    report(Artifact(kind="features", path=folder))
    return num_written


def _write_lists(out: Path, world: World, plans: Sequence[VideoPlan], report: Reporter) -> None:
    ids = world.preset.category_ids
    events = [(plan, plan_script(world, plan).truth()) for plan in plans]
    write_records(out / MANIFEST, plans, ids)
    write_settings(out / SETTINGS, world.preset)
    for name, split in ((ANNOTATIONS, "test"), (TRAIN_ANNOTATIONS, "train")):
        chosen = [(plan, spans) for plan, spans in events if plan.split == split]
        write_annotations(out / name, chosen, ids)
    for kind, name in (
        ("manifest", MANIFEST),
        ("settings", SETTINGS),
        ("annotations", ANNOTATIONS),
        ("annotations", TRAIN_ANNOTATIONS),
    ):
        report(Artifact(kind=kind, path=out / name))


def _feature_set(video: SyntheticVideo, clip: Clip) -> FeatureSet:
    """A made video as a feature file's content: 16 frames a snippet, 30 a second."""
    num_snippets = video.plan.num_snippets
    pts = np.arange(num_snippets * STRIDE_FRAMES, dtype=np.int64)
    meta = FeatureMeta(
        num_frames=len(pts),
        fps=Fraction(FPS),
        time_base=Fraction(1, FPS),
        width=0,
        height=0,
        fingerprint=f"{clip.name}/{video.plan.video}",
        pts_digest=sha1(pts.tobytes() + f"1/{FPS}".encode()).hexdigest()[:16],
        stride=STRIDE_FRAMES,
        sampling="centre",
        crop="center",
        resize="none",
        normalisation="none",
        clip_name=clip.name,
        pretrained=clip.pretrained,
        activation=clip.activation,
        weight_sha256=clip.weight_sha256,
        dtype="float32",
    )
    return FeatureSet(
        video=video.plan.video,
        features=video.features,
        snippet_start=np.arange(num_snippets, dtype=np.int32) * STRIDE_FRAMES,
        pts=pts,
        meta=meta,
    )
