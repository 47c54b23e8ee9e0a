"""evaluate takes ground truth from any format that can be imported."""

from __future__ import annotations

from pathlib import Path

import pytest

from tpwng_core.errors import DatasetError
from tpwng_core.events import silent
from tpwng_core.files import asset
from tpwng_core.formats import ExportOptions, export
from tpwng_core.run.evaluate import EvaluateRequest, evaluate_scores
from tpwng_core.run.gathering import NOWHERE, gather


def evaluated(truth: Path, out: Path) -> dict:
    scores = asset("demo/miniature") / "scores"
    request = EvaluateRequest(scores=scores, ground_truth=truth, out=out / "report.json")
    found = evaluate_scores(request, silent)
    del found["report"]
    return found


@pytest.mark.parametrize("name", ["segments-csv", "activitynet", "via", "label-studio", "parquet"])
def test_the_numbers_are_those_of_the_benchmarks_own_file(tmp_path: Path, name: str) -> None:
    miniature = asset("demo/miniature")
    items = gather(miniature, NOWHERE)
    path = export(items, name, tmp_path, ExportOptions(source="truth"))[0]
    wanted = evaluated(miniature / "annotations.txt", tmp_path)
    assert wanted["num_videos"] == 8
    assert evaluated(path, tmp_path) == wanted


def test_times_without_a_clock_are_told(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text('{"version": "x", "database": {"other": {"annotations": []}}}', "utf-8")
    with pytest.raises(DatasetError, match="frame rate of other is not known"):
        evaluated(path, tmp_path)
