"""Labelling as a person uses it: categories given, assumed or normal; alpha and theta."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.core.run.conftest import NUM_VIDEOS
from tpwng_core.checkpoint import read_checkpoint, write_checkpoint
from tpwng_core.errors import ConfigError, DatasetError
from tpwng_core.events import Event, Message, silent
from tpwng_core.features import SUFFIX
from tpwng_core.pseudocurves import read_pseudo_folder
from tpwng_core.pseudolabels import PseudoLabelConfig, infer, segments
from tpwng_core.run.label import LabelRequest, label
from tpwng_core.similarity import flat_below


def request_of(bench: Path, run: Path, out: Path, **more) -> LabelRequest:
    fields = {
        "inputs": [bench / "features"],
        "checkpoint": run / "checkpoint.safetensors",
        "manifest": bench / "manifest.csv",
    }
    return LabelRequest(**{**fields, "out": out, "device": "cpu", **more})


def test_abnormal_videos_get_labels_and_normal_ones_none(
    bench: Path, run_folder: Path, tmp_path: Path
) -> None:
    summary = label(request_of(bench, run_folder, tmp_path), silent)
    assert (summary["labelled"], summary["assumed"]) == (NUM_VIDEOS, 0)
    for curves in read_pseudo_folder(tmp_path).values():
        assert curves.similarity.shape == (len(curves.psi), 14)
        assert curves.span.shape == (len(curves.psi), 4)
        if curves.meta["category"]:
            assert curves.psi.min() == 0
            assert curves.psi.max() == 1
            assert (curves.pseudo_label == (curves.psi >= curves.meta["theta"])).all()
            assert 0 < curves.pseudo_label.sum() < len(curves.psi)
        else:
            assert not curves.psi.any()
            assert not curves.pseudo_label.any()


def test_psi_is_that_of_the_stored_similarities(
    bench: Path, run_folder: Path, tmp_path: Path
) -> None:
    label(request_of(bench, run_folder, tmp_path, alpha=0.7, theta=0.3), silent)
    categories = None
    for curves in read_pseudo_folder(tmp_path).values():
        if not curves.meta["category"]:
            continue
        categories = categories or _category_ids(run_folder)
        chosen = [categories.index(name) for name in curves.meta["category"]]
        settings = PseudoLabelConfig(alpha=0.7, theta=0.3)
        again = infer(curves.s_normal, curves.similarity, chosen, settings, flat_below(5.0))
        assert np.allclose(again.psi, curves.psi, atol=1e-6)
        assert np.array_equal(again.pseudo_label, curves.pseudo_label)


def test_smoothing_and_cleaning_follow_the_threshold_and_are_said(
    bench: Path, run_folder: Path, tmp_path: Path
) -> None:
    tidy = {"smoothing": 3, "min_duration": 3, "merge_gap": 2}
    label(request_of(bench, run_folder, tmp_path / "plain", theta=0.4), silent)
    label(request_of(bench, run_folder, tmp_path / "tidy", theta=0.4, **tidy), silent)
    plain, num_changed = read_pseudo_folder(tmp_path / "plain"), 0
    for video, curves in read_pseudo_folder(tmp_path / "tidy").items():
        assert {name: curves.meta[name] for name in tidy} == tidy
        before = plain[video]
        assert before.meta["smoothing"] == 1
        if not curves.meta["category"]:
            assert not curves.pseudo_label.any()
            continue
        assert curves.psi == pytest.approx(_mean_of_three(before.psi), abs=1e-6)
        runs = segments(curves.pseudo_label)
        assert all(end - start >= 3 for start, end in runs)
        assert all(after[0] - run[1] > 2 for run, after in pairwise(runs))
        num_changed += not np.array_equal(curves.pseudo_label, before.pseudo_label)
    assert num_changed


def test_cleaning_that_is_not_asked_for_is_the_runs(
    bench: Path, run_folder: Path, tmp_path: Path
) -> None:
    checkpoint = read_checkpoint(run_folder / "checkpoint.safetensors")
    settings = {**checkpoint.meta.config["pseudolabels"], "min_duration": 10_000}
    meta = replace(checkpoint.meta, config={**checkpoint.meta.config, "pseudolabels": settings})
    write_checkpoint(tmp_path / "run/checkpoint.safetensors", replace(checkpoint, meta=meta))
    label(request_of(bench, tmp_path / "run", tmp_path / "run's"), silent)
    assert not any(
        item.pseudo_label.any() for item in read_pseudo_folder(tmp_path / "run's").values()
    )
    label(request_of(bench, tmp_path / "run", tmp_path / "asked", min_duration=0), silent)
    assert any(item.pseudo_label.any() for item in read_pseudo_folder(tmp_path / "asked").values())


def test_without_a_manifest_the_category_is_assumed_and_said_so(
    bench: Path, run_folder: Path, tmp_path: Path
) -> None:
    summary = label(request_of(bench, run_folder, tmp_path, manifest=None), silent)
    assert summary["assumed"] == NUM_VIDEOS
    assert all(curves.meta["assumed"] for curves in read_pseudo_folder(tmp_path).values())


def test_one_category_for_all_inputs(bench: Path, run_folder: Path, tmp_path: Path) -> None:
    request = request_of(bench, run_folder, tmp_path, manifest=None, category="arson")
    label(request, silent)
    found = {tuple(item.meta["category"]) for item in read_pseudo_folder(tmp_path).values()}
    assert found == {("Arson",)}


def test_an_unknown_category_says_what_was_meant(
    bench: Path, run_folder: Path, tmp_path: Path
) -> None:
    with pytest.raises(ConfigError, match="did you mean 'Arson'"):
        label(request_of(bench, run_folder, tmp_path, category="Arsen"), silent)
    manifest = tmp_path / "manifest.csv"
    file = next((bench / "features").glob(f"*{SUFFIX}"))
    manifest.write_text(f"video,label\n{file.name.removesuffix(SUFFIX)},Arsen\n")
    with pytest.raises(DatasetError, match="Arson"):
        label(request_of(bench, run_folder, tmp_path, manifest=manifest), silent)


def test_any_words_are_a_category_of_their_own(tmp_path: Path) -> None:
    demo = Path("assets/demo/miniature")
    events: list[Event] = []
    fields: dict[str, Any] = {
        "inputs": [demo / "features"],
        "checkpoint": demo / "run" / "checkpoint.safetensors",
        "device": "cpu",
    }
    text = "flames and a giraffe"
    label(LabelRequest(**fields, out=tmp_path / "words", text=text), events.append)
    label(LabelRequest(**fields, out=tmp_path / "fire", text="Fire"), silent)
    label(LabelRequest(**fields, out=tmp_path / "by_id", category="fire"), silent)
    warned = [event.text for event in events if isinstance(event, Message)]
    assert warned == ["the CLIP demo never saw the words: giraffe"]
    words, fire, by_id = (
        read_pseudo_folder(tmp_path / name)["test_fire_001"] for name in ("words", "fire", "by_id")
    )
    assert words.meta["category"] == [text]
    column = list(words.meta["categories"]).index(text)
    assert column == len(words.meta["categories"]) - 2 == words.similarity.shape[1] - 2
    again = infer(words.s_normal, words.similarity, [column], PseudoLabelConfig(), flat_below(5.0))
    assert np.allclose(again.s_abnormal, words.s_abnormal, atol=1e-6)
    assert not np.allclose(words.psi, fire.psi)
    assert np.array_equal(fire.psi, by_id.psi)  # words that name a category are that category


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"text": "smoke", "category": "fire"}, "--category and --text both say"),
        ({"text": "smoke", "manifest": Path("m.csv")}, "--manifest and --text both say"),
        ({"text": "  "}, "is empty"),
    ],
)
def test_words_beside_another_category_are_refused(given, words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        LabelRequest(inputs=[], checkpoint=Path("c"), out=Path("o"), **given)


@pytest.mark.parametrize(
    "wrong", [{"alpha": 1.5}, {"theta": 0.0}, {"smoothing": 0}, {"merge_gap": -1}]
)
def test_settings_out_of_range_are_refused(
    bench: Path, run_folder: Path, tmp_path: Path, wrong: dict[str, float]
) -> None:
    with pytest.raises(ConfigError):
        label(request_of(bench, run_folder, tmp_path, **wrong), silent)


def _mean_of_three(values: np.ndarray) -> list[float]:
    near = [values[max(at - 1, 0) : at + 2] for at in range(len(values))]
    return [float(np.mean(few)) for few in near]


def _category_ids(run: Path) -> list[str]:
    from tpwng_core.checkpoint import read_checkpoint_meta

    return list(read_checkpoint_meta(run / "checkpoint.safetensors").categories)
