"""The training runs of a project: what each measured, and in which settings they differ.

``project/runs`` in, a :class:`RunInfo` per run out, for the table that compares them. Reads TOML,
JSON lines and a checkpoint's header; no torch, no Qt.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tpwng_core.config import read_toml
from tpwng_core.errors import TpwngError
from tpwng_core.rounds import can_go_on

CHECKPOINT = "checkpoint.safetensors"
_UNTOLD = ("categories",)


@dataclass(frozen=True, kw_only=True)
class RunInfo:
    """One run.

    Attributes:
        name: of its folder.
        folder: of the run.
        settings: "section.key" -> value, defaults included.
        epochs: a line an epoch, as measured.
        num_categories: abnormal ones.
        has_checkpoint: there is something to score with.
        can_resume: it was interrupted or stopped before its last epoch.
    """

    name: str
    folder: Path
    settings: Mapping[str, Any]
    epochs: Sequence[Mapping[str, float]]
    num_categories: int
    has_checkpoint: bool
    can_resume: bool

    @property
    def checkpoint(self) -> Path:
        """What scores with it."""
        return self.folder / CHECKPOINT

    @property
    def num_epochs(self) -> int:
        """Epochs trained."""
        return int(self.epochs[-1]["epoch"]) if self.epochs else 0

    def last(self, name: str) -> float | None:
        """A measure of the last epoch that has it."""
        found = (line[name] for line in reversed(self.epochs) if name in line)
        return next(found, None)

    def best(self, name: str) -> float | None:
        """The highest value of a measure."""
        return max((line[name] for line in self.epochs if name in line), default=None)


def read_runs(folder: Path) -> list[RunInfo]:
    """The runs of a project, oldest first; folders that are none are passed over."""
    if not folder.is_dir():
        return []
    paths = [path for path in folder.iterdir() if (path / "config.toml").is_file()]
    paths.sort(key=lambda path: ((path / "config.toml").stat().st_mtime, path.name))
    return [run for path in paths if (run := _read(path)) is not None]


def differing(runs: Sequence[RunInfo]) -> list[str]:
    """Settings in which these runs differ, in the order of the first run's.

    What a run of an older version does not name is not known to differ.
    """
    names = dict.fromkeys(name for run in runs for name in run.settings)
    known = {
        name: {repr(run.settings[name]) for run in runs if name in run.settings} for name in names
    }
    return [name for name, values in known.items() if len(values) > 1]


def new_run_folder(folder: Path, promised: Collection[str] = ()) -> Path:
    """A folder for the next run: ``run-1``, ``run-2``, ...

    Args:
        folder: of all runs.
        promised: names that jobs have taken already.
    """
    taken = {*promised, *(path.name for path in folder.glob("run-*"))}
    number = 1
    while f"run-{number}" in taken:
        number += 1
    return folder / f"run-{number}"


def _read(folder: Path) -> RunInfo | None:
    try:
        tables = read_toml(folder / "config.toml")
        epochs = _lines(folder / "metrics.jsonl")
    except (TpwngError, OSError, ValueError):
        return None  # half of a run that was never begun, or somebody else's folder
    settings = {
        f"{section}.{key}": value
        for section, table in tables.items()
        if section not in _UNTOLD
        for key, value in table.items()
    }
    wanted = int(settings.get("training.epochs", 0))
    trained = int(epochs[-1]["epoch"]) if epochs else 0
    has_state = can_go_on(folder)
    by_steps = bool(settings.get("training.steps"))
    return RunInfo(
        name=folder.name,
        folder=folder,
        settings=settings,
        epochs=epochs,
        num_categories=max(len(tables.get("categories", {})) - 1, 0),
        has_checkpoint=(folder / CHECKPOINT).is_file(),
        can_resume=has_state and not by_steps and trained < wanted,
    )


def _lines(path: Path) -> list[dict[str, float]]:
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    return [
        {key: float(value) for key, value in json.loads(line).items() if value is not None}
        for line in text.splitlines()
    ]
