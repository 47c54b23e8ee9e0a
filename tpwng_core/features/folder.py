"""A folder of features: video id to FeatureSet, opened when asked for.

Holds our files, published ``.npy`` files, or both; searched recursively. Called by every verb
that takes FEATURES.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

from tpwng_core.errors import FeatureError
from tpwng_core.features.published import read_published
from tpwng_core.features.records import FeatureSet
from tpwng_core.features.store import SUFFIX, read_features

_PUBLISHED = ".npy"
_CROP_NAME = re.compile(r"(.+)__(\d)")


class FeatureFolder(Mapping[str, FeatureSet]):
    """Videos of a folder by id, in the order of their ids.

    A file is opened when its video is asked for, and stays mapped.

    Args:
        files: per video its file, or its files of crops in order.
    """

    def __init__(self, files: Mapping[str, list[Path]]) -> None:
        self._files = files
        self._opened: dict[str, FeatureSet] = {}

    def __getitem__(self, video: str) -> FeatureSet:
        """Features of a video.

        Raises:
            KeyError: the folder has no such video.
            FeatureError: its file is damaged.
        """
        if video not in self._opened:
            self._opened[video] = self._open(video)
        return self._opened[video]

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)

    def __contains__(self, video: object) -> bool:
        return video in self._files

    def paths(self, video: str) -> list[Path]:
        """The file of a video, or its files of crops in order."""
        return self._files[video]

    def _open(self, video: str) -> FeatureSet:
        paths = self._files[video]
        if paths[0].name.endswith(SUFFIX):
            return read_features(paths[0])
        siblings = (path for others in self._files.values() for path in others)
        return read_published(
            paths, video, (path for path in siblings if path.suffix == _PUBLISHED)
        )


def open_feature_folder(path: Path) -> FeatureFolder:
    """The features of a folder, or of one file.

    Args:
        path: a folder, searched recursively, or one feature file.

    Raises:
        FeatureError: it is missing, holds no features, holds two files for one video, or lacks
            crops in the middle.
    """
    if not path.exists():
        raise FeatureError(f"there are no features at {path}", "run tpwng-core extract first")
    found = sorted(path.rglob("*")) if path.is_dir() else [path]
    grouped: dict[str, list[tuple[int, Path]]] = defaultdict(list)
    for file in found:
        if is_feature_file(file):
            video, crop = _split_name(file)
            grouped[video].append((crop, file))
    if not grouped:
        raise FeatureError(
            f"{path} holds no features", f"they are named VIDEO{SUFFIX} or VIDEO{_PUBLISHED}"
        )
    return FeatureFolder({video: _in_order(video, grouped[video]) for video in sorted(grouped)})


def is_feature_file(path: Path) -> bool:
    """Whether a path is named like features: ours or published."""
    hidden = path.name.startswith(".")
    return path.name.endswith((SUFFIX, _PUBLISHED)) and not hidden and path.is_file()


def _split_name(path: Path) -> tuple[str, int]:
    """Video id and crop number of a file; -1 where the file is not one of several crops."""
    if path.name.endswith(SUFFIX):
        return path.name.removesuffix(SUFFIX), -1
    crop = _CROP_NAME.fullmatch(path.stem)
    return (crop.group(1), int(crop.group(2))) if crop else (path.stem, -1)


def _in_order(video: str, files: list[tuple[int, Path]]) -> list[Path]:
    files = sorted(files)
    crops = [crop for crop, _ in files]
    if len(set(crops)) < len(crops) or (-1 in crops and len(crops) > 1):
        raise FeatureError(
            f"two feature files for one video: {files[0][1]} and {files[1][1]}",
            "keep one, or give a folder with only one of them",
        )
    if len(crops) > 1 and crops != list(range(len(crops))):
        missing = sorted(set(range(crops[-1])) - set(crops))
        raise FeatureError(
            f"video {video} lacks crop {missing[0]} beside {files[0][1]}",
            "complete its crops, or keep one crop",
        )
    return [path for _, path in files]
