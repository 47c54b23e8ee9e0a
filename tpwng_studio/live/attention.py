"""What the detector looked at while it scored the frame at the playhead, asked of the warm worker.

The session's playhead in; a weight for every snippet of the open video, or the reason why there are
none, out. Asked for only while switched on and the playhead rests; snippets of the same video are
kept. Made by the main window; read by the timeline. No widgets.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QObject

from tpwng_core.attention import FrameAttention, describe, read_attention, snippet_at
from tpwng_studio.jobs.jobs import Jobs
from tpwng_studio.live.resting import RestingQuestion, changed_ns
from tpwng_studio.state.session import Session

_NO_CHECKPOINT = "attention is read from a checkpoint: train one, or link one"
_NO_FEATURES = "no features of this video"
_LOOKING = "…"


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Whose attention it is; equal ones have equal weights.

    Attributes:
        video: id.
        frame: the first one of the snippet, once it is known where snippets begin.
        softness: R; None as trained.
        checkpoint: path.
        changed_ns: when the checkpoint was written.
    """

    video: str
    frame: int
    softness: float | None
    checkpoint: str
    changed_ns: int


class Attention(RestingQuestion[Wanted, FrameAttention]):
    """Attention of the open video; :attr:`found` is that of the snippet at the playhead."""

    NAME = "attention"
    REST_MS = 100  # who moves on does not look; an answer costs up to half a second

    def __init__(self, session: Session, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(session, jobs, parent)
        self._shown: Wanted | None = None
        for signal in (
            session.playhead_changed,
            session.video_changed,
            session.videos_changed,
            session.tuning_changed,
        ):
            signal.connect(self._follow)
        session.project_changed.connect(self._forget)

    @property
    def words(self) -> str:
        """What it shows, or why there is none."""
        if not self._is_on or self._session.video is None:
            return ""
        if self._shown is None:
            return _NO_FEATURES if self._has_checkpoint else _NO_CHECKPOINT
        found = self._kept.get(self._shown, _LOOKING)
        return found if isinstance(found, str) else describe(found)

    def _follow(self) -> None:
        """Something else is looked at, unless it is the same snippet."""
        if self._wanted() != self._shown:
            self._look()
            self.changed.emit()

    def _forget(self) -> None:
        """Another project, or the same one with other features or another model."""
        self._kept.clear()
        self._asked = None
        self._look()
        if self._is_on:
            self.changed.emit()

    def _look(self) -> None:
        self._shown = self._wanted()
        super()._look()

    def _shown_now(self) -> Wanted | None:
        return self._shown

    def _wanted(self) -> Wanted | None:
        session, project = self._session, self._session.project
        video = session.video
        if not self._is_on or project is None or video is None or not video.has_features:
            return None
        checkpoint = project.checkpoint
        if checkpoint is None:
            return None
        return Wanted(
            video=video.id,
            frame=self._first_frame(video.id, session.playhead),
            softness=session.tuning.span_softness,
            checkpoint=str(checkpoint),
            changed_ns=changed_ns(checkpoint),
        )

    def _first_frame(self, video: str, frame: int) -> int:
        """The first frame of a frame's snippet; the frame where nothing is known of the video."""
        for wanted, found in reversed(self._kept.items()):
            if wanted.video == video and isinstance(found, FrameAttention):
                return int(found.edges[snippet_at(found.edges, frame)])
        return frame

    def _request(self, wanted: Wanted, out: Path) -> int:
        project = self._session.project
        assert project is not None  # without one nothing is wanted
        return self._jobs.attention(
            {
                "video": wanted.video,
                "frame": wanted.frame,
                "checkpoint": wanted.checkpoint,
                "features": str(project.features_dir),
                "r": wanted.softness,
                "out": str(out),
            }
        )

    def _read(self, path: Path) -> FrameAttention:
        return read_attention(path)

    def _keep(self, wanted: Wanted, found: FrameAttention | str) -> None:
        """Keep an answer under the first frame of its snippet, as it is asked for from now on."""
        if isinstance(found, FrameAttention):
            wanted = replace(wanted, frame=int(found.edges[found.snippet]))
        super()._keep(wanted, found)
        self._look()
