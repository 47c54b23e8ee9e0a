"""The list of a project's videos: what is known of each before it is opened.

A project in; a :class:`VideoItem` per video, the manifest's records, the truth, the checkpoint's
header and the categories out. Owned by the session. No Qt.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeVar

from tpwng_core.checkpoint import CheckpointMeta
from tpwng_core.datasets import VideoRecord, benchmark_labels, parse_label
from tpwng_core.errors import TpwngError
from tpwng_core.groundtruth import GroundTruth
from tpwng_core.pseudocurves import SUFFIX as PSEUDO_SUFFIX
from tpwng_core.pseudocurves import PseudoCurves, read_pseudo_curves
from tpwng_core.rounds import PSEUDO, SCORES
from tpwng_core.scores import SUFFIX as SCORES_SUFFIX
from tpwng_core.scores import Scores, read_scores
from tpwng_core.tuning import frames_of
from tpwng_studio.project.project import Project
from tpwng_studio.project.project_video import ProjectVideo
from tpwng_studio.state.clock import DEFAULT_FPS, Clock

_T = TypeVar("_T")
_FEATURES_SUFFIX = ".features.safetensors"


@dataclass(frozen=True, kw_only=True)
class VideoItem:
    """A video as the library lists it.

    Attributes:
        id: of the video.
        path: where it should lie.
        num_frames: None until it was examined.
        fps: None until it was examined.
        category: ``normal`` or ids joined by ``|``; "" where nobody knows.
        is_assumed: the method read the category out, nobody gave it.
        reviewed: a person looked through it.
        is_changed: parameters changed its effective labels since.
        progress: share of frames in [0, 1] of which a person said something; 1 when reviewed.
        badge: "", "missing", "corrupt", "cut off", "vfr" or "duplicate".
        has_features: there is a features file.
        has_scores: there is a scores file.
        has_pseudo: there is a file of pseudo-curves.
        note: sentences for a person about the file.
    """

    id: str
    path: Path
    num_frames: int | None = None
    fps: Fraction | None = None
    category: str = ""
    is_assumed: bool = False
    reviewed: bool = False
    is_changed: bool = False
    progress: float = 0.0
    badge: str = ""
    has_features: bool = False
    has_scores: bool = False
    has_pseudo: bool = False
    note: str = ""


class Catalogue:
    """The videos of one project.

    Args:
        project: the project; None for an empty list.
        tell: hears of files that cannot be read.

    Attributes:
        items: by video id, in the project's order.
        records: what the manifest says of the videos it may be asked about, by video id: not of
            those that were taken out of the project.
        set_aside: what it says of those.
        truths: annotated intervals by video id.
        model: header of the checkpoint.
        categories: abnormal categories, id -> text.
    """

    def __init__(self, project: Project | None, tell: Callable[[str], None]) -> None:
        self._project = project
        self._tell = tell
        self.items: dict[str, VideoItem] = {}
        self.records: Mapping[str, VideoRecord] = {}
        self.set_aside: Sequence[VideoRecord] = ()
        self.truths: GroundTruth = {}
        self.model: CheckpointMeta | None = None
        self.categories: dict[str, str] = {}

    def read(self) -> None:
        """Read the project's lists; what is known of a video from its file stays."""
        project = self._project
        if project is None:
            return
        listed: Mapping[str, VideoRecord] = self.tried(project.read_records, {})
        out = {video.id for video in project.taken_out}
        self.records = {name: record for name, record in listed.items() if name not in out}
        self.set_aside = tuple(record for name, record in listed.items() if name in out)
        self.truths = self.tried(project.read_truth, {})
        self.model = self.tried(project.read_model, None)
        self.categories = project.categories(listed, self.model)
        self.items = {video.id: self._item(video) for video in project.videos}

    def update(self, video: str, **changes: Any) -> bool:
        """Change what is known of a video; False where that is nothing new."""
        before = self.items[video]
        self.items[video] = replace(before, **changes)
        return self.items[video] != before

    def refresh_artifacts(self) -> None:
        """Look again which files there are."""
        for video in self.items:
            self.update(video, **self._artifacts(video))

    def listed_category(self, video: str) -> str:
        """What the manifest, else the video's own name, says it shows; "" where neither does."""
        record = self.records.get(video)
        labels = record.labels if record and record.labelled else benchmark_labels(video)
        return "" if labels is None else "|".join(labels) or "normal"

    def clock_of(self, item: VideoItem) -> Clock:
        """Length and rate of a video that need not be open: examined, else told by its curves."""
        if item.num_frames is not None:
            return Clock(num_frames=item.num_frames, fps=item.fps or DEFAULT_FPS)
        if not item.has_pseudo:
            return Clock()
        curves = self.tried(lambda: read_pseudo_curves(self.pseudo_path(item.id)), None)
        return (
            Clock() if curves is None else Clock.of_meta(curves.meta, curves.pts, frames_of(curves))
        )

    def pseudo_path(self, video: str) -> Path:
        """Where the pseudo-curves of a video lie."""
        assert self._project is not None
        return self._project.pseudo_dir / f"{video}{PSEUDO_SUFFIX}"

    def scores_path(self, video: str) -> Path:
        """Where the scores of a video lie."""
        assert self._project is not None
        return self._project.scores_dir / f"{video}{SCORES_SUFFIX}"

    def results_of(self, video: str, results: Path) -> tuple[PseudoCurves | None, Scores | None]:
        """Curves and scores of a video in another folder of results; None where not there."""
        pseudo = results / PSEUDO / f"{video}{PSEUDO_SUFFIX}"
        scores = results / SCORES / f"{video}{SCORES_SUFFIX}"
        return (
            self.tried(lambda: read_pseudo_curves(pseudo), None) if pseudo.is_file() else None,
            self.tried(lambda: read_scores(scores), None) if scores.is_file() else None,
        )

    def tried(self, read: Callable[[], _T], default: _T) -> _T:
        """What a file says, or the default and a message where it is damaged."""
        try:
            return read()
        except TpwngError as error:
            self._tell(str(error))
            return default

    def _item(self, video: ProjectVideo) -> VideoItem:
        known = self.items.get(video.id, VideoItem(id=video.id, path=video.path))
        listed = self.listed_category(video.id)
        if listed:
            known = replace(known, category=listed, is_assumed=False)
        return replace(known, path=video.path, **self._artifacts(video.id))

    def _artifacts(self, video: str) -> dict[str, Any]:
        assert self._project is not None
        return {
            "has_features": (self._project.features_dir / f"{video}{_FEATURES_SUFFIX}").is_file(),
            "has_scores": self.scores_path(video).is_file(),
            "has_pseudo": self.pseudo_path(video).is_file(),
        }


def given_categories(item: VideoItem) -> tuple[str, ...] | None:
    """Ids that a person or a list gave a video, () for normal; None where nobody did."""
    if not item.category or item.is_assumed:
        return None
    return parse_label(item.category)
