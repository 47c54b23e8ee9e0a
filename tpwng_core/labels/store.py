"""Labels on disk: one ``<id>.labels.json`` per video, the one before kept as ``.bak``.

Called by the studio's project, exports, imports, ``inspect`` and training.
"""

from __future__ import annotations

import json
from pathlib import Path

from tpwng_core.errors import ArtifactError, InputError
from tpwng_core.files import write_bytes, write_json
from tpwng_core.labels.overlay import VideoLabels

SUFFIX = ".labels.json"
_REMEDY = f"take the copy before it, <id>{SUFFIX}.bak"


def label_path(folder: Path, video: str, suffix: str = SUFFIX) -> Path:
    """Where the labels of a video lie, or another file about it; its id must be a file name.

    Raises:
        InputError: the id would lead out of the folder, or is no file name.
    """
    if video in ("", ".", "..") or any(mark in video for mark in "/\\\0"):
        raise InputError(f"{video!r} is no name of a video", "rename it in the file it comes from")
    return folder / f"{video}{suffix}"


def write_labels(path: Path, labels: VideoLabels) -> None:
    """Write labels atomically; the file before is kept as ``<file>.bak``.

    Raises:
        OutputError: the file cannot be written.
    """
    if path.is_file():
        write_bytes(path.with_name(f"{path.name}.bak"), path.read_bytes())
    write_json(path, labels.to_json())


def read_labels(path: Path) -> VideoLabels:
    """Read a labels file.

    Raises:
        ArtifactError: missing, damaged, or of a newer version.
    """
    try:
        return VideoLabels.of_json(json.loads(path.read_bytes()))
    except OSError as error:
        raise ArtifactError(f"cannot read {path}: {error.strerror}", "check the path") from error
    except ValueError as error:  # JSON and UTF-8 errors are of this class too
        raise ArtifactError(f"{path} is damaged: {error}", _REMEDY) from error


def read_label_folder(folder: Path) -> dict[str, VideoLabels]:
    """Labels of every video in a folder, by id; an empty folder has none.

    Raises:
        ArtifactError: the folder is missing, a file is damaged, or two are of one video.
    """
    if not folder.is_dir():
        raise ArtifactError(f"there is no label folder {folder}", "check the path")
    found: dict[str, VideoLabels] = {}
    for file in sorted(folder.glob(f"*{SUFFIX}")):
        labels = read_labels(file)
        if labels.video in found:
            raise ArtifactError(f"{file} is of {labels.video}, which has a file", "remove one")
        found[labels.video] = labels
    return found
