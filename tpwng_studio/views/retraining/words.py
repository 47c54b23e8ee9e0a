"""What a round did, in words: the gain on held-out videos, and each change.

A comparison in, short texts out. Called by the panel and its table. No Qt.
"""

from __future__ import annotations

from tpwng_core.evaluation.changes import Change
from tpwng_core.evaluation.gain import NUM_RESAMPLES, SEED, Gain
from tpwng_core.labels import STATES
from tpwng_studio.state.round_comparison import NO_GAIN, Comparison

_NO_GAIN_HINT = (
    "Give some videos the split val or test, and annotate them, or label every frame and review"
    " them."
)


def gain_words(gain: Gain | None) -> str:
    """The reported gain, or plainly that there is none to report."""
    return f"{NO_GAIN} {_NO_GAIN_HINT}" if gain is None else gain.words


def gain_hint(gain: Gain | None) -> str:
    """How the interval came about and how to read it, for a tip; "" where there is none."""
    if gain is None or gain.auc is None:
        return ""
    if gain.auc_interval is None:
        return "An interval needs two held-out videos with an event."
    return (
        f"Held-out videos drawn anew {NUM_RESAMPLES:,} times (seed {SEED}), both models on the "
        "same draw. An interval that holds 0 may be chance; of few videos it is too narrow."
    )


def change_words(comparison: Comparison) -> str:
    """How much changed, and of which videos nothing is known."""
    found = comparison.changes
    if not found:
        text = "No frame changed its label, and no score its side."
    else:
        videos = len({change.video for change in found})
        text = (
            f"{_count(len(found), 'stretch', 'stretches')} changed in "
            f"{_count(videos, 'video')}, {comparison.num_frames:,} frames their label."
        )
    if comparison.left_out:
        text += f" {_count(len(comparison.left_out), 'video')} could not be compared."
    return text


def step_words(change: Change) -> str:
    """From what to what: ``label normal → abnormal``."""
    return f"{change.kind} {state_of(change.before)} → {state_of(change.after)}"


def state_of(value: int) -> str:
    """A state's name."""
    return STATES.get(value, "unset")


def amount_words(change: Change) -> str:
    """By how much the curve behind it moved on average, and over how many frames."""
    return f"{_amount(change)} × {change.num_frames:,}"


def frames_words(change: Change) -> str:
    """First and last frame."""
    return f"{change.start:,}–{change.end - 1:,}"


def full_words(change: Change, is_corrected: bool) -> str:
    """All of a row, for a tip and for those who listen."""
    curve = "psi" if change.kind == "label" else "the score"
    text = (
        f"{change.video}, frames {change.start:,} to {change.end - 1:,}: {step_words(change)}; "
        f"{curve} moved by {_amount(change)} on average, over {change.num_frames:,} frames"
    )
    return f"{text}; the model learned from corrections of this video" if is_corrected else text


def _amount(change: Change) -> str:
    return f"{change.amount:+.2f}".replace("-", "−")


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one}" if number == 1 else f"{number:,} {many or one + 's'}"
