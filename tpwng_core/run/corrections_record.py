"""What the verb corrections keeps of every seed, by arm and round, and its CSV.

Courses in, plain values out. Made by ``run/corrections.py``, told by ``run/corrections_report.py``.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import takewhile
from typing import Any

import numpy as np

from tpwng_core.run.course import Arm, Course

METRICS = {"AUC": "auc", "AP": "ap"}
TITLES: Mapping[Arm, str] = {
    "queue": "review queue",
    "random": "random stretches",
    "whole": "whole videos",
    "supervised": "frame labels alone",
    "none": "no corrections, trained on",
}


@dataclass(frozen=True, kw_only=True)
class Taught:
    """All arms of one data set and seed.

    Attributes:
        data_set: its name.
        seed: of training and draws.
        start: ``auc``, ``ap`` and ``seconds_training`` of the model of video labels alone.
        courses: by arm.
        num_videos: that may be corrected.
        num_frames: of these videos.
    """

    data_set: str
    seed: int
    start: Mapping[str, float]
    courses: Mapping[Arm, Course]
    num_videos: int
    num_frames: int

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "data_set": self.data_set,
            "seed": self.seed,
            "start": dict(self.start),
            "num_videos": self.num_videos,
            "num_frames": self.num_frames,
            "courses": {arm: self._curve(arm) for arm in self.courses},
        }

    def _curve(self, arm: Arm) -> dict[str, Any]:
        points = self.courses[arm].points
        return {
            "corrections": self.corrections(arm),
            "frames": self.frames(arm),
            "auc": self.values(arm, "auc"),
            "ap": self.values(arm, "ap"),
            "rounds": [asdict(point) for point in points],
        }

    def values(self, arm: Arm, metric: str) -> list[float]:
        """``auc`` or ``ap`` after each round."""
        return [float(getattr(point, metric)) for point in self.courses[arm].points]

    def corrections(self, arm: Arm) -> list[int]:
        """Corrections so far, after each round."""
        counts = np.cumsum([point.corrections for point in self.courses[arm].points])
        return [int(count) for count in counts]

    def frames(self, arm: Arm) -> list[int]:
        """Frames labelled so far, after each round."""
        counts = np.cumsum([sum(point.spent) for point in self.courses[arm].points])
        return [int(count) for count in counts]


def curve_csv(runs: Sequence[Taught]) -> str:
    """One line per run, arm and round; the round 0 is the model of video labels alone."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(["data_set", "seed", "arm", "round", "corrections", "frames", "auc", "ap"])
    for run in runs:
        for arm in run.courses:
            if arm != "supervised":
                start = [f"{run.start[metric]:.6f}" for metric in METRICS.values()]
                writer.writerow([run.data_set, run.seed, arm, 0, 0, 0, *start])
            rows = zip(
                run.corrections(arm),
                run.frames(arm),
                run.values(arm, "auc"),
                run.values(arm, "ap"),
                strict=True,
            )
            first = 1 + len(run.courses["queue"].points) - len(run.courses[arm].points)
            for number, (corrections, frames, auc, ap) in enumerate(rows, start=first):
                line = [corrections, frames, f"{auc:.6f}", f"{ap:.6f}"]
                writer.writerow([run.data_set, run.seed, arm, number, *line])
    return stream.getvalue()


def name_of(runs: Sequence[Taught]) -> str:
    """Name of the data set, or what the names of its worlds have in common."""
    names = sorted({run.data_set for run in runs})
    if len(names) == 1:
        return names[0]
    letters = takewhile(lambda column: len({*column}) == 1, zip(*names, strict=False))
    shared = "".join(column[0] for column in letters).rstrip("-_ ")
    return shared or f"{len(names)} data sets"
