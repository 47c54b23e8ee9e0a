"""Arrays with a description: nothing is unpickled, damage is one clear line."""

from __future__ import annotations

import contextlib
import warnings
from pathlib import Path

import numpy as np
import pytest

from tpwng_core.errors import ArtifactError
from tpwng_core.npz import load_arrays, read_npz, write_npz

REMEDY = "make it again"


def test_arrays_and_description_come_back(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    write_npz(path, {"x": np.arange(3)}, {"name": "Überfall", "n": 1})
    arrays, meta = read_npz(path, {"x": "iu"}, REMEDY)
    assert arrays["x"].tolist() == [0, 1, 2]
    assert meta == {"name": "Überfall", "n": 1}


def test_a_truncated_file_is_damage(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    write_npz(path, {"x": np.arange(1000)}, {})
    path.write_bytes(path.read_bytes()[:-300])
    with pytest.raises(ArtifactError, match="damaged"):
        read_npz(path, {"x": "iu"}, REMEDY)


def test_pickled_objects_are_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", x=np.array([{}], dtype=object))
    with pytest.raises(ArtifactError, match="damaged"):
        load_arrays(tmp_path / "a.npz", REMEDY)


def test_another_type_is_damage(tmp_path: Path) -> None:
    write_npz(tmp_path / "a.npz", {"x": np.arange(3)}, {})
    with pytest.raises(ArtifactError, match="x has another type"):
        read_npz(tmp_path / "a.npz", {"x": "f"}, REMEDY)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ArtifactError, match=r"there is no file .*none\.npz"):
        read_npz(tmp_path / "none.npz", {}, REMEDY)


def test_a_description_that_is_no_object_is_damage(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", meta=np.array("[1]"))
    with pytest.raises(ArtifactError, match="no JSON object"):
        read_npz(tmp_path / "a.npz", {}, REMEDY)


@pytest.mark.parametrize("suffix", [".npz", ".npy"])
def test_any_flipped_byte_is_read_or_named(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    if suffix == ".npz":
        write_npz(path, {"x": np.arange(3)}, {"fps": "30/1"})
    else:
        np.save(path, np.arange(3))
    whole = path.read_bytes()
    for place in range(0, len(whole), 3):
        for flipped in (whole[place] ^ 0xFF, ord("(")):
            path.write_bytes(whole[:place] + bytes([flipped]) + whole[place + 1 :])
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # NumPy's, about headers of Python 2
                # Any other error than this one ends the test.
                with contextlib.suppress(ArtifactError):
                    load_arrays(path, REMEDY)
