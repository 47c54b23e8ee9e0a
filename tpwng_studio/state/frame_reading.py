"""What is known of one frame, ready to be said on the picture.

A session and a frame in, a :class:`Reading` out. Called by the player for the frame at the
playhead. No Qt.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from tpwng_core.labels import ABNORMAL, NORMAL, UNKNOWN, Runs, VideoLabels
from tpwng_core.tuning import Derived, Tuning

WORDS = {ABNORMAL: "abnormal", NORMAL: "normal", UNKNOWN: "unknown"}


class Known(Protocol):
    """What a reading needs of the session."""

    @property
    def derived(self) -> Derived | None:
        """What the settings make of the open video."""

    @property
    def tuning(self) -> Tuning:
        """The settings."""

    @property
    def labels(self) -> VideoLabels:
        """What people said."""

    @property
    def effective(self) -> Runs:
        """What holds for each frame."""

    @property
    def stale(self) -> str:
        """Why the curves belong to other settings; "" where they do not."""


_MOST_DIGITS = 9  # all that psi has


@dataclass(frozen=True, kw_only=True)
class Reading:
    """One frame in words and numbers.

    Attributes:
        score: in [0, 1], or None where the video is not scored.
        psi: in [0, 1], or None without curves.
        theta: the threshold on psi.
        state: "abnormal", "normal", "unknown", or "" where nobody knows.
        is_by_hand: a person said so; else it is the pseudo-label.
        is_normal_video: the video is taken to be normal, so that psi decides nothing.
        stale: why the curves belong to other settings; "" where they do not.
    """

    score: float | None = None
    psi: float | None = None
    theta: float = 0.0
    state: str = ""
    is_by_hand: bool = False
    is_normal_video: bool = False
    stale: str = ""

    @property
    def words(self) -> str:
        """The numbers as the picture shows them: ``SCORE .83   ψ .78 ≥ θ .55``."""
        parts = [] if self.score is None else [f"SCORE {short(self.score)}"]
        if self.is_normal_video:
            parts.append("normal video: ψ decides nothing")
        elif self.psi is not None:
            sign = "≥" if self.psi >= self.theta else "<"
            parts.append(f"ψ {self._psi_text()} {sign} θ {exact(self.theta).removeprefix('0')}")
        return "   ".join(parts)

    def _psi_text(self) -> str:
        """Two digits of psi, or as many more as it takes to be on its own side of theta."""
        assert self.psi is not None
        reaches = self.psi >= self.theta
        for digits in range(2, _MOST_DIGITS):
            text = f"{self.psi:.{digits}f}"
            if (float(text) >= self.theta) == reaches:
                return text.removeprefix("0")
        return f"{self.psi:.{_MOST_DIGITS}f}".removeprefix("0")


def read_frame(session: Known, frame: int) -> Reading:
    """Read a frame of the open video; a frame outside of it reads as nothing."""
    state = _state_at(session.effective, frame)
    is_by_hand = session.labels.segment_at(frame) is not None
    derived = session.derived
    if derived is None or not 0 <= frame < derived.edges[-1]:
        return Reading(state=state, is_by_hand=is_by_hand)
    snippet = max(int(derived.edges.searchsorted(frame, side="right")) - 1, 0)
    return Reading(
        score=None if derived.score is None else float(derived.score[snippet]),
        psi=float(derived.psi[snippet]),
        theta=session.tuning.theta,
        state=state,
        is_by_hand=is_by_hand,
        is_normal_video=derived.is_normal,
        stale=session.stale,
    )


def short(value: float) -> str:
    """Two digits without the leading zero, as in ``.83``; ``1.00`` stays so."""
    return f"{value:.2f}".removeprefix("0")


def exact(theta: float) -> str:
    """A threshold as it is, with two digits or as many more as it has: ``0.55``, ``0.285``.

    Handles set hundredths; a file may hold any.
    """
    return max(f"{theta:.2f}", f"{theta:.9g}", key=len)


def _state_at(runs: Runs, frame: int) -> str:
    if not 0 <= frame < runs.num_frames:
        return ""
    place = int(runs.end.searchsorted(frame, side="right"))
    return WORDS.get(int(runs.state[place]), "")
