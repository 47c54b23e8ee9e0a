"""Heat maps of the frame at the playhead: asked of the warm worker, kept, shown for no other frame.

The session's playhead and category, or typed words, in; a map or the reason why there is none out.
Asked for only while switched on and the playhead rests. Made by the main window; read by the
player. No widgets.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from PySide6.QtCore import QDir, QObject, QTemporaryDir, QTimer, Signal

from tpwng_core.errors import ArtifactError
from tpwng_core.heatmap import Heatmap, describe, read_heatmap
from tpwng_studio.jobs.jobs import Jobs
from tpwng_studio.state.session import Session

_REST_MS = 120  # who moves on does not look
_NUM_KEPT = 512

_NO_CHECKPOINT = "Where something matches is read from a checkpoint: train one, or link one."
_NO_CATEGORY = "A normal video has no category: type what to look for."


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


class HeatMaps(QObject):
    """Maps of the open video.

    Signals:
        changed: on or off, what is looked for, what is found.

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
        self._text = ""
        self._is_quick = False
        self._asked: tuple[int, Wanted] | None = None
        self._kept: OrderedDict[Wanted, Heatmap | str] = OrderedDict()
        self._folder: QTemporaryDir | None = None
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self._ask)
        for signal in (
            session.playhead_changed,
            session.video_changed,
            session.labels_changed,
            session.curves_changed,
            session.project_changed,
        ):
            signal.connect(self._follow)
        jobs.live_answer.connect(self._on_answer)
        jobs.live_failed.connect(self._on_failure)

    @property
    def is_on(self) -> bool:
        """Whether maps are wanted."""
        return self._is_on

    @property
    def text(self) -> str:
        """Words to look for; "" takes the video's category."""
        return self._text

    @property
    def is_quick(self) -> bool:
        """Whether one look must do: on a large CLIP without a GPU many take half a minute."""
        return self._is_quick

    @property
    def found(self) -> Heatmap | None:
        """The map of the frame at the playhead, where it is there."""
        wanted = self._wanted()
        found = self._kept.get(wanted) if wanted is not None else None
        return found if isinstance(found, Heatmap) else None

    @property
    def words(self) -> str:
        """What the map shows, or why there is none."""
        wanted = self._wanted()
        if not self._is_on or self._session.video is None:
            return ""
        if wanted is None:
            project = self._session.project
            has_model = project is not None and project.checkpoint is not None
            return _NO_CATEGORY if has_model else _NO_CHECKPOINT
        found = self._kept.get(wanted)
        if found is None:
            return f"Looking for “{wanted.what.replace('|', '” or “')}” in frame {wanted.frame} …"
        return found if isinstance(found, str) else _words_of(found)

    def toggle(self) -> None:
        """Show maps, or show them no more."""
        self._is_on = not self._is_on
        self._follow()
        if not self._is_on:
            self._rest.stop()
            self.changed.emit()

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

    def _follow(self) -> None:
        """Something else is looked at."""
        if not self._is_on:
            return
        wanted = self._wanted()
        if wanted is not None and wanted in self._kept:
            self._rest.stop()
        elif wanted is not None:
            self._rest.start()
        self.changed.emit()

    def _wanted(self) -> Wanted | None:
        session, project = self._session, self._session.project
        if not self._is_on or project is None or session.video is None:
            return None
        query = session.saved_query
        text = self._text or ("" if query is None else query.words)
        what = text or "|".join(session.used_categories)
        checkpoint = project.checkpoint
        if not what or checkpoint is None:
            return None
        return Wanted(
            video=str(session.video.path),
            frame=session.playhead,
            kind="text" if text else "category",
            what=what,
            reading="values" if self._is_quick else "occlusion",
            checkpoint=str(checkpoint),
            changed_ns=checkpoint.stat().st_mtime_ns if checkpoint.exists() else 0,
        )

    def _ask(self) -> None:
        wanted = self._wanted()
        if wanted is None or wanted in self._kept:
            return
        if self._asked is not None and self._asked[1] == wanted:
            return
        if self._folder is None:
            self._folder = QTemporaryDir(str(Path(QDir.tempPath()) / "tpwng-heat-XXXXXX"))
        number = self._jobs.heatmap(
            {
                "video": wanted.video,
                "frame": wanted.frame,
                wanted.kind: wanted.what,
                "reading": wanted.reading,
                "checkpoint": wanted.checkpoint,
                "out": str(Path(self._folder.path()) / "frame.npz"),
            }
        )
        self._asked = (number, wanted)

    def _on_answer(self, number: int, summary: dict[str, Any]) -> None:
        if self._asked is None or self._asked[0] != number:
            return
        wanted, self._asked = self._asked[1], None
        try:
            self._keep(wanted, read_heatmap(Path(summary["out"])))
        except ArtifactError as error:
            self._keep(wanted, str(error))

    def _on_failure(self, number: int, why: str) -> None:
        if self._asked is None or self._asked[0] != number:
            return
        wanted, self._asked = self._asked[1], None
        self._keep(wanted, why)
        self._session.message.emit("warning", f"No heat map: {why}")

    def _keep(self, wanted: Wanted, found: Heatmap | str) -> None:
        self._kept[wanted] = found
        while len(self._kept) > _NUM_KEPT:
            self._kept.popitem(last=False)
        self.changed.emit()


def _words_of(heatmap: Heatmap) -> str:
    unknown = heatmap.meta.get("unknown_words")
    doubt = f" · never seen by this CLIP: {', '.join(unknown)}" if unknown else ""
    return f"{describe(heatmap)}{doubt}"
