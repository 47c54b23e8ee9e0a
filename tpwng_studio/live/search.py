"""Search in words over the whole project: asks the live worker, keeps what it found.

Words in; ranked places, words the CLIP never saw, and a curve for every video out. The dock shows
it, the session holds the curves for the timeline. One per window. No widgets.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from PySide6.QtCore import QObject, QTemporaryDir, Signal

from tpwng_core.errors import ArtifactError
from tpwng_core.querycurves import read_query_curves
from tpwng_studio.exchange.shell_line import shell_line
from tpwng_studio.jobs.jobs import Jobs
from tpwng_studio.state.session import Session

State = Literal["idle", "asking", "found", "failed"]
TOP = 50


@dataclass(frozen=True, kw_only=True)
class Place:
    """Somewhere in the project.

    Attributes:
        video: id.
        peak: the frame to look at.
        borders: first frame and the frame behind the last one, where known.
    """

    video: str
    peak: int
    borders: tuple[int, int] | None = None


@dataclass(frozen=True, kw_only=True)
class Found:
    """One result.

    Attributes:
        place: the moment.
        similarity: of its peak, a cosine.
        start_s: seconds from the first frame; None where the features know no time.
        num_similar: how many other moments look the same.
        also: the first few of those.
    """

    place: Place
    similarity: float
    start_s: float | None
    num_similar: int = 0
    also: tuple[Place, ...] = ()

    def within(self, videos: Collection[str]) -> Found:
        """The result without those of the moments alike that lie in other videos."""
        also = tuple(place for place in self.also if place.video in videos)
        return replace(self, also=also, num_similar=self.num_similar - len(self.also) + len(also))


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a search found.

    Attributes:
        found: best first.
        unknown_words: words that the loaded CLIP never saw.
        num_videos: that were searched.
        num_snippets: that were compared.
        took_s: from the question to the answer.
    """

    found: tuple[Found, ...] = ()
    unknown_words: tuple[str, ...] = ()
    num_videos: int = 0
    num_snippets: int = 0
    took_s: float = 0.0

    def within(self, videos: Collection[str]) -> Answer:
        """The answer without what was found in other videos than these."""
        found = (one.within(videos) for one in self.found if one.place.video in videos)
        return replace(self, found=tuple(found))


