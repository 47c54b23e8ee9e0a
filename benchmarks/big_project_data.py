"""A project of 300 videos and 10 GB of features for ``big_project.py``.

What is real and what is not: videos of 4.9 hours and 524,288 frames, which are links to one small
file (its first 8,192 frames, repeated without encoding again); pseudo-curves, scores, labels and
ground truth of the full length, curves and scores in ten kinds that are copied; feature files
with a true header whose rows are a hole in the file (the window never reads rows). ``scan.json``
is as an earlier opening left it.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from benchmarks.search import STRIDE, feature_set
from benchmarks.timeline import made_curve
from tpwng_core.datasets import VideoRecord, write_manifest
from tpwng_core.features import SUFFIX as FEATURES_SUFFIX
from tpwng_core.features import write_features
from tpwng_core.files import asset, write_text
from tpwng_core.labels import LabelSegment, VideoLabels, label_path, write_labels
from tpwng_core.pseudocurves import SUFFIX, PseudoCurves, read_pseudo_curves, write_pseudo_curves
from tpwng_core.scores import SUFFIX as SCORES_SUFFIX
from tpwng_core.scores import Scores, read_scores, write_scores
from tpwng_studio.project.project import Project
from tpwng_studio.project.scanning import scan_video, write_scans

BLOCK, FPS = 8192, 30
NUM_KINDS = 10
NUM_SEGMENTS = 20
CATEGORY = "fire"
DIM, BYTES_A_VALUE = 512, 2


def snippets_for(gigabytes: float, num_videos: int) -> int:
    """Snippets of each video, so that all feature files together have that size."""
    rows = gigabytes * 1e9 / num_videos / (DIM * BYTES_A_VALUE)
    per_block = BLOCK // STRIDE
    return max(1, round(rows / per_block)) * per_block


def write_project(folder: Path, num_videos: int, num_snippets: int) -> float:
    """Write it all; gigabytes of the feature files, as the file system lists them."""
    names = [f"camera_{number:03}" for number in range(num_videos)]
    _write_videos(folder, names, num_snippets * STRIDE)
    for number, name in enumerate(names):
        _write_artifacts(folder, name, number, num_snippets)
    miniature = asset("demo/miniature")
    shutil.copytree(miniature / "run", folder / "runs" / "demo")
    records = [
        VideoRecord(video=name, labels=(CATEGORY,) if number % 2 else (), split="test")
        for number, name in enumerate(names)
    ]
    write_manifest(folder / "manifest.csv", records)
    truth = [
        f"{name},{num_snippets},{2 * num_snippets},{CATEGORY}" if number % 2 else f"{name},,,"
        for number, name in enumerate(names)
    ]
    lines = ["video,start_frame,end_frame,category", *truth]
    write_text(folder / "truth.csv", "\n".join(lines) + "\n")
    project = Project.create(
        folder,
        [folder / "videos"],
        checkpoint=folder / "runs" / "demo" / "checkpoint.safetensors",
        manifest=folder / "manifest.csv",
        ground_truth=folder / "truth.csv",
    )
    project.close()
    _write_scans(folder, names)
    return sum(path.stat().st_size for path in (folder / "features").iterdir()) / 1e9


def _write_videos(folder: Path, names: list[str], num_frames: int) -> None:
    """One film of a moving block, then links to it."""
    videos = folder / "videos"
    videos.mkdir(parents=True)
    first = videos / f"{names[0]}.mp4"
    block = folder / "block.mp4"
    _encode(block, min(BLOCK, num_frames))
    _repeat(block, first, num_frames)
    block.unlink()
    for name in names[1:]:
        os.link(first, videos / f"{name}.mp4")


def _encode(path: Path, num_frames: int) -> None:
    options = {"g": "250", "preset": "ultrafast", "tune": "zerolatency", "crf": "30"}
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=FPS, options=options)
        stream.width, stream.height, stream.pix_fmt = 160, 120, "yuv420p"
        for number in range(num_frames):
            picture = np.full((120, 160, 3), 90, np.uint8)
            left = number % 128
            picture[40:72, left : left + 32] = (200, 60, 40)
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, FPS)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def _repeat(block: Path, path: Path, num_frames: int) -> None:
    """The packets of ``block`` again and again, each time later."""
    with av.open(str(block)) as source, av.open(str(path), "w") as target:
        template = source.streams.video[0]
        stream = target.add_stream_from_template(template)
        packets = [packet for packet in source.demux(template) if packet.size]
        ticks = int(1 / (FPS * template.time_base))
        data = [(bytes(packet), packet.is_keyframe) for packet in packets]
        for number in range(num_frames):
            content, is_keyframe = data[number % len(data)]
            packet = av.Packet(content)
            packet.stream, packet.time_base = stream, template.time_base
            packet.pts = packet.dts = number * ticks
            packet.duration, packet.is_keyframe = ticks, is_keyframe
            target.mux(packet)


def _write_artifacts(folder: Path, name: str, number: int, num_snippets: int) -> None:
    """Features, curves, scores and labels of a video: new for each kind, then copies."""
    kind = f"camera_{number % NUM_KINDS:03}"
    for room in ("features", "pseudo", "scores"):
        (folder / room).mkdir(exist_ok=True)
    places = {
        folder / "pseudo": SUFFIX,
        folder / "scores": SCORES_SUFFIX,
    }
    if number < NUM_KINDS:
        curves, scores = _curves(name, number, num_snippets)
        write_pseudo_curves(folder / "pseudo" / f"{name}{SUFFIX}", curves)
        write_scores(folder / "scores" / f"{name}{SCORES_SUFFIX}", scores)
    else:
        for place, suffix in places.items():
            shutil.copyfile(place / f"{kind}{suffix}", place / f"{name}{suffix}")
    _write_features(folder / "features", name, num_snippets)
    if number % 3:
        write_labels(label_path(folder / "labels", name), _labels(name, num_snippets * STRIDE))


def _write_features(folder: Path, name: str, num_snippets: int) -> None:
    """A true file for the first video; for the others its beginning, and a hole behind it."""
    path = folder / f"{name}{FEATURES_SUFFIX}"
    first = next(folder.glob(f"*{FEATURES_SUFFIX}"), None)
    if first is None:
        rows = np.zeros((num_snippets, DIM), dtype=np.float16)
        rows[:, 0] = 1
        write_features(path, feature_set(name, rows))
        return
    with first.open("rb") as source, path.open("wb") as target:
        head = source.read(8)
        target.write(head + source.read(int.from_bytes(head, "little")))
        target.truncate(first.stat().st_size)


def _curves(name: str, number: int, num_snippets: int) -> tuple[PseudoCurves, Scores]:
    """The miniature's curves at another length, with events and noise of their own."""
    rng = np.random.default_rng(number)
    miniature = asset("demo/miniature")
    before = read_pseudo_curves(miniature / "pseudo" / f"test_fire_001{SUFFIX}")
    num_frames = num_snippets * STRIDE
    num_columns, num_heads = before.similarity.shape[1], before.span.shape[1]
    similarity = np.stack([made_curve(rng, num_snippets) for _ in range(num_columns)], axis=1)
    unit = np.clip(made_curve(rng, num_snippets), 0, 1)
    starts = np.arange(0, num_frames, STRIDE, dtype=np.int32)
    pts = np.arange(num_frames, dtype=np.int64)
    timing = {"num_frames": num_frames, "fps": f"{FPS}/1", "time_base": f"1/{FPS}"}
    curves = replace(
        before,
        video=name,
        s_normal=similarity[:, -1],
        s_abnormal=unit,
        psi=unit,
        pseudo_label=(unit > 0.55).astype(np.int8),
        similarity=similarity,
        span=rng.uniform(4, 20, (num_snippets, num_heads)).astype(np.float32),
        snippet_start=starts,
        pts=pts,
        meta={**before.meta, **timing},
    )
    scores = replace(
        read_scores(miniature / "scores" / f"test_fire_001{SCORES_SUFFIX}"),
        video=name,
        score=np.repeat(unit, STRIDE),
        snippet_score=unit,
        snippet_start=starts,
        pts=pts,
    )
    return curves, replace(scores, meta={**scores.meta, **timing})


def _labels(name: str, num_frames: int) -> VideoLabels:
    """Some work of a person."""
    places = np.linspace(0, num_frames - 60, NUM_SEGMENTS).astype(int).tolist()
    segments = tuple(LabelSegment(start=at, end=at + 50, state="abnormal") for at in places)
    return VideoLabels(video=name, num_frames=num_frames, fps=Fraction(FPS), segments=segments)


def _write_scans(folder: Path, names: list[str]) -> None:
    """What an earlier opening would have left; links would be told to be copies of one another."""
    scan = scan_video(folder / "videos" / f"{names[0]}.mp4")
    write_scans(folder, {name: replace(scan, fingerprint=name) for name in names})
