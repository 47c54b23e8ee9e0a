"""Make assets/demo/miniature: a few test videos of a finished demo with all that belongs to them.

    tpwng-core demo --out demo
    python scripts/make_miniature.py demo

The first test videos of each category and the first normal ones are taken, so nobody picks them.
The model never saw any of them. The project of the studio's demo has a split of its own: most of
them train from here on, so that a person can teach the model at once, and a few are held out, so
that there is something to tell the gain by.
"""

from __future__ import annotations

import argparse
import shutil
from dataclasses import replace
from pathlib import Path

from tpwng_core.datasets import VideoRecord, read_manifest, write_manifest
from tpwng_core.features import SUFFIX as FEATURES
from tpwng_core.files import asset, write_text
from tpwng_core.groundtruth import read_ground_truth
from tpwng_core.pseudocurves import SUFFIX as PSEUDO
from tpwng_core.run.demo_world import ucf_lines
from tpwng_core.scores import SUFFIX as SCORES

MAX_BYTES = 10_000_000
NUM_NORMAL = 2
HELD_OUT = ("fire", "vandalism")  # an interval of the gain needs two videos with an event


def main() -> None:
    """Copy the chosen videos and their files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("demo", type=Path, help="a finished demo")
    root = parser.parse_args().demo
    target = asset("demo") / "miniature"
    shutil.rmtree(target, ignore_errors=True)
    records = [item for item in read_manifest(root / "manifest.csv") if item.split == "test"]
    chosen: list[VideoRecord] = []
    seen: dict[str, int] = {}
    for record in records:
        kind = record.labels[0] if record.labels else ""
        seen[kind] = seen.get(kind, 0) + 1
        if seen[kind] <= (1 if kind else NUM_NORMAL):
            chosen.append(record)
    for record in chosen:
        for folder, suffix in (
            ("videos", ".mp4"),
            ("features", FEATURES),
            ("scores", SCORES),
            ("pseudo", PSEUDO),
        ):
            (target / folder).mkdir(parents=True, exist_ok=True)
            name = f"{record.video}{suffix}"
            shutil.copyfile(root / folder / name, target / folder / name)
    (target / "run").mkdir()
    for name in ("checkpoint.safetensors", "metrics.jsonl", "config.toml"):
        shutil.copyfile(root / "run" / name, target / "run" / name)
    truth = read_ground_truth(root / "annotations.txt")
    write_text(target / "annotations.txt", ucf_lines({i.video: truth[i.video] for i in chosen}))
    normal = [item.video for item in chosen if not item.labels]
    held_out = {normal[-1], *(item.video for item in chosen if set(item.labels) & set(HELD_OUT))}
    moved = [
        replace(
            item,
            path=target / "videos" / f"{item.video}.mp4",
            split="test" if item.video in held_out else "train",
        )
        for item in chosen
    ]
    write_manifest(target / "manifest.csv", moved)
    size = sum(path.stat().st_size for path in target.rglob("*") if path.is_file())
    if size > MAX_BYTES:
        raise SystemExit(f"{target} has {size} bytes, more than {MAX_BYTES}")
    print(f"{target}: {len(chosen)} videos, {size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
