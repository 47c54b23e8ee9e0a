"""An export as the dialog needs it: look before, write, and read back what was written.

A :class:`Wish` in, a :class:`Look` or an :class:`Outcome` out. Runs beside the window, one call at
a time; videos are gathered once and kept while the wish means the same ones. No Qt.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tpwng_core.errors import TpwngError
from tpwng_core.events import Event, Progress
from tpwng_core.formats import (
    FORMATS,
    Annotation,
    Clock,
    ExportItem,
    ExportOptions,
    ImportOptions,
    expected,
    export,
    losses_of,
    preview,
    read_annotations,
)
from tpwng_studio.exchange.shelf import Progress as Tell
from tpwng_studio.exchange.shelf import Shelf

_SIDECAR = ".meta.json"
_NUM_LINES = 40


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What is to be exported.

    Attributes:
        shelf: of the project.
        videos: ids.
        format: name of the format.
        options: choices.
    """

    shelf: Shelf
    videos: tuple[str, ...]
    format: str
    options: ExportOptions


@dataclass(frozen=True, kw_only=True)
class Look:
    """What an export would give.

    Attributes:
        text: first lines; empty where it cannot be.
        losses: what this export loses, in words.
        num_videos: how many would be written.
        is_readable: whether files of this format can be imported again.
        problem: why it cannot be, with what to do; empty where it can.
    """

    text: str = ""
    losses: tuple[str, ...] = ()
    num_videos: int = 0
    is_readable: bool = True
    problem: str = ""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What an export gave.

    Attributes:
        files: written.
        num_videos: written.
        num_equal: videos that read back as declared; None where the format cannot be read.
        differing: ids of the others.
    """

    files: tuple[Path, ...]
    num_videos: int
    num_equal: int | None = None
    differing: tuple[str, ...] = ()


class Exporter:
    """Looks and writes; keeps the videos of the last wish."""

    def __init__(self) -> None:
        self._key: tuple[Shelf, tuple[str, ...]] | None = None
        self._items: list[ExportItem] = []

    def look(self, wish: Wish, tell: Tell) -> Look:
        """First lines and losses; a problem is an answer, not an error."""
        try:
            items = self._gather(wish, tell)
            return Look(
                text=preview(items, wish.format, wish.options, _NUM_LINES),
                losses=tuple(losses_of(items, wish.format, wish.options)),
                num_videos=len(_chosen(items, wish)),
                is_readable=FORMATS[wish.format].can_read,
            )
        except TpwngError as error:
            return Look(problem=str(error))

    def write(self, wish: Wish, out: Path, tell: Tell) -> Outcome:
        """Write, then read back and compare.

        Raises:
            TpwngError: it cannot be written; nothing half-written is left.
            Cancelled: ``tell`` asked for it.
        """
        items = self._gather(wish, tell)

        def report(event: Event) -> None:
            if isinstance(event, Progress):
                tell(event.done, event.total or event.done)

        files = export(items, wish.format, out, wish.options, report)
        chosen = _chosen(items, wish)
        if not FORMATS[wish.format].can_read:
            return Outcome(files=tuple(files), num_videos=len(chosen))
        differing = differences(files, chosen, wish)
        return Outcome(
            files=tuple(files),
            num_videos=len(chosen),
            num_equal=len(chosen) - len(differing),
            differing=differing,
        )

    def _gather(self, wish: Wish, tell: Tell) -> list[ExportItem]:
        key = (wish.shelf, wish.videos)
        if key != self._key:
            self._key = None
            self._items = wish.shelf.gather(wish.videos, tell)
            self._key = key
        return self._items


def differences(files: Sequence[Path], items: Sequence[ExportItem], wish: Wish) -> tuple[str, ...]:
    """Videos that do not read back as the format declares, in the order of the project.

    Raises:
        TpwngError: a file cannot be read back at all.
    """
    extension = FORMATS[wish.format].extension
    clocks: dict[str, Clock] = {item.video: item.clock for item in items if item.fps is not None}
    options = ImportOptions(clocks=clocks, inclusive_end=wish.options.inclusive_end)
    found = {
        said.video: said
        for file in files
        if file.name.endswith(extension) and not file.name.endswith(_SIDECAR)
        for said in read_annotations(file, wish.format, options)
    }
    wanted = expected(items, wish.format, wish.options)
    return tuple(said.video for said in wanted if found.get(said.video) != _timed(said, clocks))


def _timed(said: Annotation, clocks: Mapping[str, Clock]) -> Annotation:
    """With length and rate of the video, as a reader who knows the video gives them."""
    clock = clocks.get(said.video)
    if clock is None:
        return said
    return replace(said, num_frames=clock.num_frames or said.num_frames, fps=clock.fps)


def _chosen(items: Sequence[ExportItem], wish: Wish) -> list[ExportItem]:
    if not wish.options.reviewed_only:
        return list(items)
    return [item for item in items if item.labels is not None and item.labels.reviewed]
