from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.core.features.samples import META, make_set
from tpwng_core.errors import FeatureError
from tpwng_core.features import SUFFIX, FeatureSet, compare_features, write_features
from tpwng_core.features.compare import compare_video

BASE = make_set(num_snippets=12, dim=64)


def published(features: np.ndarray) -> FeatureSet:
    """The same rows without provenance, so that only the values can tell."""
    starts = np.arange(len(features), dtype=np.int32) * 16
    return FeatureSet(
        video="v", features=features, snippet_start=starts, pts=np.arange(len(features) * 16)
    )


def causes(first: np.ndarray, second: np.ndarray) -> str:
    return "; ".join(compare_video(published(first), published(second)).causes)


def noisy(size: float) -> np.ndarray:
    noise = np.random.default_rng(1).normal(size=BASE.features.shape)
    rows = BASE.features
    noise *= np.linalg.norm(rows, axis=1, keepdims=True) / np.linalg.norm(noise, axis=1)[:, None]
    return (rows + size * noise).astype(np.float32)


def test_equal_features_have_no_cause():
    result = compare_video(BASE, BASE)
    assert result.causes == ()
    assert result.cosine_min == pytest.approx(1)


@pytest.mark.parametrize(
    ("other", "cause"),
    [
        (BASE.features / np.linalg.norm(BASE.features, axis=1, keepdims=True), "normalised"),
        (BASE.features * 3, "another scale"),
        (noisy(0.005), "another number type"),
        (noisy(0.05), "another resize or crop"),
        (noisy(0.5), "other frames of each snippet"),
        (noisy(30.0), "other CLIP weights"),
        (BASE.features[:6], "another stride"),
        (BASE.features[:-1], "a snippet more"),
        (BASE.features[:, :32], "another encoder"),
    ],
)
def test_values_alone_tell_the_likely_cause(other, cause):
    assert cause in causes(BASE.features, other)


def test_features_that_run_late_are_recognised():
    rows = np.random.default_rng(2).normal(size=(20, 32)).astype(np.float32)
    result = compare_video(published(rows[2:]), published(rows[:-2]))
    assert result.offset == 2
    assert "sampled at another place" in result.causes[0]


def test_the_headers_name_the_cause_where_they_can():
    other = replace(
        BASE, features=noisy(0.1), meta=replace(META, num_frames=180, activation="gelu")
    )
    assert compare_video(BASE, other).causes == ("another activation: quick_gelu and gelu",)


def test_folders_are_compared_by_video(tmp_path: Path):
    for folder, videos in (("a", ("v", "w", "x")), ("b", ("v", "w", "y"))):
        for video in videos:
            dim = 16 if (folder, video) == ("b", "w") else 8
            write_features(tmp_path / folder / f"{video}{SUFFIX}", make_set(video, dim=dim))
    result = compare_features(tmp_path / "a", tmp_path / "b")
    assert [video.video for video in result.videos] == ["v", "w"]
    assert result.videos[0].causes == ()
    assert result.videos[1].cosine_min is None
    assert (result.only_first, result.only_second) == (("x",), ("y",))
    assert not result.is_same
    assert compare_features(tmp_path / "a", tmp_path / "a").to_json()["is_same"]


def test_two_files_are_compared_whatever_their_names(tmp_path: Path):
    paths = [tmp_path / f"{video}{SUFFIX}" for video in "vw"]
    for path in paths:
        write_features(path, make_set("any"))
    assert compare_features(*paths).is_same


def test_sets_without_a_common_video_are_an_error(tmp_path: Path):
    for video in "vw":
        write_features(tmp_path / video / f"{video}{SUFFIX}", make_set(video))
    with pytest.raises(FeatureError, match="no video in common"):
        compare_features(tmp_path / "v", tmp_path / "w")
