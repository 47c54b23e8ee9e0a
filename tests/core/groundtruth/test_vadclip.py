"""VadCLIP's segments get their names from the list beside them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tpwng_core.errors import DatasetError
from tpwng_core.groundtruth import Interval, read_ground_truth


def object_array(items: list[Any]) -> Any:
    array = np.empty(len(items), object)
    array[:] = items
    return array


@pytest.fixture
def folder(tmp_path):
    np.save(tmp_path / "gt_segment_ucf.npy", object_array([[["165", "240"]], [["0", "448"]]]))
    np.save(tmp_path / "gt_label_ucf.npy", object_array([["Abuse"], ["A"]]))
    (tmp_path / "ucf_CLIP_rgbtest.csv").write_text(
        "path,label\n/f/Abuse028_x264__5.npy,Abuse\n/f/Normal_Videos_003_x264__5.npy,Normal\n"
    )
    return tmp_path


def test_segments_are_named_by_the_list_beside_them(folder):
    assert read_ground_truth(folder / "gt_segment_ucf.npy", "ucf-crime") == {
        "Abuse028_x264": (Interval(start=165, end=240, category="Abuse"),),
        "Normal_Videos_003_x264": (),
    }


def test_a_truncated_file_is_one_clear_line(folder):
    path = folder / "gt_segment_ucf.npy"
    whole = path.read_bytes()
    for length in range(0, len(whole) - 1, 7):
        path.write_bytes(whole[:length])
        with pytest.raises(DatasetError):
            read_ground_truth(path)


@pytest.mark.parametrize(
    ("name", "items", "complaint"),
    [
        ("gt_label_ucf.npy", [["Abuse"]], "hold 2 and 1 videos"),
        ("gt_label_ucf.npy", [["Abuse", "Arson"], ["A"]], "intervals of Abuse028_x264 are damaged"),
        ("gt_segment_ucf.npy", [[["240", "165"]], [["0", "9"]]], "runs backwards"),
        ("gt_segment_ucf.npy", [[["a", "b"]], [["0", "9"]]], "are damaged"),
        ("gt_segment_ucf.npy", [[["1", []]], [["0", "9"]]], "are damaged"),
        ("gt_label_ucf.npy", [[["Abuse"]], ["A"]], "are damaged"),
        ("gt_label_ucf.npy", [7, ["A"]], "are damaged"),
    ],
)
def test_files_that_do_not_fit_are_refused(folder, name, items, complaint):
    np.save(folder / name, object_array(items))
    with pytest.raises(DatasetError, match=complaint):
        read_ground_truth(folder / "gt_segment_ucf.npy")


def test_without_the_list_or_the_labels_the_remedy_is_told(folder):
    (folder / "ucf_CLIP_rgbtest.csv").rename(folder / "elsewhere.txt")
    with pytest.raises(DatasetError, match="test list"):
        read_ground_truth(folder / "gt_segment_ucf.npy")
    (folder / "gt_label_ucf.npy").unlink()
    with pytest.raises(DatasetError, match=r"gt_label_ucf\.npy"):
        read_ground_truth(folder / "gt_segment_ucf.npy")


def test_the_label_file_alone_is_not_enough(folder):
    with pytest.raises(DatasetError, match="gt_segment"):
        read_ground_truth(folder / "gt_label_ucf.npy")
