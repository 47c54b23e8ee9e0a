"""Ablations as a person runs them, on the small benchmark with two steps a fit."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.core.report.pages import assert_sound
from tests.core.run.studies import study_options
from tpwng_core.errors import ConfigError
from tpwng_core.events import Message, silent
from tpwng_core.run.ablate import AblateRequest, ablate
from tpwng_core.run.fits import FOLDER
from tpwng_core.run.variants import SWEEPS


@pytest.fixture(scope="module")
def out(bench: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Table 4 on two seeds."""
    folder = tmp_path_factory.mktemp("ablation")
    ablate(AblateRequest(**study_options(bench, folder, num_seeds=2), tables=(3, 4)), silent)
    return folder


@pytest.fixture(scope="module")
def content(out: Path) -> dict[str, Any]:
    return dict(json.loads((out / "ablation.json").read_text()))


def test_each_shared_variant_is_trained_once_per_seed(out: Path) -> None:
    # full, w/o NG, TF-encoder, MTN, GL-MHSA, TCSAL with the printed R; R = 16 is the run's own
    assert len(list((out / FOLDER).iterdir())) == 2 * 6


def test_a_table_has_the_papers_rows_with_its_numbers(content: dict[str, Any]) -> None:
    table = content["tables"]["Table 4: temporal module"]
    papers = [row["AUC"]["paper"] for row in table.values()]
    assert papers == [0.8512, 0.8622, 0.8643, 0.8779, None]
    assert [row["AP"]["paper"] for row in table.values()][3] == 0.8368
    assert list(table)[4] == "w TCSAL, R = 256"
    for row in table.values():
        assert len(row["AUC"]["values"]) == 2
        assert row["AUC"]["mean"] == pytest.approx(sum(row["AUC"]["values"]) / 2)


def test_every_row_took_its_own_path(content: dict[str, Any]) -> None:
    values = [
        tuple(row["AUC"]["values"])
        for title in ("Table 3: normality guidance", "Table 4: temporal module")
        for name, row in content["tables"][title].items()
        if name != "w NG"
    ]
    assert len(set(values)) == len(values)


def test_pseudo_labels_are_judged_where_the_truth_is_known(content: dict[str, Any]) -> None:
    rows = content["tables"]["Pseudo-labels of the training videos"]
    assert list(rows) == ["w/o NG", "full method"]
    assert 0 < rows["full method"]["psi AUC"]["mean"] < 1


def test_the_order_is_compared_with_the_papers(content: dict[str, Any]) -> None:
    order = content["order"]["Table 4: temporal module"]["AUC"]
    assert order["num_pairs"] == 6
    assert 0 <= order["num_clear_same"] <= order["num_same"] <= 6


def test_csv_and_page_hold_the_same_tables(out: Path, content: dict[str, Any]) -> None:
    with (out / "ablation.csv").open(newline="") as stream:
        lines = list(csv.DictReader(stream))
    full = [line for line in lines if line["variant"] == "w TCSAL" and line["metric"] == "AUC"]
    mean = content["tables"]["Table 4: temporal module"]["w TCSAL"]["AUC"]["mean"]
    assert float(full[0]["mean"]) == pytest.approx(mean, abs=1e-6)
    reader = assert_sound((out / "ablation.html").read_text())
    assert "Table 4: temporal module" in reader.text
    assert "compare the order of rows, not the digits" in reader.text


def test_sensitivity_trains_each_value_and_reuses_the_full_method(
    bench: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = {"alpha": (0.0, 0.8), "theta": (0.25,), "R": (1.0, 256.0)}
    short = tuple(replace(sweep, values=few[sweep.name]) for sweep in SWEEPS)
    monkeypatch.setattr("tpwng_core.run.ablate.SWEEPS", short)
    heard: list[object] = []
    request = AblateRequest(**study_options(bench, tmp_path), tables=(3,), sensitivity=True)
    content = ablate(request, heard.append)
    assert list(content["tables"]["Sensitivity to R"]) == ["R = 1", "R = 16", "R = 256"]
    assert content["tables"]["Sensitivity to alpha"]["alpha = 0.2"] == {
        name: {**numbers, "paper": None}
        for name, numbers in content["tables"]["Table 3: normality guidance"]["w NG"].items()
    }
    # the full method and "w/o NG", which is alpha 0, are there already
    assert len(list((tmp_path / FOLDER).iterdir())) == 2 + 1 + 1 + 2
    said = [event.text for event in heard if isinstance(event, Message)]
    assert any(text.startswith("Sensitivity to theta\n") for text in said)
    assert_sound((tmp_path / "ablation.html").read_text())


def test_without_guidance_there_is_nothing_to_ablate(bench: Path, tmp_path: Path) -> None:
    options = study_options(bench, tmp_path, "pseudolabels.alpha=0.0")
    with pytest.raises(ConfigError, match="no normality guidance"):
        ablate(AblateRequest(**options), silent)
