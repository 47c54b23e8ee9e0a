"""Benchmark lists are manifests too."""

from __future__ import annotations

import pytest

from tpwng_core.datasets import (
    UCF_CRIME_CATEGORIES,
    XD_VIOLENCE_CATEGORIES,
    VideoRecord,
    read_manifest,
)
from tpwng_core.errors import DatasetError

# videos, normal ones, ones with several categories (data/MANIFEST.md and spec/formats.md)
LISTS = [
    ("ucf_crime/Anomaly_Train.txt", UCF_CRIME_CATEGORIES, "train", (1610, 800, 0)),
    ("ucf_crime/Anomaly_Test.txt", UCF_CRIME_CATEGORIES, "test", (290, 150, 0)),
    ("ucf_crime/ucf_CLIP_rgb.csv.gz", UCF_CRIME_CATEGORIES, "train", (1610, 800, 0)),
    ("ucf_crime/ucf_CLIP_rgbtest.csv", UCF_CRIME_CATEGORIES, "test", (290, 150, 0)),
    ("ucf_crime/train_frame_counts.ekosman.txt", UCF_CRIME_CATEGORIES, "train", (1610, 800, 0)),
    ("xd_violence/xd_CLIP_rgb.csv.gz", XD_VIOLENCE_CATEGORIES, "train", (3954, 2049, 243)),
    ("xd_violence/xd_CLIP_rgbtest.csv", XD_VIOLENCE_CATEGORIES, "test", (800, 300, 47)),
]


@pytest.mark.parametrize(("name", "categories", "split", "counts"), LISTS)
def test_published_lists_have_their_published_numbers(real_data, name, categories, split, counts):
    records = read_manifest(real_data / name, categories)
    normal = sum(item.is_normal for item in records)
    several = sum(len(item.labels) > 1 for item in records)
    assert (len(records), normal, several) == counts
    assert {item.split for item in records} == {split}
    assert len({item.video for item in records}) == len(records)


@pytest.mark.parametrize("half", ["Train", "Test"])
def test_text_and_feature_list_of_ucf_crime_agree(real_data, half):
    features = {"Train": "ucf_CLIP_rgb.csv.gz", "Test": "ucf_CLIP_rgbtest.csv"}[half]
    listed = read_manifest(real_data / f"ucf_crime/Anomaly_{half}.txt")
    published = read_manifest(real_data / "ucf_crime" / features)
    assert {item.video: item.labels for item in listed} == {
        item.video: item.labels for item in published
    }


def test_a_folder_with_one_folder_a_class_is_a_manifest(real_data):
    records = read_manifest(real_data / "clips" / "fights", ["fight"])
    assert len(records) == 150
    assert sum(item.is_normal for item in records) == 75
    assert all(item.path is not None and item.path.is_file() for item in records)


def test_crops_of_a_video_are_one_record(tmp_path):
    path = tmp_path / "rgb.csv"
    path.write_text("path,label\n/x/v__0.npy,B1-B2-0\n/x/v__1.npy,B1-B2-0\n/x/w__0.npy,A\n")
    assert read_manifest(path) == [
        VideoRecord(video="v", labels=("B1", "B2"), split="train"),
        VideoRecord(video="w", split="train"),
    ]


def test_crops_with_different_labels_are_refused(tmp_path):
    path = tmp_path / "rgb.csv"
    path.write_text("path,label\n/x/v__0.npy,A\n/x/v__1.npy,G-0-0\n")
    with pytest.raises(DatasetError, match="line 3 labels v otherwise"):
        read_manifest(path)


def test_a_plain_list_of_xd_violence_features_is_labelled_by_its_names(tmp_path):
    path = tmp_path / "rgb_test.list"
    path.write_text("/f/v=x__#1_label_B2-G-0__0.npy\n/f/v=x__#1_label_B2-G-0__1.npy\n")
    assert read_manifest(path) == [
        VideoRecord(video="v=x__#1_label_B2-G-0", labels=("B2", "G"), split="test")
    ]


def test_a_folder_without_folders_is_refused(tmp_path):
    with pytest.raises(DatasetError, match="holds no class folders"):
        read_manifest(tmp_path)
