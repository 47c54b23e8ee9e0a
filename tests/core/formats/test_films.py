"""Overlay videos and clips, as ffprobe sees them."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tpwng_core.errors import ConfigError
from tpwng_core.events import Event, Progress
from tpwng_core.files import asset
from tpwng_core.formats import ExportItem, ExportOptions, Mark, export, preview
from tpwng_core.formats.items import Entry, annotation_of
from tpwng_core.formats.panel import Panel
from tpwng_core.run.gathering import NOWHERE, gather
from tpwng_core.video import VideoReader

PSEUDO = ExportOptions(source="pseudo")


@pytest.fixture
def item() -> ExportItem:
    found = gather(asset("demo/miniature"), NOWHERE)
    return next(item for item in found if item.video == "test_fire_001")


def probe(path: Path) -> dict:
    program = shutil.which("ffprobe")
    if program is None:
        pytest.skip("the ffprobe program is not installed")
    fields = "stream=codec_type,codec_name,nb_read_frames,width,height"
    command = [program, "-v", "error", "-count_frames", "-show_entries", fields, "-of", "json"]
    done = subprocess.run([*command, str(path)], capture_output=True, text=True, check=True)
    found: list[dict] = json.loads(done.stdout)["streams"]
    return found[0]


def test_ffprobe_counts_every_frame_of_the_overlay(item: ExportItem, tmp_path: Path) -> None:
    events: list[Event] = []
    (path,) = export(item, "overlay-mp4", tmp_path, PSEUDO, events.append)
    stream = probe(path)
    assert stream["codec_name"] == "h264"
    assert int(stream["nb_read_frames"]) == item.num_frames == 224
    assert (item.width, item.height) == (192, 144)
    assert (stream["width"], stream["height"]) == (192, 144 + 48)  # with the strip
    assert Progress(done=224, total=224, unit="frame") in events


@pytest.mark.parametrize("category", ["fire", "a person slips through a door behind another"])
def test_the_caption_fits_into_a_small_picture(
    item: ExportItem, tmp_path: Path, category: str
) -> None:
    marks = (Mark(start=0, end=224, state="abnormal", category=category, origin="pseudo"),)
    (path,) = export(item, "overlay-mp4", tmp_path, PSEUDO)
    said = replace(annotation_of(item, "pseudo"), marks=marks)
    panel = Panel(Entry(item=item, annotation=said, source="pseudo"), 192, 144)
    picture = np.zeros((144, 192, 3), np.uint8)
    line = panel.below(picture, 223)[145:153].astype(int)
    lit = np.flatnonzero((line.min(axis=2) > 150).any(axis=0))
    assert lit.size
    assert lit.max() < 192 - 2
    with VideoReader(path) as reader:
        assert reader.frame(70).shape == (192, 192, 3)


def test_the_strip_says_what_the_frame_is(item: ExportItem, tmp_path: Path) -> None:
    (path,) = export(item, "overlay-mp4", tmp_path, PSEUDO)
    with VideoReader(path) as reader:
        inside, outside = (reader.frame(number).astype(int) for number in (70, 200))
    assert item.height is not None
    band = inside[-3, :, 0] - inside[-3, :, 2] > 80  # vermilion
    assert band.any()
    left, right = (round(frame / 224 * band.size) for frame in (56, 88))
    assert abs(int(band.argmax()) - left) <= 2
    assert abs(int(band.size - band[::-1].argmax()) - right) <= 2
    # the picture itself is untouched apart from the score bar
    bar = slice(0, item.height), slice(-6, None)
    assert inside[bar][-4:, :, 0].mean() > 150 or inside[bar][-4:, :, 2].mean() > 100
    assert not (inside[item.height :] == outside[item.height :]).all()


def test_clips_have_the_frames_of_their_segments(item: ExportItem, tmp_path: Path) -> None:
    paths = export(item, "clips", tmp_path, PSEUDO)
    assert [path.name for path in paths] == ["test_fire_001_000056-000088_abnormal.mp4"]
    assert int(probe(paths[0])["nb_read_frames"]) == 32
    assert preview([item], "clips", PSEUDO) == "test_fire_001: frames 56 to 88, abnormal"


def test_a_video_that_is_not_at_hand_is_told(item: ExportItem, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="--videos"):
        export(replace(item, path=None), "overlay-mp4", tmp_path, PSEUDO)


def test_the_video_itself_is_never_overwritten(item: ExportItem, tmp_path: Path) -> None:
    assert item.path is not None
    copy = tmp_path / item.path.name
    shutil.copyfile(item.path, copy)
    with pytest.raises(ConfigError, match="the video itself"):
        export(replace(item, path=copy), "overlay-mp4", tmp_path, PSEUDO)


def test_labels_of_another_version_are_told(item: ExportItem, tmp_path: Path) -> None:
    assert item.path is not None
    other = item.path.with_name("test_normal_000.mp4")
    with pytest.raises(ConfigError, match=r"146 frames, its labels 224"):
        export(replace(item, path=other), "overlay-mp4", tmp_path, PSEUDO)
