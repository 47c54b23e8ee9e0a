"""Disagreements are listed by video instead of raised about array lengths."""

from __future__ import annotations

import numpy as np

from tpwng_core.groundtruth import Interval, Mismatch, compare_frames, validate

GROUND_TRUTH = {
    "a": (Interval(start=0, end=10, category="x"), Interval(start=8, end=20, category="x")),
    "b": (Interval(start=5, end=5, category="x"), Interval(start=4, end=9, category="y")),
    "v_label_B1-0-0": (Interval(start=0, end=3, category="B1"),),
}


def problems(found: list[Mismatch]) -> list[tuple[str, str]]:
    return [(item.video, item.problem) for item in found]


def test_intervals_are_looked_at_by_themselves():
    assert problems(validate(GROUND_TRUTH)) == [("a", "overlap"), ("b", "empty-interval")]
    assert problems(validate(GROUND_TRUTH, convention="inclusive")) == [("a", "overlap")]


def test_lengths_show_what_is_cut_what_is_unknown_and_what_is_missing():
    lengths = {"x/a.mp4": 19, "b": 9, "stranger": 5, "w_label_A": 7}
    found = validate(GROUND_TRUTH, lengths)[2:]
    assert problems(found) == [
        ("a", "annotation-beyond-end"),
        ("v_label_B1-0-0", "length-unknown"),
        ("stranger", "not-annotated"),
    ]
    assert "8-20" in found[0].detail
    assert "19" in found[0].detail


def test_published_labels_are_compared_frame_by_frame():
    published = {
        "a": np.r_[np.ones(18), np.zeros(4)],
        "b": np.r_[np.zeros(4), np.ones(5)],
        "stranger": np.zeros(3),
        "w_label_A": np.zeros(3),
    }
    found = compare_frames(GROUND_TRUTH, published)
    assert problems(found) == [
        ("a", "frames-differ"),
        ("stranger", "not-annotated"),
        ("v_label_B1-0-0", "length-unknown"),
    ]
    assert found[0].to_json()["detail"] == "2 of 22 frames differ"
