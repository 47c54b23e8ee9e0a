"""The comparison is fair by construction: one search for all, chosen on validation alone."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.core.report.pages import assert_sound
from tests.core.run.studies import small_study, study_options
from tpwng_core.errors import ConfigError
from tpwng_core.events import Message, silent
from tpwng_core.nn.methods import TextInput
from tpwng_core.nn.methods.vadclip import fitting_context
from tpwng_core.nn.text_tower import TextTower
from tpwng_core.run.compare import (
    ALL,
    FACTORS,
    CompareRequest,
    choose_best,
    choose_last,
    compare,
    factors_of,
    method_settings,
)
from tpwng_core.run.compare_report import BEST, LAST
from tpwng_core.run.fits import FOLDER, FitResult, Outcome


def outcome(epoch: int, video_auc: float, auc: float) -> Outcome:
    metrics = {"auc": auc, "ap": auc}
    return Outcome(epoch=epoch, video_auc=video_auc, metrics=metrics, roc={}, pr={})


def result(last: tuple[float, float], best: tuple[float, float]) -> FitResult:
    """(validation, test) of the last and of the best epoch."""
    return FitResult(last=outcome(9, *last), best=outcome(4, *best), num_steps=9, seconds=1.0)


SEARCHED = {
    0.3: result((0.6, 0.99), (0.9, 0.55)),
    1.0: result((0.7, 0.98), (0.8, 0.99)),
    3.0: result((0.8, 0.51), (0.8, 0.98)),
}


def test_rate_and_epoch_are_chosen_by_validation_whatever_the_test_says() -> None:
    last, best = choose_last(SEARCHED), choose_best(SEARCHED)
    assert (last.factor, last.outcome.epoch, last.outcome.metrics["auc"]) == (3.0, 9, 0.51)
    assert (best.factor, best.outcome.epoch, best.outcome.metrics["auc"]) == (0.3, 4, 0.55)


def test_other_test_numbers_change_no_choice() -> None:
    turned = {
        factor: replace(
            item,
            last=replace(item.last, metrics={"auc": 1 - factor / 4, "ap": 0.0}),
            best=replace(item.best, metrics={"auc": factor / 4, "ap": 1.0}),
        )
        for factor, item in SEARCHED.items()
        if item.best is not None
    }
    assert choose_last(turned).factor == choose_last(SEARCHED).factor
    assert choose_best(turned).factor == choose_best(SEARCHED).factor


def test_of_equals_the_settings_own_rate_is_kept() -> None:
    same = {factor: result((0.7, 0.1), (0.7, 0.1)) for factor in FACTORS}
    assert choose_last(same).factor == choose_best(same).factor == 1.0


def test_every_trained_method_gets_the_same_search() -> None:
    assert {factors_of(name) for name in ALL if name != "zero-shot"} == {FACTORS}
    assert factors_of("zero-shot") == (1.0,)


@pytest.fixture(scope="module")
def out(bench: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three methods on two seeds."""
    folder = tmp_path_factory.mktemp("comparison")
    options = study_options(bench, folder, num_seeds=2)
    compare(CompareRequest(**options, methods=("supervised", "zero-shot", "sultani")), silent)
    return folder


@pytest.fixture(scope="module")
def content(out: Path) -> dict[str, Any]:
    return dict(json.loads((out / "comparison.json").read_text()))


def test_tpwng_and_the_named_methods_run(out: Path, content: dict[str, Any]) -> None:
    rows = ["TPWNG", "zero-shot CLIP", "MIL ranking", "supervised bound"]
    assert [list(content["tables"][kind]) for kind in (LAST, BEST)] == [rows, rows]
    # two seeds: three methods at three rates, zero-shot once
    assert len(list((out / FOLDER).iterdir())) == 2 * (3 * 3 + 1)


