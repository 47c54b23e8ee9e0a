"""What the detector looked at while it scored the frame at the playhead, asked of the warm worker.

The session's playhead in; a weight for every snippet of the open video, or the reason why there are
none, out. Asked for only while switched on and the playhead rests; snippets of the same video are
kept. Made by the main window; read by the timeline. No widgets.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QDir, QObject, QTemporaryDir, QTimer, Signal

from tpwng_core.attention import FrameAttention, describe, read_attention, snippet_at
from tpwng_core.errors import ArtifactError
from tpwng_studio.jobs.jobs import Jobs
from tpwng_studio.state.session import Session

_REST_MS = 100  # who moves on does not look; an answer costs up to half a second
_NUM_KEPT = 512

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


class Attention(QObject):
    """Attention of the open video.

    Signals:
        changed: on or off, another snippet, or its weights are there.

    Args:
        session: what is on screen.
        jobs: the warm worker.
        parent: the owner.
    """

    changed = Signal()

    def __init__(self, session: Session, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._jobs = session, jobs
        self._is_on = False
        self._shown: Wanted | None = None
        self._asked: tuple[int, Wanted] | None = None
        self._kept: OrderedDict[Wanted, FrameAttention | str] = OrderedDict()
        self._folder: QTemporaryDir | None = None
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self._ask)
        for signal in (
            session.playhead_changed,
            session.video_changed,
            session.videos_changed,
            session.tuning_changed,
        ):
            signal.connect(self._follow)
        session.project_changed.connect(self._forget)
        jobs.live_answer.connect(self._on_answer)
        jobs.live_failed.connect(self._on_failure)

    @property
    def is_on(self) -> bool:
        """Whether it is wanted."""
        return self._is_on

    @property
    def found(self) -> FrameAttention | None:
        """That of the snippet at the playhead, where it is there."""
        found = self._kept.get(self._shown) if self._shown is not None else None
        return found if isinstance(found, FrameAttention) else None

    @property
    def words(self) -> str:
        """What it shows, or why there is none."""
        if not self._is_on or self._session.video is None:
            return ""
        if self._shown is None:
            return _NO_FEATURES if self._has_checkpoint() else _NO_CHECKPOINT
        found = self._kept.get(self._shown, _LOOKING)
        return found if isinstance(found, str) else describe(found)

    def toggle(self) -> None:
        """Show it, or show it no more."""
        self._is_on = not self._is_on
        self._shown = None
        self._follow()
        if not self._is_on:
            self._rest.stop()
        self.changed.emit()

    def _follow(self) -> None:
        """Something else is looked at."""
        wanted = self._wanted()
        if wanted == self._shown:
            return
        self._shown = wanted
        if wanted is None or wanted in self._kept:
            self._rest.stop()
        else:
            self._rest.start()
        self.changed.emit()

    def _forget(self) -> None:
        """Another project, or the same one with other features or another model."""
        self._kept.clear()
        self._shown = None
        self._follow()
        if self._is_on:
            self.changed.emit()

    def _has_checkpoint(self) -> bool:
        project = self._session.project
        return project is not None and project.checkpoint is not None

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
            changed_ns=checkpoint.stat().st_mtime_ns if checkpoint.exists() else 0,
        )

    def _first_frame(self, video: str, frame: int) -> int:
        """The first frame of a frame's snippet; the frame where nothing is known of the video."""
        for wanted, found in reversed(self._kept.items()):
            if wanted.video == video and isinstance(found, FrameAttention):
                return int(found.edges[snippet_at(found.edges, frame)])
        return frame

    def _ask(self) -> None:
        wanted, project = self._shown, self._session.project
        if wanted is None or project is None or wanted in self._kept:
            return
        if self._folder is None:
            self._folder = QTemporaryDir(str(Path(QDir.tempPath()) / "tpwng-attention-XXXXXX"))
        number = self._jobs.attention(
            {
                "video": wanted.video,
                "frame": wanted.frame,
                "checkpoint": wanted.checkpoint,
                "features": str(project.features_dir),
                "r": wanted.softness,
                "out": str(Path(self._folder.path()) / "frame.npz"),
            }
        )
        self._asked = (number, wanted)

    def _on_answer(self, number: int, summary: dict[str, Any]) -> None:
        if self._asked is None or self._asked[0] != number:
            return
        wanted, self._asked = self._asked[1], None
        try:
            self._keep(wanted, read_attention(Path(summary["out"])))
        except ArtifactError as error:
            self._keep(wanted, str(error))

    def _on_failure(self, number: int, why: str) -> None:
        if self._asked is None or self._asked[0] != number:
            return
        wanted, self._asked = self._asked[1], None
        self._keep(wanted, why)

    def _keep(self, wanted: Wanted, found: FrameAttention | str) -> None:
        """Keep an answer under the first frame of its snippet, as it is asked for from now on."""
        if isinstance(found, FrameAttention):
            wanted = replace(wanted, frame=int(found.edges[found.snippet]))
        self._kept[wanted] = found
        while len(self._kept) > _NUM_KEPT:
            self._kept.popitem(last=False)
        self._shown = self._wanted()
        if self._shown is not None and self._shown not in self._kept:
            self._rest.start()
        self.changed.emit()
