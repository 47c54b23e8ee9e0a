"""Curves for what the checkpoint was not trained on: a saved query that is a video's category.

Hears the session and the live worker; one per window. :func:`rescore_args` is what any rescore of
the open video asks for. No widgets.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject

from tpwng_core.errors import ArtifactError
from tpwng_studio.jobs.jobs import Jobs
from tpwng_studio.state.session import Session


def rescore_args(session: Session, softness: float | None) -> dict[str, Any] | None:
    """What the live worker needs to score the open video again.

    Args:
        session: what is on screen.
        softness: R; None takes the one trained with.

    Returns:
        Arguments of the verb rescore; None without a video or a checkpoint.
    """
    project, video = session.project, session.video
    if project is None or video is None or project.checkpoint is None:
        return None
    query = session.saved_query
    words = None if query is None else query.words
    category = "|".join(session.used_categories) or "normal"
    return {
        "video": video.id,
        "checkpoint": str(project.checkpoint),
        "features": str(project.features_dir),
        "r": softness,
        "category": category if words is None else None,
        "text": words,
        "alpha": session.tuning.alpha,
        "theta": session.tuning.theta,
    }


class QueryRescoring(QObject):
    """Asks for psi of a saved query as soon as it is a video's category.

    Args:
        session: what is on screen.
        jobs: the live worker.
    """

    def __init__(self, session: Session, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._jobs = jobs
        self._wanted: tuple[str, str] | None = None  # video and query that were asked for
        self._number: int | None = None
        for signal in (session.video_changed, session.labels_changed, session.queries_changed):
            signal.connect(self._look)
        jobs.live_answer.connect(self._on_answer)
        jobs.live_failed.connect(self._on_failure)

    @property
    def is_asked(self) -> bool:
        """Whether an answer is due."""
        return self._number is not None

    def _look(self) -> None:
        session, query, video = self._session, self._session.saved_query, self._session.video
        if query is None or video is None or not session.lacks_saved_query:
            self._wanted = None
            return
        if self._wanted == (video.id, query.id):
            return  # on its way, or it failed
        self._wanted = (video.id, query.id)
        softness = session.tuning.span_softness or session.trained_softness
        args = rescore_args(session, softness) if video.has_features else None
        if args is None:
            missing = "a trained checkpoint" if video.has_features else "features of this video"
            session.message.emit("warning", f"psi of a saved query needs {missing}")
            return
        self._number = self._jobs.rescore(args)

    def _on_answer(self, number: int, summary: dict[str, Any]) -> None:
        if number != self._number:
            return
        self._number = None
        video = self._session.video
        if video is None or self._wanted is None or self._wanted[0] != video.id:
            return
        try:
            self._session.show_curves(Path(summary["pseudo"]), Path(summary["scores"]))
        except ArtifactError as error:
            self._session.message.emit("error", str(error))

    def _on_failure(self, number: int, why: str) -> None:
        if number == self._number:
            self._number = None
            self._session.message.emit("warning", f"No psi for the saved query: {why}")
