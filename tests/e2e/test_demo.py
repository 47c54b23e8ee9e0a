"""A small demo from drawing to report, as a newcomer runs it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tpwng_core.errors import ConfigError
from tpwng_core.events import Progress, silent
from tpwng_core.run.demo import DemoRequest, demo
from tpwng_core.world import DatasetCounts

pytestmark = pytest.mark.slow

COUNTS = DatasetCounts(train_abnormal=6, train_normal=4, test_abnormal=2, test_normal=2)
QUICK = ("training.epochs=2",)


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    demo(request_of(folder), silent)
    return folder


def request_of(folder: Path, **more) -> DemoRequest:
    fields = {"seed": 10_003, "num_seeds": 2, "counts": COUNTS, "overrides": QUICK}
    return DemoRequest(out=folder, device="cpu", **{**fields, **more})


def test_the_promised_files_are_there(out: Path) -> None:
    for name in ("videos", "manifest.csv", "features", "run", "scores", "pseudo"):
        assert (out / name).exists(), name
    for name in ("annotations.txt", "report.json", "report.html"):
        assert (out / name).is_file(), name
    assert (out / "seeds" / "10004" / "run" / "checkpoint.safetensors").is_file()


def test_the_report_compares_over_seeds(out: Path) -> None:
    report = json.loads((out / "report.json").read_text())
    assert report["seeds"] == [10_003, 10_004]
    for name in ("auc", "ap", "auc_zero_shot", "auc_mil", "auc_supervised"):
        assert 0 <= report[name] <= 1
    by_seed = [report["by_seed"][str(seed)]["tpwng"]["auc"] for seed in report["seeds"]]
    assert report["auc"] == pytest.approx(sum(by_seed) / 2)
    assert set(report["paired_differences"]) == {"zero_shot", "mil", "supervised"}
    assert {"render", "extract", "train", "compare", "report"} <= report["seconds"].keys()


def test_the_page_stands_alone_and_says_what_it_is(out: Path) -> None:
    page = (out / "report.html").read_text()
    assert "no benchmark" in page
    assert "http://" not in page.replace("http://www.w3.org", "")
    assert page.count("<svg") >= 4


def test_a_second_run_draws_and_trains_nothing_again(out: Path) -> None:
    kept = [*(out / "videos").glob("*"), out / "run" / "checkpoint.safetensors"]
    before = {path: path.stat().st_mtime_ns for path in kept}
    steps: list[Progress] = []
    demo(
        request_of(out),
        lambda event: (
            steps.append(event) if isinstance(event, Progress) and event.unit == "step" else None
        ),
    )
    assert not steps
    assert {path: path.stat().st_mtime_ns for path in kept} == before


def test_the_folder_of_another_seed_is_left_alone(out: Path) -> None:
    with pytest.raises(ConfigError, match="seed 10003"):
        demo(request_of(out, seed=10_005), silent)
