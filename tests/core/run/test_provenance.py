from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.core.nn.small_clip import write_small_clip
from tests.core.run.footage import film
from tpwng_core.features import SUFFIX, FeatureSet, write_features
from tpwng_core.nn.clip import load_clip
from tpwng_core.run.decoding import Sampling
from tpwng_core.run.preprocess import Preparation, snippet_starts
from tpwng_core.run.provenance import Provenance
from tpwng_core.video import DecodeReport, VideoFile, index_video


@pytest.fixture
def video(tmp_path: Path) -> VideoFile:
    return VideoFile(video_id="v", path=film(tmp_path / "v.mp4", 20))


@pytest.fixture
def provenance(tmp_path: Path) -> Provenance:
    clip = load_clip(str(write_small_clip(tmp_path / "clip")))
    sampling = Sampling(stride=16, frames_per_snippet=1, preparation=Preparation.of(clip, "center"))
    return Provenance.of(clip, sampling, "float32")


@pytest.fixture
def path(tmp_path: Path, provenance: Provenance, video: VideoFile) -> Path:
    index = index_video(video.path)
    features = FeatureSet(
        video="v",
        features=snippet_starts(20, 16)[:, None].astype("f4"),
        snippet_start=snippet_starts(20, 16),
        pts=index.pts,
        meta=provenance.meta(video, index, DecodeReport(num_sampled=2, concealed=[7])),
    )
    path = tmp_path / f"v{SUFFIX}"
    write_features(path, features)
    return path


def changed(provenance: Provenance, **settings: object) -> Provenance:
    return replace(provenance, settings={**provenance.settings, **settings})


def test_features_are_known_again_by_video_and_settings(path, provenance, video, tmp_path):
    assert provenance.is_made(path, video, exact_dtype=True)
    for change in ({"stride": 8}, {"crop": "ten"}, {"weight_sha256": "0"}, {"resize": "other"}):
        assert not changed(provenance, **change).is_made(path, video, exact_dtype=True)
    other = VideoFile(video_id="v", path=film(tmp_path / "other" / "v.mp4", 21))
    assert not provenance.is_made(path, other, exact_dtype=True)


def test_the_number_type_counts_only_where_it_was_asked_for(path, provenance, video):
    narrow = changed(provenance, dtype="bfloat16", pretrained="elsewhere.pt")
    assert narrow.is_made(path, video, exact_dtype=False)
    assert not narrow.is_made(path, video, exact_dtype=True)


def test_missing_and_damaged_files_are_to_be_made(path, provenance, video):
    assert not provenance.is_made(path.with_name("no"), video, exact_dtype=False)
    path.write_bytes(b"x")
    assert not provenance.is_made(path, video, exact_dtype=False)


def test_concealed_frames_are_written_down(provenance, video):
    report = DecodeReport(num_sampled=2, concealed=[7], damaged=[3, 5])
    meta = provenance.meta(video, index_video(video.path), report)
    assert (meta.num_concealed, meta.num_damaged) == (1, 2)
