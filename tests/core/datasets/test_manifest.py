"""A manifest is read as written, and what is wrong in it is said with line and remedy."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tpwng_core.datasets import VideoRecord, read_manifest, video_id, write_manifest
from tpwng_core.errors import DatasetError
from tpwng_core.video import find_videos

CATEGORIES = ("fighting", "RoadAccidents", "normal")


@pytest.fixture
def manifest(tmp_path: Path) -> Callable[[str], Path]:
    def write(text: str) -> Path:
        path = tmp_path / "manifest.csv"
        path.write_bytes(text.encode())
        return path

    return write


def test_rows_become_records(manifest):
    path = manifest("video,label,split\nclips/a.mp4,normal,train\nb,fighting|arson,val\nc,,\n")
    assert read_manifest(path) == [
        VideoRecord(video="a", path=path.parent / "clips/a.mp4", split="train"),
        VideoRecord(video="b", labels=("fighting", "arson"), split="val"),
        VideoRecord(video="c", labelled=False),
    ]
    normal, abnormal, unknown = read_manifest(path)
    assert (normal.is_normal, abnormal.is_normal, unknown.is_normal) == (True, False, False)


def test_bom_line_ends_and_spaces_make_no_difference(manifest):
    plain = read_manifest(manifest("video,label,split\na,normal,train\nb,arson,test\n"))
    odd = "\ufeffVideo , Label ,Split\r\n a , Normal , Train \r\n\r\nb,arson,TEST\r\n"
    assert read_manifest(manifest(odd)) == plain


def test_categories_match_without_case_and_take_the_given_spelling(manifest):
    path = manifest("video,label\na,FIGHTING\nb,roadaccidents|Fighting\n")
    assert [item.labels for item in read_manifest(path, CATEGORIES)] == [
        ("fighting",),
        ("RoadAccidents", "fighting"),
    ]


def test_without_given_categories_the_first_spelling_counts(manifest):
    path = manifest("video,label\na,Fighting\nb,fighting\n")
    assert {item.labels for item in read_manifest(path)} == {("Fighting",)}


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "is empty"),
        ("video,label\n", "lists no video"),
        ("video,split\na,train\n", "line 1 needs one column 'label'"),
        ("label\nnormal\n", "line 1 needs one column 'video'"),
        ("video,label,splitt\na,normal,train\n", "did you mean 'split'"),
        ("video,label\na,normal\n,normal\n", "line 3 names no video"),
        ("video,label\na,fihgting\n", "line 2: there is no category 'fihgting'.*'fighting'"),
        ("video,label\na,normal\nb,normal|fighting\n", "line 3: .*joins normal with a category"),
        ("video,label\na,normal\nb,normal\na,fighting\n", "line 4 lists a again, after line 2"),
        ("video,label\nx/a.mp4,normal\na,normal\n", "line 3 lists a again, after line 2"),
        ("video,label,split\na,normal,trian\n", "line 2: there is no split 'trian'.*'train'"),
        ("video,label\na,normal,train\n", "line 2 has 3 fields, the header 2"),
        ("some prose about videos\n", "line 1: 'some prose about videos' is neither"),
    ],
)
def test_what_is_wrong_is_said_with_its_line_and_remedy(manifest, text, complaint):
    path = manifest(text)
    with pytest.raises(DatasetError, match=complaint) as caught:
        read_manifest(path, CATEGORIES)
    assert str(path) in caught.value.message
    assert caught.value.hint


def test_files_of_one_stem_get_the_ids_that_extraction_gives_them(manifest, tmp_path):
    for name in ("day/cam.mp4", "night/cam.mp4", "night/other.mp4"):
        file = tmp_path / "clips" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    rows = "clips/day/cam.mp4,normal\nclips/night/cam.mp4,normal\nclips/night/other.mp4,normal\n"
    listed = [item.video for item in read_manifest(manifest("video,label\n" + rows))]
    assert listed == [item.video_id for item in find_videos([tmp_path / "clips"])]


names = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Z"), exclude_characters="/\\"), min_size=1
)
categories = st.sampled_from(["fighting", "arson", "Road accident", "B1"])


@given(
    st.dictionaries(
        names, st.tuples(st.sets(categories), st.sampled_from([None, "train", "val", "test"]))
    )
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_written_records_come_back(tmp_path, content):
    records = [
        VideoRecord(video=video, labels=tuple(sorted(labels)), split=split)
        for video, (labels, split) in content.items()
        if video_id(video) == video
    ]
    if not records:
        return
    write_manifest(tmp_path / "m.csv", records)
    assert read_manifest(tmp_path / "m.csv") == records


def test_written_paths_come_back_relative_to_the_manifest(tmp_path):
    records = [
        VideoRecord(video="a", path=tmp_path / "clips" / "a.mp4", labels=("arson",)),
        VideoRecord(video="b", labelled=False),
    ]
    write_manifest(tmp_path / "m.csv", records)
    assert (tmp_path / "m.csv").read_text() == "video,label,split\nclips/a.mp4,arson,\nb,,\n"
    assert read_manifest(tmp_path / "m.csv") == records
