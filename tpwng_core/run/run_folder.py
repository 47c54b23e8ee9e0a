"""A training run on disk: checkpoint, best, resume state, metrics and settings (spec/files.md).

Everything is written whole; a run that is killed keeps its last good state. Written by
``run/train.py``.
"""

from __future__ import annotations

import io
import json
import pickle
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

from tpwng_core.checkpoint import Checkpoint, write_checkpoint
from tpwng_core.config import Tables, to_toml
from tpwng_core.errors import CheckpointError, ConfigError
from tpwng_core.files import write_bytes, write_text
from tpwng_core.labels import VideoLabels, label_path, write_labels
from tpwng_core.rounds import RESUME

CHECKPOINT = "checkpoint.safetensors"
BEST = "best.safetensors"
METRICS = "metrics.jsonl"
SETTINGS = "config.toml"
LABELS = "labels"
"""Beside the state that is resumed: what people had said when the run began."""


class RunFolder:
    """The files of one run.

    Args:
        root: the folder; made on the first write.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.checkpoint = root / CHECKPOINT
        self.best = root / BEST
        self.metrics = root / METRICS
        self._resume = (root / RESUME).parent
        self._lines: list[str] = []

    def start(self, tables: Tables, labels: Mapping[str, VideoLabels] | None = None) -> None:
        """Begin a new run.

        Args:
            tables: settings.
            labels: what people said, by video id, as the run read it. It keeps a copy: they go on
                correcting, and a run that is resumed has to go on with what it began with.

        Raises:
            ConfigError: the folder holds another run already.
        """
        if self.checkpoint.exists():
            raise ConfigError(
                f"{self.root} holds a finished or interrupted run",
                "add --resume to go on with it, or choose another --out",
            )
        # What was cut off before its first checkpoint is no part of this run.
        shutil.rmtree(self._resume, ignore_errors=True)
        if labels is not None:
            _write_labels(labels, self._resume / LABELS)
        write_text(self.root / SETTINGS, to_toml(tables))
        write_text(self.metrics, "")

    def labels_held(self, given: Path | None, *, resume: bool) -> Path | None:
        """The folder of what people said that a run holds fixed.

        Args:
            given: that of now; None for none.
            resume: the run goes on, and does so with what it was begun with, where it kept that.
        """
        kept = self._resume / LABELS
        return kept if resume and kept.is_dir() else given

    def resume(self, tables: Tables, labels: str = "") -> dict[str, Any]:
        """The last good state of an interrupted run, as :meth:`save` was given it.

        Args:
            tables: settings of now.
            labels: digest of what people said (``run.human_targets``).

        Raises:
            CheckpointError: there is nothing to resume, or it is damaged.
            ConfigError: it was begun with other settings or labels.
        """
        path = self.root / RESUME
        if not path.is_file():
            raise CheckpointError(f"{self.root} holds no run to resume", "train without --resume")
        try:
            state = dict(torch.load(path, map_location="cpu", weights_only=True))
        except (RuntimeError, OSError, EOFError, ValueError, pickle.UnpicklingError) as error:
            raise CheckpointError(f"{path} is damaged", "train again") from error
        _require_same(json.loads(state["settings"]), tables, self.root)
        if state.get("labels", "") != labels:
            raise ConfigError(
                f"{self.root} was begun with other labels of people",
                "give the --labels it was begun with, or train into another --out",
            )
        # Lines of epochs after the last good state are of work that is done again.
        lines = [json.loads(line) for line in self.metrics.read_text("utf-8").splitlines()]
        self._lines = [json.dumps(line) for line in lines if line["epoch"] <= state["epoch"]]
        return state

    def save(self, checkpoint: Checkpoint, state: Mapping[str, Any]) -> None:
        """Keep a state to resume from, then one to score with.

        Each file is whole by itself, so a power cut between the two costs one epoch at most.

        Args:
            checkpoint: for scoring.
            state: plain values and tensors; ``epoch`` among them.
        """
        settings = json.dumps(checkpoint.meta.config)
        # Through memory, because torch tells a full disk as an error of its own.
        buffer = io.BytesIO()
        torch.save({**state, "settings": settings}, buffer)
        write_bytes(self.root / RESUME, buffer.getvalue())
        write_checkpoint(self.checkpoint, checkpoint)

    def save_best(self, checkpoint: Checkpoint) -> None:
        """Keep the best state on validation so far."""
        write_checkpoint(self.best, checkpoint)

    def log(self, line: Mapping[str, Any]) -> None:
        """Add the numbers of an epoch; the file is whole after every epoch."""
        self._lines.append(json.dumps(dict(line), allow_nan=False))
        write_text(self.metrics, "\n".join(self._lines) + "\n")


def _write_labels(said: Mapping[str, VideoLabels], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for video, labels in said.items():
        write_labels(label_path(folder, video), labels)


def _require_same(
    before: Mapping[str, Mapping[str, Any]], now: Mapping[str, Mapping[str, Any]], root: Path
) -> None:
    # The header went through JSON, which has no tuples.
    plain = json.loads(json.dumps(now))
    for section in sorted({*before, *plain}):
        old, new = dict(before.get(section, {})), plain.get(section, {})
        for key in sorted({*old, *new}):
            if old.get(key) != new.get(key):
                raise ConfigError(
                    f"{root} was begun with {section}.{key} = {old.get(key)!r}, "
                    f"not {new.get(key)!r}",
                    "resume with the same settings, or choose another --out",
                )
