"""The data that all fits of a study share: videos, features, texts and truth, resolved once.

Made from a request by ``ablate`` and ``compare``; ``run/fits.py`` trains and tests on it.
"""

# T snippets

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from tpwng_core import __version__
from tpwng_core.checkpoint import ClipIdentity
from tpwng_core.config import require
from tpwng_core.datasets import VideoRecord, read_manifest
from tpwng_core.errors import DatasetError
from tpwng_core.events import Message, Reporter
from tpwng_core.features import FeatureFolder, open_feature_folder
from tpwng_core.groundtruth import GroundTruth, Protocol, read_ground_truth, sniff_protocol
from tpwng_core.nn.clip import Clip
from tpwng_core.nn.device import resolve_device
from tpwng_core.nn.methods import Problem, TextInput
from tpwng_core.run.batches import BagStore
from tpwng_core.run.clips import clip_for_features
from tpwng_core.run.comparison import true_targets
from tpwng_core.run.settings import Settings, categories_of
from tpwng_core.run.split import split_records, usable_records, watched_videos

Split = tuple[Sequence[VideoRecord], Sequence[VideoRecord]]


@dataclass(frozen=True, kw_only=True)
class StudyRequest:
    """What ``ablate`` and ``compare`` are both asked.

    Attributes:
        manifest: ``video,label[,split]`` or a benchmark's list.
        features: folder of feature files.
        ground_truth: annotations of the test videos.
        out: folder for fits and reports.
        settings: see ``run.settings``.
        num_seeds: how many seeds, from ``training.seed`` on.
        clip: ``--clip``; None takes the one the features came from.
        protocol: kind of the annotation files; None finds out.
        train_ground_truth: annotations of training videos: for the supervised bound and for
            the quality of pseudo-labels; no weakly supervised method sees them.
        device: "auto", "cpu", "cuda".
    """

    manifest: Path
    features: Path
    ground_truth: Path
    out: Path
    settings: Settings
    num_seeds: int = 3
    clip: str | None = None
    protocol: Protocol | None = None
    train_ground_truth: Path | None = None
    device: str = "auto"

    def __post_init__(self) -> None:
        require(self.num_seeds >= 1, f"--seeds must be at least 1, not {self.num_seeds}")

    @property
    def data_set(self) -> str:
        """A name for tables: the manifest's, or its folder's where it is just "manifest"."""
        stem = self.manifest.name.partition(".")[0]
        return self.manifest.absolute().parent.name if stem == "manifest" else stem

    @property
    def seeds(self) -> list[int]:
        """Seeds of the study."""
        first = self.settings.training.seed
        return list(range(first, first + self.num_seeds))


@dataclass(frozen=True, kw_only=True, eq=False)
class Study:
    """What all fits share.

    Attributes:
        settings: categories and similarity scale resolved.
        usable: labelled videos outside the test split.
        features: by video.
        clip: its text tower is read.
        identity: of the CLIP, for checkpoints.
        test: intervals of the tested videos.
        protocol: of the test annotations.
        truth: per training video (T,) true labels of its snippets; empty where not given.
        device: where to train.
    """

    settings: Settings
    usable: Sequence[VideoRecord]
    features: FeatureFolder
    clip: Clip
    identity: ClipIdentity
    test: GroundTruth
    protocol: Protocol
    device: torch.device
    truth: Mapping[str, NDArray[np.int8]] = field(default_factory=dict)

    @property
    def problem(self) -> Problem:
        """What other methods are built for."""
        texts = tuple(self.settings.categories.values())
        scale = self.settings.similarity.scale
        assert scale is not None
        text = TextInput(tower=self.clip.text, texts=texts, similarity_scale=scale)
        return Problem(dim=self.clip.dim, num_categories=len(texts), text=text)

    def split(self, seed: int) -> Split:
        """Training and validation videos of a seed."""
        return split_records(self.usable, self.settings.validation.share, seed)

    def store(self, seed: int, *, with_truth: bool) -> BagStore:
        """The bags of a seed; ``with_truth`` for the supervised bound only."""
        return BagStore(
            self.split(seed)[0],
            self.features,
            list(self.settings.categories),
            max_snippets=self.settings.training.max_snippets,
            seed=seed,
            targets=self.truth if with_truth else None,
        )

    def digest(self) -> str:
        """16 hexadecimal digits; equal for the same videos, labels, features and truth."""
        hasher = hashlib.sha256(__version__.encode())
        plain = [
            [(item.video, item.labels, item.split) for item in self.usable],
            {name: [asdict(item) for item in found] for name, found in self.test.items()},
            self.protocol,
            self.clip.weight_sha256,
        ]
        hasher.update(json.dumps(plain).encode())
        for name in sorted({*(item.video for item in self.usable), *self.test}):
            rows = self.features[name].features
            first = rows if rows.ndim == 2 else rows[:, 0]
            hasher.update(f"{name} {rows.shape}".encode())
            hasher.update(np.ascontiguousarray(first[[0, -1]]).tobytes())
            hasher.update(self.truth[name].tobytes() if name in self.truth else b"")
        return hasher.hexdigest()[:16]


def open_study(request: StudyRequest, report: Reporter) -> Study:
    """Resolve a request to data; says what is trained and tested on.

    Raises:
        TpwngError: by kind of what is wrong.
    """
    device = resolve_device(request.device)
    features = open_feature_folder(request.features)
    records = read_manifest(request.manifest, list(request.settings.categories) or None)
    labels = [label for record in records for label in record.labels]
    settings = replace(request.settings, categories=categories_of(request.settings, labels))
    usable = usable_records(records, features, report)
    clip, identity = clip_for_features(request.clip, features, device)
    scale = settings.similarity.scale or clip.sim_scale
    settings = replace(settings, similarity=replace(settings.similarity, scale=scale))
    protocol = request.protocol or sniff_protocol(request.ground_truth)
    annotated = read_ground_truth(request.ground_truth, protocol)
    seen = {record.video for record in usable}
    study = Study(
        settings=settings,
        usable=usable,
        features=features,
        clip=clip,
        identity=identity,
        test=watched_videos(annotated, features, protocol, seen),
        protocol=protocol,
        truth=_training_truth(request, features, seen),
        device=device,
    )
    _require_test(study, request)
    _say(study, request, report)
    return study


def _training_truth(
    request: StudyRequest, features: FeatureFolder, seen: set[str]
) -> dict[str, NDArray[np.int8]]:
    if request.train_ground_truth is None:
        return {}
    annotated = read_ground_truth(request.train_ground_truth, request.protocol)
    return true_targets({name: annotated[name] for name in annotated if name in seen}, features)


def _require_test(study: Study, request: StudyRequest) -> None:
    if not study.test:
        raise DatasetError(
            f"no video of {request.ground_truth} has features and is left for testing",
            'videos to be tested need features and the split "test" (or no line) in the manifest',
        )
    if not any(study.test.values()) or all(study.test.values()):
        kind = "abnormal" if all(study.test.values()) else "normal"
        raise DatasetError(
            f"all {len(study.test)} test videos are {kind}",
            "a study needs both kinds; check --ground-truth and --protocol",
        )


def _say(study: Study, request: StudyRequest, report: Reporter) -> None:
    training, validation = study.split(request.seeds[0])
    text = (
        f"{request.data_set}: {len(training)} training, {len(validation)} validation and "
        f"{len(study.test)} test videos, {len(study.settings.categories)} categories, "
        f"seeds {request.seeds[0]} to {request.seeds[-1]}, on {study.device}"
    )
    report(Message(level="info", text=text))
