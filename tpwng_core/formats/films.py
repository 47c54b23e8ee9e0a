"""Videos with score, curves and labels burnt in, and clips of the segments; written only.

Sound is kept where the source has some. Every frame of the source is there, at its own time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from tpwng_core.errors import ConfigError
from tpwng_core.events import Progress, Reporter
from tpwng_core.formats.format import Entries, Format
from tpwng_core.formats.items import Entry, ExportOptions
from tpwng_core.formats.panel import Panel

if TYPE_CHECKING:  # FFmpeg is loaded with it
    from tpwng_core.video import Stretch, VideoIndex

_REPORT_EVERY = 25


def _write_overlay(
    entries: Entries, path: Path, options: ExportOptions, report: Reporter
) -> list[Path]:
    from tpwng_core.video import Stretch, rewrite_video

    (entry,) = entries
    index = _index(entry, path)
    panel = Panel(entry, index.width, index.height)
    stretch = Stretch(index=index, start=0, end=index.num_frames)
    rewrite_video(path, stretch, panel.below, _counting(stretch, report))
    return [path]


def _write_clips(
    entries: Entries, path: Path, options: ExportOptions, report: Reporter
) -> list[Path]:
    from tpwng_core.video import Stretch, rewrite_video

    (entry,) = entries
    index = _index(entry, path)
    written = []
    for mark in entry.annotation.marks:
        name = f"{path.stem}_{mark.start:06d}-{mark.end:06d}_{mark.state}{path.suffix}"
        stretch = Stretch(index=index, start=mark.start, end=min(mark.end, index.num_frames))
        target = path.with_name(name)
        rewrite_video(target, stretch, lambda picture, number: picture, _counting(stretch, report))
        written.append(target)
    return written


def _index(entry: Entry, target: Path) -> VideoIndex:
    """Index of the source; refused where the video is not at hand or not the one labelled."""
    from tpwng_core.video import index_video

    source, said = entry.item.path, entry.annotation
    if source is None or not source.is_file():
        raise ConfigError(f"the video of {entry.item.video} is not at hand", "give --videos")
    if target.exists() and target.samefile(source):
        raise ConfigError(f"{target} is the video itself", "choose another --out")
    index = index_video(source)
    if said.num_frames not in (None, index.num_frames):
        raise ConfigError(
            f"{source} has {index.num_frames} frames, its labels {said.num_frames}",
            "is it another version of the video?",
        )
    return index


def _counting(stretch: Stretch, report: Reporter) -> Callable[[int], None]:
    total = stretch.end - stretch.start

    def count(number: int) -> None:
        done = number - stretch.start + 1
        if done % _REPORT_EVERY == 0 or done == total:
            report(Progress(done=done, total=total, unit="frame"))

    return count


def _show_overlay(entries: Entries, options: ExportOptions) -> Iterator[str]:
    for entry in entries:
        yield f"{entry.item.video}.mp4: {entry.annotation.last_end} frames, H.264\n"


def _show_clips(entries: Entries, options: ExportOptions) -> Iterator[str]:
    for entry in entries:
        for mark in entry.annotation.marks:
            yield f"{entry.item.video}: frames {mark.start} to {mark.end}, {mark.state}\n"


FORMATS = (
    Format(
        name="overlay-mp4",
        title="Video with score, curves and labels",
        group="Pictures, films and reports",
        extension=".mp4",
        per_video=True,
        has_curves=True,
        needs_video=True,
        verified_by="ffprobe",
        write=_write_overlay,
        show=_show_overlay,
    ),
    Format(
        name="clips",
        title="Clips of the segments",
        group="Pictures, films and reports",
        extension=".mp4",
        per_video=True,
        needs_video=True,
        verified_by="ffprobe",
        write=_write_clips,
        show=_show_clips,
    ),
)
