"""One look at every video of a project under the sliders of now: what is left to review in it.

Paths of curves and what people said in, a :class:`Survey` per video out. Run in a thread by
``surveyor``, one video after the other. No Qt.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tpwng_core.errors import ArtifactError
from tpwng_core.labels import VideoLabels, effective_runs
from tpwng_core.pseudocurves import read_pseudo_curves
from tpwng_core.review import ReviewItem, review_items
from tpwng_core.scores import read_scores
from tpwng_core.tuning import Derivation, Tuning, file_categories, frames_of
from tpwng_studio.state.clock import rate_of
from tpwng_studio.state.edits import fitted
from tpwng_studio.state.reviewed import digest_of


@dataclass(frozen=True, kw_only=True)
class Errand:
    """What it takes to look at one video.

    Attributes:
        video: id.
        pseudo: its pseudo-curves.
        scores: its scores; None where there are none.
        categories: what it is taken to show; None takes those of the file.
        labels: what people said; None where nobody did.
    """

    video: str
    pseudo: Path
    scores: Path | None
    categories: tuple[str, ...] | None
    labels: VideoLabels | None


@dataclass(frozen=True, kw_only=True)
class Survey:
    """What was seen of one video.

    Attributes:
        video: id.
        items: what is worth a look.
        digest: of the labels that hold, as ``reviewed`` compares them.
        categories: what its curves were made for; () for normal.
    """

    video: str
    items: tuple[ReviewItem, ...]
    digest: str
    categories: tuple[str, ...]


def survey_video(
    errand: Errand, columns: Sequence[str], scale: float, tuning: Tuning
) -> Survey | None:
    """Look at one video; None where its files are damaged, which is told when it is opened."""
    try:
        curves = read_pseudo_curves(errand.pseudo)
        scores = read_scores(errand.scores) if errand.scores else None
    except ArtifactError:
        return None
    derivation = Derivation(curves, columns, scores=scores, scale=scale)
    derived = derivation.at(tuning, errand.categories)
    num_frames = frames_of(curves)
    labels = errand.labels or VideoLabels(
        video=errand.video, num_frames=num_frames, fps=rate_of(curves.meta)
    )
    labels = fitted(labels, num_frames)
    return Survey(
        video=errand.video,
        items=tuple(review_items(derived, labels, tuning.theta)),
        digest=digest_of(effective_runs(labels, derived.runs)),
        categories=file_categories(curves),
    )