class Search(QObject):
    """The search of one window.

    Signals:
        changed: another state, another answer.

    Args:
        session: whose project is searched.
        jobs: the live worker.

    Attributes:
        state: "idle", "asking", "found" or "failed".
        text: the words of the last question.
        is_learned: it went through the checkpoint's prompts, else through plain CLIP.
        error: why it failed.
        answer: of the last question that was answered; without videos that are not in the project,
            of which there may be features yet.
    """

    changed = Signal()

    def __init__(self, session: Session, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._jobs = jobs
        self.state: State
        self._is_ready: bool
        self._number: int | None
        self._going: Place | None
        self._asked_s = 0.0
        self._folder = QTemporaryDir()
        self._reset()
        session.project_changed.connect(self._on_project)
        session.index_changed.connect(self._arrive)
        jobs.live_answer.connect(self._on_answer)
        jobs.live_failed.connect(self._on_failure)

    @property
    def can_learn(self) -> bool:
        """Whether the project has learned prompts."""
        return self._session.model is not None

    @property
    def has_features(self) -> bool:
        """Whether there is anything to search in."""
        return any(video.has_features for video in self._session.videos)

    def prepare(self) -> None:
        """Let the worker load what a question needs, while a person still types."""
        if self._is_ready or not self.has_features or self._session.project is None:
            return
        self._is_ready = True
        folder = self._session.project.features_dir
        self._jobs.search({"text": "normal", "features": str(folder), "top": 1})

    def ask(self, text: str, *, is_learned: bool) -> None:
        """Look for words; the newest question wins."""
        text = " ".join(text.split())
        if not text or not self.has_features:
            return
        self.text, self.is_learned, self.error = text, is_learned and self.can_learn, ""
        self.state, self._is_ready = "asking", True
        self._asked_s = time.monotonic()
        self._number = self._jobs.search(self._args())
        self.changed.emit()

    def clear(self) -> None:
        """Forget the question and its answer."""
        self._reset()
        self._session.drop_query()
        self.changed.emit()

    def go_to(self, place: Place) -> None:
        """Open a place's video, look at its peak and mark its range."""
        self._going = place
        self._session.open_video(place.video)
        self._arrive()

    def command(self) -> str:
        """The line that finds the same in a terminal; "" without a question."""
        if not self.text or self._session.project is None:
            return ""
        args = {key: value for key, value in self._args().items() if key != "curves"}
        words = ["tpwng-core", "search", args.pop("text")]
        for key, value in args.items():
            words += [f"--{key.replace('_', '-')}", str(value)]
        return shell_line([*words, "--out", str(self._session.project.folder / "search.csv")])

    # Inside

    def _args(self) -> dict[str, Any]:
        project = self._session.project
        assert project is not None
        args = {"text": self.text, "features": str(project.features_dir), "top": TOP}
        if self.is_learned and project.checkpoint is not None:
            args["checkpoint"] = str(project.checkpoint)
        return {**args, "curves": self._folder.filePath("query.npz")}

    def _arrive(self) -> None:
        """Go on as soon as the video's length is known."""
        place, session = self._going, self._session
        if place is None or session.video is None:
            return
        if session.video.id != place.video:
            self._going = None
        elif session.num_frames:
            self._going = None
            session.seek(place.peak)
            session.set_mark(*(place.borders or (None, None)))

    def _on_answer(self, number: int, summary: dict[str, Any]) -> None:
        if number != self._number:
            return
        self._number = None
        try:
            curves = read_query_curves(Path(summary["curves"]))
        except ArtifactError as error:
            self._fail(str(error))
            return
        self.answer = _answer(summary, time.monotonic() - self._asked_s)
        self._leave_out_strangers()
        self.state = "found"
        self._session.show_query(curves)
        self.changed.emit()

    def _on_failure(self, number: int, why: str) -> None:
        if number == self._number:
            self._number = None
            self._fail(why)

    def _fail(self, why: str) -> None:
        self.state, self.error, self.answer = "failed", why, Answer()
        self._session.drop_query()
        self.changed.emit()

    def _on_project(self) -> None:
        """Another project, or the same one with other videos or another model."""
        project = self._session.project
        folder = None if project is None else project.folder
        if folder != self._project:
            self._reset()
        self._leave_out_strangers()
        self.changed.emit()

    def _leave_out_strangers(self) -> None:
        """Nothing is offered that cannot be gone to."""
        known = {video.id for video in self._session.videos}
        kept = self.answer.within(known)
        if kept != self.answer:  # whoever shows it would begin anew with the same
            self.answer = kept

    def _reset(self) -> None:
        project = self._session.project
        self._project = None if project is None else project.folder
        self._number, self._going = None, None
        self._is_ready = False
        self.state = "idle"
        self.text, self.error = "", ""
        self.is_learned = False
        self.answer = Answer()


def _answer(summary: Mapping[str, Any], took_s: float) -> Answer:
    return Answer(
        found=tuple(_found(hit) for hit in summary["hits"]),
        unknown_words=tuple(summary["unknown_words"]),
        num_videos=summary["num_videos"],
        num_snippets=summary["num_snippets"],
        took_s=took_s,
    )


def _found(hit: Mapping[str, Any]) -> Found:
    borders = (hit["start_frame"], hit["end_frame"])
    return Found(
        place=Place(video=hit["video"], peak=hit["peak_frame"], borders=borders),
        similarity=hit["similarity"],
        start_s=hit["start_s"],
        num_similar=hit["num_similar"],
        also=tuple(_place(text) for text in hit["also"]),
    )


def _place(text: str) -> Place:
    video, _, frame = text.rpartition("@")
    return Place(video=video, peak=int(frame))
