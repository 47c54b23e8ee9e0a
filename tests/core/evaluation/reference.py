"""Detection mAP as plain loops over frames, non-maximum suppression included."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from tpwng_core.datasets import is_normal_name
from tpwng_core.groundtruth import GroundTruth


def proposals_of(curve: list[float]) -> list[tuple[int, int, float]]:
    """(start, end, score) of a list of values, best first."""
    top = sorted(curve, reverse=True)[: len(curve) // 16]
    video_score = sum(top) / len(top)
    if video_score <= 0:
        curve = [0.0] * len(curve)
    threshold = max(curve) - 0.6 * (max(curve) - min(curve))
    found: list[tuple[int, int, float]] = []
    start: int | None = None
    for frame, value in enumerate([*curve, -1e9]):
        if value > threshold and start is None:
            start = frame
        if value <= threshold and start is not None:
            if frame - start > 1:
                found.append((start, frame, max(curve[start:frame]) + 0.7 * video_score))
            start = None
    found.sort(key=lambda item: -item[2])
    kept: list[tuple[int, int, float]] = []
    for item in found:
        if all(iou(item, other) <= 0.6 for other in kept):
            kept.append(item)
    return kept


def iou(first: Sequence[float], second: Sequence[float]) -> float:
    frames, others = (set(range(int(a), int(b))) for a, b, *_ in (first, second))
    return len(frames & others) / len(frames | others)


def average_precision_at(
    ranked: list[tuple[str, int, int, float]], truths: list[tuple[str, int, int]], level: float
) -> float:
    left, hits, alarms, total = list(truths), 0, 0, 0.0
    for video, start, end, _ in ranked:
        best, chosen = 0.0, None
        for index, (owner, first, last) in enumerate(left):
            overlap = iou((start, end), (first, last)) if owner == video else 0.0
            if overlap >= level and overlap > best:
                best, chosen = overlap, index
        if chosen is None:
            alarms += 1
            continue
        left.pop(chosen)
        hits += 1
        total += hits / (hits + alarms)
    return total / len(truths) if truths else 0.0


def mean_average_precision(
    curves: dict[str, Any], categories: Sequence[str], ground_truth: GroundTruth, quirks: str
) -> tuple[float, list[float]]:
    """Mean over IoU 0.1 to 0.5 and the five values."""
    by_iou = []
    for level in (0.1, 0.2, 0.3, 0.4, 0.5):
        values, dead = [], False
        for column, name in enumerate(categories):
            normal = is_normal_name(name)
            if normal and quirks == "none":
                continue
            ranked = [
                (video, *item)
                for video, curve in curves.items()
                for item in proposals_of(curve[:, column].tolist())
            ]
            ranked.sort(key=lambda item: -item[3])
            truths = [
                (video, item.start, item.end)
                for video in curves
                for item in ground_truth.get(video, ())
                if item.category == name
            ]
            if normal and quirks == "vadclip-xd-violence":
                truths = [(v, 0, len(c)) for v, c in curves.items() if not ground_truth.get(v)]
            if not truths and quirks == "none":
                continue
            dead = dead or (not ranked and quirks != "none")
            values.append(average_precision_at(ranked, truths, level))
        by_iou.append(0.0 if dead else sum(values) / len(values))
    return float(np.mean(by_iou)), by_iou
