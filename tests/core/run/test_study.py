"""What a study trains and tests on, and how it notices that the data have changed."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.core.run.studies import small_study, study_options
from tpwng_core.errors import ConfigError, DatasetError
from tpwng_core.run.study import StudyRequest


def test_training_validation_and_test_are_apart(bench: Path) -> None:
    study = small_study(bench)
    training, validation = study.split(0)
    names = [{item.video for item in part} for part in (training, validation)]
    names.append(set(study.test))
    assert all(names)
    assert sum(len(part) for part in names) == len(set.union(*names))
    assert len(study.test) == 8
    assert study.truth.keys() == names[0] | names[1]


def test_other_seeds_hold_out_other_videos(bench: Path) -> None:
    study = small_study(bench)
    held_out = [{item.video for item in study.split(seed)[1]} for seed in (0, 1)]
    assert held_out[0] != held_out[1]


def test_only_the_bound_gets_true_labels(bench: Path) -> None:
    study = small_study(bench)
    weak, _ = study.store(0, with_truth=False).bags(0, 4)
    full, _ = study.store(0, with_truth=True).bags(0, 4)
    assert not (weak.target >= 0).any()
    assert (full.target[full.abnormal_mask] >= 0).all()


def test_the_digest_follows_the_data(bench: Path, tmp_path: Path) -> None:
    before = small_study(bench).digest()
    copy = tmp_path / "copy"
    shutil.copytree(bench, copy)
    assert small_study(copy).digest() == before
    annotations = (copy / "annotations.csv").read_text().splitlines()
    video, start, end, category = annotations[1].split(",")
    annotations[1] = f"{video},{start},{int(end) + 16},{category}"
    (copy / "annotations.csv").write_text("\n".join(annotations) + "\n")
    assert small_study(copy).digest() != before
    assert small_study(bench, train_ground_truth=None).digest() != before


def test_a_study_is_named_after_its_data(tmp_path: Path) -> None:
    def name(manifest: Path) -> str:
        return StudyRequest(**study_options_without_bench(manifest)).data_set

    assert name(tmp_path / "ucf-like" / "manifest.csv") == "ucf-like"
    assert name(tmp_path / "ucf_CLIP_rgb.csv.gz") == "ucf_CLIP_rgb"


def study_options_without_bench(manifest: Path) -> dict[str, Any]:
    options: dict[str, Any] = {
        "features": Path(),
        "ground_truth": Path(),
        "out": Path(),
        "settings": None,
    }
    return {"manifest": manifest, **options}


def test_a_study_without_test_videos_of_both_kinds_is_refused(bench: Path, tmp_path: Path) -> None:
    truth = tmp_path / "truth.csv"
    truth.write_text("video,start_frame,end_frame,category\nelsewhere,0,5,Abuse\n")
    with pytest.raises(DatasetError, match=r"no video of .* is left for testing"):
        small_study(bench, ground_truth=truth)
    lines = (bench / "annotations.csv").read_text().splitlines()
    only = [line for line in lines if not line.startswith("Normal")]
    truth.write_text("\n".join(only) + "\n")
    with pytest.raises(DatasetError, match="test videos are abnormal"):
        small_study(bench, ground_truth=truth)


def test_a_study_needs_a_seed(bench: Path) -> None:
    with pytest.raises(ConfigError, match="--seeds"):
        StudyRequest(**study_options(bench, Path(), num_seeds=0))
