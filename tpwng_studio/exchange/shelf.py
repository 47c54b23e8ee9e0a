"""What lies in a project's folders, gathered video by video for exports and figures.

A :class:`Shelf` is taken on the window's thread and read on another: paths, settings and lists,
nothing of Qt. Pseudo-labels are those of the sliders on screen, not those the files were made
with. Called by ``exporting``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tpwng_core.features import FeatureMeta, read_meta
from tpwng_core.features.store import SUFFIX as FEATURES_SUFFIX
from tpwng_core.formats import ExportItem
from tpwng_core.groundtruth import GroundTruth
from tpwng_core.labels import VideoLabels, label_path, read_labels
from tpwng_core.pseudocurves import SUFFIX as PSEUDO_SUFFIX
from tpwng_core.pseudocurves import PseudoCurves, read_pseudo_curves
from tpwng_core.scores import SUFFIX as SCORES_SUFFIX
from tpwng_core.scores import Scores, read_scores
from tpwng_core.tuning import DEFAULT_SCALE, Derivation, Derived, Tuning, frames_of
from tpwng_studio.state.catalogue import VideoItem, given_categories
from tpwng_studio.state.session import Session

Progress = Callable[[int, int], None]


@dataclass(frozen=True, kw_only=True, eq=False)
class Shelf:
    """Where everything of a project lies, and how it is to be read.

    Attributes:
        videos: as listed.
        labels_dir: of what people said; saved before.
        pseudo_dir: of the pseudo-curves.
        scores_dir: of the scores.
        features_dir: of the features, whose headers know lengths, times and picture sizes.
        columns: category ids of the similarities, normal last.
        scale: similarity scale of the checkpoint.
        tuning: the sliders.
        truth: annotated intervals by video id.
    """

    videos: tuple[VideoItem, ...]
    labels_dir: Path
    pseudo_dir: Path
    scores_dir: Path
    features_dir: Path
    columns: tuple[str, ...] = ()
    scale: float = DEFAULT_SCALE
    tuning: Tuning = field(default_factory=Tuning)
    truth: GroundTruth = field(default_factory=dict)

    @classmethod
    def of(cls, session: Session) -> Shelf:
        """The shelf of the open project."""
        project, model = session.project, session.model
        assert project is not None
        scale = model.config.get("similarity", {}).get("scale") if model else None
        return cls(
            videos=tuple(session.videos),
            labels_dir=project.labels_dir,
            pseudo_dir=project.pseudo_dir,
            scores_dir=project.scores_dir,
            features_dir=project.features_dir,
            columns=tuple(model.categories) if model else (),
            scale=float(scale or DEFAULT_SCALE),
            tuning=session.tuning,
            truth=session.truths,
        )

    def gather(self, videos: Sequence[str], progress: Progress) -> list[ExportItem]:
        """Everything known of these videos, in the order of the project.

        Args:
            videos: ids.
            progress: called for each video; may cancel.

        Raises:
            ArtifactError: a file is damaged.
        """
        wanted = [video for video in self.videos if video.id in set(videos)]
        items = []
        for place, video in enumerate(wanted):
            progress(place, len(wanted))
            items.append(self.item(video))
        return items

    def item(self, video: VideoItem) -> ExportItem:
        """Everything known of one video.

        Raises:
            ArtifactError: a file is damaged.
        """
        labels = self._labels(video)
        curves = self._curves(video)
        scores = self._scores(video)
        derived = None if curves is None else self.derived(curves, video)
        if curves is not None and derived is not None:
            curves = self._as_on_screen(curves, derived, video)
        facts = self._facts(video)
        return ExportItem(
            video=video.id,
            width=facts.width if facts else None,
            height=facts.height if facts else None,
            num_frames=_num_frames(video, labels, curves, scores),
            fps=_rate(video, labels, curves, scores),
            labels=labels,
            scores=scores,
            curves=curves,
            pseudo=None if derived is None else derived.runs,
            truth=self.truth.get(video.id),
            pts=_pts(curves, scores),
            time_base=Fraction(str(_meta(curves, scores, "time_base") or 1)),
            path=video.path,
        )

    def derived(self, curves: PseudoCurves, video: VideoItem) -> Derived:
        """What the sliders make of a video's curves."""
        fits = curves.similarity.shape[1] == len(self.columns)
        derivation = Derivation(curves, self.columns if fits else (), scale=self.scale)
        return derivation.at(self.tuning, given_categories(video))

    def _as_on_screen(
        self, curves: PseudoCurves, derived: Derived, video: VideoItem
    ) -> PseudoCurves:
        said = given_categories(video)
        meta = {**curves.meta, "alpha": self.tuning.alpha, "theta": self.tuning.theta}
        if said is not None:
            meta |= {"category": list(said), "assumed": False}
        return replace(
            curves,
            s_abnormal=derived.s_abnormal,
            psi=derived.psi,
            pseudo_label=derived.pseudo_label,
            meta=meta,
        )

    def _labels(self, video: VideoItem) -> VideoLabels | None:
        path = label_path(self.labels_dir, video.id)
        return read_labels(path) if path.is_file() else None

    def _curves(self, video: VideoItem) -> PseudoCurves | None:
        path = self.pseudo_dir / f"{video.id}{PSEUDO_SUFFIX}"
        return read_pseudo_curves(path) if path.is_file() else None

    def _facts(self, video: VideoItem) -> FeatureMeta | None:
        path = self.features_dir / f"{video.id}{FEATURES_SUFFIX}"
        return read_meta(path) if path.is_file() else None

    def _scores(self, video: VideoItem) -> Scores | None:
        path = self.scores_dir / f"{video.id}{SCORES_SUFFIX}"
        return read_scores(path) if path.is_file() else None


def _num_frames(
    video: VideoItem,
    labels: VideoLabels | None,
    curves: PseudoCurves | None,
    scores: Scores | None,
) -> int | None:
    if curves is not None:
        return frames_of(curves)
    if scores is not None:
        return scores.num_frames
    return video.num_frames or (labels.num_frames if labels else None)


def _rate(
    video: VideoItem,
    labels: VideoLabels | None,
    curves: PseudoCurves | None,
    scores: Scores | None,
) -> Fraction | None:
    text = _meta(curves, scores, "fps")
    if text:
        return Fraction(str(text))
    return video.fps or (labels.fps if labels else None)


def _meta(curves: PseudoCurves | None, scores: Scores | None, name: str) -> object:
    for part in (curves, scores):
        if part is not None and part.meta.get(name):
            return part.meta[name]
    return None


def _pts(curves: PseudoCurves | None, scores: Scores | None) -> NDArray[np.int64] | None:
    for part in (curves, scores):
        if part is not None and len(part.pts):
            return part.pts
    return None
