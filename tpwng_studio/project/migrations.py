"""Old ``project.toml`` tables become today's, one version at a time.

Tables of any known version in, tables of :data:`VERSION` out. Called by ``project`` when it opens
a folder. A version is never changed after it was released: a new one gets a new step.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tpwng_core.config import Tables
from tpwng_core.datasets import video_id
from tpwng_core.errors import ArtifactError

VERSION = 2


def migrate(tables: Tables, path: Path) -> Tables:
    """Bring the tables of a project file to today's version.

    Args:
        tables: as read; left as they are.
        path: the file, for messages.

    Raises:
        ArtifactError: no project file, or one of a newer version.
    """
    if "project" not in tables:
        raise ArtifactError(f"{path} has no [project] table", "open a folder that the studio made")
    version = tables["project"].get("version", 0)
    if not isinstance(version, int) or not 0 <= version <= VERSION:
        raise ArtifactError(
            f"{path} is of version {version!r}, not {VERSION}", "upgrade the studio"
        )
    for step in _STEPS[version:]:
        tables = step(tables)
    return tables


def _from_0(tables: Tables) -> Tables:
    """Version 0 (before release) listed paths without ids, and R beside the sliders."""
    before = dict(tables["project"])
    paths = before.pop("videos", [])
    tuning = dict(tables.get("tuning", {}))
    if "r" in tuning:
        tuning["span_softness"] = float(tuning.pop("r"))
    return {
        "project": {**before, "version": 1},
        "videos": {video_id(path): path for path in paths},
        "tuning": tuning,
    }


def _from_1(tables: Tables) -> Tables:
    """Version 1 knew no saved queries."""
    return {**tables, "project": {**tables["project"], "version": 2}, "queries": {}}


_STEPS: tuple[Callable[[Tables], Tables], ...] = (_from_0, _from_1)
