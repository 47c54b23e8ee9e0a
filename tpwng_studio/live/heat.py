"""Heat maps of the frame at the playhead: asked of the warm worker, kept, shown for no other frame.

The session's playhead and category, or typed words, in; a map or the reason why there is none out.
Asked for only while switched on and the playhead rests. Made by the main window; read by the
player. No widgets.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QObject

from tpwng_core.heatmap import Heatmap, describe, read_heatmap
from tpwng_studio.jobs.jobs import Jobs
from tpwng_studio.live.resting import RestingQuestion, changed_ns
from tpwng_studio.state.session import Session

_NO_CHECKPOINT = "Where something matches is read from a checkpoint: train one, or link one."
_NO_CATEGORY = "A normal video has no category: type what to look for."
_NO_PICTURE = "The video cannot be read: there is no picture to look at."


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a map is of; equal ones have equal maps.

    Attributes:
        video: path of the file.
        frame: number.
        kind: whether ``what`` is category ids joined by ``|`` or any words.
        what: to look for.
        reading: of ``nn.dense``: "occlusion" is thorough, "values" one look.
        checkpoint: path.
        changed_ns: when the checkpoint was written.
    """

    video: str
    frame: int
    kind: Literal["category", "text"]
    what: str
    reading: Literal["occlusion", "values"]
    checkpoint: str
    changed_ns: int


class HeatMaps(RestingQuestion[Wanted, Heatmap]):
    """Maps of the open video; :attr:`found` is that of the frame at the playhead."""

    NAME = "heat"
    REST_MS = 120  # who moves on does not look

    def __init__(self, session: Session, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(session, jobs, parent)
        self._text = ""
        self._is_quick = False
        for signal in (
            session.playhead_changed,
            session.video_changed,
            session.labels_changed,
            session.curves_changed,
            session.project_changed,
        ):
            signal.connect(self._follow)
        session.videos_changed.connect(self._tell)  # a video may prove unreadable meanwhile
        self.failed.connect(self._warn)

    @property
    def text(self) -> str:
        """Words to look for; "" takes the video's category."""
        return self._text

    @property
    def is_quick(self) -> bool:
        """Whether one look must do: on a large CLIP without a GPU many take half a minute."""
        return self._is_quick

    @property
    def words(self) -> str:
        """What the map shows, or why there is none."""
        wanted = self._wanted()
        if not self._is_on or self._session.video is None:
            return ""
        if wanted is None:
            return self._why_none()
        found = self._kept.get(wanted)
        if found is None:
            return f"Looking for “{wanted.what.replace('|', '” or “')}” in frame {wanted.frame} …"
        return found if isinstance(found, str) else _words_of(found)

    def look_for(self, text: str) -> None:
        """Look for any words; "" for the video's category."""
        if text.strip() != self._text:
            self._text = text.strip()
            self._follow()

    def set_quick(self, is_quick: bool) -> None:
        """Look once instead of once per patch, or thoroughly."""
        if is_quick != self._is_quick:
            self._is_quick = is_quick
            self._follow()

    def _why_none(self) -> str:
        if not self._has_checkpoint:
            return _NO_CHECKPOINT
        return _NO_PICTURE if self._is_unreadable else _NO_CATEGORY

    @property
    def _is_unreadable(self) -> bool:
        video = self._session.video
        return video is not None and video.badge in ("corrupt", "missing")

    def _follow(self) -> None:
        """Something else is looked at."""
        if self._is_on:
            self._look()
        self._tell()

    def _tell(self) -> None:
        if self._is_on:
            self.changed.emit()

    def _wanted(self) -> Wanted | None:
        session, project = self._session, self._session.project
        if not self._is_on or project is None or session.video is None:
            return None
        query = session.saved_query
        text = self._text or ("" if query is None else query.words)
        what = text or "|".join(session.used_categories)
        checkpoint = project.checkpoint
        if not what or checkpoint is None or self._is_unreadable:
            return None
        return Wanted(
            video=str(session.video.path),
            frame=session.playhead,
            kind="text" if text else "category",
            what=what,
            reading="values" if self._is_quick else "occlusion",
            checkpoint=str(checkpoint),
            changed_ns=changed_ns(checkpoint),
        )

    def _request(self, wanted: Wanted, out: Path) -> int:
        return self._jobs.heatmap(
            {
                "video": wanted.video,
                "frame": wanted.frame,
                wanted.kind: wanted.what,
                "reading": wanted.reading,
                "checkpoint": wanted.checkpoint,
                "out": str(out),
            }
        )

    def _read(self, path: Path) -> Heatmap:
        return read_heatmap(path)

    def _warn(self, why: str) -> None:
        self._session.message.emit("warning", f"No heat map: {why}")


def _words_of(heatmap: Heatmap) -> str:
    unknown = heatmap.meta.get("unknown_words")
    doubt = f" · never seen by this CLIP: {', '.join(unknown)}" if unknown else ""
    return f"{describe(heatmap)}{doubt}"
