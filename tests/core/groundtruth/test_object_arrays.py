"""Pickled lists are read, and nothing a pickle asks for is run, imported or allocated."""

from __future__ import annotations

import io
import os
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tpwng_core.errors import DatasetError
from tpwng_core.groundtruth.object_arrays import read_object_array


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


def test_a_plain_array_is_no_segment_file(tmp_path):
    np.save(tmp_path / "gt.npy", np.zeros(5))
    with pytest.raises(DatasetError, match="object array"):
        read_object_array(tmp_path / "gt.npy")


values = st.recursive(
    st.text(max_size=5)
    | st.integers(-(2**40), 2**40)
    | st.none()
    | st.booleans()
    | st.floats(0, 1),
    lambda inner: st.lists(inner, max_size=3) | st.tuples(inner, inner),
    max_leaves=8,
)


@given(st.lists(st.lists(values, max_size=3), min_size=1, max_size=4), st.sampled_from([3, 4, 5]))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_lists_come_back_from_every_protocol(tmp_path, items, protocol):
    array = np.empty(len(items), object)
    for index, item in enumerate(items):
        array[index] = item
    save_pickle(tmp_path / "x.npy", pickle.dumps(array, protocol), len(items))
    assert read_object_array(tmp_path / "x.npy") == items


def test_a_memo_index_beyond_all_bounds_costs_no_memory(tmp_path):
    """Python's own machine would take 64 GB for these seven bytes."""
    save_pickle(tmp_path / "x.npy", b"]r\xff\xff\xff\xff.")
    with pytest.raises(DatasetError, match="no list of segments"):
        read_object_array(tmp_path / "x.npy")


@given(st.binary(max_size=60))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_are_an_array_or_one_clear_line(tmp_path, data):
    save_pickle(tmp_path / "x.npy", data)
    with pytest.raises(DatasetError):
        read_object_array(tmp_path / "x.npy")


def test_a_damaged_header_is_one_clear_line(tmp_path):
    path = tmp_path / "x.npy"
    np.save(path, object_array([["1", "2"]]))
    whole = path.read_bytes()
    for right, wrong in (
        (b"(1,)", b"(1,("),
        (b"(1,)", b"(1,x"),
        (b"'|O'", b"'|Q'"),
        (b"NUMPY", b"numpy"),
    ):
        path.write_bytes(whole.replace(right, wrong))
        with pytest.raises(DatasetError, match="no list of segments"):
            read_object_array(path)
