"""A storey of the session: the sliders and what they make of the open video.

Settings in; psi, pseudo-labels, flips and agreement out, at most once a frame of the screen.
Between ``session_video`` and ``session_labels``; views see all of them as ``Session``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from tpwng_core.checkpoint import checkpoint_digest
from tpwng_core.errors import TpwngError
from tpwng_core.labels import Runs
from tpwng_core.pseudocurves import PseudoCurves
from tpwng_core.scores import Scores
from tpwng_core.tuning import (
    DEFAULT_SCALE,
    Derivation,
    Derived,
    Tuning,
    file_categories,
    frames_of,
    num_flips,
)
from tpwng_studio.project.project import Project
from tpwng_studio.state.agreement import Agreement, agreement, truth_runs, with_ap
from tpwng_studio.state.catalogue import VideoItem, given_categories
from tpwng_studio.state.session_video import VideoSession

_FRAME_MS = 16
_REST_MS = 150


class TuningSession(VideoSession):
    """What the settings make of what is open."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tuning = Tuning()
        self._derivation: Derivation | None = None
        self._derived: Derived | None = None
        self._ghost: Derived | None = None
        self._results_before: Path | None = None
        self._derivation_before: Derivation | None = None
        self._agreement: Agreement | None = None
        self._is_due = False
        self._digest = ""
        self._frame_timer = self._single_shot(_FRAME_MS, self._on_frame)
        self._rest_timer = self._single_shot(_REST_MS, self._on_rest)

    def _single_shot(self, interval_ms: int, slot: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(interval_ms)
        timer.timeout.connect(slot)
        return timer

    @property
    def tuning(self) -> Tuning:
        """What the sliders say."""
        return self._tuning

    @property
    def derived(self) -> Derived | None:
        """What they make of the open video; None without curves."""
        return self._derived

    @property
    def ghost(self) -> Derived | None:
        """What was kept to compare with (A/B)."""
        return self._ghost

    @property
    def is_ghost_before(self) -> bool:
        """Whether the ghost is of the model before, and follows the sliders."""
        return self._derivation_before is not None

    @property
    def agreement(self) -> Agreement | None:
        """Pseudo-labels against ground truth, else human labels; None without either.

        F1 is of now; the average precisions follow when the sliders rest.
        """
        return self._agreement

    @property
    def trained_softness(self) -> float | None:
        """R the checkpoint was trained with; None without a checkpoint."""
        if self._catalogue.model is None:
            return None
        value = self._catalogue.model.config.get("temporal", {}).get("softness")
        return None if value is None else float(value)

    @property
    def stale(self) -> str:
        """Why the curves belong to other settings than those on screen; "" where they do not."""
        return " ".join(self._reasons())

    @property
    def used_categories(self) -> tuple[str, ...]:
        """Ids psi is worked out for; () for a normal video."""
        given = None if self.video is None else given_categories(self.video)
        if given is None:
            return file_categories(self._curves) if self._curves else ()
        return given

    def set_tuning(self, **changes: float | int | None) -> None:
        """Move sliders; curves follow at once, and then at most once a frame of the screen.

        Raises:
            ConfigError: a value is out of range.
        """
        tuning = replace(self._tuning, **changes)  # type: ignore[arg-type]
        self._take_tuning(tuning)

    def settle(self) -> None:
        """Work out at once what is still due, before it is read for good."""
        if self._is_due:
            self._frame_timer.stop()
            self._on_frame()
        self._on_rest()

    def compare_with(self, results: Path | None) -> None:
        """Show every video's curves of another model as a ghost, under the same sliders.

        Args:
            results: folder with its ``scores/`` and ``pseudo/``; None ends it.
        """
        if results != self._results_before:
            self._results_before = results
            self._ghost = None
            self._prepare()
            self.derived_changed.emit()

    def keep_ghost(self) -> None:
        """Keep the curves of now to compare with."""
        self._results_before = self._derivation_before = None
        self._ghost = self._derived
        self.derived_changed.emit()

    def drop_ghost(self) -> None:
        """Compare no longer."""
        self._results_before = self._derivation_before = self._ghost = None
        self.derived_changed.emit()

    def num_flips(self, delta: float = 0.05) -> int:
        """Frames of the open video whose pseudo-label changes while theta moves by ``delta``."""
        if self._derived is None or self._derived.is_normal:
            return 0
        return num_flips(self._derived.psi, self._tuning.theta, delta, self._derived.edges)

    @property
    def are_sliders_kept(self) -> bool:
        """Whether the project has the sliders as they are now; True where none is open."""
        return self._project is None or self._project.tuning == self._tuning

    def reference(self) -> tuple[str, Runs] | None:
        """What pseudo-labels are compared with, and its name."""
        if self.truth is None or not self.num_frames:
            return None
        return "ground truth", truth_runs(self.truth, self.num_frames)

    # Steps

    def _take_tuning(self, tuning: Tuning) -> None:
        """Set all sliders."""
        if tuning == self._tuning:
            return
        self._tuning = tuning
        self.tuning_changed.emit()
        self._is_due = True
        if not self._frame_timer.isActive():
            self._on_frame()

    def _write_tuning(self) -> bool:
        """Write the sliders into the project, where they are others than those written last.

        Returns:
            Whether the project has them now; where not, the next call tries again.
        """
        project = self._project
        if project is None or self.are_sliders_kept:
            return True
        before, project.tuning = project.tuning, self._tuning
        try:
            project.save()
        except TpwngError as error:
            project.tuning = before
            self._complain(f"The sliders are not saved: {error}")
            return False
        return True

    def _on_frame(self) -> None:
        if self._is_due:
            self._is_due = False
            self._frame_timer.start()
            self._derive()
            self.derived_changed.emit()

    def _on_rest(self) -> None:
        self._rest_timer.stop()
        reference = self.reference()
        if self._agreement is not None and self._derived is not None and reference is not None:
            self._agreement = with_ap(self._agreement, self._derived, reference[1])
            self.agreement_changed.emit()

    def _derive(self) -> None:
        if self._derivation is None:
            self._derived = self._agreement = None
            return
        columns = self._columns_of(self.used_categories)
        self._derived = self._derivation.at(self._tuning, columns)
        before = self._derivation_before
        if before is not None:
            # A saved query that only one of the two knows would be compared with something else.
            is_alike = all(before.knows(name) == self._derivation.knows(name) for name in columns)
            self._ghost = before.at(self._tuning, columns) if is_alike else None
        self._compare()

    def _compare(self) -> None:
        """F1 at once; average precisions of before stay until the sliders rest."""
        reference = self.reference()
        if self._derived is None or reference is None:
            self._agreement = None
            return
        found = agreement(self._derived.runs, reference[1], reference[0])
        if (before := self._agreement) is not None:
            found = replace(found, psi_ap=before.psi_ap, score_ap=before.score_ap)
        self._agreement = found
        self._rest_timer.start()

    def _load_project(self, project: Project) -> None:
        super()._load_project(project)
        self._tuning = project.tuning

    def _read_project(self, project: Project) -> None:
        super()._read_project(project)
        model, checkpoint = self._catalogue.model, project.checkpoint
        self._digest = checkpoint_digest(checkpoint) if checkpoint and model else ""

    def _unload_project(self, project: Project) -> None:
        self._frame_timer.stop()
        self._rest_timer.stop()
        self._results_before = self._derivation_before = None
        self._write_tuning()
        super()._unload_project(project)

    def _load(self, item: VideoItem | None) -> None:
        super()._load(item)
        self._ghost = None
        self._agreement = None
        self._prepare()

    def _announce_video(self) -> None:
        super()._announce_video()
        self.derived_changed.emit()

    def _refit(self) -> None:
        super()._refit()
        self._prepare()

    def _announce_refit(self) -> None:
        super()._announce_refit()
        self.derived_changed.emit()

    def _prepare(self) -> None:
        """Make the curves of the open video ready for the sliders."""
        self._derivation = self._derivation_before = None
        if self._curves is not None:
            self._derivation = self._derivation_of(self._curves, self._scores)
        if self._video is not None and self._results_before is not None:
            curves, scores = self._catalogue.results_of(self._video, self._results_before)
            if curves is not None:
                self._derivation_before = self._derivation_of(curves, scores)
        self._is_due = False
        self._derive()

    def _derivation_of(self, curves: PseudoCurves, scores: Scores | None) -> Derivation:
        columns, scale = self._model_columns()
        return Derivation(curves, columns, scores=scores, scale=scale, num_frames=self.num_frames)

    def _model_columns(self) -> tuple[tuple[str, ...], float]:
        """Category of each column of stored similarities, normal last, and their scale."""
        if self._catalogue.model is None:
            return (), DEFAULT_SCALE
        scale = self._catalogue.model.config.get("similarity", {}).get("scale") or DEFAULT_SCALE
        return tuple(self._catalogue.model.categories), float(scale)

    def _reasons(self) -> list[str]:
        curves, found = self._curves, []
        if curves is None:
            return []
        made_by = curves.meta.get("checkpoint", "")
        if self._digest and made_by and made_by != self._digest:
            found.append("The curves are of another checkpoint: score and label again.")
        if self.num_frames != frames_of(curves):
            text = f"{frames_of(curves)} frames, the video has {self.num_frames}"
            found.append(f"The curves are of {text}: extract again.")
        unknown = [name for name in self.used_categories if not self._has_column(name)]
        if unknown and tuple(unknown) != file_categories(curves):
            found.append(self._why_unknown(unknown))
        shown = None if self._scores is None else self._scores.meta.get("r")
        wanted = self._tuning.span_softness or self.trained_softness
        if shown is not None and wanted is not None and float(shown) != wanted:
            found.append(f"The score is of R = {float(shown):g}, not {wanted:g}: re-score.")
        return found

    def _has_column(self, category: str) -> bool:
        derivation = self._derivation
        return derivation is not None and all(map(derivation.knows, self._columns_of((category,))))

    def _columns_of(self, categories: tuple[str, ...]) -> tuple[str, ...]:
        """How curves name the columns of categories."""
        return categories

    def _why_unknown(self, categories: Sequence[str]) -> str:
        """Why psi is not that of these categories."""
        return f"The checkpoint knows no category {', '.join(categories)}."
