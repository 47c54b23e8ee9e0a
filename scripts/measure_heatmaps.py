"""How well heat maps point at events: rendered videos, whose true regions are known.

    OMP_NUM_THREADS=1 python scripts/measure_heatmaps.py --clip demo --clip assets/demo/clip8

Draws event frames of validation seeds (never the demo's 0, 1 and 2), asks each CLIP where the
category's name is, in every reading of ``nn.dense``, with and without the contrast with "normal",
and prints a table with two baselines, the middle of the picture and chance:

- pointing: the middle of the best patch lies in the region of an event;
- touching: the best patch touches such a region (what a coarse grid can do at best);
- IoU: of the patches above half of the map's maximum, as pixels, with the regions;
- aside: pointing in those frames alone whose regions leave out the middle of the picture, since
  this world likes to put its events there.

All are of the part of the picture that the CLIP sees, over frames of whose region it sees a quarter
at least. Spread: over seeds.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from tpwng_core.heatmap import to_unit
from tpwng_core.nn.clip import Clip, load_clip
from tpwng_core.nn.dense import READINGS, grid_size
from tpwng_core.run.heatmap import Query, match
from tpwng_core.run.preprocess import Preparation
from tpwng_core.run.query import encode_plain
from tpwng_core.world import CATEGORIES, DatasetCounts, make_dataset, render_some_frames

SEEDS = (10_001, 10_002, 10_003)
NUM_VIDEOS = 60
STRIDE = 8
LEAST_SEEN = 0.25
HALF = 0.5
MEASURES = ("pointing", "aside", "touching", "iou")


@dataclass(frozen=True, kw_only=True)
class Case:
    """One frame of an event.

    Attributes:
        picture: (H, W, 3).
        category: id.
        truth: (H, W) bool, the regions.
    """

    picture: NDArray[np.uint8]
    category: str
    truth: NDArray[np.bool_]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--clip", action="append", default=[], help="as for tpwng-core; repeatable")
    parser.add_argument("--seeds", type=int, nargs="+", default=SEEDS)
    parser.add_argument("--every", type=int, default=1, help="take one frame in so many")
    parser.add_argument("--videos", type=int, default=NUM_VIDEOS, help="per seed")
    options = parser.parse_args()
    torch.set_num_threads(1)
    clips = {name: load_clip(name) for name in options.clip or ["demo"]}
    found: dict[tuple[str, ...], list[list[float]]] = {}
    for seed in options.seeds:
        cases = list(event_frames(seed, options.videos))[:: options.every]
        print(f"seed {seed}: {len(cases)} frames", flush=True)
        for name, clip in clips.items():
            for key, row in measure(clip, cases, seed).items():
                found.setdefault((name, *key), []).append(row)
    print_table(found)


def event_frames(seed: int, num_videos: int) -> Iterator[Case]:
    """Frames of the events of one seed, one in :data:`STRIDE`."""
    counts = DatasetCounts(
        train_normal=0, train_abnormal=0, test_normal=0, test_abnormal=num_videos
    )
    for video in make_dataset(seed, counts):
        plan = video.plan
        frames = [frame for frame in range(0, plan.num_frames, STRIDE) if plan.regions(frame)]
        for frame, picture in zip(frames, render_some_frames(plan, frames), strict=True):
            truth = np.zeros(picture.shape[:2], bool)
            for left, top, right, bottom in plan.regions(frame):
                truth[top:bottom, left:right] = True
            yield Case(picture=picture.copy(), category=video.label, truth=truth)


def measure(clip: Clip, cases: list[Case], seed: int) -> dict[tuple[str, ...], list[float]]:
    """Means of :data:`MEASURES` for each way to make a map."""
    queries = {name: query_of(clip, text) for name, text in CATEGORIES.items() if name != "normal"}
    rng = np.random.default_rng(seed)
    rows: dict[tuple[str, ...], list[list[float]]] = {}
    for case in cases:
        truth = seen_truth(clip, case)
        if truth is None:
            continue
        side = len(truth)
        for reading in READINGS:
            for contrast in (False, True):
                values = match(
                    clip, case.picture, queries[case.category], reading, contrast=contrast
                )
                key = (reading, "against normal" if contrast else "plain", f"{len(values)}")
                rows.setdefault(key, []).append(judge(values, truth))
        for size in sorted({grid_size(clip, reading) for reading in READINGS}):
            chance = judge(rng.random((size, size)), truth)
            rows.setdefault(("chance", "", f"{size}"), []).append(chance)
        rows.setdefault(("middle", "", f"{side}"), []).append(judge(middle(side), truth))
    return {key: list(np.nanmean(found, axis=0)) for key, found in rows.items()}


def query_of(clip: Clip, text: str) -> Query:
    """The bare name of a category, and that of normal."""
    rows = np.stack([encode_plain(clip, words) for words in (text, CATEGORIES["normal"])])
    return Query.of(rows, (text,), clip)


def seen_truth(clip: Clip, case: Case) -> NDArray[np.bool_] | None:
    """The regions in what the CLIP sees, pixels of the frame; None where too little is in it."""
    height, width = case.truth.shape
    left, top, right, bottom = (
        round(side) for side in Preparation.of(clip, "center").covered(height, width)
    )
    inside = case.truth[top:bottom, left:right]
    return inside if inside.sum() >= LEAST_SEEN * case.truth.sum() else None


def judge(values: NDArray[Any], truth: NDArray[np.bool_]) -> list[float]:
    """:data:`MEASURES` of one map; "aside" is NaN where the middle belongs to the event."""
    size, side = len(values), len(truth)
    owner = np.minimum(np.arange(side) * size // side, size - 1)
    row, column = np.unravel_index(int(values.argmax()), values.shape)
    middle_px = [int((place + 0.5) * side / size) for place in (row, column)]
    patch = (owner == row)[:, None] & (owner == column)[None]
    mask = (to_unit(np.asarray(values, np.float32)) > HALF)[np.ix_(owner, owner)]
    union = (mask | truth).sum()
    is_hit = float(truth[middle_px[0], middle_px[1]])
    return [
        is_hit,
        float("nan") if truth[side // 2, side // 2] else is_hit,
        float((patch & truth).any()),
        float((mask & truth).sum() / union) if union else 0.0,
    ]


def middle(side: int) -> NDArray[np.float64]:
    """A bump in the middle; above half of its maximum within a fifth of the side."""
    place = (np.arange(side) + 0.5) / side - 0.5
    square = place[:, None] ** 2 + place[None] ** 2
    bump: NDArray[np.float64] = np.exp(-square * np.log(2) / 0.2**2)
    return bump


def print_table(found: dict[tuple[str, ...], list[list[float]]]) -> None:
    """Means over seeds, and their standard deviation."""
    print(f"| CLIP | reading | | grid | {' | '.join(MEASURES)} |")
    print(f"|---|---|---|---|{'---|' * len(MEASURES)}")
    for (name, reading, contrast, size), rows in found.items():
        table = np.array(rows)
        cells = [
            f"{mean:.3f} ± {spread:.3f}"
            for mean, spread in zip(table.mean(axis=0), table.std(axis=0), strict=True)
        ]
        print(f"| {name} | {reading} | {contrast} | {size} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
