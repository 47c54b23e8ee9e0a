"""Where an export's files go, and how their text is written. Called by the registry."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from tpwng_core.errors import ConfigError
from tpwng_core.files import atomic_write
from tpwng_core.formats.format import Format
from tpwng_core.formats.items import Entry
from tpwng_core.labels import label_path


def target_path(chosen: Format, batch: Sequence[Entry], out: Path, *, alone: bool) -> Path:
    """Where the file of a batch goes; a video's name never leads out of the folder."""
    is_file = bool(out.suffix) and not out.is_dir()
    if alone and is_file:
        return out
    if is_file and out.suffix == chosen.extension:
        raise ConfigError(
            f"{chosen.name} writes a file per video, and {out} is one file",
            "give a folder as --out",
        )
    if not chosen.per_video:
        return out / (chosen.file_name or f"{chosen.name}{chosen.extension}")
    return label_path(out, batch[0].item.video, chosen.extension)


def write_lines(path: Path, lines: Iterable[str]) -> None:
    """Write text as UTF-8, line by line, atomically.

    Raises:
        ConfigError: a name cannot be written in UTF-8.
    """
    with atomic_write(path) as temporary, temporary.open("wb") as stream:
        try:
            stream.writelines(line.encode("utf-8") for line in lines)
        except UnicodeEncodeError as error:
            raise ConfigError(
                f"cannot write {path}: {error.object[:60]!r} is no valid text", "rename the video"
            ) from error
