"""What a watch needs: which model by default, what lacks and how to mend it."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from tpwng_core.checkpoint import read_checkpoint, write_checkpoint
from tpwng_studio.live.watch_setup import (
    address_of,
    default_log,
    default_model,
    log_problem,
    model_problem,
    source_hint,
    source_problem,
)
from tpwng_studio.project.project import Project


def look_back(checkpoint: Path, target: Path) -> Path:
    """A copy whose header says that it looks back only."""
    content = read_checkpoint(checkpoint)
    config = {
        **content.meta.config,
        "temporal": {**content.meta.config["temporal"], "causal": True},
    }
    write_checkpoint(target, replace(content, meta=replace(content.meta, config=config)))
    return target


def new_run(project: Project, name: str) -> Path:
    """Another run of the project, which looks back only."""
    assert project.checkpoint is not None
    folder = project.runs_dir / name
    shutil.copytree(project.checkpoint.parent, folder)
    return look_back(project.checkpoint, folder / "checkpoint.safetensors")


def test_the_projects_model_unless_a_run_can_watch_and_it_cannot(demo_project: Project) -> None:
    linked = demo_project.checkpoint
    assert linked is not None
    assert default_model(demo_project) == linked
    able = new_run(demo_project, "run-7")
    assert default_model(demo_project) == able
    mine = look_back(linked, demo_project.folder / "mine.safetensors")
    demo_project.link(checkpoint=mine)
    assert default_model(demo_project) == mine
    assert default_log(demo_project) == demo_project.folder / "live" / "alarms.jsonl"


def test_a_model_that_looks_ahead_is_told_with_the_remedy(demo_project: Project) -> None:
    problem = model_problem(demo_project.checkpoint)
    assert problem is not None
    assert "looks both ways" in problem.text
    assert "“Look back only”" in problem.text
    assert model_problem(new_run(demo_project, "run-7")) is None


def test_what_is_no_model_is_told(tmp_path: Path) -> None:
    for path in (None, tmp_path / "none.safetensors", tmp_path):
        problem = model_problem(path)
        assert problem is not None
        assert problem.text


@pytest.mark.parametrize(
    ("typed", "source", "hint"),
    [
        (" 0 ", "camera:0", "Camera 0"),
        ("camera:2", "camera:2", "Camera 2"),
        ("rtsp://cam/1", "rtsp://cam/1", "network stream"),
        ("", "", "A camera's number"),
        ("nowhere.ts", "nowhere.ts", "There is no file nowhere.ts"),
    ],
)
def test_a_source_is_read_as_it_is_meant(typed: str, source: str, hint: str) -> None:
    assert address_of(typed) == source
    assert hint in source_hint(typed)
    problem = source_problem(typed)
    assert (problem is None) == (source.startswith(("camera", "rtsp")))


def test_a_file_is_a_source_and_a_folder_is_no_log(tmp_path: Path) -> None:
    film = tmp_path / "film.ts"
    film.touch()
    assert source_problem(str(film)) is None
    assert "followed while it grows" in source_hint(str(film))
    assert log_problem(tmp_path / "new" / "alarms.jsonl") is None
    for path in (None, tmp_path):
        assert log_problem(path) is not None
