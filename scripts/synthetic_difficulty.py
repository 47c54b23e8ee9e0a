"""How hard the synthetic benchmarks are, without running any method.

Prints, per preset and seed, the frame AUC and AP of the text targets alone (zero-shot) and of a
logistic regression that is shown every training snippet's truth. The presets' numbers were chosen
by this table on seeds from 10,000 on; results are reported on seeds 0 to 9.

    python scripts/synthetic_difficulty.py [PRESET...]
"""

from __future__ import annotations

import sys
from dataclasses import astuple, dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, roc_auc_score

from tpwng_core.synthetic import PRESETS, get_preset, make_video, make_world, plan_videos

SEEDS = range(10_000, 10_005)


@dataclass(frozen=True, kw_only=True)
class Difficulty:
    """Frame AUC and AP on the test videos, in [0, 1], and the abnormal shares they stand on."""

    zero_shot_auc: float
    zero_shot_ap: float
    supervised_auc: float
    supervised_ap: float
    abnormal_share_of_test: float
    abnormal_share_of_abnormal_training: float


def measure(name: str, seed: int, dim: int = 64) -> Difficulty:
    """Measure one world: zero-shot is max over categories of the cosine, minus normal's."""
    world = make_world(get_preset(name), seed, dim)
    videos = [make_video(world, plan) for plan in plan_videos(world.preset, seed)]
    units: dict[str, NDArray[np.float32]] = {}
    truth: dict[str, NDArray[np.int8]] = {}
    for split in ("train", "test"):
        chosen = [video for video in videos if video.plan.split == split]
        features = np.concatenate([video.features for video in chosen])
        units[split] = features / np.linalg.norm(features, axis=1, keepdims=True)
        truth[split] = np.concatenate([video.truth() for video in chosen])
    cosine = units["test"] @ world.project_text().T
    zero_shot = cosine[:, :-1].max(axis=1) - cosine[:, -1]
    # sqrt(D) brings the inputs to unit variance, so that the regularisation is mild
    scale = np.sqrt(len(world.basis))
    oracle = LogisticRegression(C=10.0, max_iter=500).fit(units["train"] * scale, truth["train"])
    supervised = oracle.decision_function(units["test"] * scale)
    training = [v.truth() for v in videos if v.plan.split == "train" and v.plan.categories]
    return Difficulty(
        zero_shot_auc=float(roc_auc_score(truth["test"], zero_shot)),
        zero_shot_ap=float(average_precision_score(truth["test"], zero_shot)),
        supervised_auc=float(roc_auc_score(truth["test"], supervised)),
        supervised_ap=float(average_precision_score(truth["test"], supervised)),
        abnormal_share_of_test=float(truth["test"].mean()),
        abnormal_share_of_abnormal_training=float(np.concatenate(training).mean()),
    )


def main(names: list[str]) -> None:
    """Print the table of these presets; of all where none is named."""
    print("preset          seed   zs AUC  zs AP  sup AUC sup AP  test%  train%")
    for name in names or list(PRESETS):
        rows = np.array([astuple(measure(name, seed)) for seed in SEEDS])
        for seed, row in zip([*map(str, SEEDS), "mean"], [*rows, rows.mean(axis=0)], strict=True):
            print(f"{name:15s} {seed:6s}", *(f"{100 * value:6.1f}" for value in row))


if __name__ == "__main__":
    main(sys.argv[1:])
