"""Whatever an export is made of, reading it back gives what was said it would."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.core.formats.samples import clock_of, curves, item_of, scores
from tests.core.labels.samples import empty
from tpwng_core.errors import ArtifactError
from tpwng_core.formats import (
    FORMATS,
    ExportItem,
    ExportOptions,
    Format,
    ImportOptions,
    Source,
    expected,
    export,
    preview,
    pseudo_runs,
    read_annotations,
)
from tpwng_core.groundtruth import Interval
from tpwng_core.labels import ABNORMAL, LabelSegment, Runs

READABLE = [item for item in FORMATS.values() if item.can_read and item.can_write]
VIDEO = "v=S-7r__#1_label_B1-0-0"


@pytest.fixture
def item() -> ExportItem:
    said = replace(empty(video=VIDEO), category="Abuse", reviewed=True)
    said = said.paint(LabelSegment(start=3, end=20, state="abnormal", category="Abuse"))
    said = said.paint(LabelSegment(start=20, end=22, state="normal"))
    said = said.paint(LabelSegment(start=33, end=60, state="unknown"))
    times = np.cumsum(np.arange(60) % 5 * 700 + 1500)
    truth = (Interval(start=0, end=7, category="Abuse"), Interval(start=7, end=60, category="B6"))
    base = item_of(said, times)
    return replace(base, curves=curves(VIDEO), scores=scores(VIDEO), truth=truth)


@pytest.mark.parametrize("source", ["human", "effective", "pseudo", "truth"])
@pytest.mark.parametrize("form", READABLE, ids=lambda form: form.name)
def test_what_was_expected_comes_back(
    item: ExportItem, tmp_path: Path, form: Format, source: Source
) -> None:
    omits = "unknown" not in form.states
    options = ExportOptions(source=source, unknown="omit" if omits else "error", slots="widen")
    path = export(item, form.name, tmp_path, options)[0]
    clock = clock_of(item)
    found = read_annotations(path, form.name, ImportOptions(clocks={VIDEO: clock}))
    wanted = expected([item], form.name, options)
    assert found == [replace(one, num_frames=60, fps=clock.fps) for one in wanted]
    assert found[0].marks


def test_pseudo_labels_fill_what_people_left_open(item: ExportItem) -> None:
    assert item.curves is not None
    assert item.labels is not None
    inferred = pseudo_runs(item.curves, 60).as_array()
    (said,) = expected([item], "npz", ExportOptions(source="effective"))
    states = item.labels.as_array()
    for frame in range(60):
        over = [mark for mark in said.marks if mark.start <= frame < mark.end]
        if states[frame] != -2:
            assert [mark.origin for mark in over] == ["human"]
        else:
            assert [mark.origin for mark in over] == ["pseudo"] * int(inferred[frame] == ABNORMAL)


def test_pseudo_labels_of_other_settings_can_be_given(item: ExportItem) -> None:
    tuned = replace(item, pseudo=Runs.painted([(30, 40, ABNORMAL)], 60, base=0))
    shown = preview([tuned], "segments-csv", ExportOptions(source="pseudo"))
    assert shown.splitlines()[1].startswith(f"{VIDEO},30,40,")
    assert len(shown.splitlines()) == 2


def test_scores_of_a_segment_are_those_of_its_frames(item: ExportItem) -> None:
    assert item.scores is not None
    (said,) = expected([item], "npz", ExportOptions())
    first = said.marks[0]
    assert first.mean_score == pytest.approx(float(item.scores.score[3:20].mean()))
    assert first.max_score == pytest.approx(float(item.scores.score[3:20].max()))


def test_labels_of_another_length_are_told(item: ExportItem, tmp_path: Path) -> None:
    with pytest.raises(ArtifactError, match="of 60 frames, it has 61"):
        export(replace(item, num_frames=61), "segments-csv", tmp_path)
