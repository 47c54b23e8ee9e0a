"""What inspect says of a labels file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tests.core.labels.samples import empty
from tpwng_core.labels import LabelSegment, label_path, write_labels
from tpwng_core.run.inspect import inspect


def test_labels_are_counted_by_state(tmp_path: Path) -> None:
    said = (
        replace(empty(), category="Abuse")
        .paint(LabelSegment(start=0, end=10, state="abnormal"))
        .paint(LabelSegment(start=10, end=14, state="unknown"))
    )
    path = label_path(tmp_path, said.video)
    write_labels(path, said)
    assert inspect(path) == {
        "kind": "labels",
        "video": said.video,
        "num_frames": 60,
        "fps": "30000/1001",
        "category": "Abuse",
        "reviewed": False,
        "num_segments": 2,
        "num_abnormal_frames": 10,
        "num_normal_frames": 0,
        "num_unknown_frames": 4,
        "num_unset_frames": 46,
    }
