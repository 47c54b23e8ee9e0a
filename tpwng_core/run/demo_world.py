"""The demo's data set on disk: rendered videos, manifest, annotations.

Called by ``run/demo.py``. Videos are rendered in as many processes as there are cores, because
drawing is Python; each is written whole, and one that exists is not drawn again.
"""

from __future__ import annotations

import json
import multiprocessing
import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from tpwng_core import __version__
from tpwng_core.datasets import VideoRecord, write_manifest
from tpwng_core.errors import ConfigError
from tpwng_core.events import Artifact, Reporter, Started, Ticker
from tpwng_core.files import write_json, write_text
from tpwng_core.groundtruth import GroundTruth, Interval
from tpwng_core.video import write_video
from tpwng_core.world import FPS, PlannedVideo, render_frames

VIDEOS = "videos"
MANIFEST = "manifest.csv"
ANNOTATIONS = "annotations.txt"
TRAIN_ANNOTATIONS = "train_annotations.txt"
_STAMP = "world.json"


@dataclass(frozen=True, kw_only=True)
class DemoData:
    """A rendered data set.

    Attributes:
        root: its folder.
        records: of all videos.
        test: ground truth of the test videos.
        train: ground truth of the training videos; only the supervised bound sees it.
    """

    root: Path
    records: Sequence[VideoRecord]
    test: GroundTruth
    train: GroundTruth

    @property
    def videos(self) -> Path:
        """Folder of the videos."""
        return self.root / VIDEOS

    @property
    def manifest(self) -> Path:
        """Video-level labels and splits."""
        return self.root / MANIFEST

    @property
    def annotations(self) -> Path:
        """Annotation of the test videos, in UCF-Crime's format."""
        return self.root / ANNOTATIONS


def render_dataset(
    planned: Sequence[PlannedVideo], seed: int, root: Path, report: Reporter
) -> DemoData:
    """Render what is missing of a data set and write its lists.

    Args:
        planned: the videos, see ``world.make_dataset``.
        seed: of the plan, noted beside the videos.
        root: folder; a second call with the same seed draws nothing again.
        report: hears of each video.

    Raises:
        ConfigError: the folder holds the videos of another seed or version.
    """
    _claim(root / _STAMP, seed)
    _render_all(planned, root / VIDEOS, report)
    records = [
        VideoRecord(
            video=item.video,
            path=root / VIDEOS / f"{item.video}.mp4",
            labels=(item.plan.category,) if item.plan.category else (),
            split=item.split,
        )
        for item in planned
    ]
    write_manifest(root / MANIFEST, records)
    truth = {item.video: _intervals(item) for item in planned}
    parts = {
        split: {item.video: truth[item.video] for item in planned if item.split == split}
        for split in ("test", "train")
    }
    write_text(root / ANNOTATIONS, ucf_lines(parts["test"]))
    write_text(root / TRAIN_ANNOTATIONS, ucf_lines(parts["train"]))
    report(Artifact(kind="manifest", path=root / MANIFEST))
    return DemoData(root=root, records=records, test=parts["test"], train=parts["train"])


def ucf_lines(ground_truth: GroundTruth) -> str:
    """Annotations in UCF-Crime's format, which has two slots a video (spec/formats.md).

    Raises:
        ConfigError: a video has more than two intervals.
    """
    lines = []
    for video, intervals in ground_truth.items():
        if len(intervals) > 2:
            raise ConfigError(f"{video} has {len(intervals)} events, the format has two slots")
        numbers = [str(edge) for item in intervals for edge in (item.start, item.end)]
        category = intervals[0].category if intervals else "Normal"
        lines.append("  ".join([video, category, *numbers, *["-1"] * (4 - len(numbers))]) + "  \n")
    return "".join(lines)


def _claim(stamp: Path, seed: int) -> None:
    wanted = {"seed": seed, "version": __version__}
    if stamp.exists():
        found = json.loads(stamp.read_text("utf-8"))
        if found != wanted:
            raise ConfigError(
                f"{stamp.parent} holds the demo of seed {found.get('seed')}, "
                f"version {found.get('version')}",
                "choose another --out",
            )
    else:
        write_json(stamp, wanted)


def _render_all(planned: Sequence[PlannedVideo], folder: Path, report: Reporter) -> None:
    missing = [item for item in planned if not (folder / f"{item.video}.mp4").exists()]
    report(Started(verb="render", total=len(planned)))
    ticker = Ticker(report, len(planned), "video", done=len(planned) - len(missing))
    if not missing:
        return
    # Spawned, not forked: a fork of a process with threads (torch, decoders) can hang.
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(max_workers=os.cpu_count() or 1, mp_context=context)
    with pool:
        try:
            jobs = [pool.submit(_render, item, folder) for item in missing]
            for job in as_completed(jobs):
                job.result()
                ticker.advance()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _render(item: PlannedVideo, folder: Path) -> None:
    write_video(folder / f"{item.video}.mp4", render_frames(item.plan), Fraction(FPS))


def _intervals(item: PlannedVideo) -> tuple[Interval, ...]:
    return tuple(
        Interval(start=start, end=end, category=str(item.plan.category))
        for start, end in item.plan.intervals
    )
