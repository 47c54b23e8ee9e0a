from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import open_clip
import pytest
import torch
from PIL import Image

from tests.core.nn.small_clip import TEXT_ONLY, make_model, write_small_clip
from tests.core.run.footage import film
from tpwng_core.errors import (
    Cancelled,
    ConfigError,
    OutputError,
    SomeInputsFailed,
    VideoError,
)
from tpwng_core.events import Artifact, Event, Message, Progress, silent
from tpwng_core.features import SUFFIX, FeatureSet, compare_features, read_features
from tpwng_core.run.encoder import Encoder
from tpwng_core.run.extract import ExtractConfig, ExtractSummary, extract, raise_failed
from tpwng_core.video import VideoReader

LENGTHS = {"long": 100, "one": 1, "short #1": 20}
CONFIG = ExtractConfig(dtype="float32")


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(write_small_clip(tmp_path_factory.mktemp("clip")))


@pytest.fixture(scope="module")
def videos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("videos")
    for number, (name, num_frames) in enumerate(LENGTHS.items()):
        film(folder / "sub" / f"{name}.mp4", num_frames, first=50 * number)
    return folder


def run(inputs: Path, out: Path, clip: str, report=silent, config=CONFIG) -> ExtractSummary:
    given = [inputs] if isinstance(inputs, Path) else inputs
    return extract(given, out=out, clip=clip, config=config, device="cpu", report=report)


