"""What a format is: a row of the registry, with its reader, its writer and what it loses.

Every format's file makes one or several of these and calls nobody but the rooms beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Literal, get_args

from tpwng_core.events import Reporter
from tpwng_core.formats.annotation import Annotation, Overlaps, Tell
from tpwng_core.formats.clock import Clock
from tpwng_core.formats.items import Entry, ExportOptions
from tpwng_core.formats.losses import Loss
from tpwng_core.labels import State

Unit = Literal["frames", "seconds", "milliseconds"]
Entries = Sequence[Entry]
ALL_STATES: frozenset[State] = frozenset({"abnormal", "normal", "unknown"})
ONLY_ABNORMAL: frozenset[State] = frozenset({"abnormal"})


@dataclass(frozen=True, kw_only=True)
class ImportOptions:
    """What an import is told beside the file.

    Attributes:
        clocks: by video id, where the videos are known.
        fps: frame rate of videos without a clock.
        overlaps: see :func:`~tpwng_core.formats.annotation.labels_of_annotation`.
        with_pseudo: take pseudo-labels in the file as labels; else they are left out.
        inclusive_end: benchmark files whose ends belong to the segment.
        tell: hears what was changed or left out.
    """

    clocks: Mapping[str, Clock] = field(default_factory=dict)
    fps: Fraction | None = None
    overlaps: Overlaps = "error"
    with_pseudo: bool = False
    inclusive_end: bool = False
    tell: Tell = lambda text: None

    def clock(self, video: str, fps: Fraction | None = None) -> Clock | None:
        """The clock of a video: its own, else by the frame rate given here or in the file."""
        rate = self.fps or fps
        return self.clocks.get(video) or (Clock(fps=rate) if rate else None)


Lines = Callable[[Entries, ExportOptions], Iterator[str]]
Writer = Callable[[Entries, Path, ExportOptions, Reporter], list[Path]]
Preview = Callable[[Entries, ExportOptions], Iterator[str]]
Reader = Callable[[Path, ImportOptions], list[Annotation]]
Sniffer = Callable[[Path, str], bool]


Group = Literal[
    "Tables and arrays",
    "Benchmarks",
    "Annotation tools",
    "Subtitles",
    "Pictures, films and reports",
    "Others",
]
GROUPS: tuple[Group, ...] = get_args(Group)


@dataclass(frozen=True, kw_only=True)
class Format:
    """One format.

    Attributes:
        name: its word on the command line.
        title: its name for a person.
        extension: of its files, with the dot.
        group: where a list for people shows it; :data:`GROUPS` has their order.
        unit: what its numbers count.
        base: number of the first frame.
        end: whether a segment's end is the frame behind it or its last.
        states: which states it can say.
        per_video: one file a video instead of one for all.
        file_name: of the one file, where the person gives a folder.
        has_curves: whether it holds scores and curves too, of videos without labels as well.
        needs_video: whether it is made of the video's own pictures.
        overlaps: whether it can say segments that overlap.
        instants: whether it can say segments without a frame.
        loses: what it does not keep.
        verified_by: the independent reader that its files are tested with.
        lines: writes text, line by line with their ends; None for other writers.
        write: writes other files to a path and gives the paths written.
        show: what a preview says of what ``write`` would write.
        read: reads a file; None where it cannot be read back.
        is_like: whether a file looks like it, by path and the first characters.
    """

    name: str
    title: str
    extension: str
    group: Group = "Others"
    unit: Unit = "frames"
    base: Literal[0, 1] = 0
    end: Literal["exclusive", "inclusive"] = "exclusive"
    states: frozenset[State] = ALL_STATES
    per_video: bool = False
    file_name: str = ""
    has_curves: bool = False
    needs_video: bool = False
    overlaps: bool = True
    instants: bool = False
    loses: tuple[Loss, ...] = ()
    verified_by: str = ""
    lines: Lines | None = None
    write: Writer | None = None
    show: Preview | None = None
    read: Reader | None = None
    is_like: Sniffer | None = None

    @property
    def can_read(self) -> bool:
        """Whether files can be imported."""
        return self.read is not None

    @property
    def can_write(self) -> bool:
        """Whether files can be exported."""
        return self.lines is not None or self.write is not None

    @property
    def lossless(self) -> bool:
        """Whether reading back gives everything that was written from."""
        return self.can_read and not self.loses

    @property
    def losses(self) -> tuple[str, ...]:
        """What it may lose, in words."""
        return tuple(loss.text for loss in self.loses)
