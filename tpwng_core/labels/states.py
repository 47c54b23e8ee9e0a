"""The states a frame can be in, and states of a whole video in run lengths.

Pieces of frames in, runs out, so that a day of video stays small. Called by the overlay, by the
studio's tuning and by exports.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

UNSET = -2
UNKNOWN = -1
NORMAL = 0
ABNORMAL = 1
State = Literal["abnormal", "normal", "unknown"]
VALUES: dict[State, int] = {"abnormal": ABNORMAL, "normal": NORMAL, "unknown": UNKNOWN}
STATES: dict[int, State] = {value: state for state, value in VALUES.items()}


class Runs(NamedTuple):
    """States of all frames of a video in run lengths.

    Attributes:
        start: (N,) int64 first frames; ``start[0]`` is 0.
        end: (N,) int64 frames behind the last; each is the next start.
        state: (N,) int8 UNSET, UNKNOWN, NORMAL or ABNORMAL; neighbours differ.
    """

    start: NDArray[np.int64]
    end: NDArray[np.int64]
    state: NDArray[np.int8]

    @classmethod
    def painted(
        cls, pieces: Iterable[tuple[int, int, int]], num_frames: int, base: int = UNSET
    ) -> Runs:
        """Runs of ``(start, end, state)`` pieces that are sorted and apart, on ``base``."""
        ordered = np.array([*pieces], dtype=np.int64).reshape(-1, 3)
        edges = np.concatenate([[0], ordered[:, :2].ravel(), [num_frames]])
        states = np.full(len(edges) - 1, base, dtype=np.int8)
        states[1::2] = ordered[:, 2]
        return _joined(edges.astype(np.int64), states)

    @property
    def num_frames(self) -> int:
        """Length of the video."""
        return int(self.end[-1]) if len(self.end) else 0

    def segments(self, state: int) -> list[tuple[int, int]]:
        """The runs of one state as half-open intervals."""
        chosen = self.state == state
        return list(zip(self.start[chosen].tolist(), self.end[chosen].tolist(), strict=True))

    def as_array(self) -> NDArray[np.int8]:
        """(num_frames,) int8 state of each frame."""
        return np.repeat(self.state, self.end - self.start)


def overlaid(over: Runs, under: Runs) -> Runs:
    """``over`` where it is set, else ``under``.

    Raises:
        ValueError: the two are of different lengths.
    """
    num_frames = over.num_frames
    if under.num_frames != num_frames:
        raise ValueError(f"runs of {num_frames} and of {under.num_frames} frames")
    # both are sorted, so that a stable sort is one merge; _joined drops what is there twice
    edges = np.sort(np.concatenate((over.start, under.start, [num_frames])), kind="stable")
    top, bottom = (
        runs.state[np.searchsorted(runs.start, edges[:-1], side="right") - 1]
        for runs in (over, under)
    )
    return _joined(edges, np.where(top == UNSET, bottom, top))


def _joined(edges: NDArray[np.int64], states: NDArray[np.int8]) -> Runs:
    """Runs between edges without empty ones, equal neighbours joined."""
    filled = np.diff(edges) > 0
    starts, states = edges[:-1][filled], states[filled].astype(np.int8)
    changes = np.diff(states, prepend=UNSET - 1) != 0
    starts = starts[changes]
    return Runs(starts, np.append(starts[1:], edges[-1:])[: len(starts)], states[changes])
