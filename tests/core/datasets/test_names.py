"""Names of videos and categories: what is the same, what is normal."""

from __future__ import annotations

import pytest

from tpwng_core.datasets import (
    benchmark_labels,
    category_prompt,
    is_normal_name,
    parse_label,
    video_id,
)
from tpwng_core.video import VIDEO_SUFFIXES


@pytest.mark.parametrize(
    "name",
    [
        "Abuse028_x264",
        "Abuse028_x264.mp4",
        "Abuse/Abuse028_x264.MP4",
        "C:\\data\\Abuse028_x264.avi",
        "/a/b/Abuse028_x264.features.safetensors",
        "Abuse028_x264.scores.npz",
        " Abuse028_x264.npy ",
    ],
)
def test_an_id_is_the_stem_of_any_file_of_the_video(name):
    assert video_id(name) == "Abuse028_x264"


def test_dots_and_hashes_of_an_id_stay():
    video = "Bad.Boys.1995__#01-11-55_01-12-40_label_G-B2-B6"
    assert video_id(video) == video
    assert video_id(f"videos/{video}.mp4") == video


@pytest.mark.parametrize("suffix", sorted(VIDEO_SUFFIXES))
def test_every_suffix_of_a_video_is_known(suffix):
    assert video_id(f"x{suffix}") == "x"


@pytest.mark.parametrize(
    "name", ["normal", "NORMAL", "A", "Testing_Normal_Videos_Anomaly", " Normal "]
)
def test_normal_has_several_names(name):
    assert is_normal_name(name)


@pytest.mark.parametrize("name", ["abnormal", "B1", "", "Abuse"])
def test_other_names_are_not_normal(name):
    assert not is_normal_name(name)


@pytest.mark.parametrize(
    ("category", "prompt"),
    [
        ("RoadAccidents", "road accidents"),
        ("fighting", "fighting"),
        ("car_crash", "car crash"),
        ("B6", "b6"),
        ("CCTVFight", "cctv fight"),
    ],
)
def test_a_category_without_prompt_reads_as_its_words(category, prompt):
    assert category_prompt(category) == prompt


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("normal", ()),
        ("A", ()),
        ("fighting", ("fighting",)),
        ("fighting | arson|fighting", ("fighting", "arson")),
        ("B1-B2-0", ("B1", "B2")),
        ("B2-0-0", ("B2",)),
        ("G-B2-B6", ("G", "B2", "B6")),
        ("hit-and-run", ("hit-and-run",)),
    ],
)
def test_a_label_is_a_set_of_categories(text, labels):
    assert parse_label(text) == labels


@pytest.mark.parametrize("text", ["fighting|normal", "fighting||arson", "|", "A-B1-0"])
def test_a_label_that_contradicts_itself_is_refused(text):
    with pytest.raises(ValueError):
        parse_label(text)


@pytest.mark.parametrize(
    ("name", "labels"),
    [
        ("v=x__#1_label_B1-B2-0", ("B1", "B2")),
        ("v=x__#1_label_A.mp4", ()),
        ("v=x__#1_label_G", ("G",)),
        ("Abuse/Abuse028_x264.mp4", ("Abuse",)),
        ("Abuse028_x264", ("Abuse",)),
        ("Testing_Normal_Videos_Anomaly/Normal_Videos_003_x264.mp4", ()),
        ("Normal_Videos_003_x264", ()),
        ("corridor", None),
        ("Abuser_of_power", None),
    ],
)
def test_benchmark_names_state_their_labels(name, labels):
    assert benchmark_labels(name) == labels
