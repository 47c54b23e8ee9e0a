"""The features of what a person names: feature files as they are, videos extracted on the way.

Called by score and label. Extracted features are kept beside the output (or in ``--features``),
so that a second run does no work twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tpwng_core.checkpoint import CheckpointMeta
from tpwng_core.errors import InputError
from tpwng_core.events import Reporter
from tpwng_core.features import (
    SUFFIX,
    FeatureFolder,
    FeatureSet,
    is_feature_file,
    open_feature_folder,
)
from tpwng_core.run.extract import ExtractConfig, ExtractSummary, extract
from tpwng_core.video import VIDEO_SUFFIXES, VideoFile, find_videos

FEATURES = "features"


@dataclass(frozen=True, kw_only=True)
class VideoRequest:
    """What score and label are both asked.

    Attributes:
        inputs: videos, folders of them or of features, feature files.
        checkpoint: of a run.
        out: folder for a file per video.
        features: folder where features are looked for and kept; None: ``out/features``.
        clip: for videos without features; None takes the checkpoint's.
        device: "auto", "cpu", "cuda".
    """

    inputs: Sequence[Path]
    checkpoint: Path
    out: Path
    features: Path | None = None
    clip: str | None = None
    device: str = "auto"

    @property
    def feature_folder(self) -> Path:
        """Where features are looked for and kept."""
        return self.features or self.out / FEATURES


@dataclass(frozen=True, kw_only=True)
class Sources:
    """Videos with features, and those that failed.

    Attributes:
        features: by video id; opened when asked for.
        failed: video id -> what is wrong, in one line.
        stopped: whether extraction was asked to stop, so that videos are left.
    """

    features: Mapping[str, FeatureSet]
    failed: Mapping[str, str]
    stopped: bool = False


def open_sources(request: VideoRequest, meta: CheckpointMeta, report: Reporter) -> Sources:
    """Features of all inputs.

    Raises:
        InputError: an input does not exist or holds neither videos nor features.
        TpwngError: nothing could be extracted.
    """
    found: dict[str, FeatureFolder] = {}
    videos: list[Path] = []
    for given in request.inputs:
        if is_feature_file(given) or _holds_features_only(given):
            given_folder = open_feature_folder(given)
            found.update(dict.fromkeys(given_folder, given_folder))
        else:
            videos.append(given)
    if not videos:
        return Sources(features=_Lazy(found), failed={})
    files = find_videos(videos)
    wanted = {file.video_id for file in files}
    extracted = _extract(files, videos, request, meta, report)
    failed = dict(extracted.failed) if extracted else {}
    folder = open_feature_folder(request.feature_folder)
    made = [video for video in folder if video in wanted and video not in failed]
    found.update(dict.fromkeys(made, folder))
    stopped = extracted is not None and extracted.stopped
    return Sources(features=_Lazy(found), failed=failed, stopped=stopped)


class _Lazy(Mapping[str, FeatureSet]):
    """Features of several folders, each file opened only when its video is asked for.

    Args:
        folders: per video the folder it is in.
    """

    def __init__(self, folders: Mapping[str, FeatureFolder]) -> None:
        self._folders = folders

    def __getitem__(self, video: str) -> FeatureSet:
        return self._folders[video][video]

    def __iter__(self) -> Iterator[str]:
        return iter(self._folders)

    def __len__(self) -> int:
        return len(self._folders)


def _extract(
    files: Sequence[VideoFile],
    videos: Sequence[Path],
    request: VideoRequest,
    meta: CheckpointMeta,
    report: Reporter,
) -> ExtractSummary | None:
    """Extract what is missing; None where the folder holds published features of the videos."""
    present = {path.name.removesuffix(SUFFIX) for path in request.feature_folder.glob(f"*{SUFFIX}")}
    published = {path.stem for path in request.feature_folder.glob("*.npy")}
    if published & {file.video_id for file in files} and not present:
        return None
    return extract(
        videos,
        out=request.feature_folder,
        clip=request.clip or meta.clip.spec,
        config=ExtractConfig(stride=meta.stride),
        device=request.device,
        report=report,
    )


def _holds_features_only(path: Path) -> bool:
    """Whether a folder has features and no video; a folder of both is read as videos."""
    if not path.is_dir():
        return False
    files = [item for item in path.rglob("*") if item.is_file()]
    if any(item.suffix.lower() in VIDEO_SUFFIXES for item in files):
        return False
    if not any(is_feature_file(item) for item in files):
        raise InputError(f"folder {path} holds neither videos nor features", "check the path")
    return True
