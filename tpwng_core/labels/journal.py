"""Every change of labels at once on disk, so that a crash loses none.

A line of JSON per change: the labels of the video after it. The project writes it beside the
labels and clears it when they are saved; after a crash it offers what is newer. Unlike every
other file it grows in place: a line counts from its newline on.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tpwng_core.errors import ArtifactError, OutputError
from tpwng_core.files import why_not_written
from tpwng_core.labels.overlay import VideoLabels


@dataclass(frozen=True, kw_only=True)
class JournalEntry:
    """One change.

    Attributes:
        seq: its number, from 1.
        time: when, ISO 8601 in UTC.
        what: what was done, for a person.
        labels: of the video, after it.
    """

    seq: int
    time: str
    what: str
    labels: VideoLabels


class Journal:
    """The journal in a file, which need not exist.

    Args:
        path: of the file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._last_seq: int | None = None  # None until the file was looked at

    def append(self, labels: VideoLabels, what: str) -> None:
        """Add a change; it is on the disk when this returns.

        Raises:
            OutputError: it cannot be written.
            ArtifactError: the journal is damaged.
        """
        if self._last_seq is None:
            self._last_seq = self._repair()
        entry = {
            "seq": self._last_seq + 1,
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "what": what,
            "labels": labels.to_json(),
        }
        line = json.dumps(entry, ensure_ascii=False, separators=(",", ":")) + "\n"
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("ab") as stream:
                stream.write(line.encode("utf-8"))
                stream.flush()
                os.fsync(stream.fileno())
        except OSError as error:
            self._last_seq = None  # half a line may be there
            raise self._cannot_write(error) from error
        self._last_seq += 1

    def entries(self) -> list[JournalEntry]:
        """The changes in order; a last line that a crash tore is dropped.

        Raises:
            ArtifactError: another line is damaged.
        """
        return [self._entry(line, number) for number, line in enumerate(self._lines(), start=1)]

    def clear(self) -> None:
        """Forget all changes: the labels were saved.

        Raises:
            OutputError: the file cannot be removed.
        """
        try:
            self._path.unlink(missing_ok=True)
        except OSError as error:
            raise self._cannot_write(error) from error
        self._last_seq = None

    def _lines(self) -> list[bytes]:
        """Lines that end in a newline; what follows the last newline was torn."""
        try:
            return self._path.read_bytes().split(b"\n")[:-1]
        except (FileNotFoundError, NotADirectoryError):
            return []
        except OSError as error:
            raise ArtifactError(
                f"cannot read {self._path}: {error.strerror}", "check the path"
            ) from error

    def _entry(self, line: bytes, number: int) -> JournalEntry:
        try:
            values = json.loads(line)
            labels = VideoLabels.of_json(values.pop("labels"))
            return JournalEntry(**values, labels=labels)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise ArtifactError(
                f"{self._path} line {number} is damaged: {error}",
                "move the file away to go on with the saved labels",
            ) from error

    def _repair(self) -> int:
        """Cut a torn line off, so that the next begins on its own; the last number there is."""
        lines = self._lines()
        length = sum(len(line) + 1 for line in lines)
        try:
            if self._path.exists() and self._path.stat().st_size > length:
                os.truncate(self._path, length)
        except OSError as error:
            raise self._cannot_write(error) from error
        return self._entry(lines[-1], len(lines)).seq if lines else 0

    def _cannot_write(self, error: OSError) -> OutputError:
        reason, remedy = why_not_written(self._path, error)
        return OutputError(f"cannot write {self._path}: {reason}", remedy)
