"""Label files: what is written is what is read, the one before is kept, damage is told."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given

from tests.core.labels.samples import empty, labels
from tpwng_core.errors import ArtifactError, InputError
from tpwng_core.labels import (
    SUFFIX,
    LabelSegment,
    VideoLabels,
    label_path,
    read_label_folder,
    read_labels,
    write_labels,
)


@given(labels())
def test_labels_become_json_and_labels_again(found) -> None:
    assert VideoLabels.of_json(json.loads(json.dumps(found.to_json()))) == found


def test_a_file_holds_the_fields_of_the_specification(tmp_path: Path) -> None:
    item = LabelSegment(start=1, end=5, state="abnormal", category="B6", author="ann")
    path = label_path(tmp_path, "a #1 ü")
    write_labels(path, replace(empty(), category="B6", reviewed=True, segments=(item,)))
    content = json.loads(path.read_text(encoding="utf-8"))
    assert list(content) == [
        "version",
        "video",
        "num_frames",
        "fps",
        "category",
        "reviewed",
        "segments",
    ]
    assert content["fps"] == "30000/1001"
    assert content["segments"][0]["provenance"] == "human"
    assert set(content["segments"][0]) == {
        "start",
        "end",
        "state",
        "category",
        "provenance",
        "author",
        "time",
    }
    assert read_label_folder(tmp_path) == {"a #1 ü": read_labels(path)}


def test_the_file_before_is_kept(tmp_path: Path) -> None:
    path = label_path(tmp_path, "v")
    first = empty(video="v")
    write_labels(path, first)
    write_labels(path, replace(first, reviewed=True))
    assert read_labels(path).reviewed
    assert read_labels(path.with_name(f"v{SUFFIX}.bak")) == first
    assert set(read_label_folder(tmp_path)) == {"v"}


@pytest.mark.parametrize(
    "content",
    ["", "[]", "{", '{"version": 1}', '{"version": 2, "segments": []}', "\x00"],
)
def test_damage_is_told_with_the_remedy(tmp_path: Path, content) -> None:
    path = tmp_path / f"v{SUFFIX}"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ArtifactError, match=r"v\.labels\.json is damaged.*bak"):
        read_labels(path)


@pytest.mark.parametrize(
    "change",
    [
        {"fps": "0/0"},
        {"fps": None},
        {"segments": [{"start": 3, "end": 1, "state": "normal"}]},
        {"segments": 3},
        {"segments": [{"start": "0", "end": "9", "state": "normal"}]},
        {"num_frames": "60"},
        {"video": 7},
        {"odd": 1},
    ],
)
def test_wrong_fields_are_damage(tmp_path: Path, change) -> None:
    path = tmp_path / f"v{SUFFIX}"
    path.write_text(json.dumps({**empty().to_json(), **change}), encoding="utf-8")
    with pytest.raises(ArtifactError, match="is damaged"):
        read_labels(path)


def test_missing_files_and_folders_are_told(tmp_path: Path) -> None:
    with pytest.raises(ArtifactError, match="cannot read"):
        read_labels(tmp_path / "none.labels.json")
    with pytest.raises(ArtifactError, match="no label folder"):
        read_label_folder(tmp_path / "none")
    assert read_label_folder(tmp_path) == {}


def test_two_files_of_one_video_are_told(tmp_path: Path) -> None:
    write_labels(tmp_path / f"a{SUFFIX}", empty(video="a"))
    write_labels(tmp_path / f"b{SUFFIX}", empty(video="a"))
    with pytest.raises(ArtifactError, match="of a, which has a file"):
        read_label_folder(tmp_path)


@pytest.mark.parametrize("video", ["", "..", "../a", "a/b", "a\\b", "a\0"])
def test_a_name_cannot_lead_out_of_the_folder(tmp_path: Path, video) -> None:
    with pytest.raises(InputError, match="no name of a video"):
        label_path(tmp_path, video)
