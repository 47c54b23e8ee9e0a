"""What jobs leave behind is taken in, by the project they were for."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import cast

import pytest
from pytestqt.qtbot import QtBot

from tests.studio.rounds import WaitingJobs
from tpwng_core.errors import OutputError
from tpwng_studio.jobs.job_follower import JobFollower
from tpwng_studio.jobs.jobs import Jobs
from tpwng_studio.project import project as project_module
from tpwng_studio.project.project import Project
from tpwng_studio.state.session import Session


def test_a_training_that_ends_while_another_project_is_open_is_used_later(
    session: Session, demo_project: Project, qtbot: QtBot, tmp_path: Path
) -> None:
    old = demo_project.checkpoint
    assert old is not None
    out = demo_project.runs_dir / "run-1"
    shutil.copytree(old.parent, out)
    jobs = WaitingJobs(demo_project.jobs_dir)
    follower = JobFollower(session, cast(Jobs, jobs), session)
    trained = jobs.submit("train", {"out": str(out)}, "Train run-1")

    other = Project.create_demo(tmp_path / "other")
    session.open_project(other)
    jobs.end(trained, "done")
    qtbot.wait(20)
    assert other.checkpoint == other.runs_dir / "demo/checkpoint.safetensors"

    heard: list[str] = []
    session.message.connect(lambda _, text: heard.append(text))
    session.open_project(demo_project.folder)
    qtbot.waitUntil(lambda: bool(heard))
    assert heard == ["Train run-1 ended meanwhile: its model is the project's now"]
    assert session.project is not None
    assert session.project.checkpoint == out / "checkpoint.safetensors"

    session.project.link(checkpoint=old)  # taken in once only
    session.reload_project()
    qtbot.wait(20)
    assert session.project.checkpoint == old
    assert follower.parent() is session


def test_it_is_not_said_to_be_used_where_the_project_cannot_be_written(
    session: Session,
    demo_project: Project,
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    jobs = WaitingJobs(demo_project.jobs_dir)
    follower = JobFollower(session, cast(Jobs, jobs), session)
    trained = jobs.submit("train", {"out": str(demo_project.runs_dir / "run-1")}, "Train run-1")
    session.open_project(Project.create_demo(tmp_path / "other"))
    jobs.end(trained, "done")

    def full(path: Path, text: str) -> None:
        raise OutputError(f"cannot write {path}: the disk is full")

    session.open_project(demo_project.folder)
    monkeypatch.setattr(project_module, "write_text", full)
    heard: list[tuple[str, str]] = []
    session.message.connect(lambda level, text: heard.append((level, text)))
    qtbot.waitUntil(lambda: bool(heard))
    qtbot.wait(20)
    assert [level for level, _ in heard] == ["error"]
    assert "the disk is full" in heard[0][1]
    assert follower.parent() is session
