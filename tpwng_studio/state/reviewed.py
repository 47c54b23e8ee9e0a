"""Whether the effective labels of a reviewed video are still those that a person looked through.

A digest per video is taken when it is reviewed or edited, and compared when parameters move. Kept
as ``reviewed.json`` in the project. Called by the session. No Qt.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from tpwng_core.files import write_json
from tpwng_core.labels import Runs, VideoLabels

NAME = "reviewed.json"


class ReviewedLabels:
    """Digests of effective labels by video id.

    Args:
        digests: as they were when a person looked.
    """

    def __init__(self, digests: dict[str, str] | None = None) -> None:
        self._digests = dict(digests or {})
        self._changed: set[str] = set()

    @classmethod
    def read(cls, folder: Path) -> ReviewedLabels:
        """Digests kept in a project; none where the file is missing or unreadable.

        Without them a reviewed video counts as unchanged.
        """
        try:
            content = json.loads((folder / NAME).read_bytes())
        except (OSError, ValueError):
            return cls()
        if not isinstance(content, dict):
            return cls()
        return cls({str(video): str(digest) for video, digest in content.items()})

    def write(self, folder: Path) -> None:
        """Keep the digests in a project.

        Raises:
            OutputError: the file cannot be written.
        """
        if self._digests or (folder / NAME).exists():
            write_json(folder / NAME, self._digests)

    def note(self, labels: VideoLabels, effective: Runs | None) -> None:
        """A person edited a video or looked through it: what holds now is what was looked at.

        Args:
            labels: after the edit.
            effective: what holds; None where it is not known.
        """
        self._changed.discard(labels.video)
        self._digests.pop(labels.video, None)
        if labels.reviewed and effective is not None:
            self._digests[labels.video] = digest_of(effective)

    def compare(self, video: str, digest: str) -> None:
        """Parameters may have changed what holds in a reviewed video; its digest says."""
        if self._digests.setdefault(video, digest) != digest:
            self._changed.add(video)
        else:
            self._changed.discard(video)

    def is_changed(self, video: str) -> bool:
        """Whether a reviewed video holds other labels than a person looked through."""
        return video in self._changed


def digest_of(runs: Runs) -> str:
    """16 hexadecimal digits that differ where runs do."""
    content = hashlib.sha1(usedforsecurity=False)
    for column in runs:
        content.update(column.tobytes())
    return content.hexdigest()[:16]
