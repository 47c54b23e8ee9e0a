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
from PySide6.QtCore import QObject, QTimer, Signal

from tpwng_core.errors import ArtifactError
from tpwng_core.groundtruth import GroundTruth
from tpwng_core.pseudocurves import SUFFIX, PseudoCurves, read_pseudo_curves
from tpwng_core.tuning import DEFAULT_SCALE, Derivation, Tuning
from tpwng_studio.background import Progress, Task
from tpwng_studio.state.catalogue import given_categories
from tpwng_studio.state.population import PsiPopulation, PsiSample, frames_inside
from tpwng_studio.state.session import Session

_WAIT_MS = 120

Cache = dict[Path, tuple[int, Derivation]]


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


def ask(question: PsiQuestion, cache: Cache, progress: Progress) -> PsiPopulation:
    """psi of every abnormal video that has curves; damaged files are left out.

    Args:
        question: what to work out.
        cache: curves read before, by path with the file's time; filled here.
        progress: called for each video; may cancel.
    """
    samples = []
    for place, (video, categories) in enumerate(question.videos.items()):
        progress(place, len(question.videos))
        derivation = _derivation(question, question.folder / f"{video}{SUFFIX}", cache)
        if derivation is None:
            continue
        derived = derivation.at(question.tuning, categories)
        if derived.is_normal or not derived.usable:
            continue
        known = question.truth.get(video)
        inside = None
        if known is not None:
            places = [(interval.start, interval.end) for interval in known]
            inside = frames_inside(places, derived.edges)
        sample = PsiSample(psi=derived.psi, num_frames=np.diff(derived.edges), num_abnormal=inside)
        samples.append(sample)
    return PsiPopulation(samples=tuple(samples)).prepare()


def _derivation(question: PsiQuestion, path: Path, cache: Cache) -> Derivation | None:
    try:
        time_ns = path.stat().st_mtime_ns
        if path not in cache or cache[path][0] != time_ns:
            curves = _without_the_rest(read_pseudo_curves(path))
            fits = curves.similarity.shape[1] == len(question.columns)
            columns = question.columns if fits else ()
            made = Derivation(curves, columns, scale=question.scale)
            cache[path] = (time_ns, made)
    except (OSError, ArtifactError):  # not labelled yet; a damaged one is said where it is opened
        return None
    return cache[path][1]


def _without_the_rest(curves: PseudoCurves) -> PseudoCurves:
    """Time stamps and spans are many and not needed here."""
    num_frames = int(curves.meta.get("num_frames") or len(curves.pts))
    meta = {**curves.meta, "num_frames": num_frames} if num_frames else curves.meta
    span = np.empty((len(curves.psi), 0), dtype=np.float32)
    return replace(curves, pts=np.empty(0, dtype=np.int64), span=span, meta=meta)


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
