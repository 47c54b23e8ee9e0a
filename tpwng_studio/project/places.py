"""Where everything of a project lies: what is in its folder, and what it links.

The folder and the project's own table in; absolute paths out. The lowest storey of ``project``.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any


class ProjectPlaces:
    """Paths of a project.

    Args:
        folder: absolute path.
        about: the project's own table, in which links are kept relative to the folder.

    Attributes:
        folder: absolute path.
    """

    def __init__(self, folder: Path, about: Mapping[str, Any]) -> None:
        self.folder = folder
        self._about = dict(about)

    @property
    def checkpoint(self) -> Path | None:
        """The checkpoint that scored the videos."""
        return self.linked("checkpoint")

    @property
    def manifest(self) -> Path | None:
        """``video,label[,split]`` of the videos."""
        return self.linked("manifest")

    @property
    def ground_truth(self) -> Path | None:
        """Annotation file."""
        return self.linked("ground_truth")

    @property
    def labels_dir(self) -> Path:
        """What people said, a file a video."""
        return self.folder / "labels"

    @property
    def journal(self) -> Path:
        """Edits since labels were last saved."""
        return self.folder / "journal.jsonl"

    @property
    def features_dir(self) -> Path:
        """Features, a file a video."""
        return self.folder / "features"

    @property
    def scores_dir(self) -> Path:
        """Scores, a file a video."""
        return (self.linked("results") or self.folder) / "scores"

    @property
    def pseudo_dir(self) -> Path:
        """Pseudo-curves, a file a video."""
        return (self.linked("results") or self.folder) / "pseudo"

    @property
    def runs_dir(self) -> Path:
        """Training runs, a folder each."""
        return self.folder / "runs"

    @property
    def jobs_dir(self) -> Path:
        """Records of jobs."""
        return self.folder / "jobs"

    def linked(self, name: str) -> Path | None:
        """The path of a link; None where it is not set."""
        return self._absolute(str(self._about[name])) if name in self._about else None

    def _absolute(self, text: str) -> Path:
        return Path(os.path.normpath(self.folder / text))

    def _relative(self, path: Path) -> str:
        try:
            return Path(os.path.relpath(path, self.folder)).as_posix()
        except ValueError:  # another drive
            return path.as_posix()
