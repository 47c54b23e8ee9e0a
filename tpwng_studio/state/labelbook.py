"""The labels of a project's videos in memory, and how they reach the disk without loss.

Label files and the journal in; every change is in the journal before anybody hears of it, and in
its file when :meth:`LabelBook.save` was called. Called by the session's commands. No Qt.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tpwng_core.labels import Journal, VideoLabels, label_path, read_labels, write_labels


@dataclass(frozen=True, kw_only=True)
class LostVideo:
    """Edits of one video that are in the journal and not in its labels file.

    Attributes:
        video: id.
        num_edits: edits after the last save.
        last: what was done last, for a person.
        time: when, ISO 8601 in UTC.
        before: as saved; None where there is no file.
        after: with the edits.
    """

    video: str
    num_edits: int
    last: str
    time: str
    before: VideoLabels | None
    after: VideoLabels


@dataclass(frozen=True, kw_only=True)
class Recovery:
    """What a crash left unsaved."""

    videos: tuple[LostVideo, ...]

    @property
    def num_edits(self) -> int:
        """Edits in all videos."""
        return sum(video.num_edits for video in self.videos)


class LabelBook:
    """Labels by video id; a file is read when its video is first asked for.

    Args:
        folder: of the label files; need not exist.
        journal: where changes go first.
    """

    def __init__(self, folder: Path, journal: Path) -> None:
        self._folder = folder
        self._path = journal
        self._journal = Journal(journal)
        self._labels: dict[str, VideoLabels | None] = {}
        self._dirty: dict[str, None] = {}

    @property
    def num_unsaved(self) -> int:
        """Videos whose labels are in the journal only."""
        return len(self._dirty)

    def get(self, video: str) -> VideoLabels | None:
        """Labels of a video, None where nobody said anything.

        Raises:
            ArtifactError: the file is damaged.
        """
        if video not in self._labels:
            path = label_path(self._folder, video)
            self._labels[video] = read_labels(path) if path.is_file() else None
        return self._labels[video]

    def put(self, labels: VideoLabels, what: str) -> None:
        """Change the labels of a video; on disk, in the journal, when this returns.

        Raises:
            OutputError: the journal cannot be written; nothing has changed.
        """
        self._journal.append(labels, what)
        self._labels[labels.video] = labels
        self._dirty[labels.video] = None

    def save(self) -> int:
        """Write the files of all changed videos, then forget the journal.

        Returns:
            Number of files written.

        Raises:
            OutputError: a file cannot be written; the journal still has everything.
        """
        num_written = 0
        for video in list(self._dirty):
            labels = self._labels[video]
            assert labels is not None
            write_labels(label_path(self._folder, video), labels)
            del self._dirty[video]
            num_written += 1
        if num_written:
            self._journal.clear()
        return num_written

    def lost(self) -> Recovery | None:
        """What the journal has that the files have not; None where nothing is lost.

        Raises:
            ArtifactError: the journal or a labels file is damaged.
        """
        last: dict[str, VideoLabels] = {}
        notes: dict[str, list[tuple[str, str]]] = {}
        for entry in self._journal.entries():
            video = entry.labels.video
            last[video] = entry.labels
            saved = entry.labels == self.get(video)
            # Edits up to the state in the file were saved before the crash.
            notes[video] = [] if saved else [*notes.get(video, []), (entry.what, entry.time)]
        videos = tuple(
            LostVideo(
                video=video,
                num_edits=len(edits),
                last=edits[-1][0],
                time=edits[-1][1],
                before=self.get(video),
                after=last[video],
            )
            for video, edits in notes.items()
            if edits
        )
        if not videos and self._path.exists():
            self._journal.clear()  # all is saved, or the crash tore the only line
        return Recovery(videos=videos) if videos else None

    def restore(self, recovery: Recovery) -> None:
        """Write what was lost into the label files.

        Raises:
            OutputError: a file cannot be written; the journal still has everything.
        """
        for video in recovery.videos:
            write_labels(label_path(self._folder, video.video), video.after)
            self._labels[video.video] = video.after
        self._journal.clear()

    def discard(self) -> None:
        """Put the journal aside as ``<journal>.discarded``; the files stay as they are.

        Raises:
            OSError: it cannot be renamed.
        """
        self._path.replace(self._path.with_name(f"{self._path.name}.discarded"))
        self._journal = Journal(self._path)
