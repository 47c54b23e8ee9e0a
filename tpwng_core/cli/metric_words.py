"""What a verb measures as it goes, in words: a line an epoch, a line a snippet of a live source.

A :class:`Metric` in, a line out. Called by the terminal's reporter; JSON keeps the short names.
"""

from __future__ import annotations

from tpwng_core.events import Metric

# In this order; the terms of the loss are those of Eq. 10-14 and their sum.
_NAMES = {
    "total": "loss",
    "cl": "classification",
    "rank_n": "rank normal",
    "rank_a": "rank abnormal",
    "dil": "inconsistency",
    "sparse": "sparsity",
    "smooth": "smoothness",
    "auc": "AUC",
    "ap": "AP",
    "video_auc_val": "AUC of videos (val)",
    "positive_share": "share of abnormal pseudo-labels",
    "left_out": "flat videos left out",
    "nvp_cosine": "cosine of normality prompt and normal",
}


def epoch_words(event: Metric) -> str:
    """``epoch 3  loss 1.21  classification 0.4  ...``; what has no words keeps its name."""
    order = list(_NAMES)
    names = sorted(event.values, key=lambda name: order.index(name) if name in _NAMES else 99)
    values = "  ".join(f"{_NAMES.get(name, name)} {event.values[name]:.4g}" for name in names)
    return f"epoch {event.epoch}  {values}"


def snippet_words(event: Metric) -> str:
    """``12.33 s  score 0.83  alarm``; "" for what a message told already."""
    if "score" not in event.values:
        return ""
    line = f"{event.values['time_s']:.2f} s  score {event.values['score']:.2f}"
    return f"{line}  alarm" if event.values.get("alarm") else line
