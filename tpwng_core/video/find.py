"""Which video files a person means, and what each is called.

Files and folders in, (video id, path) out. Called by every verb that takes videos. Ids follow
spec "Names": the stem, and where two share it, the stem and a hash of the path.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tpwng_core.errors import InputError

# fmt: off
VIDEO_SUFFIXES = frozenset({
    ".3gp", ".264", ".265", ".asf", ".avi", ".dav", ".flv", ".h264", ".h265",
    ".hevc", ".m2ts", ".m4v", ".mjpeg", ".mjpg", ".mkv", ".mov", ".mp4", ".mpeg",
    ".mpg", ".mts", ".mxf", ".ogv", ".ps", ".ts", ".vob", ".webm", ".wmv",
})
# fmt: on


@dataclass(frozen=True, kw_only=True)
class VideoFile:
    """A video and its id, the same in features, scores, labels and exports."""

    video_id: str
    path: Path


@dataclass(frozen=True)
class _Found:
    path: Path
    relative: str


def find_videos(inputs: Sequence[Path]) -> list[VideoFile]:
    """All videos among files and folders; folders are searched recursively.

    A file that is named is taken whatever its suffix, in a folder the suffix decides
    (:data:`VIDEO_SUFFIXES`) and hidden files are left out. A file met twice counts once.

    Args:
        inputs: files and folders.

    Returns:
        The videos in the order of ``inputs``, those of a folder by path.

    Raises:
        InputError: an input does not exist, or a folder holds no video.
    """
    found: dict[Path, _Found] = {}
    for given in inputs:
        for item in _search(given):
            found.setdefault(item.path.resolve(), item)
    ids = _ids(list(found.values()))
    return [
        VideoFile(video_id=video_id, path=item.path)
        for video_id, item in zip(ids, found.values(), strict=True)
    ]


def _search(given: Path) -> Iterator[_Found]:
    if given.is_file():
        yield _Found(given, given.name)
        return
    if not given.is_dir():
        raise InputError(f"there is no file or folder {given}", "check the path")
    videos = sorted(path for path in given.rglob("*") if _is_video(path, given))
    if not videos:
        raise InputError(
            f"folder {given} holds no video", f"suffixes read: {' '.join(sorted(VIDEO_SUFFIXES))}"
        )
    for path in videos:
        yield _Found(path, path.relative_to(given).as_posix())


def _is_video(path: Path, folder: Path) -> bool:
    is_hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
    return path.suffix.lower() in VIDEO_SUFFIXES and not is_hidden and path.is_file()


def _ids(found: Sequence[_Found]) -> list[str]:
    """Stems; stem and hash of the relative path where shared; of the whole path if still shared."""
    ids = [item.path.stem for item in found]
    for names in (
        [item.relative for item in found],
        [item.path.resolve().as_posix() for item in found],
    ):
        shared = _repeated(ids)
        ids = [
            f"{item.path.stem}-{_hash8(name)}" if video_id in shared else video_id
            for video_id, name, item in zip(ids, names, found, strict=True)
        ]
    return ids


def _repeated(names: Iterable[str]) -> frozenset[str]:
    return frozenset(name for name, count in Counter(names).items() if count > 1)


def _hash8(text: str) -> str:
    content = text.encode("utf-8", "surrogateescape")
    return hashlib.sha1(content, usedforsecurity=False).hexdigest()[:8]
