from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.core.features.samples import make_set
from tpwng_core.errors import FeatureError
from tpwng_core.features import SUFFIX, open_feature_folder, write_features

RNG = np.random.default_rng(0)


def save(path: Path, *shape: int) -> np.ndarray:
    array = RNG.normal(size=shape).astype(np.float32)
    path.parent.mkdir(parents=True, exist_ok=True)
    np.save(path, array)
    return array


def test_real_published_features_are_read_as_they_are(real_data: Path):
    path = real_data / "features" / "v_GGSY1Qvo990_clip_ViT-B-32_everyframe.npy"
    (features,) = open_feature_folder(path).values()
    assert features.video == path.stem
    assert features.features.shape == (355, 512)
    assert features.meta is None
    assert np.linalg.norm(features.features, axis=1).mean() == pytest.approx(10.28, abs=0.01)


def test_published_features_have_sixteen_frames_a_snippet(tmp_path: Path):
    save(tmp_path / "v.npy", 3, 512)
    features = open_feature_folder(tmp_path)["v"]
    assert features.snippet_start.tolist() == [0, 16, 32]
    assert features.num_frames == 48


def test_ten_files_of_crops_are_one_video_and_only_the_crop_asked_for_is_read(tmp_path: Path):
    crops = [save(tmp_path / "Abuse" / f"x__{crop}.npy", 4, 512) for crop in range(10)]
    folder = open_feature_folder(tmp_path)
    assert list(folder) == ["x"]
    features = folder["x"].features
    assert features.shape == (4, 10, 512)
    np.testing.assert_array_equal(features[:, 7], crops[7])
    np.testing.assert_array_equal(features[1:3, 7, :5], crops[7][1:3, :5])
    np.testing.assert_array_equal(np.asarray(features, dtype=np.float32), np.stack(crops, 1))
    np.testing.assert_array_equal(features[2], np.stack(crops, 1)[2])
    assert isinstance(features[:, 7], np.memmap)


def test_one_crop_alone_is_a_plain_video(tmp_path: Path):
    save(tmp_path / "x__5.npy", 4, 512)
    assert open_feature_folder(tmp_path)["x"].features.shape == (4, 512)


def test_a_missing_crop_is_named(tmp_path: Path):
    for crop in (0, 1, 3):
        save(tmp_path / f"x__{crop}.npy", 4, 512)
    with pytest.raises(FeatureError, match="lacks crop 2"):
        open_feature_folder(tmp_path)


def test_crops_of_different_lengths_are_refused(tmp_path: Path):
    for crop in range(5):
        save(tmp_path / f"x__{crop}.npy", 4 + (crop == 3), 512)
    with pytest.raises(FeatureError, match=r"x__3\.npy has shape \(5, 512\)"):
        open_feature_folder(tmp_path)["x"]


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        ((37, 10, 512), (37, 10, 512)),
        ((10, 37, 512), (37, 10, 512)),
        ((5, 37, 512), (37, 5, 512)),
        ((37, 1, 512), (37, 512)),
        ((1, 37, 512), (37, 512)),
        ((512, 512), (512, 512)),
        ((3, 64), (3, 64)),
    ],
)
def test_axes_are_told_apart_by_their_sizes(tmp_path: Path, shape, expected):
    array = save(tmp_path / "v.npy", *shape)
    features = open_feature_folder(tmp_path)["v"].features
    assert features.shape == expected
    turned = array.swapaxes(0, 1) if len(shape) == 3 and shape[0] < 37 else array
    np.testing.assert_array_equal(features, turned.reshape(expected))


@pytest.mark.parametrize("shape", [(10, 10, 512), (512, 37), (37, 12, 512), (2, 3, 4, 5), (9,)])
def test_axes_that_cannot_be_told_apart_are_an_error(tmp_path: Path, shape):
    save(tmp_path / "v.npy", *shape)
    with pytest.raises(FeatureError, match="cannot be told apart"):
        open_feature_folder(tmp_path)["v"]


def test_other_files_of_the_set_settle_an_open_order(tmp_path: Path):
    array = save(tmp_path / "a.npy", 10, 10, 512)
    save(tmp_path / "b.npy", 10, 44, 512)
    features = open_feature_folder(tmp_path)["a"].features
    np.testing.assert_array_equal(features, array.swapaxes(0, 1))
    assert not np.array_equal(features, array)


def test_files_of_objects_are_not_unpickled(tmp_path: Path):
    np.save(tmp_path / "v.npy", np.array([{"a": 1}], dtype=object), allow_pickle=True)
    with pytest.raises(FeatureError, match=r"v\.npy is damaged or no \.npy"):
        open_feature_folder(tmp_path)["v"]


@pytest.mark.parametrize("content", [b"", b"\x93NUMPY", b"not an array at all"])
def test_damaged_files_are_named(tmp_path: Path, content: bytes):
    (tmp_path / "v.npy").write_bytes(content)
    with pytest.raises(FeatureError, match=r"v\.npy"):
        open_feature_folder(tmp_path)["v"]


def test_numbers_that_are_no_features_are_refused(tmp_path: Path):
    np.save(tmp_path / "ints.npy", np.zeros((4, 512), np.int64))
    np.save(tmp_path / "nan.npy", np.full((4, 512), np.nan, np.float32))
    folder = open_feature_folder(tmp_path)
    for video in folder:
        with pytest.raises(FeatureError):
            folder[video]


def test_a_folder_is_searched_through_and_opened_lazily(tmp_path: Path):
    write_features(tmp_path / "sub" / f"ours{SUFFIX}", make_set("ours"))
    save(tmp_path / "published.npy", 4, 512)
    (tmp_path / f"bad{SUFFIX}").write_bytes(b"x")
    (tmp_path / "notes.txt").write_text("x")
    folder = open_feature_folder(tmp_path)
    assert list(folder) == ["bad", "ours", "published"]
    assert "ours" in folder
    assert "notes" not in folder
    assert folder["ours"] is folder["ours"]
    with pytest.raises(FeatureError, match="bad"):
        folder["bad"]


def test_two_files_for_one_video_are_refused(tmp_path: Path):
    save(tmp_path / "a" / "v.npy", 4, 512)
    save(tmp_path / "b" / "v.npy", 4, 512)
    with pytest.raises(FeatureError, match="two feature files for one video"):
        open_feature_folder(tmp_path)


def test_a_folder_without_features_says_what_they_are_called(tmp_path: Path):
    with pytest.raises(FeatureError, match="holds no features"):
        open_feature_folder(tmp_path)
    with pytest.raises(FeatureError, match="there are no features at"):
        open_feature_folder(tmp_path / "missing")
