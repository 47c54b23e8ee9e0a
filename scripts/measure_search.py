"""How well a search in words finds acts: rendered videos, whose true intervals are known.

    OMP_NUM_THREADS=1 python scripts/measure_search.py --work /tmp/worlds

Renders the test videos of validation seeds (never the demo's 0, 1 and 2), extracts them with the
demo's CLIP and asks, for every kind of event and of ordinary act, with every phrase that captions
have for it, through plain CLIP and through the learned prompts of a checkpoint. The CLIP learned
these phrases, of other pictures; the checkpoint learned the six events' names, of other videos. A
phrase that captions use for several kinds is true of all of them. What is measured, per phrase:

- AP: average precision of the similarity over all snippets of the project, where a snippet is
  right when its middle frame lies in a true interval; chance is the share of such snippets;
- P@10: of the first ten moments of the result, how many have their peak (the frame one is taken
  to) in a true interval; chance is the same share;
- R@20: of the true intervals, how many hold the peak of one of the first twenty moments; chance is
  that of twenty frames drawn at random.

Phrases with fewer than three true intervals in a seed are left out of it. Means over phrases, then
over the kinds; spread: over seeds.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from tpwng_core.checkpoint import Checkpoint, read_checkpoint
from tpwng_core.evaluation import average_precision
from tpwng_core.events import silent
from tpwng_core.features import FeatureSet, open_feature_folder
from tpwng_core.nn.clip import Clip, load_clip
from tpwng_core.run.demo import CLIP, STRIDE
from tpwng_core.run.demo_world import render_dataset
from tpwng_core.run.extract import ExtractConfig, extract
from tpwng_core.run.hits import Hit, best_hits
from tpwng_core.run.query import encode_learned, encode_plain
from tpwng_core.run.search import similarity_curves
from tpwng_core.world import (
    EVENTS,
    DatasetCounts,
    PlannedVideo,
    make_dataset,
    phrases,
    seen_intervals,
)

SEEDS = (10_001, 10_002, 10_003)
COUNTS = DatasetCounts(train_normal=0, train_abnormal=0, test_normal=30, test_abnormal=60)
CHECKPOINT = Path("assets/demo/miniature/run/checkpoint.safetensors")
FEWEST = 3
PRECISION_AT = 10
RECALL_AT = 20
MEASURES = ("AP", f"P@{PRECISION_AT}", f"R@{RECALL_AT}")
WAYS = ("chance", "plain", "learned")

Intervals = Mapping[str, Sequence[tuple[int, int]]]
Row = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Project:
    """A searched world.

    Attributes:
        features: by video.
        planned: the same videos.
    """

    features: Mapping[str, FeatureSet]
    planned: Sequence[PlannedVideo]

    def truth(self, kinds: Sequence[str]) -> Intervals:
        """Frames of each video in which any of these kinds can be seen."""
        return {
            item.video: [span for kind in kinds for span in seen_intervals(item.plan, kind)]
            for item in self.planned
        }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--work", type=Path, required=True, help="folder for videos and features")
    parser.add_argument("--seeds", type=int, nargs="+", default=SEEDS)
    parser.add_argument("--checkpoint", type=Path, default=CHECKPOINT)
    options = parser.parse_args()
    torch.set_num_threads(1)
    clip, checkpoint = load_clip(CLIP, with_vision=False), read_checkpoint(options.checkpoint)
    found = []
    for seed in options.seeds:
        project = make_project(seed, options.work / str(seed))
        found.append(measure(project, clip, checkpoint))
        print(f"seed {seed}: {len(project.features)} videos", flush=True)
    print_tables(found)


def make_project(seed: int, root: Path) -> Project:
    """Render and extract a world, or take it as it lies there."""
    planned = make_dataset(seed, COUNTS)
    data = render_dataset(planned, seed, root, silent)
    config = ExtractConfig(stride=STRIDE)
    extract(
        [data.videos], out=root / "features", clip=CLIP, config=config, device="cpu", report=silent
    )
    return Project(features=open_feature_folder(root / "features"), planned=planned)


def measure(project: Project, clip: Clip, checkpoint: Checkpoint) -> dict[str, Row]:
    """(ways, measures) of each kind, averaged over its phrases; kinds too rare are missing."""
    rows: dict[str, Row] = {}
    for kind, texts in phrases().items():
        found = [row for text in texts if (row := ask(project, clip, checkpoint, text)) is not None]
        if found:
            rows[kind] = np.mean(found, axis=0)
    return rows


def ask(project: Project, clip: Clip, checkpoint: Checkpoint, text: str) -> Row | None:
    """(ways, measures) of one phrase; None where it is true too rarely."""
    truth = project.truth([kind for kind, texts in phrases().items() if text in texts])
    if sum(len(spans) for spans in truth.values()) < FEWEST:
        return None
    queries = (encode_plain(clip, text), encode_learned(clip, checkpoint, text))
    return np.array([chance(project.features, truth), *(
        judge(project.features, similarity_curves(project.features, query), truth)
        for query in queries
    )])  # fmt: skip


def judge(
    features: Mapping[str, FeatureSet],
    curves: Mapping[str, NDArray[np.float32]],
    truth: Intervals,
) -> list[float]:
    """:data:`MEASURES` of one result."""
    values = np.concatenate([curves[video] for video in features])
    right = np.concatenate([is_right(features[video], truth[video]) for video in features])
    precision = average_precision(values, right)
    assert precision is not None
    hits = best_hits(features, curves, RECALL_AT)
    return [precision, precision_at(hits[:PRECISION_AT], truth), recall(hits, truth)]


def chance(features: Mapping[str, FeatureSet], truth: Intervals) -> list[float]:
    """:data:`MEASURES` of frames drawn at random."""
    right = np.concatenate([is_right(features[video], truth[video]) for video in features])
    num_frames = sum(found.num_frames for found in features.values())
    shares = np.array(
        [(end - start) / num_frames for spans in truth.values() for start, end in spans]
    )
    return [float(right.mean()), float(right.mean()), float((1 - (1 - shares) ** RECALL_AT).mean())]


def is_right(features: FeatureSet, spans: Sequence[tuple[int, int]]) -> NDArray[np.bool_]:
    """(T,) whether the middle frame of each snippet lies in an interval."""
    ends = np.append(features.snippet_start[1:], features.num_frames)
    middles = (features.snippet_start + ends) // 2
    return np.array([_covers(spans, int(frame)) for frame in middles], dtype=np.bool_)


def precision_at(hits: Sequence[Hit], truth: Intervals) -> float:
    """Share of moments whose peak lies in a true interval."""
    return float(np.mean([_covers(truth[hit.video], hit.frames[2]) for hit in hits]))


def recall(hits: Sequence[Hit], truth: Intervals) -> float:
    """Share of true intervals that hold the peak of a moment."""
    peaks = [(hit.video, hit.frames[2]) for hit in hits]
    met = [
        any(of == video and start <= peak < end for of, peak in peaks)
        for video, spans in truth.items()
        for start, end in spans
    ]
    return float(np.mean(met))


def _covers(spans: Sequence[tuple[int, int]], frame: int) -> bool:
    return any(start <= frame < end for start, end in spans)


def print_tables(found: Sequence[Mapping[str, Row]]) -> None:
    """A row per kind, then the means of events and of ordinary acts with their spread."""
    names = [f"{measure} {way}" for measure in MEASURES for way in WAYS]
    print(f"| | {' | '.join(names)} |\n|---|{'---|' * len(names)}")
    for kind in phrases():
        rows = [seed[kind] for seed in found if kind in seed]
        if rows:
            print(f"| {kind} | {' | '.join(_cells(np.array(rows)))} |")
    for title, means in groups(found):
        print(f"| **{title}** | {' | '.join(_cells(means, is_spread=True))} |")


def groups(found: Sequence[Mapping[str, Row]]) -> Iterator[tuple[str, Row]]:
    """Title and (seeds, ways, measures): means over the kinds of a group in each seed."""
    for title, is_event in (("events", True), ("ordinary acts", False)):
        yield title, np.array([
            np.mean([row for kind, row in seed.items() if (kind in EVENTS) == is_event], axis=0)
            for seed in found
        ])  # fmt: skip


def _cells(rows: Row, *, is_spread: bool = False) -> list[str]:
    """Of (seeds, ways, measures), measure by measure."""
    mean, spread = rows.mean(axis=0).T.ravel(), rows.std(axis=0).T.ravel()
    if not is_spread:
        return [f"{value:.2f}" for value in mean]
    return [f"{value:.2f} ± {width:.2f}" for value, width in zip(mean, spread, strict=True)]


if __name__ == "__main__":
    main()
