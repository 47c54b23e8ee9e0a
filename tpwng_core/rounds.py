"""A round of corrections on disk: which model was taught, with what, and on which videos.

Written last by ``run/retrain.py`` as ``RUN/round.json``, so that a round that has one is whole: its
checkpoint, ``RUN/scores`` and ``RUN/pseudo`` are there. Read by the studio, which compares before
and after on the videos that took no part.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from tpwng_core.errors import ArtifactError
from tpwng_core.files import write_json

NAME = "round.json"
SCORES = "scores"
PSEUDO = "pseudo"
RESUME = "resume/state.pt"
"""In a run's folder: what an interrupted training goes on from; before it is there, nothing is."""
HUMAN_WEIGHT = 5.0
"""What a corrected snippet counts in a round unless somebody says otherwise; others count 1.

Chosen by measurement (CONTRIBUTING, "A correction weighs five"); the review queue ranks by what a
correction of this weight is expected to change.
"""
_VERSION = 1
_REMEDY = "run the round again: tpwng-core retrain"


@dataclass(frozen=True, kw_only=True)
class Round:
    """One round.

    Attributes:
        taught: digest of the checkpoint that was there before; also where it began from, unless
            ``is_warm`` is False.
        checkpoint: digest of the checkpoint that came out.
        is_warm: it began from the weights of ``taught``, not from fresh ones.
        human_weight: what a corrected snippet counted; others count 1.
        spread_above: cosine from which other snippets took a corrected one's label; None: none.
        corrected: frames that were held fixed or left out, by training video.
        trained: ids of all training videos; nothing is to be measured on them.
        chosen_by: ids of the videos that choose the best epoch by their weak labels. The model of a
            round is that of its last epoch, so that they took no part in it.
    """

    taught: str
    checkpoint: str
    is_warm: bool
    human_weight: float
    spread_above: float | None
    corrected: Mapping[str, int]
    trained: tuple[str, ...]
    chosen_by: tuple[str, ...] = field(default=())

    @property
    def num_frames(self) -> int:
        """Corrected frames of all videos."""
        return sum(self.corrected.values())


def write_round(folder: Path, made: Round) -> Path:
    """Write ``round.json`` into a run's folder, atomically; its path.

    Raises:
        OutputError: it cannot be written.
    """
    path = folder / NAME
    write_json(path, {"version": _VERSION, **asdict(made), "corrected": dict(made.corrected)})
    return path


def read_round(folder: Path) -> Round:
    """The round that made a run.

    Raises:
        ArtifactError: there is none, or its file is damaged or of another version.
    """
    path = folder / NAME
    try:
        content: Any = json.loads(path.read_bytes())
        if content.pop("version") != _VERSION:
            raise ValueError("it is of another version")
        names = {"trained": tuple(content["trained"]), "chosen_by": tuple(content["chosen_by"])}
        return Round(**{**content, **names})
    except OSError as error:
        raise ArtifactError(f"cannot read {path}: {error.strerror}", _REMEDY) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ArtifactError(f"{path} is damaged: {error}", _REMEDY) from error


def next_weight(folder: Path) -> float:
    """What a correction counts in a round that teaches the model of a run.

    Returns:
        That of the round which made the run; :data:`HUMAN_WEIGHT` where none did.

    Raises:
        ArtifactError: ``round.json`` is damaged.
    """
    return read_round(folder).human_weight if is_round(folder) else HUMAN_WEIGHT


def can_go_on(run: Path) -> bool:
    """Whether a training in this folder has saved what ``--resume`` goes on from."""
    return (run / RESUME).is_file()


def is_round(folder: Path) -> bool:
    """Whether a folder holds a round that was finished."""
    return (folder / NAME).is_file()
