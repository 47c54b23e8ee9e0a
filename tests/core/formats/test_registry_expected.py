"""What an export says it reads back as is what reading it back gives."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from tpwng_core.errors import ConfigError
from tpwng_core.formats import ExportItem, ExportOptions, expected, export, read_annotations
from tpwng_core.labels import LabelSegment, VideoLabels


def item() -> ExportItem:
    segments = (
        LabelSegment(start=3, end=9, state="abnormal", category="fire", author="me"),
        LabelSegment(start=20, end=30, state="unknown"),
    )
    labels = VideoLabels(video="v", num_frames=50, fps=Fraction(25), segments=segments)
    return ExportItem(video="v", num_frames=50, fps=Fraction(25), labels=labels)


@pytest.mark.parametrize("unknown", ["error", "omit", "normal"])
def test_reading_back_gives_what_was_expected(tmp_path: Path, unknown) -> None:
    options = ExportOptions(unknown=unknown)
    path = export(item(), "segments-csv", tmp_path / "a.csv", options)[0]
    wanted = expected([item()], "segments-csv", options)
    (found,) = read_annotations(path, "segments-csv")
    assert [(mark.start, mark.end, mark.state) for mark in found.marks] == [
        (mark.start, mark.end, mark.state) for mark in wanted[0].marks
    ]
    assert len(wanted[0].marks) == (1 if unknown == "omit" else 2)


def test_what_cannot_be_exported_is_not_expected_either() -> None:
    with pytest.raises(ConfigError, match="unknown"):
        expected([item()], "ucf-crime")
