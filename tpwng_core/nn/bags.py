"""One training step's input: abnormal and normal bags side by side, padded, with masks.

Made by ``run/batches.py``, read by the method and by every method it is compared with.
"""

# B bags, T snippets, D features, K categories (normal is last)

from __future__ import annotations

from typing import NamedTuple

from torch import Tensor


class Bags(NamedTuple):
    """B abnormal and B normal bags.

    Attributes:
        abnormal: (B, T, D) float32 features, un-normalised, zero where padded.
        abnormal_mask: (B, T) bool, True where a snippet is real.
        normal: (B, T', D) features of the normal bags; bag i is paired with abnormal bag i.
        normal_mask: (B, T') bool.
        labels: (B, K-1) bool, the categories of each abnormal bag; at least one True a row.
        target: (B, T) int8, what people said of the abnormal bags' snippets: 1 abnormal,
            0 normal, -1 unknown (leave out), -2 unset (use the pseudo-label).
        normal_target: (B, T') int8, the same of the normal bags, where unset means 0.
    """

    abnormal: Tensor
    abnormal_mask: Tensor
    normal: Tensor
    normal_mask: Tensor
    labels: Tensor
    target: Tensor
    normal_target: Tensor
