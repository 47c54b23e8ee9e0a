"""A storey of the session: the open project, its videos, and what is on disk of one.

A project folder in; videos, curves, scores, truth and the clock of the open video out. Between
``session_time`` and ``session_tuning``; views see all storeys as ``Session``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer

from tpwng_core.checkpoint import CheckpointMeta
from tpwng_core.datasets import VideoRecord
from tpwng_core.groundtruth import GroundTruth, Interval
from tpwng_core.pseudocurves import PseudoCurves, read_pseudo_curves
from tpwng_core.scores import Scores, read_scores
from tpwng_core.tuning import file_categories, frames_of
from tpwng_studio.project.project import Project
from tpwng_studio.project.scanner import Scanner
from tpwng_studio.project.scanning import VideoScan
from tpwng_studio.state.catalogue import Catalogue, VideoItem, given_categories
from tpwng_studio.state.clock import DEFAULT_FPS, Clock
from tpwng_studio.state.session_time import TimeSession

if TYPE_CHECKING:
    from tpwng_core.video.index import VideoIndex

_LIST_EVERY_MS = 100


class VideoSession(TimeSession):
    """What is open."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._project: Project | None = None
        self._catalogue = Catalogue(None, self._complain)
        self._video: str | None = None
        self._index: VideoIndex | None = None
        self._curves: PseudoCurves | None = None
        self._scores: Scores | None = None
        self._scanner = Scanner(self)
        self._scanner.scanned.connect(self._on_scanned)
        self._list_timer = QTimer(self)
        self._list_timer.setSingleShot(True)
        self._list_timer.setInterval(_LIST_EVERY_MS)
        self._list_timer.timeout.connect(self.videos_changed)

    # What is open

    @property
    def project(self) -> Project | None:
        """The open project."""
        return self._project

    @property
    def is_read_only(self) -> bool:
        """Whether nothing may be changed: no project, or another window holds it."""
        return self._project is None or self._project.is_read_only

    @property
    def videos(self) -> Sequence[VideoItem]:
        """All videos of the project, in its order."""
        return tuple(self._catalogue.items.values())

    @property
    def video(self) -> VideoItem | None:
        """The open video."""
        return None if self._video is None else self._catalogue.items[self._video]

    @property
    def index(self) -> VideoIndex | None:
        """Its frames and their times, once the player has read them."""
        return self._index

    @property
    def curves(self) -> PseudoCurves | None:
        """Its pseudo-curves as on disk, or as the worker answered."""
        return self._curves

    @property
    def scores(self) -> Scores | None:
        """Its scores."""
        return self._scores

    @property
    def truth(self) -> tuple[Interval, ...] | None:
        """Annotated intervals of the open video; None where it is not annotated."""
        return None if self._video is None else self._catalogue.truths.get(self._video)

    @property
    def truths(self) -> GroundTruth:
        """Annotated intervals by video id."""
        return self._catalogue.truths

    @property
    def model(self) -> CheckpointMeta | None:
        """Header of the project's checkpoint."""
        return self._catalogue.model

    @property
    def records(self) -> Mapping[str, VideoRecord]:
        """What the manifest says, by video id; nothing of videos that were taken out."""
        return self._catalogue.records

    @property
    def records_set_aside(self) -> Sequence[VideoRecord]:
        """What the manifest says of videos that were taken out of the project."""
        return self._catalogue.set_aside

    @property
    def categories(self) -> dict[str, str]:
        """Abnormal categories, id -> text, in the order of the keys 1-9."""
        return dict(self._catalogue.categories)

    def set_index(self, index: VideoIndex) -> None:
        """The player has read the times of all frames of the open video."""
        video = self.video
        if video is None or index.path != video.path:
            return
        self._index = index
        self._refit()
        self._update_item(video.id, num_frames=index.num_frames, fps=index.fps)
        self.index_changed.emit()
        self._announce_refit()
        self.seek(self._playhead)

    # Projects and videos

    def open_project(self, project: Path | Project) -> None:
        """Open a project folder in place of the one that is open; that one itself is read again.

        Raises:
            TpwngError: it cannot be opened; the one before stays open.
        """
        if self._project is not None and self._project.is_at(project):
            self.reload_project()
            return
        opened = project if isinstance(project, Project) else Project.open(project)
        self.close_project()
        self.project_leaving.emit()
        self._project = opened
        self._catalogue = Catalogue(opened, self._complain)
        self._load_project(opened)
        self._read_project(opened)
        self.project_changed.emit()
        self.videos_changed.emit()
        self._scanner.start(opened)
        if opened.is_read_only:
            self.message.emit("warning", f"Read only: {opened.why_read_only}")
        if self._catalogue.items:
            self.open_video(next(iter(self._catalogue.items)))

    def close_project(self) -> None:
        """Save and close; nothing happens where none is open."""
        project = self._project
        if project is None:
            return
        self.project_leaving.emit()
        self._scanner.stop()
        self._list_timer.stop()
        self._unload_project(project)
        project.close()
        self._project = None
        self._video = None
        self._catalogue = Catalogue(None, self._complain)
        self._load(None)
        self.project_changed.emit()
        self.videos_changed.emit()
        self._announce_video()

    def reload_project(self) -> None:
        """Read the videos, the manifest, the truth and the checkpoint again after a change."""
        if self._project is None:
            return
        before = self.video
        self.project_leaving.emit()
        self._read_project(self._project)
        self._scanner.start(self._project)
        self.project_changed.emit()
        self.videos_changed.emit()
        if before is not None and self._catalogue.items[before.id].path != before.path:
            self._load(self.video)
            self._announce_video()
        else:
            self.reload_curves()

    def open_video(self, video: str) -> None:
        """Show a video of the project."""
        if video not in self._catalogue.items or video == self._video:
            return
        self._leave_video()
        self._video = video
        item = self._catalogue.items[video]
        self._load(item)
        self._announce_video()
        is_listed_gone = item.badge == "missing"
        if self._project and is_listed_gone == item.path.is_file() and not self._scanner.is_busy:
            self._scanner.start(self._project)  # files went or came back since they were examined

    def close_video(self) -> None:
        """Show no video, though a project is open."""
        self._leave_video()
        self._video = None
        self._load(None)
        self._announce_video()

    def next_video(self, step: int) -> None:
        """Show the next (1) or previous (-1) video of the list."""
        ids = list(self._catalogue.items)
        if ids:
            place = ids.index(self._video) + step if self._video else 0
            self.open_video(ids[min(max(place, 0), len(ids) - 1)])

    def reload_curves(self) -> None:
        """Read curves and scores again: a job has made new ones."""
        if self._project is None:
            return
        self._catalogue.refresh_artifacts()
        self.videos_changed.emit()
        if (video := self.video) is not None:
            self._read_curves(video)
            self._curves_replaced()

    def show_curves(self, pseudo: Path | None, scores: Path | None) -> None:
        """Show what the worker answered for the open video; the project's files stay as they are.

        Raises:
            ArtifactError: a file is missing or damaged.
        """
        self._curves = read_pseudo_curves(pseudo) if pseudo else self._curves
        self._scores = read_scores(scores) if scores else self._scores
        self._curves_replaced()

    # Steps that the storeys above extend

    def _load_project(self, project: Project) -> None:
        """Read what belongs to a project that was opened."""

    def _read_project(self, project: Project) -> None:
        """Read the lists of the project, at first or again."""
        self._catalogue.read()

    def _unload_project(self, project: Project) -> None:
        """Let go of what belongs to a project before it is closed."""

    def _leave_video(self) -> None:
        """Let go of the open video."""

    def _load(self, item: VideoItem | None) -> None:
        """Read everything of a video before anybody hears of it; None empties the session."""
        self._index = None
        self._playhead = 0
        self._curves = self._scores = None
        if item is not None:
            self._read_curves(item)
        self._set_clock()

    def _announce_video(self) -> None:
        for signal in (self.video_changed, self.index_changed, self.curves_changed):
            signal.emit()
        self.playhead_changed.emit(self._playhead)

    def _curves_replaced(self) -> None:
        """Other curves of the open video are there."""
        self._refit()
        self.curves_changed.emit()
        self._announce_refit()

    def _refit(self) -> None:
        """Fit everything to other curves or another length, before anybody hears of it."""
        self._set_clock()

    def _announce_refit(self) -> None:
        """Tell what may be another thing since."""

    # Reading

    def _read_curves(self, item: VideoItem) -> None:
        catalogue = self._catalogue
        pseudo, scores = catalogue.pseudo_path(item.id), catalogue.scores_path(item.id)
        self._curves = self._scores = None
        if item.has_pseudo:
            self._curves = catalogue.tried(lambda: read_pseudo_curves(pseudo), None)
        if self._curves is not None:
            self._assume(item.id, file_categories(self._curves))
        if item.has_scores:
            self._scores = catalogue.tried(lambda: read_scores(scores), None)

    def _set_clock(self) -> None:
        item = self.video
        known = item.num_frames if item else None
        if self._index is not None:
            self._clock = Clock.of_index(self._index)
        elif self._curves is not None:
            meta, pts = self._curves.meta, self._curves.pts
            self._clock = Clock.of_meta(meta, pts, frames_of(self._curves))
        elif self._scores is not None:
            self._clock = Clock.of_meta(
                self._scores.meta, self._scores.pts, self._scores.num_frames
            )
        else:
            self._clock = Clock(num_frames=known or 0, fps=(item and item.fps) or DEFAULT_FPS)

    def _on_scanned(self, video: str, scan: VideoScan, original: str) -> None:
        """A file was examined; ``original`` is the video it is a copy of, or ""."""
        if video not in self._catalogue.items:
            return
        note = f"same content as {original}" if original else scan.note
        badge = scan.badge or ("duplicate" if original else "")
        self._update_item(video, num_frames=scan.num_frames, fps=scan.rate, badge=badge, note=note)
        if video == self._video and self._clock.num_frames == 0:
            self._refit()
            self.index_changed.emit()
            self._announce_refit()

    def _assume(self, video: str, categories: tuple[str, ...]) -> None:
        """What the curves were made for is shown where nobody said what the video is."""
        if given_categories(self._catalogue.items[video]) is None:
            text = "|".join(categories) or "normal"
            self._update_item(video, category=text, is_assumed=True)

    def _update_item(self, video: str, **changes: Any) -> None:
        if self._catalogue.update(video, **changes) and not self._list_timer.isActive():
            self._list_timer.start()

    def _complain(self, text: str) -> None:
        self.message.emit("error", text)
