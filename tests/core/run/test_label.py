"""Labelling as a person uses it: categories given, assumed or normal; alpha and theta."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.core.run.conftest import NUM_VIDEOS
from tpwng_core.errors import ConfigError, DatasetError
from tpwng_core.events import silent
from tpwng_core.features import SUFFIX
from tpwng_core.pseudocurves import read_pseudo_folder
from tpwng_core.pseudolabels import PseudoLabelConfig, infer
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


@pytest.mark.parametrize("wrong", [{"alpha": 1.5}, {"theta": 0.0}])
def test_settings_out_of_range_are_refused(
    bench: Path, run_folder: Path, tmp_path: Path, wrong: dict[str, float]
) -> None:
    with pytest.raises(ConfigError):
        label(request_of(bench, run_folder, tmp_path, **wrong), silent)


def _category_ids(run: Path) -> list[str]:
    from tpwng_core.checkpoint import read_checkpoint_meta

    return list(read_checkpoint_meta(run / "checkpoint.safetensors").categories)
