"""Annotation files of every layout are told apart and read; wrong lines are named."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tpwng_core.errors import ArtifactError, DatasetError
from tpwng_core.groundtruth import (
    Interval,
    read_frame_counts,
    read_frame_labels,
    read_ground_truth,
    sniff_protocol,
)

UCF = (
    "Abuse028_x264.mp4  Abuse  165  240  -1  -1  \r\n"
    "Normal_Videos_003_x264  Normal  -1  -1  -1  -1\r\n"
)
UR_DMU = (
    "Abuse/Abuse028_x264.mp4 1412 Abuse 165 240 -1 -1\n"
    "Testing_Normal_Videos_Anomaly/Normal_Videos_003_x264.mp4 2000 Normal -1 -1 -1 -1\n"
)
INTERVALS = (
    "video,start_frame,end_frame,category\n"
    "Abuse/Abuse028_x264.mp4,165,240,Abuse\nNormal_Videos_003_x264,,,normal\n"
)
ABUSE = {
    "Abuse028_x264": (Interval(start=165, end=240, category="Abuse"),),
    "Normal_Videos_003_x264": (),
}


@pytest.fixture
def save(tmp_path: Path) -> Callable[[str], Path]:
    def write(text: str) -> Path:
        path = tmp_path / "annotations.txt"
        path.write_bytes(text.encode())
        return path

    return write


@pytest.mark.parametrize(
    ("text", "protocol"), [(UCF, "ucf-crime"), (UR_DMU, "ucf-crime"), (INTERVALS, "intervals")]
)
@pytest.mark.parametrize("bom", ["", "\ufeff"])
def test_every_layout_says_the_same(save, text, protocol, bom):
    path = save(bom + text)
    assert read_ground_truth(path) == ABUSE
    assert sniff_protocol(path) == protocol
    assert read_ground_truth(path, protocol) == ABUSE


def test_merged_intervals_of_xd_violence_carry_all_categories_of_the_id(save):
    path = save("v=x__#1_label_B2-G-0.mp4 10 20 30 45\nv=y__#1_label_B6-0-0 0 9")
    assert read_ground_truth(path, "xd-violence") == {
        "v=x__#1_label_B2-G-0": (
            Interval(start=10, end=20, category="B2|G"),
            Interval(start=30, end=45, category="B2|G"),
        ),
        "v=y__#1_label_B6-0-0": (Interval(start=0, end=9, category="B6"),),
    }


def test_class_intervals_of_xd_violence_keep_overlaps_and_order(save):
    path = save("v=x__#1_label_B2-G-0 G 30 60 B2 10 40\n")
    assert read_ground_truth(path)["v=x__#1_label_B2-G-0"] == (
        Interval(start=30, end=60, category="G"),
        Interval(start=10, end=40, category="B2"),
    )


def test_a_ucf_crime_line_may_have_more_than_two_intervals(save):
    path = save("Arson011_x264  Arson  1  2  3  4  5  6\n")
    assert [item.end for item in read_ground_truth(path)["Arson011_x264"]] == [2, 4, 6]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("Abuse028_x264  Abuse  165  240  -1\n", "line 1 has a start without an end"),
        (UCF + "Abuse030_x264  Abuse  240  165\n", "line 3: interval 240-165 runs backwards"),
        (UCF + "Abuse030_x264  Abuse  -1  -1\n", "line 3: a video of class Abuse has no interval"),
        (UCF + "N_x264  Normal  1  9\n", "line 3: a video of class Normal has intervals"),
        (UCF + "Abuse030_x264\n", "line 3 names no class"),
        (UCF + "Abuse030_x264  Abuse  1.5  9\n", "line 3: '1.5' is no frame number"),
        (UCF + UCF, "line 3 lists Abuse028_x264 again, after line 1"),
        ("some prose that is no annotation\n", "line 1 is no annotation"),
        ("v=x__#1_label_G-0-0 G 1 2 G 3\n", "line 1 has 6 words"),
        (INTERVALS + "x,5,,Abuse\n", "line 4: '' is no frame number"),
        (INTERVALS + ",5,9,Abuse\n", "line 4 names no video"),
        ("video,start_frame\nx,5\n", "needs one column 'end_frame'"),
        ("", "is empty"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(save, text, complaint):
    with pytest.raises(DatasetError, match=complaint):
        read_ground_truth(save(text))


def test_the_wrong_protocol_is_refused_with_the_right_one(save):
    with pytest.raises(
        DatasetError, match=r"of ucf-crime, not of xd-violence.*--protocol ucf-crime"
    ):
        read_ground_truth(save(UCF), "xd-violence")


def test_an_interval_table_fits_any_protocol(save):
    assert read_ground_truth(save(INTERVALS), "ucf-crime") == ABUSE


def test_frame_labels_become_intervals(tmp_path):
    frames = np.zeros(300, np.uint8)
    frames[165:240] = 1
    labels: dict[str, Any] = {"Abuse028_x264": frames, "Normal_Videos_003_x264": np.zeros(9)}
    np.savez(tmp_path / "gt.npz", **labels)
    assert read_ground_truth(tmp_path / "gt.npz") == ABUSE
    assert read_frame_counts(tmp_path / "gt.npz")["Abuse028_x264"] == 300


def test_frame_labels_that_are_no_labels_are_refused(tmp_path):
    np.savez(tmp_path / "gt.npz", x=np.array([0.0, 0.5]))
    with pytest.raises(DatasetError, match="x is not one 0 or 1 per frame"):
        read_frame_labels(tmp_path / "gt.npz")
    (tmp_path / "bad.npz").write_bytes(b"PK\x03\x04")
    with pytest.raises(ArtifactError, match=r"bad\.npz"):
        read_ground_truth(tmp_path / "bad.npz")


@pytest.mark.parametrize(
    "text", [UR_DMU, "video,num_frames\nAbuse028_x264,1412\nNormal_Videos_003_x264,2000\n"]
)
def test_frame_counts_are_read_from_lists_and_tables(save, text):
    counts = {"Abuse028_x264": 1412, "Normal_Videos_003_x264": 2000}
    assert read_frame_counts(save(text)) == counts


@pytest.mark.parametrize(
    ("count", "complaint"),
    [("many", "'many' is no"), ("-5", "-5 frames"), ("0", "0 frames"), ("9" * 5000, "is no frame")],
)
def test_a_frame_count_that_cannot_be_is_named(save, count, complaint):
    with pytest.raises(DatasetError, match=f"line 2: .*{complaint}"):
        read_frame_counts(save(f"a 12\nb {count}\n"))
