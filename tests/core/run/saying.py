"""What a person says of the videos of a small world, as label files."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from tpwng_core.datasets import read_manifest
from tpwng_core.features import open_feature_folder
from tpwng_core.labels import LabelSegment, VideoLabels, label_path, write_labels


def say(bench: Path, folder: Path, split: str, num_videos: int = 6) -> list[str]:
    """A person says that the first 16 frames of some abnormal videos are abnormal."""
    features = open_feature_folder(bench / "features")
    records = [record for record in read_manifest(bench / "manifest.csv") if record.labels]
    videos = [record.video for record in records if record.split == split][:num_videos]
    for video in videos:
        labels = VideoLabels(
            video=video,
            num_frames=features[video].num_frames,
            fps=Fraction(30),
            segments=(LabelSegment(start=0, end=16, state="abnormal"),),
        )
        write_labels(label_path(folder, video), labels)
    return videos
