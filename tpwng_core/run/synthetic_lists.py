"""The text files of a synthetic benchmark: manifest, annotations, settings.

In come the planned videos and their events in snippets, out go frames and category ids. Called by
``run/synth.py``.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from tpwng_core.datasets import VideoRecord, write_manifest
from tpwng_core.files import write_text
from tpwng_core.run.synthetic_clip import NORMAL_PHRASE, SIM_SCALE
from tpwng_core.synthetic import STRIDE_FRAMES, Preset, VideoPlan

Events = Sequence[tuple[int, int, int]]


def write_records(path: Path, plans: Sequence[VideoPlan], category_ids: Sequence[str]) -> None:
    """Write the manifest, ``video,label,split``.

    Raises:
        OutputError: the file cannot be written.
    """
    records = [
        VideoRecord(
            video=plan.video,
            labels=tuple(category_ids[index] for index in plan.categories),
            split=plan.split,
        )
        for plan in plans
    ]
    write_manifest(path, records)


def write_annotations(
    path: Path, events: Sequence[tuple[VideoPlan, Events]], category_ids: Sequence[str]
) -> None:
    """Write half-open frame intervals, ``video,start_frame,end_frame,category``.

    A normal video has one row with an empty interval, so that it counts as annotated.

    Raises:
        OutputError: the file cannot be written.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(("video", "start_frame", "end_frame", "category"))
    for plan, spans in events:
        for start, end, index in spans:
            frames = start * STRIDE_FRAMES, end * STRIDE_FRAMES
            writer.writerow((plan.video, *frames, category_ids[index]))
        if not spans:
            writer.writerow((plan.video, "", "", NORMAL_PHRASE))
    write_text(path, buffer.getvalue())


def write_settings(path: Path, preset: Preset) -> None:
    """Write what ``--config`` needs to train on the benchmark: prompt texts, scale, threshold.

    Raises:
        OutputError: the file cannot be written.
    """
    lines = ["[categories]"]
    lines += [f'{item.id} = "{item.phrases[0]}"' for item in preset.categories]
    lines += [f'normal = "{NORMAL_PHRASE}"', ""]
    lines += ["[similarity]", f"scale = {SIM_SCALE}", ""]
    lines += ["[pseudolabels]", f"theta = {preset.theta}"]
    write_text(path, "\n".join(lines) + "\n")