def test_every_fit_saw_the_same_number_of_bags(out: Path) -> None:
    files = [json.loads(path.read_text()) for path in (out / FOLDER).iterdir()]
    steps = {item["result"]["num_steps"] for item in files if item["key"]["method"] != "zero-shot"}
    assert len(steps) == 1
    sizes = {item["key"]["settings"]["training"]["batch_size"] for item in files}
    assert len(sizes) == 1


def test_last_and_best_epoch_are_reported_apart(content: dict[str, Any]) -> None:
    assert {
        item["epoch"] for key, item in content["chosen"][LAST].items() if "zero" not in key
    } == {2}
    for key, best in content["chosen"][BEST].items():
        assert best["video_auc"] >= content["chosen"][LAST][key]["video_auc"]


def test_differences_are_paired_by_seed_with_their_sign(out: Path, content: dict[str, Any]) -> None:
    table = content["tables"][LAST]
    ours, theirs = table["TPWNG"]["AUC"]["values"], table["MIL ranking"]["AUC"]["values"]
    with (out / "comparison.csv").open(newline="") as stream:
        lines = [line for line in csv.DictReader(stream) if line["variant"] == "MIL ranking"]
    mean = sum(b - a for a, b in zip(ours, theirs, strict=True)) / 2
    assert float(lines[0]["difference"]) == pytest.approx(mean, abs=1e-6)
    reader = assert_sound((out / "comparison.html").read_text())
    assert f"{100 * (ours[0] - theirs[0]):+.1f}" in reader.text
    assert "No choice was made on test labels" in reader.text


def test_the_bound_is_left_out_aloud_where_nobody_knows_the_truth(
    bench: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tpwng_core.run.compare.FACTORS", (1.0,))
    options = study_options(bench, tmp_path, train_ground_truth=None)
    with pytest.raises(ConfigError, match="--train-ground-truth"):
        compare(CompareRequest(**options, methods=("supervised",)), silent)
    heard: list[object] = []
    quick = study_options(
        bench, tmp_path, "training.epochs=0", "training.steps=1", train_ground_truth=None
    )
    content = compare(CompareRequest(**quick), heard.append)
    assert "supervised bound" not in content["tables"][LAST]
    assert len(content["tables"][LAST]) == len(ALL) - 1
    said = [event.text for event in heard if isinstance(event, Message)]
    assert "no --train-ground-truth was given: the supervised bound is left out" in said


def test_an_unknown_method_is_an_error(bench: Path, tmp_path: Path) -> None:
    request = CompareRequest(**study_options(bench, tmp_path), methods=("sultany",))
    with pytest.raises(ConfigError, match="no method 'sultany'"):
        compare(request, silent)


def test_there_is_no_search_without_validation(bench: Path, tmp_path: Path) -> None:
    request = CompareRequest(**study_options(bench, tmp_path, "validation.share=0.0"))
    with pytest.raises(ConfigError, match="chooses learning rates on validation") as found:
        compare(request, silent)
    assert "validation.share" in found.value.hint


def test_the_bound_has_tpwngs_own_temporal_half(bench: Path) -> None:
    study = small_study(bench, "temporal.softness=7.0")
    assert method_settings("supervised", study, silent)["softness"] == 7.0
    assert method_settings("sultani", study, silent) == {}


def test_vadclips_context_shrinks_aloud_where_the_clip_reads_few_tokens(
    bench: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = small_study(bench)
    assert method_settings("vadclip", study, silent)["num_before"] == 10
    monkeypatch.setattr(TextTower, "context_length", property(lambda self: 20))
    heard: list[object] = []
    settings = method_settings("vadclip", study, heard.append)
    assert settings["num_before"] == settings["num_after"] < 10
    assert isinstance(heard[0], Message)
    assert "reads 20 tokens" in heard[0].text
    text = study.problem.text
    assert isinstance(text, TextInput)
    longest = max(len(text.tower.tokenize(words)) for words in text.texts)
    assert longest + 2 + 2 * fitting_context(text, 10) <= 20
