"""The verb ``synth``: whole, consistent, deterministic, and never mixed with another benchmark."""

from __future__ import annotations

import json
import time
from pathlib import Path

import numpy as np
import pytest

from tpwng_core.config import read_toml
from tpwng_core.datasets import read_manifest
from tpwng_core.errors import Cancelled, ConfigError, OutputError
from tpwng_core.events import Artifact, Progress, Started, silent
from tpwng_core.features import open_feature_folder, read_features
from tpwng_core.files import sha256_of_file
from tpwng_core.groundtruth import frame_labels, read_ground_truth
from tpwng_core.run.synth import synth
from tpwng_core.synthetic import Counts, get_preset, make_video, make_world, plan_videos

FEW = Counts(train_abnormal=8, train_normal=3, test_abnormal=6, test_normal=2)
SEED = 10_000


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="module")
def events():
    return []


@pytest.fixture(scope="module")
def folder(cache, events, tmp_path_factory):
    out = tmp_path_factory.mktemp("synth") / "xd"
    synth("xd-like", SEED, out, events.append, counts=FEW)
    return out


def digests(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): sha256_of_file(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_all_files_are_there_and_no_other(folder):
    names = sorted(path.name for path in folder.iterdir())
    assert names == [
        "annotations.csv",
        "clip",
        "features",
        "manifest.csv",
        "parameters.json",
        "settings.toml",
        "train_annotations.csv",
    ]
    assert len(list((folder / "features").iterdir())) == 19


def test_it_reports_each_video_and_only_what_is_written(folder, events):
    assert events[0] == Started(verb="synth", total=19)
    assert [event.done for event in events if isinstance(event, Progress)] == list(range(1, 20))
    assert all(event.path.exists() for event in events if isinstance(event, Artifact))


def test_the_manifest_lists_what_was_planned(folder):
    preset = get_preset("xd-like")
    records = read_manifest(folder / "manifest.csv", preset.category_ids)
    plans = plan_videos(preset, SEED, FEW)
    assert [(record.video, record.split) for record in records] == [
        (plan.video, plan.split) for plan in plans
    ]
    labels = [tuple(preset.category_ids[index] for index in plan.categories) for plan in plans]
    assert [record.labels for record in records] == labels
    assert any(len(record.labels) == 2 for record in records)


def test_features_are_those_of_the_world_and_say_where_they_come_from(folder):
    preset = get_preset("xd-like")
    plan = plan_videos(preset, SEED, FEW)[0]
    features = read_features(folder / "features" / f"{plan.video}.features.safetensors")
    made = make_video(make_world(preset, SEED), plan).features
    assert np.asarray(features.features) == pytest.approx(made, rel=1e-3, abs=1e-3)
    assert features.num_frames == 16 * features.num_snippets
    assert features.meta is not None
    assert features.meta.clip_name == "synthetic:xd-like:10000"


def test_all_features_may_be_used_together(folder):
    metas = [features.meta for features in open_feature_folder(folder / "features").values()]
    assert len({meta.key for meta in metas if meta is not None}) == 1
    assert None not in metas


@pytest.mark.parametrize(
    ("name", "split"), [("annotations.csv", "test"), ("train_annotations.csv", "train")]
)
def test_annotations_are_the_truth_of_manifest_and_features(folder, name, split):
    records = {r.video: r for r in read_manifest(folder / "manifest.csv") if r.split == split}
    world = make_world(get_preset("xd-like"), SEED)
    plans = [plan for plan in plan_videos(world.preset, SEED, FEW) if plan.split == split]
    ground_truth = read_ground_truth(folder / name, "intervals")
    assert list(ground_truth) == list(records)
    for plan in plans:
        intervals = ground_truth[plan.video]
        assert {item.category for item in intervals} == set(records[plan.video].labels)
        painted = frame_labels(intervals, 16 * plan.num_snippets)
        assert np.array_equal(painted, np.repeat(make_video(world, plan).truth(), 16))


def test_settings_train_on_the_benchmark(folder):
    tables = read_toml(folder / "settings.toml")
    assert list(tables["categories"]) == ["B1", "B2", "B4", "B5", "B6", "G", "normal"]
    assert tables["categories"]["B6"] == "car accident"
    assert tables["similarity"] == {"scale": 5.0}
    assert tables["pseudolabels"] == {"theta": 0.35}


def test_parameters_stand_beside_the_data(folder):
    parameters = json.loads((folder / "parameters.json").read_text())
    assert parameters["benchmark"] == "xd-like"
    assert parameters["seed"] == SEED
    assert parameters["num_videos"]["train_abnormal"] == 8
    assert parameters["preset"]["videos"]["event_strength"] == [0.22, 0.75]


def test_the_same_seed_gives_the_same_bytes(folder, tmp_path):
    synth("xd-like", SEED, tmp_path / "again", silent, counts=FEW)
    assert digests(tmp_path / "again") == digests(folder)


def test_a_second_run_makes_only_what_is_missing(folder):
    before = digests(folder)
    next((folder / "features").iterdir()).unlink()
    assert synth("xd-like", SEED, folder, silent, counts=FEW).num_written == 1
    summary = synth("xd-like", SEED, folder, silent, counts=FEW)
    assert (summary.num_videos, summary.num_written) == (19, 0)
    assert summary.clip == "synthetic:xd-like:10000"
    assert summary.min_text_cosine > 0.99
    assert digests(folder) == before


@pytest.mark.parametrize(("preset", "seed"), [("xd-like", SEED + 1), ("xd-like-plain", SEED)])
def test_two_benchmarks_never_mix_in_a_folder(folder, preset, seed):
    before = digests(folder)
    with pytest.raises(OutputError, match="another synthetic benchmark"):
        synth(preset, seed, folder, silent, counts=FEW)
    assert digests(folder) == before


def test_given_lengths_and_dimension_are_kept(cache, tmp_path):
    counts = Counts(train_abnormal=1, train_normal=1, test_abnormal=1, test_normal=0)
    summary = synth("ucf-like", SEED, tmp_path, silent, dim=80, lengths=[3, 400, 9], counts=counts)
    features = open_feature_folder(tmp_path / "features")
    assert sorted(item.num_snippets for item in features.values()) == [3, 9, 400]
    assert {item.dim for item in features.values()} == {80}
    assert summary.clip == "synthetic:ucf-like:10000:80"


def test_cancelling_leaves_whole_files_only(cache, tmp_path):
    def cancel_at_third(event):
        if isinstance(event, Progress) and event.done == 3:
            raise Cancelled

    with pytest.raises(Cancelled):
        synth("xd-like", SEED, tmp_path, cancel_at_third, counts=FEW)
    assert len(open_feature_folder(tmp_path / "features")) == 3
    assert synth("xd-like", SEED, tmp_path, silent, counts=FEW).num_written == 16


def test_a_wrong_preset_writes_nothing(tmp_path):
    with pytest.raises(ConfigError, match="did you mean 'xd-like'"):
        synth("xdlike", 0, tmp_path / "out", silent)
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
def test_a_full_benchmark_is_written_in_fifteen_seconds(cache, tmp_path):
    start_s = time.monotonic()
    summary = synth("ucf-like", SEED, tmp_path, silent)
    assert time.monotonic() - start_s < 15
    assert summary.num_videos == 447
