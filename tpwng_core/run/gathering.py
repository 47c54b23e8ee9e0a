"""What is known of the videos of an export or import, gathered from files and folders.

LABELS, PSEUDO, SCORES, a demo or project folder, or an annotation file in; one item per video
out. Called by the verbs export and import. No torch.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from tpwng_core import labels, pseudocurves, scores
from tpwng_core.config import Tables, read_toml
from tpwng_core.errors import InputError
from tpwng_core.features import FeatureFolder, open_feature_folder
from tpwng_core.formats import (
    Annotation,
    Clock,
    ExportItem,
    ImportOptions,
    read_annotations,
    sniff,
)
from tpwng_core.groundtruth import GroundTruth, read_ground_truth
from tpwng_core.labels import VideoLabels
from tpwng_core.pseudocurves import PseudoCurves
from tpwng_core.scores import Scores
from tpwng_core.video import find_videos, index_video

_PROJECT = "project.toml"
_TRUTH = "annotations.txt"


@dataclass(frozen=True, kw_only=True)
class Sources:
    """Where to look, beside the input; None where not given.

    Attributes:
        videos: file or folder of videos.
        features: folder of feature files.
        scores: folder of score files.
        pseudo: folder of pseudo-labels.
        ground_truth: annotation file.
        fps: frame rate of videos of which nothing else is known.
    """

    videos: Path | None = None
    features: Path | None = None
    scores: Path | None = None
    pseudo: Path | None = None
    ground_truth: Path | None = None
    fps: Fraction | None = None


NOWHERE = Sources()


@dataclass(frozen=True, kw_only=True)
class _Found:
    """Everything found, by video id."""

    labels: Mapping[str, VideoLabels]
    annotations: Mapping[str, Annotation]
    curves: Mapping[str, PseudoCurves]
    scores: Mapping[str, Scores]
    truth: GroundTruth
    features: FeatureFolder | None
    paths: Mapping[str, Path]

    @property
    def videos(self) -> list[str]:
        """Ids of the videos that something is said of, in the order they were found."""
        said = (self.annotations, self.labels, self.curves, self.scores)
        return list(dict.fromkeys(video for part in said for video in part))


def gather(given: Path, beside: Sources) -> list[ExportItem]:
    """One item per video.

    Args:
        given: LABELS, PSEUDO or SCORES, one file of them, a demo or project folder, or an
            annotation file of any format.
        beside: what was given apart.

    Raises:
        InputError: there is nothing to export.
        TpwngError: a file is damaged.
    """
    found = _look(given, beside)
    if not found.videos:
        raise InputError(
            f"{given} holds nothing to export",
            "give labels, pseudo-labels, scores, a demo or project folder, or an annotation file",
        )
    return [_item(video, found, beside.fps) for video in found.videos]


def clocks_of(beside: Sources) -> dict[str, Clock]:
    """The times of all videos in the places given.

    Raises:
        TpwngError: a file is damaged.
    """
    paths = _paths(beside.videos)
    features = open_feature_folder(beside.features) if beside.features else None
    found = _Found(
        labels={},
        annotations={},
        curves={},
        scores=scores.read_score_folder(beside.scores) if beside.scores else {},
        truth={},
        features=features,
        paths=paths,
    )
    videos = dict.fromkeys([*paths, *(features or ()), *found.scores])
    items = (_item(video, found, beside.fps) for video in videos)
    return {item.video: item.clock for item in items if item.fps is not None}


def _look(given: Path, beside: Sources) -> _Found:
    inside = _sources_inside(given)
    merged = Sources(
        **{
            name: getattr(beside, name) or getattr(inside, name)
            for name in ("videos", "features", "scores", "pseudo", "ground_truth", "fps")
        }
    )
    return _Found(
        labels=_labels(given),
        annotations=_annotations(given, beside),
        curves=_read_each(merged.pseudo, pseudocurves.SUFFIX, pseudocurves.read_pseudo_curves),
        scores=_scores(merged.scores),
        truth=read_ground_truth(merged.ground_truth) if merged.ground_truth else {},
        features=open_feature_folder(merged.features) if merged.features else None,
        paths=_paths(merged.videos) | _paths_of_project(given),
    )


def _sources_inside(given: Path) -> Sources:
    """What a demo or project folder, or a single file of ours, brings itself."""
    if given.is_file():
        is_score = given.name.endswith((scores.SUFFIX, ".npy"))
        return Sources(
            pseudo=given if given.name.endswith(pseudocurves.SUFFIX) else None,
            scores=given if is_score else None,
        )
    return Sources(
        videos=_filled(given / "videos"),
        features=_filled(given / "features"),
        scores=_filled(given / "scores") or (given if _holds(given, scores.SUFFIX) else None),
        pseudo=_filled(given / "pseudo") or (given if _holds(given, pseudocurves.SUFFIX) else None),
        ground_truth=_truth_of(given),
    )


def _truth_of(folder: Path) -> Path | None:
    """The annotations a project names, or those of a demo."""
    name = _project(folder).get("project", {}).get("ground_truth", _TRUTH)
    path = folder / str(name)
    return path if path.is_file() else None


def _project(folder: Path) -> Tables:
    """The tables of a studio project; {} for another folder."""
    path = folder / _PROJECT
    return read_toml(path) if path.is_file() else {}


def _filled(folder: Path) -> Path | None:
    return folder if folder.is_dir() and any(folder.iterdir()) else None


def _holds(folder: Path, suffix: str) -> bool:
    return any(folder.glob(f"*{suffix}"))


def _labels(given: Path) -> dict[str, VideoLabels]:
    if given.is_file():
        if not given.name.endswith(labels.SUFFIX):
            return {}
        found = labels.read_labels(given)
        return {found.video: found}
    folder = given / "labels" if (given / "labels").is_dir() else given
    return labels.read_label_folder(folder)


def _annotations(given: Path, beside: Sources) -> dict[str, Annotation]:
    ours = (labels.SUFFIX, pseudocurves.SUFFIX, scores.SUFFIX, ".npy")
    if not given.is_file() or given.name.endswith(ours):
        return {}
    name = sniff(given)
    if name is None:
        raise InputError(f"{given} is of no format we know", "is this the right file?")
    options = ImportOptions(clocks=clocks_of(beside), fps=beside.fps)
    return {item.video: item for item in read_annotations(given, name, options)}


def _scores(place: Path | None) -> dict[str, Scores]:
    if place is None:
        return {}
    if place.is_dir():
        return scores.read_score_folder(place)
    found = scores.read_scores(place)
    return {found.video: found}


def _read_each(place: Path | None, suffix: str, read: Any) -> dict[str, PseudoCurves]:
    files: Iterable[Path] = () if place is None else [place]
    if place is not None and place.is_dir():
        files = sorted(place.glob(f"*{suffix}"))
    found = (read(file) for file in files)
    return {curves.video: curves for curves in found}


def _paths(place: Path | None) -> dict[str, Path]:
    return {} if place is None else {item.video_id: item.path for item in find_videos([place])}


def _paths_of_project(given: Path) -> dict[str, Path]:
    """Videos of a studio project that are where it says."""
    listed = _project(given).get("videos", {})
    paths = {video: given / str(path) for video, path in listed.items()}
    return {video: path for video, path in paths.items() if path.is_file()}


def _item(video: str, found: _Found, fps: Fraction | None) -> ExportItem:
    """Everything known of a video; times from the best source there is."""
    item = ExportItem(
        video=video,
        labels=found.labels.get(video),
        annotation=found.annotations.get(video),
        scores=found.scores.get(video),
        curves=found.curves.get(video),
        truth=found.truth.get(video),
        path=found.paths.get(video),
    )
    if found.features is not None and video in found.features:
        features = found.features[video]
        if features.meta is not None:
            return replace(item, pts=features.pts, **_facts(features.meta))
    if item.path is not None:
        index = index_video(item.path)
        return replace(item, pts=index.pts, **_facts(index))
    return _timed_by_artifacts(item, fps)


def _facts(source: Any) -> dict[str, Any]:
    """What a feature file's header and a video's index both say."""
    names = ("num_frames", "fps", "time_base", "width", "height")
    return {name: getattr(source, name) for name in names}


def _timed_by_artifacts(item: ExportItem, fps: Fraction | None) -> ExportItem:
    """Length and times as scores, curves or labels say them."""
    said = item.labels or item.annotation
    for artifact in (item.scores, item.curves):
        if artifact is None:
            continue
        own = artifact.meta
        num_frames = own.get("num_frames") or (item.scores.num_frames if item.scores else None)
        return replace(
            item,
            num_frames=num_frames or (said.num_frames if said else None),
            fps=Fraction(own["fps"]) if own.get("fps") else (said.fps if said else None) or fps,
            pts=artifact.pts if len(artifact.pts) else None,
            time_base=Fraction(own.get("time_base") or 1),
        )
    assert said is not None
    return replace(item, num_frames=said.num_frames, fps=fps or said.fps)
