"""A labelled real clip goes to every format in one run, and every file is opened by its reader."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
from fractions import Fraction
from pathlib import Path

import duckdb
import numpy as np
import pyarrow.parquet as pq
import pytest
import srt
import webvtt
from PIL import Image
from pympi import Elan

from tpwng_core.cli import main
from tpwng_core.formats import FORMATS, ImportOptions, read_annotations
from tpwng_core.labels import LabelSegment, VideoLabels, label_path, read_labels, write_labels
from tpwng_core.run.gathering import Sources, clocks_of
from tpwng_core.video import index_video

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def clip(real_data: Path) -> Path:
    path = real_data / "clips" / "fights" / "fight" / "fi001.mp4"
    if not path.is_file():
        pytest.skip(f"no clip at {path}")
    return path


@pytest.fixture(scope="module")
def out(clip: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("real")
    index = index_video(clip)
    said = VideoLabels(
        video=clip.stem,
        num_frames=index.num_frames,
        fps=index.fps,
        category="Fighting",
        reviewed=True,
    )
    for start, end, state in ((4, 20, "abnormal"), (20, 30, "normal"), (40, 53, "abnormal")):
        segment = LabelSegment(start=start, end=end, state=state, author="ann")  # type: ignore[arg-type]
        said = said.paint(segment)
    write_labels(label_path(folder / "labels", clip.stem), said)
    words = ["export", folder / "labels", "--format", "all", "--out", folder / "out"]
    assert main([*map(str, words), "--videos", str(clip), "--quiet"]) == 0
    return folder


def only(out: Path, name: str, pattern: str = "*") -> Path:
    found = sorted((out / "out" / name).glob(pattern))
    assert found, name
    return found[0]


def test_every_format_is_there(out: Path) -> None:
    written = {path.name for path in (out / "out").iterdir()}
    assert written == {item.name for item in FORMATS.values() if item.can_write}


@pytest.mark.parametrize("name", [item.name for item in FORMATS.values() if item.can_read])
def test_what_was_said_comes_back_from_every_format(out: Path, clip: Path, name: str) -> None:
    form = FORMATS[name]
    path = only(out, name, f"*{form.extension}")
    options = ImportOptions(clocks=clocks_of(Sources(videos=clip)))
    (found,) = read_annotations(path, name, options)
    said = read_labels(label_path(out / "labels", clip.stem))
    kept = [item for item in said.segments if item.state in form.states]
    assert [(mark.start, mark.end, mark.state) for mark in found.marks] == [
        (item.start, item.end, item.state) for item in kept
    ]


def test_readers_of_text_open_theirs(out: Path) -> None:
    assert len(webvtt.read(str(only(out, "webvtt")))) == 3
    assert len(list(srt.parse(only(out, "srt").read_text(encoding="utf-8")))) == 3
    assert len(Elan.Eaf(str(only(out, "elan"))).get_annotation_data_for_tier("human")) == 3
    for name in ("activitynet", "activitynet-predictions", "via", "label-studio"):
        json.loads(only(out, name, "*.json").read_text(encoding="utf-8"))
    for name, count in (("segments-csv", 3), ("boris", 3), ("frames-csv", 53)):
        assert len(duckdb.read_csv(str(only(out, name, "*.csv"))).fetchall()) == count
    lines = only(out, "via-csv").read_text(encoding="utf-8").splitlines()
    assert len(list(csv.reader(line for line in lines if not line.startswith("#")))) == 3


def test_readers_of_arrays_and_pictures_open_theirs(out: Path) -> None:
    assert pq.read_table(only(out, "parquet")).num_rows == 53
    with np.load(only(out, "npz"), allow_pickle=False) as found:
        assert found["human"].tolist().count(1) == 29
    with Image.open(only(out, "figure-png")) as picture:
        picture.verify()


def test_ffprobe_counts_the_frames_and_hears_the_sound(out: Path, clip: Path) -> None:
    program = shutil.which("ffprobe")
    if program is None:
        pytest.skip("the ffprobe program is not installed")

    def streams(path: Path) -> dict[str, str]:
        fields = "stream=codec_type,nb_read_frames"
        command = [program, "-v", "error", "-count_frames", "-show_entries", fields]
        done = subprocess.run(
            [*command, "-of", "csv=p=0", str(path)], capture_output=True, text=True, check=True
        )
        return dict(line.split(",")[:2] for line in done.stdout.split())

    overlay = streams(only(out, "overlay-mp4"))
    assert int(overlay["video"]) == index_video(clip).num_frames == 53
    assert int(overlay["audio"]) > 0
    clips = sorted((out / "out" / "clips").iterdir())
    assert [int(streams(path)["video"]) for path in clips] == [16, 10, 13]
    assert index_video(only(out, "overlay-mp4")).fps == Fraction(25)
