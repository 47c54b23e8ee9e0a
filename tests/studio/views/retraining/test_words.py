"""What is said of a round, word by word."""

from __future__ import annotations

from dataclasses import replace

from tpwng_core.evaluation.changes import Change
from tpwng_core.evaluation.gain import Gain
from tpwng_studio.state.round_comparison import Comparison
from tpwng_studio.views.retraining.words import (
    amount_words,
    change_words,
    full_words,
    gain_hint,
    gain_words,
    step_words,
)

CHANGE = Change(video="a", start=10, end=1200, kind="label", before=1, after=0, amount=-0.314)
GAIN = Gain(videos=("a", "b"), num_frames=1234, num_abnormal=56, auc=(0.9, 0.925), ap=(0.8, 0.75))


def test_the_gain_is_told_with_what_it_was_measured_on() -> None:
    assert gain_words(GAIN) == (
        "AUC 0.900 → 0.925 (+0.025), AP 0.800 → 0.750 (−0.050). "
        "On 2 held-out videos: 1,234 frames, 56 abnormal."
    )


def test_the_interval_is_told_and_how_to_read_it() -> None:
    sure = replace(GAIN, auc_interval=(-0.01, 0.06), ap_interval=(-0.1, 0.0))
    assert gain_words(sure).startswith(
        "AUC 0.900 → 0.925 (+0.025, 95 % interval −0.010 to +0.060), "
        "AP 0.800 → 0.750 (−0.050, 95 % interval −0.100 to +0.000). "
    )
    assert "1,000 times (seed 0)" in gain_hint(sure)
    assert "needs two held-out videos" in gain_hint(GAIN)
    assert gain_hint(None) == gain_hint(replace(GAIN, auc=None)) == ""


def test_without_held_out_labels_it_is_said_plainly() -> None:
    assert gain_words(None).startswith("No held-out video has labels: no gain can be told.")
    assert "split val or test" in gain_words(None)


def test_frames_of_one_kind_are_said() -> None:
    normal = replace(GAIN, num_abnormal=0, auc=None, ap=None)
    assert "neither AUC nor AP can be told" in gain_words(normal)
    abnormal = replace(GAIN, num_abnormal=1234, auc=None, ap=(1.0, 1.0))
    assert "AUC cannot be told" in gain_words(abnormal)


def test_a_change_is_told_with_its_frames_inclusive() -> None:
    assert step_words(CHANGE) == "label abnormal → normal"
    assert amount_words(CHANGE) == "−0.31 × 1,190"
    words = full_words(CHANGE, is_corrected=True)
    assert words.startswith("a, frames 10 to 1,199: label abnormal → normal; psi moved by −0.31")
    assert "learned from corrections" in words
    assert "learned" not in full_words(CHANGE, is_corrected=False)


def test_how_much_changed() -> None:
    one = Comparison(changes=(CHANGE,), gain=None, corrected=frozenset(), left_out=())
    assert change_words(one) == "1 stretch changed in 1 video, 1,190 frames their label."
    none = replace(one, changes=(), left_out=("b",))
    assert change_words(none).endswith("score its side. 1 video could not be compared.")
