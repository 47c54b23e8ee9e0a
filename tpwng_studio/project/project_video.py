"""A video as a project lists it, and where it lies after files were moved.

Made and kept by ``project``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class ProjectVideo:
    """A video of the project: its id, and where it lay when it was last seen."""

    id: str
    path: Path

    def moved(self, old: Path, new: Path) -> ProjectVideo:
        """The same video; at or below ``new`` if it lay at or below ``old``."""
        if self.path == old:
            return replace(self, path=new / self.path.name if new.is_dir() else new)
        if self.path.is_relative_to(old):
            return replace(self, path=new / self.path.relative_to(old))
        return self