@pytest.fixture(scope="module")
def extracted(videos: Path, clip: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("features")
    run(videos, out, clip)
    return out


def features_of(folder: Path, video: str) -> FeatureSet:
    return read_features(folder / f"{video}{SUFFIX}")


def test_features_are_those_of_a_plain_loop_over_frames(extracted: Path, videos: Path):
    transform = open_clip.image_transform(64, is_train=False)
    model = make_model()
    with VideoReader(videos / "sub" / "long.mp4") as reader:
        for row, frame in enumerate([8, 24, 40, 56, 72, 88, 98]):
            image = transform(Image.fromarray(reader.frame(frame)))
            with torch.no_grad():
                expected = model.encode_image(image[None])[0].numpy()
            found = np.asarray(features_of(extracted, "long").features[row], dtype=np.float32)
            cosine = found @ expected / np.linalg.norm(found) / np.linalg.norm(expected)
            assert cosine > 1 - 1e-4
            assert np.linalg.norm(found) == pytest.approx(np.linalg.norm(expected), rel=0.01)


def test_every_video_gets_a_file_that_says_where_it_comes_from(extracted: Path, clip: str):
    assert {path.name for path in extracted.iterdir()} == {f"{name}{SUFFIX}" for name in LENGTHS}
    for name, num_frames in LENGTHS.items():
        features = features_of(extracted, name)
        assert (features.num_frames, features.dim) == (num_frames, 32)
        assert features.num_snippets == -(-num_frames // 16)
        meta = features.meta
        assert meta is not None
        assert (meta.width, meta.height, meta.num_frames) == (96, 64, num_frames)
        assert meta.fps == 25
        assert (meta.clip_name, meta.activation, meta.dtype) == ("small", "quick_gelu", "float32")
        assert (meta.stride, meta.sampling, meta.crop) == (16, "centre", "center")
        assert meta.resize == "bicubic antialias uint8, shortest 64, 64px"


def test_batches_and_threads_do_not_change_features(
    extracted: Path, videos: Path, clip: str, tmp_path: Path
):
    run(videos, tmp_path, clip, config=replace(CONFIG, batch_size=3, workers=3))
    for video in compare_features(extracted, tmp_path).videos:
        assert video.cosine_min is not None
        assert video.cosine_min > 1 - 1e-6


def test_a_second_run_does_no_work_twice(extracted: Path, videos: Path, clip: str):
    events: list[Event] = []
    before = {path: path.stat().st_mtime_ns for path in extracted.iterdir()}
    summary = run(videos, extracted, clip, events.append)
    assert (summary.done, set(summary.skipped)) == ((), set(LENGTHS))
    assert before == {path: path.stat().st_mtime_ns for path in extracted.iterdir()}
    texts = [event.text for event in events if isinstance(event, Message)]
    assert "long: skipped, already extracted" in texts


def test_other_content_other_settings_and_damage_are_noticed(
    videos: Path, clip: str, tmp_path: Path
):
    source = tmp_path / "v.mp4"
    source.write_bytes((videos / "sub" / "short #1.mp4").read_bytes())
    out = tmp_path / "out"
    assert run(source, out, clip).done == ("v",)
    assert run(source, out, clip).skipped == ("v",)
    assert run(source, out, clip, config=replace(CONFIG, dtype="auto")).skipped == ("v",)
    assert run(source, out, clip, config=replace(CONFIG, dtype="bfloat16")).done == ("v",)
    assert run(source, out, clip, config=replace(CONFIG, stride=8)).done == ("v",)
    source.write_bytes((videos / "sub" / "long.mp4").read_bytes())
    assert run(source, out, clip, config=replace(CONFIG, stride=8)).done == ("v",)
    path = out / f"v{SUFFIX}"
    path.write_bytes(path.read_bytes()[:-9])
    assert run(source, out, clip, config=replace(CONFIG, stride=8)).done == ("v",)


def test_ten_crops_and_means_of_frames_are_kept_apart_by_name(
    videos: Path, clip: str, tmp_path: Path
):
    source = videos / "sub" / "long.mp4"
    run(source, tmp_path / "ten", clip, config=replace(CONFIG, crop="ten"))
    run(source, tmp_path / "mean", clip, config=replace(CONFIG, frames_per_snippet=4))
    ten, mean = features_of(tmp_path / "ten", "long"), features_of(tmp_path / "mean", "long")
    assert ten.features.shape == (7, 10, 32)
    assert mean.features.shape == (7, 32)
    assert ten.meta is not None
    assert mean.meta is not None
    assert (ten.meta.crop, mean.meta.sampling) == ("ten", "mean-4")
    assert ten.meta.key != mean.meta.key


def test_a_video_that_fails_stops_nothing(videos: Path, clip: str, tmp_path: Path):
    bad = tmp_path / "bad.mp4"
    bad.write_text("this is text")
    summary = run([bad, videos], tmp_path / "out", clip)  # type: ignore[arg-type]
    assert set(summary.done) == set(LENGTHS)
    assert list(summary.failed) == ["bad"]
    with pytest.raises(SomeInputsFailed, match=r"1 of 4 videos failed; the rest is done\n  bad: "):
        raise_failed(summary)
    raise_failed(run(videos, tmp_path / "out", clip))


def test_a_single_video_that_fails_is_its_own_error(clip: str, tmp_path: Path):
    bad = tmp_path / "bad.mp4"
    bad.write_text("this is text")
    with pytest.raises(VideoError, match=r"bad\.mp4") as caught:
        run(bad, tmp_path / "out", clip)
    assert caught.value.exit_code == 3


@pytest.mark.parametrize("stop", [Cancelled, KeyboardInterrupt])
def test_stopping_leaves_whole_files_and_no_threads(videos: Path, clip: str, tmp_path: Path, stop):
    def stop_at_first_file(event: Event) -> None:
        if isinstance(event, Artifact):
            raise stop

    with pytest.raises(stop):
        run(videos, tmp_path, clip, stop_at_first_file, replace(CONFIG, batch_size=1))
    (path,) = tmp_path.iterdir()
    assert read_features(path).num_frames == LENGTHS[path.name.removesuffix(SUFFIX)]
    assert not [t for t in threading.enumerate() if t.name.startswith("decode")]


def test_progress_ends_at_its_total_and_never_falls(videos: Path, clip: str, tmp_path: Path):
    events: list[Event] = []
    run(videos, tmp_path, clip, events.append)
    steps = [event for event in events if isinstance(event, Progress)]
    done = [event.done for event in steps]
    assert done == sorted(done)
    assert {event.total for event in steps} == {done[-1]}


def test_features_that_are_not_finite_fail_by_video(
    videos: Path, clip: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    encode = Encoder.encode
    monkeypatch.setattr(Encoder, "encode", lambda self, x: encode(self, x) * float("inf"))
    summary = run(videos, tmp_path / "out", clip)
    assert set(summary.failed) == set(LENGTHS)
    assert "extract.dtype=float32" in summary.failed["long"]
    with pytest.raises(SomeInputsFailed, match="3 of 3 videos failed\n"):
        raise_failed(summary)


def test_a_folder_that_cannot_be_written_ends_the_run(videos: Path, clip: str, tmp_path: Path):
    (tmp_path / "file").touch()
    with pytest.raises(OutputError):
        run(videos, tmp_path / "file" / "out", clip)


def test_a_clip_without_an_image_tower_is_refused(videos: Path, tmp_path: Path):
    folder = str(write_small_clip(tmp_path / "text", model=TEXT_ONLY))
    with pytest.raises(ConfigError, match="no image tower"):
        run(videos, tmp_path, folder)


@pytest.mark.parametrize(
    "wrong",
    [{"stride": 0}, {"batch_size": 0}, {"frames_per_snippet": 17}, {"crop": "five"}],
)
def test_settings_out_of_range_are_refused(wrong: dict):
    with pytest.raises(ConfigError):
        ExtractConfig(**wrong)


def test_real_footage_is_extracted_frame_exact(real_data: Path, clip: str, tmp_path: Path):
    source = real_data / "clips" / "ucf_crime" / "Explosion021_x264.mp4"
    run(source, tmp_path, clip)
    features = features_of(tmp_path, source.stem)
    with VideoReader(source) as reader:
        assert features.num_frames == reader.index.num_frames
        np.testing.assert_array_equal(features.pts, reader.index.pts)
