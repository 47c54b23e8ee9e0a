"""psi over the whole project under the sliders' settings, worked out beside the window.

The session in, a :class:`~tpwng_studio.state.population.PsiPopulation` out, made anew in a thread a
moment after alpha, smoothing, a category or the files changed; the latest wish wins. Read by the
histogram panel, so that theta is chosen for all videos and not for one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal

from tpwng_core.errors import ArtifactError
from tpwng_core.groundtruth import GroundTruth, Interval
from tpwng_core.pseudocurves import SUFFIX, read_pseudo_curves
from tpwng_core.similarity import flat_below
from tpwng_core.tuning import DEFAULT_SCALE, Derivation, Tuning, tuned_psi
from tpwng_studio.background import Progress, Task
from tpwng_studio.state.catalogue import given_categories
from tpwng_studio.state.population import PsiPopulation, PsiSample, frames_inside
from tpwng_studio.state.session import Session

_WAIT_MS = 120


@dataclass(frozen=True, kw_only=True)
class PsiQuestion:
    """What to work out.

    Attributes:
        folder: of the pseudo-curves.
        videos: categories by video id, () for normal, None for those the curves were made for.
        columns: category ids of the similarities, normal last.
        scale: similarity scale of the checkpoint.
        tuning: the sliders.
        truth: annotated intervals by video id.
    """

    folder: Path
    videos: Mapping[str, Sequence[str] | None]
    columns: Sequence[str]
    scale: float
    tuning: Tuning
    truth: GroundTruth = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, eq=False)
class Kept:
    """What of a video's file is kept, so that a slider does not read it again.

    A project may hold hundreds of hours: two curves a video, not all that lies on disk.

    Attributes:
        time_ns: of the file.
        categories: as the question gave them.
        scale: similarity scale they were read with.
        truth: annotated intervals; None where not known.
        curves: s_normal as on disk and s_abnormal normalised and fused, (T,) each; None where the
            video is normal or says nothing.
        num_frames: (T,) frames of each snippet.
        num_abnormal: (T,) those inside the truth.
    """

    time_ns: int
    categories: tuple[str, ...] | None
    scale: float
    truth: Sequence[Interval] | None
    curves: tuple[NDArray[np.float32], NDArray[np.float32]] | None = None
    num_frames: NDArray[np.int32] | None = None
    num_abnormal: NDArray[np.int32] | None = None

    def is_of(self, other: Kept) -> bool:
        """Whether the other asks for the same, so that this one still holds."""
        return (self.time_ns, self.categories, self.scale, self.truth) == (
            other.time_ns,
            other.categories,
            other.scale,
            other.truth,
        )


Cache = dict[Path, Kept]


def ask(question: PsiQuestion, cache: Cache, progress: Progress) -> PsiPopulation:
    """psi of every abnormal video that has curves; damaged files are left out.

    Args:
        question: what to work out.
        cache: what was kept of files before, by path; filled here, and what is not asked for
            any more is dropped.
        progress: called for each video; may cancel.
    """
    samples = []
    flat = flat_below(question.scale)
    paths = {question.folder / f"{video}{SUFFIX}" for video in question.videos}
    for path in cache.keys() - paths:  # of a project that was open before
        del cache[path]
    for place, (video, categories) in enumerate(question.videos.items()):
        progress(place, len(question.videos))
        if categories is not None and not categories:
            continue  # normal: its psi is zero throughout
        kept = _kept(question, video, cache)
        if kept is None or kept.curves is None or kept.num_frames is None:
            continue
        sample = PsiSample(
            psi=tuned_psi(*kept.curves, question.tuning, flat),
            num_frames=kept.num_frames,
            num_abnormal=kept.num_abnormal,
        )
        samples.append(sample)
    return PsiPopulation(samples=tuple(samples)).prepare()


def _kept(question: PsiQuestion, video: str, cache: Cache) -> Kept | None:
    """What is kept of a video, read where it is new; None where its file is no use."""
    path = question.folder / f"{video}{SUFFIX}"
    categories = question.videos[video]
    try:
        wanted = Kept(
            time_ns=path.stat().st_mtime_ns,
            categories=None if categories is None else tuple(categories),
            scale=question.scale,
            truth=question.truth.get(video),
        )
        if path not in cache or not cache[path].is_of(wanted):
            cache[path] = _read(question, path, wanted)
    except (OSError, ArtifactError):  # not labelled yet; a damaged one is said where it is opened
        return None
    return cache[path]


def _read(question: PsiQuestion, path: Path, wanted: Kept) -> Kept:
    """``wanted`` with what the file says."""
    curves = read_pseudo_curves(path)
    fits = curves.similarity.shape[1] == len(question.columns)
    columns = question.columns if fits else ()
    derivation = Derivation(curves, columns, scale=question.scale)
    derived = derivation.at(question.tuning, wanted.categories)
    if derived.is_normal or not derived.usable:
        return wanted
    inside = None
    if wanted.truth is not None:
        places = [(interval.start, interval.end) for interval in wanted.truth]
        inside = frames_inside(places, derived.edges).astype(np.int32)
    return replace(
        wanted,
        curves=(curves.s_normal, derived.s_abnormal),
        num_frames=np.diff(derived.edges).astype(np.int32),
        num_abnormal=inside,
    )


class ProjectPsi(QObject):
    """Keeps the population of the session's project up to date.

    Signals:
        changed: :attr:`population` is another.
    """

    changed = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._cache: Cache = {}
        self._task: Task | None = None
        self._asked: tuple[object, ...] = ()
        self._is_due = False
        self.population = PsiPopulation(samples=())
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_WAIT_MS)
        self._timer.timeout.connect(self._ask)
        for signal in (session.project_changed, session.curves_changed):
            signal.connect(self._on_files)
        for signal in (session.tuning_changed, session.videos_changed):
            signal.connect(self._on_change)
        self._on_files()

    def _on_files(self) -> None:
        self._asked = ()
        self._on_change()

    def _on_change(self) -> None:
        """Ask again where psi may be another; theta and cleaning do not change it."""
        tuning = self._session.tuning
        asked = (tuning.alpha, tuning.smoothing, tuple(self._categories().items()))
        if asked != self._asked:
            self._asked = asked
            self._timer.start()

    def _categories(self) -> dict[str, tuple[str, ...] | None]:
        """What each video that has curves is said to show."""
        return {item.id: given_categories(item) for item in self._session.videos if item.has_pseudo}

    def _ask(self) -> None:
        if self._task is not None:
            self._is_due = True
            return
        question = self._question()
        if question is None:
            self._answer(PsiPopulation(samples=()))
            return
        cache = self._cache
        self._task = Task(lambda progress: ask(question, cache, progress), self)
        self._task.done.connect(self._answer)
        self._task.failed.connect(self._failed)
        self._task.start()

    def _answer(self, population: PsiPopulation) -> None:
        if self._task is not None:
            self._task.deleteLater()
            self._task = None
        self.population = population
        self.changed.emit()
        if self._is_due:
            self._is_due = False
            self._ask()

    def _failed(self, why: str) -> None:
        self._session.message.emit("warning", f"The histogram of the project failed: {why}")
        self._answer(PsiPopulation(samples=()))

    def _question(self) -> PsiQuestion | None:
        session = self._session
        if session.project is None:
            self._cache.clear()
            return None
        model = session.model
        scale = model.config.get("similarity", {}).get("scale") if model else None
        return PsiQuestion(
            folder=session.project.pseudo_dir,
            videos=self._categories(),
            columns=tuple(model.categories) if model else (),
            scale=float(scale or DEFAULT_SCALE),
            tuning=session.tuning,
            truth=session.truths,
        )
