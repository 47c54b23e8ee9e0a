"""Every video that is left out, cut or filled is said."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tpwng_core.errors import DatasetError
from tpwng_core.evaluation.alignment import align
from tpwng_core.groundtruth import Interval

GROUND_TRUTH = {"a": (Interval(start=2, end=6, category="Arson"),), "n": (), "left": ()}


def scores(**lengths: int) -> dict[str, Any]:
    return {name: np.linspace(0, 1, length) for name, length in lengths.items()}


def test_a_video_is_as_long_as_its_scores():
    aligned = align(scores(a=10, n=5), GROUND_TRUTH, protocol="intervals")
    assert [len(item.label) for item in aligned.videos] == [10, 5]
    assert aligned.videos[0].label.tolist() == [0, 0, 1, 1, 1, 1, 0, 0, 0, 0]
    assert aligned.videos[0].categories == ("Arson",)
    assert aligned.mismatches == ()
    assert aligned.missing == ("left",)


def test_names_match_whatever_their_folder_and_suffix():
    given = {"clips/a.mp4": np.ones(8), "n.scores.npz": np.zeros(3)}
    assert [item.video for item in align(given, GROUND_TRUTH, protocol="intervals").videos] == [
        "a",
        "n",
    ]


def test_known_lengths_win_and_are_said():
    aligned = align(
        scores(a=10, n=5), GROUND_TRUTH, protocol="intervals", num_frames={"x/a.mp4": 8, "n": 7}
    )
    assert aligned.videos[1].score.tolist() == [0, 0.25, 0.5, 0.75, 1, 1, 1]
    assert len(aligned.videos[0].score) == len(aligned.videos[0].label) == 8
    assert [(item.video, item.problem) for item in aligned.mismatches] == [
        ("a", "length"),
        ("n", "length"),
    ]


def test_an_annotation_behind_the_end_is_cut_and_said():
    aligned = align(scores(a=4), GROUND_TRUTH, protocol="intervals")
    assert aligned.videos[0].label.tolist() == [0, 0, 1, 1]
    assert aligned.mismatches[0].problem == "annotation-beyond-end"


def test_the_inclusive_convention_takes_the_end_frame_in():
    aligned = align(scores(a=10), GROUND_TRUTH, protocol="intervals", convention="inclusive")
    assert aligned.videos[0].label.sum() == 5


def test_a_video_that_is_not_annotated_is_left_out_and_said():
    aligned = align(scores(a=8, stranger=5), GROUND_TRUTH, protocol="ucf-crime")
    assert [item.video for item in aligned.videos] == ["a"]
    assert aligned.mismatches[0].to_json()["video"] == "stranger"
    assert aligned.mismatches[0].problem == "not-annotated"


def test_xd_violence_lists_no_normal_videos():
    given = {"v=x__#1_label_A": np.ones(4), "v=y__#1_label_B1-0-0": np.ones(4)}
    ground_truth = {"v=z__#1_label_G-0-0": (Interval(start=0, end=2, category="G"),)}
    aligned = align(given, ground_truth, protocol="xd-violence")
    assert [item.video for item in aligned.videos] == ["v=x__#1_label_A"]
    assert [item.video for item in aligned.mismatches] == ["v=y__#1_label_B1-0-0"]


def test_no_common_video_is_an_error_that_shows_both_names():
    with pytest.raises(DatasetError, match=r"'other'.*'a'"):
        align(scores(other=3), GROUND_TRUTH, protocol="intervals")


@pytest.mark.parametrize("bad", [np.ones((3, 2)), np.empty(0), np.array([0.1, np.nan])])
def test_scores_that_are_not_one_number_per_frame_are_refused(bad):
    with pytest.raises(DatasetError, match="scores of a"):
        align({"a": bad}, GROUND_TRUTH, protocol="intervals")


def test_two_arrays_of_one_video_are_refused():
    with pytest.raises(DatasetError, match="2 score arrays are of 1 videos"):
        align(scores(a=3) | {"x/a.mp4": np.ones(3)}, GROUND_TRUTH, protocol="intervals")
