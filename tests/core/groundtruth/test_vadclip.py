"""VadCLIP's pickled arrays are read, and nothing a pickle asks for is run."""

from __future__ import annotations

import io
import os
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tpwng_core.errors import DatasetError
from tpwng_core.groundtruth import Interval, read_ground_truth
from tpwng_core.groundtruth.vadclip import read_object_array


def object_array(items: list[Any]) -> Any:
    array = np.empty(len(items), object)
    array[:] = items
    return array


def save_pickle(path: Path, payload: bytes, num_items: int = 1) -> None:
    """An object ``.npy`` whose pickle is ``payload``."""
    stream = io.BytesIO()
    header = {"descr": "|O", "fortran_order": False, "shape": (num_items,)}
    np.lib.format.write_array_header_1_0(stream, header)
    path.write_bytes(stream.getvalue() + payload)


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


def test_arrays_of_this_numpy_and_of_older_ones_are_read(tmp_path):
    items = [[["1", "2"]], [["3", "4"], ["5", "6"]]]
    np.save(tmp_path / "new.npy", object_array(items))
    assert read_object_array(tmp_path / "new.npy") == items
    old = pickle.dumps(object_array(items), 3).replace(
        b"numpy._core.multiarray", b"numpy.core.multiarray"
    )
    save_pickle(tmp_path / "old.npy", old, 2)
    assert read_object_array(tmp_path / "old.npy") == items


class Harm:
    """Unpickling it would run a command."""

    def __init__(self, marker: Path) -> None:
        self.marker = marker

    def __reduce__(self):
        return os.mkdir, (str(self.marker),)


@pytest.mark.parametrize("inside", [True, False])
def test_code_in_a_pickle_is_refused_and_not_run(tmp_path, inside):
    harm = Harm(tmp_path / "ran")
    payload = pickle.dumps(object_array([harm]) if inside else harm)
    save_pickle(tmp_path / "gt.npy", payload)
    with pytest.raises(DatasetError, match=r"asks for \w+\.mkdir"):
        read_object_array(tmp_path / "gt.npy")
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize(
    "name",
    [b"cbuiltins\neval\n.", b"cnumpy\nload\n.", b"cnumpy.ndarray\ntofile\n.", b"cos\nsystem\n."],
)
def test_no_other_name_can_be_had(tmp_path, name):
    save_pickle(tmp_path / "gt.npy", name)
    with pytest.raises(DatasetError, match="asks for"):
        read_object_array(tmp_path / "gt.npy")


@pytest.mark.parametrize("payload", [b"", b"N.", b"(lp0\n.", b"garbage", b"\x80\x04]\x94e."])
def test_damage_is_one_clear_line(tmp_path, payload):
    save_pickle(tmp_path / "gt.npy", payload)
    with pytest.raises(DatasetError, match="no list of segments"):
        read_object_array(tmp_path / "gt.npy")


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


def test_a_plain_array_is_no_segment_file(tmp_path):
    np.save(tmp_path / "gt.npy", np.zeros(5))
    with pytest.raises(DatasetError, match="object array"):
        read_object_array(tmp_path / "gt.npy")
