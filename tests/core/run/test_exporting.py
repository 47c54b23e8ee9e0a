"""export: every kind of input, one format or all of them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.core.labels.samples import empty
from tpwng_core.cli import main
from tpwng_core.errors import ConfigError, InputError, OutputError
from tpwng_core.events import Artifact, Event, Message, silent
from tpwng_core.files import asset
from tpwng_core.formats import FORMATS, import_
from tpwng_core.labels import LabelSegment, label_path, read_labels, write_labels
from tpwng_core.run.exporting import ExportRequest, export_files


@pytest.fixture
def miniature() -> Path:
    return asset("demo/miniature")


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    folder = tmp_path / "labels"
    said = replace(empty(video="v"), category="Abuse", reviewed=True)
    said = said.paint(LabelSegment(start=3, end=9, state="abnormal", category="Abuse"))
    write_labels(label_path(folder, "v"), said)
    return folder


def exported(given: Path, name: str, out: Path, **options) -> dict:
    return export_files(ExportRequest(given=given, format=name, out=out, **options), silent)


@pytest.mark.parametrize("part", ["", "pseudo", "pseudo/test_fire_001.pseudo.npz"])
def test_pseudo_labels_are_exported_of_folders_and_files(
    miniature: Path, tmp_path: Path, part: str
) -> None:
    done = exported(miniature / part, "segments-csv", tmp_path / "s.csv")
    assert done["source"] == "pseudo"
    assert done["videos"] == (1 if part.endswith("npz") else 8)
    assert "test_fire_001,56,88," in (tmp_path / "s.csv").read_text(encoding="utf-8")


def test_scores_alone_fill_the_table_of_frames(miniature: Path, tmp_path: Path) -> None:
    exported(miniature / "scores", "frames-csv", tmp_path / "f.csv")
    assert (tmp_path / "f.csv").read_text(encoding="utf-8").count("\n") > 1000
    with pytest.raises(ConfigError, match="finds no labelled video"):
        exported(miniature / "scores", "ucf-crime", tmp_path / "u.txt")


def test_ground_truth_of_the_demo_comes_out_as_it_is(miniature: Path, tmp_path: Path) -> None:
    truth = miniature / "annotations.txt"
    exported(truth, "ucf-crime", tmp_path / "same.txt")
    assert (tmp_path / "same.txt").read_bytes() == truth.read_bytes()
    exported(miniature, "ucf-crime", tmp_path / "sorted.txt", source="truth")
    lines = (tmp_path / "sorted.txt").read_bytes().splitlines()
    assert sorted(lines) == sorted(truth.read_bytes().splitlines())


def test_labels_win_over_pseudo_labels_and_unlabelled_videos_stay_out(
    labelled: Path, tmp_path: Path
) -> None:
    done = exported(labelled, "ucf-crime", tmp_path / "u.txt")
    assert done["source"] == "human"
    assert (tmp_path / "u.txt").read_text(encoding="utf-8") == "v  Abuse  3  9  -1  -1  \n"


def test_what_is_lost_is_said_and_files_are_announced(labelled: Path, tmp_path: Path) -> None:
    events: list[Event] = []
    request = ExportRequest(given=labelled, format="ucf-crime", out=tmp_path / "u.txt")
    export_files(request, events.append)
    said = [event.text for event in events if isinstance(event, Message)]
    assert any("that a video was reviewed" in text for text in said)
    assert Artifact(kind="ucf-crime", path=tmp_path / "u.txt") in events


def test_more_segments_than_slots_are_refused_with_the_choices(
    labelled: Path, tmp_path: Path
) -> None:
    path = label_path(labelled, "v")
    said = read_labels(path)
    for start in (20, 40):
        said = said.paint(LabelSegment(start=start, end=start + 5, state="abnormal"))
    write_labels(path, said)
    out = tmp_path / "u.txt"
    out.write_text("before", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"3 segments.*widen.*merge"):
        exported(labelled, "ucf-crime", out)
    assert out.read_text(encoding="utf-8") == "before"
    exported(labelled, "ucf-crime", out, slots="widen")
    assert out.read_text(encoding="utf-8") == "v  Abuse  3  9  20  25  40  45  \n"
    exported(labelled, "ucf-crime", out, slots="merge")
    assert out.read_text(encoding="utf-8") == "v  Abuse  3  25  40  45  \n"


def test_unknown_segments_are_refused_omitted_or_normal_by_choice(
    labelled: Path, tmp_path: Path
) -> None:
    path = label_path(labelled, "v")
    said = read_labels(path).paint(LabelSegment(start=30, end=35, state="unknown"))
    write_labels(path, said)
    with pytest.raises(ConfigError, match=r"--unknown omit or --unknown normal"):
        exported(labelled, "ucf-crime", tmp_path / "u.txt")
    exported(labelled, "segments-csv", tmp_path / "s.csv")
    assert ",unknown," in (tmp_path / "s.csv").read_text(encoding="utf-8")
    exported(labelled, "segments-csv", tmp_path / "s.csv", unknown="omit")
    assert ",unknown," not in (tmp_path / "s.csv").read_text(encoding="utf-8")
    exported(labelled, "segments-csv", tmp_path / "s.csv", unknown="normal")
    assert "v,30,35,1.001,1.167833,,normal," in (tmp_path / "s.csv").read_text(encoding="utf-8")


def test_reviewed_videos_only(labelled: Path, tmp_path: Path) -> None:
    write_labels(label_path(labelled, "w"), empty(video="w"))
    exported(labelled, "segments-csv", tmp_path / "s.csv", reviewed_only=True)
    assert "\nw," not in (tmp_path / "s.csv").read_text(encoding="utf-8")


def test_a_format_nobody_knows_gets_a_hint(labelled: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="did you mean 'ucf-crime'"):
        exported(labelled, "ucf-crim", tmp_path / "u")


def test_nothing_to_export_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds nothing to export"):
        exported(tmp_path, "npz", tmp_path / "out")


def test_a_failed_export_leaves_the_old_file(labelled: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("a file", encoding="utf-8")
    with pytest.raises(OutputError, match="cannot write"):
        exported(labelled, "segments-csv", tmp_path / "file" / "s.csv")


def test_the_command_line_exports_and_imports(
    labelled: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = str(tmp_path / "s.csv")
    assert main(["export", str(labelled), "--format", "segments-csv", "--out", out]) == 0
    words = ["import", out, "--out", str(tmp_path / "again"), "--events", "json"]
    assert main(words) == 0
    last = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert last["event"] == "finished"
    assert last["summary"]["format"] == "segments-csv"
    assert read_labels(label_path(tmp_path / "again", "v")) == read_labels(
        label_path(labelled, "v")
    )
    assert main(words) == 3


def test_every_format_is_written_at_once(miniature: Path, tmp_path: Path) -> None:
    done = exported(miniature, "all", tmp_path)
    assert set(done["files"]) == {item.name for item in FORMATS.values() if item.can_write}
    paths = [Path(path) for paths in done["files"].values() for path in paths]
    # a video without a segment has empty subtitles
    assert all(path.stat().st_size for path in paths if path.suffix != ".srt")
    labels = import_(tmp_path / "npz" / "test_fire_001.npz", "npz")
    assert labels[0].segments == ()
