"""Where the videos of a project lie after files were moved or renamed.

Videos, what is known of their content, and two places in; the videos with other paths out. Called
by ``project``. Only a video that is gone gets another path, and only that of a file which is there:
an answer that fits some of them must not lose the others.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from tpwng_core.errors import InputError
from tpwng_studio.project.project_video import ProjectVideo


def found_again(
    videos: Sequence[ProjectVideo], fingerprints: Mapping[str, str], old: Path, new: Path
) -> tuple[ProjectVideo, ...]:
    """Look for the videos that are gone from ``old``: where they would lie in ``new``, else
    anywhere in it for a file of the same content, whatever its name.

    Args:
        videos: of the project.
        fingerprints: of their content by video id, as far as they are known.
        old: absolute path of a folder or a file.
        new: absolute path of a folder or a file that exists.

    Returns:
        All videos in the same order; those that were found have the path of their file.
    """
    gone = [video for video in videos if video.path.is_relative_to(old) and not _is_there(video)]
    moved = [video.moved(old, new) for video in gone]
    found = {video.id: video.path for video in moved if _is_there(video)}
    wanted: dict[str, list[str]] = {}
    for video in gone:
        if video.id not in found and (known := fingerprints.get(video.id)):
            wanted.setdefault(known, []).append(video.id)
    if wanted:
        taken = {path.resolve() for path in (*found.values(), *(video.path for video in videos))}
        found |= _of_same_content(wanted, new, taken)
    return tuple(replace(video, path=found.get(video.id, video.path)) for video in videos)


def _of_same_content(
    wanted: dict[str, list[str]], place: Path, taken: Collection[Path]
) -> dict[str, Path]:
    """A file for each id of ``wanted`` (by fingerprint) that is at or below ``place``.

    Fingerprints end with the length of the file, so that few files have to be read.
    """
    from tpwng_core.video.fingerprint import fingerprint  # FFmpeg is loaded with it

    lengths = {known.rpartition("-")[2] for known in wanted}
    found: dict[str, Path] = {}
    for path in _videos_of(place):
        try:
            if path.resolve() in taken or str(path.stat().st_size) not in lengths:
                continue
            alike = wanted.get(fingerprint(path))
        except (InputError, OSError):
            continue  # it cannot be read, so it is none of them
        if alike:
            found[alike.pop(0)] = path
    return found


def _videos_of(place: Path) -> list[Path]:
    from tpwng_core.video.find import find_videos

    try:
        return [found.path for found in find_videos([place])]
    except InputError:
        return []  # a folder without videos


def _is_there(video: ProjectVideo) -> bool:
    return video.path.is_file()
