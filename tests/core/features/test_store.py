from __future__ import annotations

import mmap
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.numpy import load_file, save_file

from tests.core.features.samples import META, make_set
from tpwng_core.errors import FeatureError, OutputError
from tpwng_core.features import SUFFIX, FeatureMeta, read_features, read_meta, write_features


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / f"a b#1{SUFFIX}"
    write_features(path, make_set("a b#1"))
    return path


def test_what_is_written_is_read_back_as_float16(path: Path):
    written, read = make_set("a b#1"), read_features(path)
    assert read.video == "a b#1"
    assert read.meta == written.meta
    assert read.features.dtype == np.float16
    np.testing.assert_array_equal(read.features, written.features.astype(np.float16))
    np.testing.assert_array_equal(read.snippet_start, written.snippet_start)
    np.testing.assert_array_equal(read.pts, written.pts)
    assert (read.num_snippets, read.num_frames, read.dim, read.num_crops) == (7, 100, 8, 1)


def test_reading_maps_the_file_and_cannot_change_it(path: Path):
    features = read_features(path).features
    assert isinstance(features, np.memmap)
    assert isinstance(features.base, mmap.mmap)
    with pytest.raises(ValueError, match="read-only"):
        features[0] = 0
    assert not isinstance(read_features(path, mmap=False).features, np.memmap)


def test_other_programs_read_the_file_with_safetensors_alone(path: Path):
    tensors = load_file(path)
    assert {name: (value.dtype.name, value.shape) for name, value in tensors.items()} == {
        "features": ("float16", (7, 8)),
        "snippet_start": ("int32", (7,)),
        "pts": ("int64", (100,)),
    }


def test_ten_crops_are_kept_in_one_file(tmp_path: Path):
    single = make_set()
    ten = replace(single, features=np.repeat(single.features[:, None], 10, axis=1))
    write_features(tmp_path / f"v{SUFFIX}", ten)
    read = read_features(tmp_path / f"v{SUFFIX}")
    assert (read.features.shape, read.num_crops) == ((7, 10, 8), 10)


@pytest.mark.parametrize("value", [np.nan, np.inf, 70000.0])
def test_values_that_float16_cannot_hold_are_never_written(tmp_path: Path, value: float):
    features = make_set()
    features.features[3, 3] = value
    with pytest.raises(FeatureError, match=r"not finite.*float32"):
        write_features(tmp_path / f"v{SUFFIX}", features)
    assert not list(tmp_path.iterdir())


def test_a_folder_that_cannot_be_written_is_an_output_error(tmp_path: Path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError):
        write_features(tmp_path / "file" / f"v{SUFFIX}", make_set())


@settings(max_examples=60, deadline=None)
@given(cut=st.integers(0, 10_000))
def test_a_file_cut_anywhere_is_an_error_that_names_it(tmp_path_factory, cut: int):
    folder = tmp_path_factory.mktemp("cut")
    path = folder / f"v{SUFFIX}"
    write_features(path, make_set())
    content = path.read_bytes()
    path.write_bytes(content[: cut % len(content)])
    for read in (read_features, read_meta):
        with pytest.raises(FeatureError, match=path.name) as caught:
            read(path)
        assert "extract again" in caught.value.hint


@settings(max_examples=150, deadline=None)
@given(place=st.integers(0, 1300), value=st.integers(0, 255))
def test_a_changed_byte_gives_features_or_a_feature_error(tmp_path_factory, place, value):
    path = tmp_path_factory.mktemp("flip") / f"v{SUFFIX}"
    write_features(path, make_set())
    content = bytearray(path.read_bytes())
    content[place % len(content)] = value
    path.write_bytes(content)
    try:
        read = read_features(path)
    except FeatureError:
        return
    assert np.isfinite(read.features).all()


def test_features_of_other_programs_are_refused(tmp_path: Path):
    path = tmp_path / f"v{SUFFIX}"
    save_file({"features": np.zeros((2, 3), np.float16)}, path)
    with pytest.raises(FeatureError, match="does not say where it comes from"):
        read_features(path)
    with pytest.raises(FeatureError, match="cannot read"):
        read_features(tmp_path / f"missing{SUFFIX}")


def test_rows_that_do_not_fit_the_snippets_are_refused():
    good = make_set()
    for bad in (
        {"snippet_start": good.snippet_start[:-1]},
        {"snippet_start": good.snippet_start[::-1].copy()},
        {"pts": good.pts[:90]},
        {"features": good.features[0]},
    ):
        with pytest.raises(FeatureError):
            replace(good, **bad)


def test_the_key_depends_on_what_must_match_and_on_nothing_else():
    assert replace(META, dtype="float32", pretrained="x.pt", num_frames=3).key == META.key
    for change in ({"stride": 8}, {"activation": "gelu"}, {"weight_sha256": "cd" * 32}):
        assert replace(META, **change).key != META.key


def test_a_header_of_a_later_version_says_so():
    later = {**META.to_json(), "format_version": 99}
    with pytest.raises(FeatureError, match="later version"):
        FeatureMeta.from_json(later)
    assert FeatureMeta.from_json({**META.to_json(), "news": 1}) == META
