"""The paper's tables without a download: synth, ablate and compare as a person types them."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.core.report.pages import assert_sound
from tpwng_core.cli import main
from tpwng_core.events import silent
from tpwng_core.run.synth import synth
from tpwng_core.synthetic import Counts

pytestmark = pytest.mark.slow

SMALL = Counts(train_abnormal=24, train_normal=12, test_abnormal=6, test_normal=4)
QUICK = ("--set", "training.epochs=2", "--set", "validation.share=0.3", "--device", "cpu")


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("xd-like")
    synth("xd-like-plain", 10_002, folder, silent, counts=SMALL)
    return folder


def words(verb: str, bench: Path, out: Path, *more: str) -> list[str]:
    given = {
        "--manifest": bench / "manifest.csv",
        "--features": bench / "features",
        "--ground-truth": bench / "annotations.csv",
        "--train-ground-truth": bench / "train_annotations.csv",
        "--config": bench / "settings.toml",
        "--out": out,
    }
    return [verb, *(str(word) for pair in given.items() for word in pair), *QUICK, *more]


def run(capsys: pytest.CaptureFixture[str], line: list[str]) -> tuple[dict[str, Any], str]:
    capsys.readouterr()
    assert main(line) == 0
    captured = capsys.readouterr()
    return json.loads(captured.out), captured.err


def test_ablate_and_compare_end_to_end(
    bench: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line = words("ablate", bench, tmp_path, "--tables", "2,3,4,5", "--seeds", "2")
    content, said = run(capsys, line)
    assert [len(content["tables"][title]) for title in list(content["tables"])[:4]] == [3, 2, 5, 5]
    assert "Table 5: loss terms" in said
    assert "stand in the paper's order" in said
    assert_sound((tmp_path / "ablation.html").read_text())
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "fits").iterdir()}
    again, said = run(capsys, line)
    assert again == content
    assert "fits were done already" in said
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "fits").iterdir()} == before

    content, said = run(capsys, words("compare", bench, tmp_path, "--seeds", "2"))
    assert [len(table) for table in content["tables"].values()] == [8, 8]
    assert "supervised bound" in said
    assert_sound((tmp_path / "comparison.html").read_text())


def test_interrupted_it_keeps_finished_fits_and_goes_on(bench: Path, tmp_path: Path) -> None:
    line = words("ablate", bench, tmp_path, "--tables", "4", "--seeds", "1", "--quiet")
    command = [sys.executable, "-m", "tpwng_core", *line]
    started = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    fits = tmp_path / "fits"
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and not list(fits.glob("[!.]*.json")):
        time.sleep(0.02)
    started.terminate()
    _, said = started.communicate(timeout=60)
    assert started.returncode == 130, said
    kept = {path.name for path in fits.glob("[!.]*.json")}
    assert kept
    done = subprocess.run(command, capture_output=True, check=True)
    assert kept < {path.name for path in fits.glob("[!.]*.json")}
    assert json.loads(done.stdout)["tables"]
