"""Rounds of a project: begun, cut off, kept and taken back, with jobs that a test ends."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest
from pytestqt.qtbot import QtBot

from tests.studio.rounds import HELD_OUT, WaitingJobs, files_of, for_training, make_round
from tpwng_core.checkpoint import checkpoint_digest
from tpwng_core.rounds import HUMAN_WEIGHT, read_round
from tpwng_studio.jobs.job_follower import JobFollower
from tpwng_studio.jobs.jobs import Jobs
from tpwng_studio.jobs.retraining import Retraining, RoundWish
from tpwng_studio.project.project import Project
from tpwng_studio.state.round_comparison import question_of
from tpwng_studio.state.session import Session


@pytest.fixture
def jobs(demo_project: Project) -> WaitingJobs:
    return WaitingJobs(demo_project.jobs_dir)


@pytest.fixture
def retraining(session: Session, jobs: WaitingJobs) -> Retraining:
    made = Retraining(session, cast(Jobs, jobs))
    for_training(session)
    session.paint(0, 24, "abnormal")
    session.save()
    return made


def finished(qtbot: QtBot, retraining: Retraining, jobs: WaitingJobs, project: Project) -> Path:
    """A round that ended well; the folder of its run."""
    job = retraining.start(RoundWish())
    assert job is not None
    out = Path(str(job.args["out"]))
    make_round(project, out)
    jobs.end(job, "done")
    qtbot.waitUntil(lambda: retraining.comparison is not None)
    return out


def test_a_round_asks_for_what_was_wished(
    retraining: Retraining, demo_project: Project, session: Session
) -> None:
    job = retraining.start(RoundWish(human_weight=4, spread=True, from_scratch=True))
    assert job is not None
    assert job.verb == "retrain"
    assert job.args["checkpoint"] == demo_project.checkpoint
    assert job.args["labels"] == demo_project.labels_dir
    assert job.args["out"] == demo_project.runs_dir / "run-1"
    assert "loss.human_weight=4" in job.args["set"]
    assert job.args["spread_labels"] == 0.99
    assert job.args["from_scratch"] is True
    assert retraining.is_running
    assert retraining.start(RoundWish()) is None


def test_nothing_begins_without_a_word_on_a_training_video(
    retraining: Retraining, session: Session, jobs: WaitingJobs
) -> None:
    session.erase(0, session.num_frames)
    assert retraining.start(RoundWish()) is None
    assert jobs.jobs == []


def test_the_project_turns_to_the_round_in_one_write(
    qtbot: QtBot, retraining: Retraining, jobs: WaitingJobs, demo_project: Project, session: Session
) -> None:
    old = demo_project.checkpoint
    out = finished(qtbot, retraining, jobs, demo_project)
    assert demo_project.checkpoint == out / "checkpoint.safetensors"
    assert demo_project.scores_dir == out / "scores"
    assert demo_project.linked("before") == old
    assert session.stale == ""
    assert session.scores is not None
    assert session.scores.meta["checkpoint"] == checkpoint_digest(demo_project.checkpoint)
    assert session.is_ghost_before
    assert retraining.is_undecided
    assert retraining.comparison is not None
    assert retraining.comparison.changes
    assert retraining.comparison.gain is not None
    assert set(retraining.comparison.gain.videos) == set(HELD_OUT)


def test_a_round_that_ends_while_another_project_is_open_is_taken_in_later(
    qtbot: QtBot,
    retraining: Retraining,
    jobs: WaitingJobs,
    demo_project: Project,
    session: Session,
    tmp_path: Path,
) -> None:
    old, job = demo_project.checkpoint, retraining.start(RoundWish())
    assert job is not None
    out = Path(str(job.args["out"]))
    make_round(demo_project, out)
    other = Project.create_demo(tmp_path / "other")
    session.open_project(other)
    jobs.end(job, "done")
    qtbot.wait(20)
    assert other.checkpoint == other.runs_dir / "demo/checkpoint.safetensors"
    assert not retraining.is_undecided

    session.open_project(demo_project.folder)
    qtbot.waitUntil(lambda: retraining.comparison is not None)
    assert retraining.is_undecided
    assert session.project is not None
    assert session.project.checkpoint == out / "checkpoint.safetensors"
    assert session.project.linked("before") == old


def test_taking_it_back_leaves_every_file_as_it_was(
    qtbot: QtBot, retraining: Retraining, jobs: WaitingJobs, demo_project: Project, session: Session
) -> None:
    before, scores = files_of(demo_project), session.scores
    assert scores is not None
    out = finished(qtbot, retraining, jobs, demo_project)
    assert files_of(demo_project) != before
    retraining.take_back()
    assert files_of(demo_project) == before
    assert session.scores is not None
    assert (session.scores.score == scores.score).all()
    assert session.stale == ""
    assert session.ghost is None
    assert not retraining.is_undecided
    assert retraining.comparison is None
    assert (out / "round.json").is_file()


def test_keeping_it_ends_the_comparison_and_the_next_round_begins_there(
    qtbot: QtBot, retraining: Retraining, jobs: WaitingJobs, demo_project: Project, session: Session
) -> None:
    assert retraining.default_weight == HUMAN_WEIGHT
    out = finished(qtbot, retraining, jobs, demo_project)
    retraining.keep()
    assert demo_project.checkpoint == out / "checkpoint.safetensors"
    assert retraining.default_weight == read_round(out).human_weight != HUMAN_WEIGHT
    assert not retraining.is_undecided
    assert session.ghost is None
    job = retraining.start(RoundWish())
    assert job is not None
    assert job.args["checkpoint"] == out / "checkpoint.safetensors"
    second = Path(str(job.args["out"]))
    make_round(demo_project, second)
    jobs.end(job, "done")
    retraining.take_back()
    assert demo_project.checkpoint == out / "checkpoint.safetensors"
    assert demo_project.scores_dir == out / "scores"


def test_a_round_over_an_undecided_one_begins_at_the_old_model_and_goes_back_to_it(
    qtbot: QtBot, retraining: Retraining, jobs: WaitingJobs, demo_project: Project, session: Session
) -> None:
    before, old = files_of(demo_project), demo_project.checkpoint
    weight = retraining.default_weight
    first = finished(qtbot, retraining, jobs, demo_project)
    assert retraining.default_weight == weight
    job = retraining.start(RoundWish())
    assert job is not None
    assert job.args["checkpoint"] == old
    second = Path(str(job.args["out"]))
    make_round(demo_project, second)
    jobs.end(job, "done")
    assert demo_project.checkpoint == second / "checkpoint.safetensors"
    assert demo_project.scores_dir == second / "scores"
    assert demo_project.linked("before") == old
    question = question_of(session)
    assert question is not None
    assert (question.before, question.after) == (demo_project.folder, second)
    assert session.is_ghost_before
    retraining.take_back()
    assert files_of(demo_project) == before
    assert (first / "round.json").is_file()


def test_a_round_over_an_undecided_one_that_fails_leaves_that_one(
    qtbot: QtBot, retraining: Retraining, jobs: WaitingJobs, demo_project: Project
) -> None:
    old = demo_project.checkpoint
    first = finished(qtbot, retraining, jobs, demo_project)
    assert retraining.start(RoundWish()) is not None
    retraining.cancel()
    assert demo_project.checkpoint == first / "checkpoint.safetensors"
    assert demo_project.linked("before") == old
    assert "undecided model is still in use" in retraining.trouble


def test_a_round_that_is_whole_but_for_some_videos_counts(
    qtbot: QtBot, retraining: Retraining, jobs: WaitingJobs, demo_project: Project
) -> None:
    job = retraining.start(RoundWish())
    assert job is not None
    out = Path(str(job.args["out"]))
    make_round(demo_project, out)
    (out / "pseudo" / "test_robbery_004.pseudo.npz").unlink()
    jobs.end(job, "failed", error="1 of the inputs failed", exit_code=6)
    assert demo_project.checkpoint == out / "checkpoint.safetensors"
    qtbot.waitUntil(lambda: retraining.comparison is not None)
    assert retraining.comparison is not None
    assert "test_robbery_004" not in {change.video for change in retraining.comparison.changes}


@pytest.mark.parametrize(
    ("state", "changes", "said"),
    [
        ("failed", {"error": "the worker was ended by signal 9", "exit_code": 1}, "signal 9"),
        ("cancelled", {}, "cancelled"),
        ("stopped", {}, "stopped"),
    ],
)
def test_a_round_that_does_not_end_well_changes_nothing(
    retraining: Retraining,
    jobs: WaitingJobs,
    demo_project: Project,
    state: str,
    changes: dict[str, object],
    said: str,
) -> None:
    before = files_of(demo_project)
    job = retraining.start(RoundWish())
    assert job is not None
    jobs.end(job, state, **changes)
    assert files_of(demo_project) == before
    assert said in retraining.trouble
    assert "still in use" in retraining.trouble
    assert not retraining.is_undecided
    assert not retraining.is_running


def test_an_undecided_round_is_still_undecided_in_the_next_window(
    qtbot: QtBot, retraining: Retraining, jobs: WaitingJobs, demo_project: Project, session: Session
) -> None:
    before = files_of(demo_project)
    finished(qtbot, retraining, jobs, demo_project)
    session.close_project()
    assert retraining.comparison is None
    session.open_project(demo_project.folder)
    assert retraining.is_undecided
    assert session.is_ghost_before
    qtbot.waitUntil(lambda: retraining.comparison is not None)
    retraining.take_back()
    assert files_of(demo_project) == before


def test_other_sliders_change_the_list(
    qtbot: QtBot, retraining: Retraining, jobs: WaitingJobs, demo_project: Project, session: Session
) -> None:
    finished(qtbot, retraining, jobs, demo_project)
    first = retraining.comparison
    session.set_tuning(theta=0.95)
    qtbot.waitUntil(lambda: retraining.comparison not in (None, first))
    assert retraining.comparison is not None
    assert first is not None
    assert retraining.comparison.num_frames != first.num_frames


def test_using_another_run_ends_the_comparison(
    qtbot: QtBot, retraining: Retraining, jobs: WaitingJobs, demo_project: Project, session: Session
) -> None:
    old = demo_project.checkpoint
    assert old is not None
    out = finished(qtbot, retraining, jobs, demo_project)
    follower = JobFollower(session, cast(Jobs, jobs), session)
    follower.use(old)
    assert not retraining.is_undecided
    assert demo_project.scores_dir == demo_project.folder / "scores"
    follower.use(out / "checkpoint.safetensors")
    assert demo_project.scores_dir == out / "scores"
