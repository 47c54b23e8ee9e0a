"""Videos that go from a project and come back: ids, order, and the project's file."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tpwng_core.config import read_toml
from tpwng_core.errors import InputError, OutputError
from tpwng_core.files import asset
from tpwng_studio.project import project as module
from tpwng_studio.project.project import NAME, Project
from tpwng_studio.project.project_video import ProjectVideo
from tpwng_studio.project.roster import Roster

CLIP = asset("demo/miniature/videos/test_fire_001.mp4")


def ids(project: Project) -> list[str]:
    return [video.id for video in project.videos]


def test_a_video_that_was_taken_out_gets_its_id_again(demo_project: Project) -> None:
    before = ids(demo_project)
    path = demo_project.videos[2].path
    demo_project.take_out(before[2])
    demo_project.close()
    project = Project.open(demo_project.folder)
    assert ids(project) == [*before[:2], *before[3:]]
    assert [video.id for video in project.taken_out] == [before[2]]
    assert path.is_file()
    (added,) = project.add_videos([path])
    assert added == ProjectVideo(id=before[2], path=path)
    assert ids(project) == [*before[:2], *before[3:], before[2]]
    assert project.taken_out == ()
    assert "taken_out" not in read_toml(project.folder / NAME)
    project.close()


def test_it_can_come_back_to_its_place(demo_project: Project) -> None:
    before = demo_project.videos
    demo_project.take_out(before[2].id)
    demo_project.bring_back(before[2].id, 2)
    assert demo_project.videos == before
    with pytest.raises(InputError):
        demo_project.bring_back(before[2].id, 2)
    with pytest.raises(InputError):
        demo_project.take_out("nobody")


def test_a_hashed_id_comes_back_though_the_file_is_added_by_itself(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / "clips" / name).mkdir(parents=True)
        shutil.copy(CLIP, tmp_path / "clips" / name)
    project = Project.create(tmp_path / "work", [tmp_path / "clips"])
    video = project.videos[1]
    assert video.id.startswith("test_fire_001-")
    project.take_out(video.id)
    assert project.add_videos([video.path]) == [video]
    project.close()


def test_another_file_never_gets_the_labels_of_one_that_was_taken_out(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        shutil.copy(CLIP, tmp_path / name)
    project = Project.create(tmp_path / "work", [tmp_path / "one"])
    project.take_out("test_fire_001")
    (other,) = project.add_videos([tmp_path / "two"])
    assert other.id.startswith("test_fire_001-")
    (first,) = project.add_videos([tmp_path / "one"])
    assert first.id == "test_fire_001"
    project.close()


def test_what_was_taken_out_is_found_again_with_the_others(tmp_path: Path) -> None:
    old, new = ProjectVideo(id="a", path=tmp_path / "old/a.mp4"), tmp_path / "new"
    new.mkdir()
    (new / "a.mp4").touch()
    roster = Roster(taken_out=(old,)).relinked({}, tmp_path / "old", new)
    assert roster.taken_out == (ProjectVideo(id="a", path=new / "a.mp4"),)
    assert roster.videos == ()


def test_nothing_goes_where_the_file_cannot_be_written(
    demo_project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = demo_project.videos

    def full(*_: object) -> None:
        raise OutputError("the disk is full")

    monkeypatch.setattr(module, "write_text", full)
    with pytest.raises(OutputError):
        demo_project.take_out(before[0].id)
    assert demo_project.videos == before
    assert demo_project.taken_out == ()
