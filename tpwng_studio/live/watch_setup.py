"""What a watch needs before it can begin: which model by default, where the log goes, what lacks.

A project and what a person typed in; paths, a source's address and words out. Called by the form
of the live panel. No widgets.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tpwng_core.address import source_kind
from tpwng_core.checkpoint import read_checkpoint_meta
from tpwng_core.errors import CheckpointError, InputError
from tpwng_studio.jobs.runs import read_runs
from tpwng_studio.project.project import Project

FOLDER = "live"
LOG = "alarms.jsonl"


@dataclass(frozen=True)
class Problem:
    """Why a watch cannot begin: which field, and words with the remedy ("" for what is unsaid)."""

    field: Literal["source", "model", "log"]
    text: str


def default_model(project: Project) -> Path | None:
    """The project's model where it can watch, else the newest run that can, else the project's."""
    linked = project.checkpoint
    if linked is not None and _can_watch(linked):
        return linked
    runs = [run for run in read_runs(project.runs_dir) if run.has_checkpoint]
    able = [run.checkpoint for run in reversed(runs) if _can_watch(run.checkpoint)]
    return able[0] if able else linked


def default_log(project: Project) -> Path:
    """The log of alarms inside the project."""
    return project.folder / FOLDER / LOG


def address_of(text: str) -> str:
    """The source that somebody means: a bare number is a camera, ``~`` is home."""
    text = text.strip()
    if text.isdigit():
        return f"camera:{text}"
    return str(Path(text).expanduser()) if text.startswith("~") else text


def source_hint(text: str) -> str:
    """How the source will be read."""
    source = address_of(text)
    if not source:
        return "A camera's number, an address such as rtsp://HOST/PATH, or a file (.ts, .mkv)."
    try:
        kind = source_kind(source)
    except InputError:
        return f"There is no file {source}."
    return {
        "camera": f"Camera {source.partition(':')[2]} of this computer.",
        "url": "A network stream; it is opened again when it breaks off.",
        "file": "A file: read from its start, and followed while it grows.",
    }[kind]


def source_problem(text: str) -> Problem | None:
    """Whether there is such a source, as far as one can know without opening it."""
    source = address_of(text)
    if not source:
        return Problem("source", "")
    try:
        source_kind(source)
    except InputError as error:
        return Problem("source", f"There is no file {source}: {error.hint}.")
    return None


def model_problem(path: Path | None) -> Problem | None:
    """Whether a model can score what is live, with the remedy."""
    if path is None:
        return Problem("model", "A model is needed: train one that looks back only.")
    try:
        meta = read_checkpoint_meta(path)
    except CheckpointError as error:
        return Problem("model", str(error))
    if meta.can_watch:
        return None
    name = path.parent.name if path.parent.name else path.name
    return Problem(
        "model",
        f"The model of {name} looks both ways, and what is live has no future. Train one with "
        "“Look back only”, or choose another.",
    )


def log_problem(path: Path | None) -> Problem | None:
    """Whether the log can lie there."""
    if path is None:
        return Problem("log", "Say where the alarms shall be logged.")
    if path.is_dir():
        return Problem("log", f"{path} is a folder; give a file.")
    return None


def _can_watch(path: Path) -> bool:
    try:
        return read_checkpoint_meta(path).can_watch
    except CheckpointError:
        return False
