"""Random bags of UCF-Crime's lengths, as the product's store and as VadCLIP's loader has them.

For ``training.py``: both methods see the same features in the same order. Lengths are drawn, as no
list is at hand everywhere: a log-normal cut at 256 with the quartiles of UCF-Crime's training
videos (74, 140, 256 snippets; mean 151).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from tpwng_core.datasets import VideoRecord
from tpwng_core.features import FeatureSet
from tpwng_core.run.batches import BagStore

DIM, LONGEST = 512, 256
KINDS = {"real": (4.94, 0.95), "full": (9.0, 0.0)}
"""Logarithm of a bag's snippets before the cut: mean and deviation."""
WORDS = {"real": "bags as long as UCF-Crime's", "full": "bags of 256 snippets each"}


def make_store(kind: str, num_bags: int, categories: list[str]) -> BagStore:
    """``num_bags`` random bags of each half.

    Args:
        kind: key of :data:`KINDS`.
        num_bags: abnormal ones; there are as many normal ones.
        categories: ids, normal last.
    """
    rng = np.random.default_rng(0)
    mean, deviation = KINDS[kind]
    records, features = [], {}
    for number in range(2 * num_bags):
        length = int(np.clip(np.exp(rng.normal(mean, deviation)), 4, LONGEST))
        video = f"v{number:04}"
        labels = (categories[number % (len(categories) - 1)],) if number < num_bags else ()
        records.append(VideoRecord(video=video, labels=labels))
        features[video] = FeatureSet(
            video=video,
            features=10 * rng.standard_normal((length, DIM), dtype=np.float32) / DIM**0.5,
            snippet_start=np.arange(length, dtype=np.int32) * 16,
            pts=np.arange(length * 16, dtype=np.int64),
        )
    return BagStore(records, features, categories, max_snippets=LONGEST, seed=0)


def write_for_peer(
    path: Path, store: BagStore, texts: Mapping[str, str], num_steps: int, batch_size: int
) -> None:
    """The bags of the first steps as VadCLIP's loaders give them: padded to 256, with lengths.

    Args:
        path: .npz to write.
        store: of :func:`make_store`.
        texts: category id to text, normal last; VadCLIP wants normal first.
        num_steps: steps.
        batch_size: bags of each half.
    """
    names = ["Normal", *list(texts)[:-1]]
    words = dict(zip(names, ["normal", *list(texts.values())[:-1]], strict=True))
    arrays: dict[str, list[np.ndarray]] = {}
    for step in range(num_steps):
        bags, _ = store.bags(step, batch_size)
        own = bags.labels.int().argmax(dim=1).numpy() + 1
        for half, labels in (("normal", np.zeros_like(own)), ("abnormal", own)):
            rows, mask = getattr(bags, half).numpy(), getattr(bags, f"{half}_mask").numpy()
            padded = np.zeros((batch_size, LONGEST, DIM), dtype=np.float32)
            padded[:, : rows.shape[1]] = rows
            for name, value in (("", padded), ("_lengths", mask.sum(axis=1)), ("_labels", labels)):
                arrays.setdefault(half + name, []).append(value)
    stacked: Any = {name: np.stack(values) for name, values in arrays.items()}
    np.savez(path, label_map=np.array(json.dumps(words)), **stacked)
