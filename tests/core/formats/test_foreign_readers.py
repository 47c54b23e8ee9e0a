"""Label Studio's SDK and Datumaro accept our files; in an environment of their own."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT
from tests.core.formats.samples import curves, item_of, scores
from tests.core.labels.samples import empty
from tpwng_core.formats import ExportItem, ExportOptions, export
from tpwng_core.labels import LabelSegment

SCRIPT = Path(__file__).with_name("foreign_readers.py")
EFFECTIVE = ExportOptions(source="effective")


@pytest.fixture(scope="session")
def foreign() -> Any:
    """Run a reader; the test skips where ``make readers`` was not run."""
    python = os.environ.get("TPWNG_READERS", str(ROOT / ".venv-readers" / "bin" / "python"))
    if not Path(python).is_file():
        pytest.skip(f"no readers at {python}: make readers, or set TPWNG_READERS")

    def run(kind: str, *paths: Path) -> Any:
        command = [python, str(SCRIPT), kind, *map(str, paths)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    return run


@pytest.fixture
def item() -> ExportItem:
    name = 'ü #1 "odd"'
    said = replace(empty(video=name), category="Abuse")
    said = said.paint(LabelSegment(start=0, end=10, state="abnormal", category="a & <b>"))
    said = said.paint(LabelSegment(start=10, end=20, state="unknown"))
    said = said.paint(LabelSegment(start=50, end=60, state="normal"))
    return replace(item_of(said), scores=scores(name), curves=curves(name))


@pytest.mark.slow
def test_label_studio_accepts_tasks_annotations_and_predictions(
    item: ExportItem, tmp_path: Path, foreign
) -> None:
    tasks, config = export(item, "label-studio", tmp_path, EFFECTIVE)
    assert foreign("label-studio", tasks, config) == {
        "tasks": [True],
        "annotations": [True],
        "predictions": [True],
        "converted": 1,
    }
    (task,) = json.loads(tasks.read_text(encoding="utf-8"))
    first = task["annotations"][0]["result"][0]["value"]
    assert first == {
        "ranges": [{"start": 1, "end": 10}],
        "timelinelabels": ["abnormal (a & <b>)"],
    }
    assert 'framerate="$fps"' in config.read_text(encoding="utf-8")


@pytest.mark.slow
def test_datumaro_reads_tracks_of_cvat(item: ExportItem, tmp_path: Path, foreign) -> None:
    (path,) = export(item, "cvat", tmp_path)
    found = foreign("cvat", path)
    assert [(box["track"], box["frame"], box["outside"]) for box in found] == [
        (0, 0, False),
        (0, 10, True),
        (1, 10, False),
        (1, 20, True),
        (2, 50, False),  # lasts to the end of the video
    ]
    assert found[0]["category"] == "a & <b>"
    assert found[0]["box"] == [0, 0, 320, 240]
