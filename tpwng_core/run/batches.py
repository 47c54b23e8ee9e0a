"""Bags for training: which videos each step sees, pooled to a bounded length, padded, masked.

The order is a pure function of (seed, step), so that a resumed run sees exactly the bags the
uninterrupted run would have seen, and every compared method sees the same ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence

from tpwng_core.datasets import VideoRecord
from tpwng_core.errors import DatasetError
from tpwng_core.features import FeatureSet
from tpwng_core.labels import UNSET
from tpwng_core.nn.bags import Bags

# target + 2, weakest first: normal, unset, unknown, abnormal.
_BY_RANK = np.array([2, 0, 1, 3], dtype=np.int8)


def bin_edges(num_snippets: int, max_snippets: int) -> np.ndarray:
    """First snippet of each bin, and the end of the last (spec/method.md B.1).

    Args:
        num_snippets: T of the video.
        max_snippets: most rows a bag may have.

    Returns:
        (bins + 1,) int64, bins = min(T, max_snippets); no bin is empty.
    """
    num_bins = min(num_snippets, max_snippets)
    return np.arange(num_bins + 1, dtype=np.int64) * num_snippets // max(num_bins, 1)


def pool_features(features: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """Mean feature of each bin: (T, D) -> (bins, D) float32."""
    if len(edges) == len(features) + 1:
        return np.array(features, dtype=np.float32)  # a copy: files are mapped read-only
    sums = np.add.reduceat(np.asarray(features, dtype=np.float32), edges[:-1], axis=0)
    return np.asarray(sums / np.diff(edges)[:, None], dtype=np.float32)


def pool_target(target: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """What people said of each bin (spec/method.md B.1).

    A bin is abnormal if any of its snippets is, else unknown if any is, normal only if all are,
    and unset otherwise: a doubt is never turned into a target.

    Args:
        target: (T,) int8 in {1, 0, -1, -2}.
        edges: (bins + 1,).

    Returns:
        (bins,) int8 in the same values.
    """
    ranks = np.argsort(_BY_RANK)[target + 2]
    return _BY_RANK[np.maximum.reduceat(ranks, edges[:-1])] - 2


@dataclass(frozen=True)
class BagOrder:
    """Endless order over ``num_bags`` bags: each pass a fresh shuffle, no bag twice in a pass.

    Attributes:
        num_bags: how many there are; fewer than a batch repeat within it.
        seed: of the run.
        stream: tells lists apart (0 abnormal, 1 normal).
    """

    num_bags: int
    seed: int
    stream: int

    def take(self, start: int, count: int) -> list[int]:
        """Positions ``start`` to ``start + count`` of the endless order."""
        chosen: list[int] = []
        while len(chosen) < count:
            turn, offset = divmod(start + len(chosen), self.num_bags)
            shuffled = np.random.default_rng((self.seed, self.stream, turn)).permutation(
                self.num_bags
            )
            chosen += shuffled[offset : offset + count - len(chosen)].tolist()
        return chosen


class BagStore:
    """The training videos as pooled bags.

    Bags of one crop are pooled once and kept (at most ``max_snippets`` rows a video, so a data
    set of any length fits), on the device that trains; of ten crops, one is drawn per epoch and
    pooled when asked for.

    Args:
        records: labelled training videos.
        features: by video id.
        category_ids: the model's order, normal last.
        max_snippets: longest bag.
        seed: of the run.
        targets: per video (T,) int8, what people said; missing = unset.

    Raises:
        DatasetError: no abnormal or no normal video, a video without features.
    """

    def __init__(
        self,
        records: Sequence[VideoRecord],
        features: Mapping[str, FeatureSet],
        category_ids: Sequence[str],
        *,
        max_snippets: int,
        seed: int,
        targets: Mapping[str, np.ndarray] | None = None,
    ) -> None:
        self._features = features
        self._targets = targets or {}
        self._max_snippets = max_snippets
        self._seed = seed
        self._pooled: dict[str, Tensor] = {}
        self._device = torch.device("cpu")
        self.normal = [record for record in records if record.is_normal]
        self.abnormal = [record for record in records if not record.is_normal]
        self._require_both()
        self._labels = _multi_hot(self.abnormal, category_ids)
        self._abnormal_order = BagOrder(len(self.abnormal), seed, 0)
        self._normal_order = BagOrder(len(self.normal), seed, 1)

    def _require_both(self) -> None:
        for name, found in (("normal", self.normal), ("abnormal", self.abnormal)):
            if not found:
                raise DatasetError(
                    f"the manifest has no {name} training video with features",
                    "training needs both; check the columns label and split",
                )

    def keep_on(self, device: torch.device) -> None:
        """Keep features where they are needed: a step then moves none of them."""
        self._device = device
        self._pooled = {video: rows.to(device) for video, rows in self._pooled.items()}

    def num_steps(self, batch_size: int) -> int:
        """Steps of one epoch: ceil(max(abnormal, normal) / batch size)."""
        return -(-max(len(self.abnormal), len(self.normal)) // batch_size)

    def bags(self, step: int, batch_size: int) -> tuple[Bags, list[str]]:
        """The bags of a step, counted from the start of the run, and their video ids."""
        abnormal = self._abnormal_order.take(step * batch_size, batch_size)
        normal = self._normal_order.take(step * batch_size, batch_size)
        abnormal_ids = [self.abnormal[i].video for i in abnormal]
        normal_ids = [self.normal[i].video for i in normal]
        epoch = step // self.num_steps(batch_size)
        x_abnormal = [self._rows(video, epoch) for video in abnormal_ids]
        x_normal = [self._rows(video, epoch) for video in normal_ids]
        bags = Bags(
            abnormal=_pad(x_abnormal, 0.0),
            abnormal_mask=_mask(x_abnormal),
            normal=_pad(x_normal, 0.0),
            normal_mask=_mask(x_normal),
            labels=torch.from_numpy(self._labels[abnormal]),
            target=_pad([self._target(video) for video in abnormal_ids], UNSET),
            normal_target=_pad([self._target(video) for video in normal_ids], UNSET),
        )
        return bags, abnormal_ids + normal_ids

    def normal_rows(self) -> Iterator[Tensor]:
        """(T, D) pooled features of every normal bag; of ten crops, the first epoch's draw."""
        return (self._rows(record.video, 0) for record in self.normal)

    def _rows(self, video: str, epoch: int) -> Tensor:
        if video in self._pooled:
            return self._pooled[video]
        features = self._features[video].features
        edges = bin_edges(len(features), self._max_snippets)
        if features.ndim == 3:
            crop = features[:, self._crop(video, epoch, features.shape[1])]
            return torch.from_numpy(pool_features(crop, edges)).to(self._device)
        rows = torch.from_numpy(pool_features(features, edges)).to(self._device)
        self._pooled[video] = rows
        return rows

    def _crop(self, video: str, epoch: int, num_crops: int) -> int:
        # Seeded by the name, so that the draw does not depend on the order of the list.
        entropy = [self._seed, epoch, *video.encode()]
        return int(np.random.default_rng(entropy).integers(num_crops))

    def _target(self, video: str) -> Tensor:
        num_snippets = self._features[video].num_snippets
        target = self._targets.get(video, np.full(num_snippets, UNSET, dtype=np.int8))
        return torch.from_numpy(pool_target(target, bin_edges(num_snippets, self._max_snippets)))


def _multi_hot(records: Sequence[VideoRecord], category_ids: Sequence[str]) -> np.ndarray:
    rows = np.zeros((len(records), len(category_ids) - 1), dtype=bool)
    for row, record in zip(rows, records, strict=True):
        for label in record.labels:
            row[category_ids.index(label)] = True
    return rows


def _pad(rows: Sequence[Tensor], fill: float) -> Tensor:
    return pad_sequence(list(rows), batch_first=True, padding_value=fill)


def _mask(rows: Sequence[Tensor]) -> Tensor:
    lengths = torch.tensor([len(row) for row in rows])
    return torch.arange(int(lengths.max())) < lengths[:, None]
