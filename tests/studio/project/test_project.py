"""The project folder: created, opened, moved, locked, brought to today's version."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QLockFile

from tpwng_core.config import read_toml
from tpwng_core.errors import ArtifactError, ConfigError, InputError, OutputError
from tpwng_core.files import asset
from tpwng_core.tuning import Tuning
from tpwng_core.video import fingerprint
from tpwng_studio.project import project as module
from tpwng_studio.project.project import NAME, Project
from tpwng_studio.project.saved_queries import SavedQuery
from tpwng_studio.project.scanning import scan_video, write_scans
from tpwng_studio.state.corrections import what_is_missing
from tpwng_studio.state.session import Session

VIDEOS = asset("demo/miniature/videos")
VERSION_0 = """\
[project]
name = "old"
checkpoint = "runs/one/checkpoint.safetensors"
videos = ["../clips/a b#1.mp4", "../clips/c.mkv"]

[tuning]
alpha = 0.3
theta = 0.4
r = 64
"""


def reopened(project: Project) -> Project:
    project.close()
    return Project.open(project.folder)


def test_a_folder_of_videos_becomes_a_project_without_copies(tmp_path: Path) -> None:
    shutil.copytree(VIDEOS, tmp_path / "clips")
    project = Project.create(tmp_path / "work", [tmp_path / "clips"])
    assert len(project.videos) == 8
    assert sorted(path.name for path in project.folder.iterdir()) == [".studio.lock", NAME]
    tables = read_toml(project.folder / NAME)
    assert tables["videos"]["test_fire_001"] == "../clips/test_fire_001.mp4"
    again = reopened(project)
    assert again.videos == project.videos
    assert again.videos[0].path.is_file()
    again.close()


def test_a_project_moves_with_its_videos(demo_project: Project, tmp_path: Path) -> None:
    demo_project.close()
    moved = shutil.move(demo_project.folder, tmp_path / "elsewhere")
    project = Project.open(Path(moved))
    assert all(video.path.is_file() for video in project.videos)
    assert project.checkpoint == tmp_path / "elsewhere/runs/demo/checkpoint.safetensors"
    project.close()


def test_the_demo_has_everything_to_look_at(demo_project: Project) -> None:
    model = demo_project.read_model()
    records = demo_project.read_records()
    assert model is not None
    assert set(demo_project.categories(records, model)) == set(model.categories) - {"normal"}
    assert demo_project.read_truth()["test_fire_001"]
    assert records["test_fire_001"].labels == ("fire",)
    for folder in (demo_project.scores_dir, demo_project.pseudo_dir, demo_project.features_dir):
        assert len([*folder.iterdir()]) == 8


def test_the_demo_can_be_taught_and_has_videos_to_tell_the_gain_by(demo_project: Project) -> None:
    records = demo_project.read_records()
    training = [record for record in records.values() if record.split == "train"]
    held_out = [record for record in records.values() if record.split == "test"]
    assert len(training) + len(held_out) == 8
    for group in (training, held_out):
        assert sum(bool(record.labels) for record in group) >= 2
        assert any(record.is_normal for record in group)
    assert demo_project.videos[0].id in {record.video for record in training}


def test_the_next_training_begins_with_the_preset_of_the_last(demo_project: Project) -> None:
    assert demo_project.preset == "demo"
    demo_project.set_preset("xd-violence")
    again = reopened(demo_project)
    assert again.preset == "xd-violence"
    again.close()
    text = (again.folder / "project.toml").read_text()
    (again.folder / "project.toml").write_text(text.replace("xd-violence", "of tomorrow"))
    last = Project.open(again.folder)
    assert last.preset == "custom"
    last.close()


def test_settings_links_and_categories_are_kept(demo_project: Project) -> None:
    demo_project.tuning = Tuning(theta=0.35, span_softness=16.0)
    demo_project.link(ground_truth=None)
    demo_project.set_categories({"B 1": "fighting, punching", "normal": "normal"})
    again = reopened(demo_project)
    assert again.tuning == Tuning(theta=0.35, span_softness=16.0)
    assert again.ground_truth is None
    assert again.read_truth() == {}
    assert again.categories({}, None) == {"B 1": "fighting, punching"}
    again.close()


def test_videos_are_added_and_known_ids_stay(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        shutil.copy(VIDEOS / "test_fire_001.mp4", tmp_path / name)
    project = Project.create(tmp_path / "work", [tmp_path / "one"])
    assert not project.add_videos([tmp_path / "one"])
    (added,) = project.add_videos([tmp_path / "two"])
    assert project.videos[0].id == "test_fire_001"
    assert added.id.startswith("test_fire_001-")
    project.close()


def test_videos_that_moved_are_found_again(tmp_path: Path) -> None:
    shutil.copytree(VIDEOS, tmp_path / "clips")
    project = Project.create(tmp_path / "work", [tmp_path / "clips"])
    shutil.move(tmp_path / "clips", tmp_path / "archive")
    assert project.relink(tmp_path / "clips", tmp_path / "archive") == 8
    one = project.videos[0].path
    other = one.rename(tmp_path / "renamed.mp4")
    assert project.relink(one, other) == 1
    assert project.relink(tmp_path / "unrelated", tmp_path) == 0
    with pytest.raises(InputError, match="nowhere"):
        project.relink(one, tmp_path / "nowhere")
    again = reopened(project)
    assert again.videos[0].path == tmp_path / "renamed.mp4"
    assert all(video.path.is_file() for video in again.videos)
    again.close()


def test_an_answer_for_some_videos_loses_no_others(tmp_path: Path) -> None:
    shutil.copytree(VIDEOS, tmp_path / "clips")
    project = Project.create(tmp_path / "work", [tmp_path / "clips"])
    (tmp_path / "sorted").mkdir()
    moved = project.videos[0].path.rename(tmp_path / "sorted" / project.videos[0].path.name)
    away = project.videos[1].path.rename(tmp_path / "away.mp4")
    assert project.relink(tmp_path / "clips", tmp_path / "work") == 0
    assert project.videos[0].path.parent == tmp_path / "clips"
    assert project.relink(tmp_path / "clips", tmp_path / "sorted") == 1
    assert project.videos[0].path == moved
    assert not project.videos[1].path.exists()
    assert all(video.path.parent == tmp_path / "clips" for video in project.videos[1:])
    assert project.relink(project.videos[1].path, away) == 1
    project.close()


def test_videos_that_were_renamed_are_known_by_their_content(tmp_path: Path) -> None:
    shutil.copytree(VIDEOS, tmp_path / "clips")
    project = Project.create(tmp_path / "work", [tmp_path / "clips"])
    scans = {video.id: scan_video(video.path) for video in project.videos}
    write_scans(project.folder, scans)
    (tmp_path / "clips").rename(tmp_path / "archive")
    (tmp_path / "archive/monday").mkdir()
    names = {video.id: f"monday/{number}.mp4" for number, video in enumerate(project.videos[:3])}
    for name, file in names.items():
        (tmp_path / f"archive/{name}.mp4").rename(tmp_path / "archive" / file)
    assert project.relink(tmp_path / "clips", tmp_path / "archive") == 8
    for video in project.videos:
        assert fingerprint(video.path) == scans[video.id].fingerprint
    project.close()


def test_a_second_window_may_only_read(demo_project: Project) -> None:
    second = Project.open(demo_project.folder)
    assert second.is_read_only
    assert str(os.getpid()) in second.why_read_only
    before = (demo_project.folder / NAME).read_bytes()
    second.tuning = Tuning(theta=0.9)
    second.save()
    assert (demo_project.folder / NAME).read_bytes() == before
    second.close()
    third = Project.open(demo_project.folder)
    assert third.is_read_only
    third.close()
    demo_project.close()
    fourth = Project.open(demo_project.folder)
    assert not fourth.is_read_only
    fourth.close()


def test_the_lock_of_a_dead_process_is_taken_over(demo_project: Project) -> None:
    demo_project.close()
    code = (
        "import os, sys; from pathlib import Path\n"
        "from tpwng_studio.project.project import Project\n"
        "project = Project.open(Path(sys.argv[1])); assert not project.is_read_only; os._exit(9)"
    )
    command = [sys.executable, "-c", code, str(demo_project.folder)]
    assert subprocess.run(command, check=False).returncode == 9
    assert (demo_project.folder / ".studio.lock").exists()
    project = Project.open(demo_project.folder)
    assert not project.is_read_only
    project.close()


@pytest.mark.parametrize(
    "change",
    [
        lambda project: project.link(checkpoint=project.folder / "other.safetensors", before=None),
        lambda project: project.set_categories({"fall": "a person falls"}),
        lambda project: project.set_preset("ucf-crime"),
        lambda project: project.set_queries({"fall": SavedQuery(id="fall", words="a", name="a")}),
    ],
)
def test_nothing_has_changed_where_the_file_cannot_be_written(
    demo_project: Project, monkeypatch: pytest.MonkeyPatch, change: Callable[[Project], None]
) -> None:
    def full(path: Path, text: str) -> None:
        raise OutputError("the disk is full")

    demo_project.save()
    file = demo_project.folder / NAME
    before = file.read_bytes()
    with monkeypatch.context() as patch:
        patch.setattr(module, "write_text", full)
        with pytest.raises(OutputError):
            change(demo_project)
    demo_project.save()  # as sliders that rest do: it must not write what was refused
    assert file.read_bytes() == before
    change(demo_project)
    assert file.read_bytes() != before


def test_a_folder_that_cannot_be_written_is_said_to_be_so(
    demo_project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = QLockFile.LockError.PermissionError
    monkeypatch.setattr(QLockFile, "error", lambda _: refused)
    second = Project.open(demo_project.folder)
    assert second.why_read_only == "the project's folder cannot be written"
    session, heard = Session(), list[str]()
    session.message.connect(lambda _, text: heard.append(text))
    session.open_project(second)
    session.paint(0, 9, "abnormal")
    assert heard == ["Read only: the project's folder cannot be written"] * 2
    assert "cannot be written" in what_is_missing(session)
    session.shutdown()


def test_a_lock_without_a_word_is_taken_over_once_nobody_can_be_writing_it(
    demo_project: Project,
) -> None:
    """What a crash between the making of the file and its first line leaves."""
    demo_project.close()
    lock = demo_project.folder / ".studio.lock"
    lock.touch()
    early = Project.open(demo_project.folder)
    assert early.is_read_only
    early.close()
    minute_ago_s = time.time() - 60
    os.utime(lock, (minute_ago_s, minute_ago_s))
    project = Project.open(demo_project.folder)
    assert not project.is_read_only
    second = Project.open(demo_project.folder)
    assert second.is_read_only
    second.close()
    project.close()


def test_version_0_is_brought_to_today_and_kept_beside(tmp_path: Path) -> None:
    folder = tmp_path / "work"
    folder.mkdir()
    (folder / NAME).write_text(VERSION_0, encoding="utf-8")
    project = Project.open(folder)
    assert project.tuning == Tuning(alpha=0.3, theta=0.4, span_softness=64.0)
    assert {video.id: video.path for video in project.videos} == {
        "a b#1": tmp_path / "clips/a b#1.mp4",
        "c": tmp_path / "clips/c.mkv",
    }
    assert project.name == "old"
    assert project.checkpoint == folder / "runs/one/checkpoint.safetensors"
    assert (folder / f"{NAME}.bak").read_text(encoding="utf-8") == VERSION_0
    again = reopened(project)
    assert again.videos == project.videos
    again.close()


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("[project]\nversion = 99\n", "99"),
        ("[project]\nversion = -1\n", "-1"),
        ("[other]\nversion = 1\n", "no \\[project\\]"),
        ("[project\n", "not TOML"),
        ("[project]\nversion = 1\n[tuning]\ntheta = 7\n", "theta"),
        ("[project]\nversion = 1\n[tuning]\nthta = 0.5\n", "thta"),
    ],
)
def test_a_file_that_is_not_ours_is_refused_and_left_alone(
    tmp_path: Path, text: str, error: str
) -> None:
    (tmp_path / NAME).write_text(text)
    with pytest.raises((ArtifactError, ConfigError), match=error):
        Project.open(tmp_path)
    assert (tmp_path / NAME).read_text() == text


def test_a_project_is_not_made_over_another_or_of_nothing(
    demo_project: Project, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match="project already"):
        Project.create(demo_project.folder, [VIDEOS])
    with pytest.raises(InputError, match="project already"):
        Project.create_demo(demo_project.folder)
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="no video"):
        Project.create(tmp_path / "work", [tmp_path / "empty"])
    assert not (tmp_path / "work" / NAME).exists()
    with pytest.raises(TypeError, match="chekpoint"):
        demo_project.link(chekpoint=tmp_path)
