"""Before and after a round of corrections, over a whole project: what changed, and what was gained.

Two folders of results, the sliders and what is known to be true in; changed stretches and a gain on
held-out videos out. Run beside the window by ``jobs/retraining``; only :func:`question_of` reads
the session.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tpwng_core.errors import ArtifactError
from tpwng_core.evaluation.changes import Change, Look, by_weight, changes
from tpwng_core.evaluation.gain import Gain, held_out, known_truth, measure_gain
from tpwng_core.groundtruth import GroundTruth
from tpwng_core.labels import VideoLabels, effective_runs
from tpwng_core.pseudocurves import SUFFIX as PSEUDO_SUFFIX
from tpwng_core.pseudocurves import PseudoCurves, read_pseudo_curves
from tpwng_core.rounds import PSEUDO, SCORES, Round, read_round
from tpwng_core.scores import SUFFIX as SCORES_SUFFIX
from tpwng_core.scores import Scores, read_scores
from tpwng_core.tuning import DEFAULT_SCALE, Derivation, Tuning, frames_of
from tpwng_studio.state.catalogue import given_categories
from tpwng_studio.state.clock import rate_of
from tpwng_studio.state.edits import fitted
from tpwng_studio.state.session import Session

NO_GAIN = "No held-out video has labels: no gain can be told."
Progress = Callable[[int, int], None]
_Frames = dict[str, NDArray[np.float32]]


@dataclass(frozen=True, kw_only=True)
class RoundQuestion:
    """What is compared.

    Attributes:
        made: the round.
        before: folder of results with ``scores/`` and ``pseudo/``.
        after: the round's own.
        videos: categories by video id, () for normal, None for those the curves were made for.
        columns: category ids of the similarities, normal last.
        scale: similarity scale of the checkpoint.
        tuning: the sliders.
        labels: what people said, by video.
        truth: annotated intervals, by video.
    """

    made: Round
    before: Path
    after: Path
    videos: Mapping[str, Sequence[str] | None]
    columns: Sequence[str]
    scale: float
    tuning: Tuning
    labels: Mapping[str, VideoLabels] = field(default_factory=dict)
    truth: GroundTruth = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """What a round did.

    Attributes:
        changes: those that moved most first.
        gain: on held-out videos; None where nothing is known of any.
        corrected: ids of the videos that were learned from.
        left_out: ids of videos of which one of the two knows nothing, or whose length changed.
    """

    changes: tuple[Change, ...]
    gain: Gain | None
    corrected: frozenset[str]
    left_out: tuple[str, ...]

    @property
    def num_frames(self) -> int:
        """Frames whose label changed."""
        return sum(item.num_frames for item in self.changes if item.kind == "label")


@dataclass(frozen=True, eq=False)
class _Half:
    """One video in one folder of results."""

    curves: PseudoCurves
    scores: Scores | None


def question_of(session: Session) -> RoundQuestion | None:
    """What is to be compared in the open project; None where no round is in use.

    Raises:
        ArtifactError: the round's file is damaged.
    """
    project, model = session.project, session.model
    results = None if project is None else project.linked("results")
    if project is None or results is None:
        return None
    scale = model.config.get("similarity", {}).get("scale") if model else None
    return RoundQuestion(
        made=read_round(results),
        before=project.linked("results_before") or project.folder,
        after=results,
        videos={item.id: given_categories(item) for item in session.videos if item.has_pseudo},
        columns=tuple(model.categories) if model else (),
        scale=float(scale or DEFAULT_SCALE),
        tuning=session.tuning,
        labels=session.all_labels,
        truth=session.truths,
    )


def compare(question: RoundQuestion, progress: Progress) -> Comparison:
    """Look at every video twice.

    Args:
        question: what is compared.
        progress: called for each video; may cancel.
    """
    found: list[Change] = []
    left_out: list[str] = []
    frames: tuple[_Frames, _Frames] = ({}, {})
    known = _known(question)
    for place, (video, categories) in enumerate(question.videos.items()):
        progress(place, len(question.videos))
        halves = [_read(folder, video) for folder in (question.before, question.after)]
        before, after = halves
        if before is None or after is None or _length(before) != _length(after):
            left_out.append(video)
            continue
        looks = [_look(question, video, half, categories) for half in (before, after)]
        found += changes(video, looks[0], looks[1])
        for half, scored in zip((before, after), frames, strict=True):
            if half.scores is not None and video in known:
                scored[video] = half.scores.score
    return Comparison(
        changes=tuple(by_weight(found)),
        gain=measure_gain(*frames, known_truth(frames[1], question.truth, question.labels)),
        corrected=frozenset(question.made.corrected),
        left_out=tuple(left_out),
    )


def _known(question: RoundQuestion) -> set[str]:
    """Held-out videos of which something may be known."""
    told = [*question.truth, *question.labels]
    return set(held_out(told, {*question.made.trained, *question.made.corrected}))


def _read(folder: Path, video: str) -> _Half | None:
    """Curves and scores of a video; None without curves, or where they are damaged."""
    scores = folder / SCORES / f"{video}{SCORES_SUFFIX}"
    try:
        curves = read_pseudo_curves(folder / PSEUDO / f"{video}{PSEUDO_SUFFIX}")
        return _Half(curves, read_scores(scores) if scores.is_file() else None)
    except ArtifactError:  # is told where the video is opened
        return None


def _length(half: _Half) -> int:
    return frames_of(half.curves)


def _look(
    question: RoundQuestion, video: str, half: _Half, categories: Sequence[str] | None
) -> Look:
    derivation = Derivation(half.curves, question.columns, scores=half.scores, scale=question.scale)
    derived = derivation.at(question.tuning, categories)
    num_frames = _length(half)
    labels = question.labels.get(video) or VideoLabels(
        video=video, num_frames=num_frames, fps=rate_of(half.curves.meta)
    )
    return Look(
        labels=effective_runs(fitted(labels, num_frames), derived.runs),
        edges=derived.edges,
        psi=derived.psi,
        score=derived.score,
    )
