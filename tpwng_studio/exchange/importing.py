"""An import as the dialog needs it: what files say, and where people said something else before.

Files, a format and the project's shelf in, a :class:`Found` out, beside the window. The labels to
lay over the project's are made here too, so that the dialog only shows and hands on. No Qt.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from tpwng_core.formats import Clock, ImportOptions, import_
from tpwng_core.labels import UNSET, VideoLabels, label_path, read_labels
from tpwng_studio.exchange.shelf import Progress, Shelf
from tpwng_studio.state.catalogue import VideoItem

_ANY_CLOCK = Clock(fps=Fraction(25))


@dataclass(frozen=True, kw_only=True)
class ImportWish:
    """What is to be imported.

    Attributes:
        shelf: of the project; labels are saved before.
        paths: files of one format.
        format: its name.
        with_pseudo: take pseudo-labels in the files as labels.
        inclusive_end: the last frame belongs to a segment.
    """

    shelf: Shelf
    paths: tuple[Path, ...]
    format: str
    with_pseudo: bool = False
    inclusive_end: bool = False


@dataclass(frozen=True, kw_only=True)
class FoundVideo:
    """What the files say of one video of the project.

    Attributes:
        theirs: labels of the files.
        mine: what people said before; None where nobody did.
        num_conflicts: frames of which both say something, and not the same.
    """

    theirs: VideoLabels
    mine: VideoLabels | None
    num_conflicts: int

    def chosen(self, *, keep_mine: bool) -> VideoLabels:
        """Labels to lay over mine: theirs, or theirs where nobody said anything before."""
        if not keep_mine or self.mine is None:
            return self.theirs
        labels = self.theirs
        for segment in self.mine.segments:
            labels = labels.erase(segment.start, segment.end)
        return replace(labels, category=None if self.mine.category else labels.category)


@dataclass(frozen=True, kw_only=True)
class Found:
    """What the files say.

    Attributes:
        videos: of the project.
        strangers: ids the project does not have.
        notes: what was changed or left out while reading.
    """

    videos: tuple[FoundVideo, ...]
    strangers: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def read_import(wish: ImportWish, progress: Progress) -> Found:
    """Read the files and compare them with what people said before.

    Raises:
        InputError: a file is missing, of another format, or says something twice.
    """
    notes: list[str] = []
    options = ImportOptions(
        clocks=_Clocks(wish.shelf),
        overlaps="split",
        with_pseudo=wish.with_pseudo,
        inclusive_end=wish.inclusive_end,
        tell=notes.append,
    )
    said: list[VideoLabels] = []
    for place, path in enumerate(wish.paths):
        progress(place, len(wish.paths))
        said += import_(path, wish.format, options)
    known = {video.id for video in wish.shelf.videos}
    return Found(
        videos=tuple(_compared(wish.shelf, labels) for labels in said if labels.video in known),
        strangers=tuple(sorted(labels.video for labels in said if labels.video not in known)),
        notes=tuple(notes),
    )


def num_conflicts(mine: VideoLabels, theirs: VideoLabels) -> int:
    """Frames of which both say something, and not the same."""
    length = max(mine.num_frames, theirs.num_frames)
    if not length:
        return 0
    one, other = (replace(labels, num_frames=length).as_array() for labels in (mine, theirs))
    return int(((one != UNSET) & (other != UNSET) & (one != other)).sum())


def _compared(shelf: Shelf, theirs: VideoLabels) -> FoundVideo:
    path = label_path(shelf.labels_dir, theirs.video)
    mine = read_labels(path) if path.is_file() else None
    clash = num_conflicts(mine, theirs) if mine is not None else 0
    return FoundVideo(theirs=theirs, mine=mine, num_conflicts=clash)


class _Clocks(Mapping[str, Clock]):
    """Clocks of the project's videos, by time stamps where they are known.

    A file may speak of videos the project does not have; they are left out behind the reader, so
    that any clock will do for them, while a video of the project without one is still an error.
    """

    def __init__(self, shelf: Shelf) -> None:
        self._videos = {video.id for video in shelf.videos}
        found = ((video.id, _clock(shelf, video)) for video in shelf.videos)
        self._clocks = {video: clock for video, clock in found if clock is not None}

    def __getitem__(self, video: str) -> Clock:
        return self._clocks[video] if video in self._videos else _ANY_CLOCK

    def __iter__(self) -> Iterator[str]:
        return iter(self._clocks)

    def __len__(self) -> int:
        return len(self._clocks)


def _clock(shelf: Shelf, video: VideoItem) -> Clock | None:
    if not video.has_pseudo and not video.has_scores:
        return Clock(fps=video.fps, num_frames=video.num_frames) if video.fps else None
    item = shelf.item(video)
    return item.clock if item.fps is not None else None


def sniffed(paths: Sequence[Path]) -> str | None:
    """Format that the first file one recognises looks like; None where none does."""
    from tpwng_core.formats import sniff

    return next((name for path in paths if (name := sniff(path)) is not None), None)
