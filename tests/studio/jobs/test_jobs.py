"""Jobs against a real worker: queue, stop, cancel, death, records, live answers."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.core.run.saying import say
from tests.studio.jobbing import (
    LONG,
    WAIT_MS,
    bench,
    made,
    run_folder,
    submit_training,
    train_args,
    wait_for,
    wait_for_end,
    wait_for_metrics,
)
from tpwng_core.checkpoint import read_checkpoint_meta
from tpwng_core.scores import read_scores
from tpwng_studio.jobs.jobs import Job, Jobs, Patience

__all__ = ["bench", "made", "run_folder"]


@pytest.fixture
def jobs(qapp: object, tmp_path: Path) -> Iterator[Jobs]:
    jobs = Jobs()
    jobs.device = "cpu"
    jobs.open(tmp_path / "jobs")
    yield jobs
    for job in jobs.running:
        jobs.cancel(job)
    jobs.shutdown()


def record_of(job: Job) -> dict:
    assert job.folder is not None
    content: dict = json.loads((job.folder / f"{job.id}.json").read_text())
    return content


def test_a_training_runs_and_tells_its_numbers(
    qtbot: QtBot, jobs: Jobs, bench: Path, tmp_path: Path
) -> None:
    events: list[str] = []
    jobs.job_event.connect(lambda job, event: events.append(event["event"]))
    job = submit_training(jobs, bench, tmp_path / "run")
    assert jobs.running == (job,)
    assert record_of(job)["state"] == "running"
    wait_for_end(qtbot, job)
    assert job.state == "done"
    assert [line["epoch"] for line in job.metrics] == [1, 2]
    assert job.summary["epochs"] == 2
    assert {"started", "progress", "metric", "artifact", "finished"} <= set(events)
    assert any("training on" in line for line in job.log)
    assert record_of(job)["state"] == "done"
    assert not jobs.running


def test_stop_and_keep_leaves_a_run_that_again_resumes(
    qtbot: QtBot, jobs: Jobs, bench: Path, tmp_path: Path
) -> None:
    job = submit_training(jobs, bench, tmp_path / "run", epochs=12)
    wait_for_metrics(qtbot, job)
    jobs.stop(job)
    wait_for_end(qtbot, job)
    assert job.state == "stopped"
    before = read_checkpoint_meta(tmp_path / "run" / "checkpoint.safetensors").epoch
    assert before < 12
    again = wait_for_end(qtbot, jobs.again(job))
    assert again.state == "done"
    assert again.metrics[0]["epoch"] == before + 1


def test_cancel_takes_less_than_two_seconds_and_leaves_nothing(
    qtbot: QtBot, jobs: Jobs, bench: Path, tmp_path: Path
) -> None:
    job = submit_training(jobs, bench, tmp_path / "run", epochs=LONG)
    wait_for_metrics(qtbot, job)
    start_s = time.monotonic()
    jobs.cancel(job)
    wait_for_end(qtbot, job)
    assert time.monotonic() - start_s < 2
    assert job.state == "cancelled"
    assert not (tmp_path / "run").exists()
    after = submit_training(jobs, bench, tmp_path / "run2", epochs=1)
    assert wait_for_end(qtbot, after).state == "done"


DEAF = (
    "import json, signal, sys, time\n"
    "signal.signal(signal.SIGTERM, signal.SIG_IGN); signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
    "id = json.loads(sys.stdin.readline())['id']\n"
    "print(json.dumps({'event': 'started', 'id': id, 'verb': 'train', 'total': 9}), flush=True)\n"
    "time.sleep(600)\n"
)


def test_a_worker_that_does_not_answer_is_killed_in_time(
    qtbot: QtBot, qapp: object, tmp_path: Path
) -> None:
    jobs = Jobs(command=[sys.executable, "-c", DEAF])
    out = tmp_path / "run"
    job = jobs.submit("train", {"out": out}, "Train")
    qtbot.waitUntil(lambda: job.total == 9)
    out.mkdir()
    (out / "checkpoint.safetensors").write_text("half of a training")
    start_s = time.monotonic()
    jobs.cancel(job)
    wait_for_end(qtbot, job)
    assert time.monotonic() - start_s < 2
    assert job.state == "cancelled"
    assert not out.exists()
    jobs.shutdown()


_DIES_SLOWLY = """
import json, signal, sys, time
numbers = []
def end(*_):
    failed = {"id": numbers[-1], "event": "failed", "error": "x", "hint": "", "exit_code": 130}
    print(json.dumps(failed), flush=True)
    time.sleep(0.7)
    sys.exit(130)
signal.signal(signal.SIGTERM, end)
for line in iter(sys.stdin.readline, ""):
    request = json.loads(line)
    if request.get("verb") == "long":
        numbers.append(request["id"])
    elif "verb" in request:
        print(json.dumps({"id": request["id"], "event": "finished", "summary": {}}), flush=True)
"""


def test_what_follows_a_cancelled_job_waits_until_its_worker_is_gone(
    qtbot: QtBot, qapp: object
) -> None:
    """A worker told to end may still answer first; what it is told then, it never reads."""
    patience = Patience(cancel_ms=(200, 5000))
    jobs = Jobs(command=[sys.executable, "-c", _DIES_SLOWLY], patience=patience)
    long, after = jobs.submit("long", {}, "long"), jobs.submit("short", {}, "short")
    qtbot.wait(300)  # it is up and has read what it is told
    jobs.cancel(long)
    wait_for_end(qtbot, after)
    assert (long.state, after.state) == ("cancelled", "done")
    jobs.shutdown()


def test_stopping_climbs_to_the_end_too(qtbot: QtBot, qapp: object) -> None:
    patience = Patience(stop_ms=(50, 50, 50))
    jobs = Jobs(command=[sys.executable, "-c", DEAF], patience=patience)
    job = jobs.submit("score", {}, "Score")
    qtbot.waitUntil(lambda: job.total == 9)
    jobs.stop(job)
    assert wait_for_end(qtbot, job).state == "stopped"
    jobs.shutdown()


def test_a_job_follows_only_one_that_ended_well(
    qtbot: QtBot, jobs: Jobs, bench: Path, tmp_path: Path
) -> None:
    first = jobs.submit("inspect", {"file": tmp_path / "none"}, "Look")
    second = jobs.submit("inspect", {"file": tmp_path}, "Look again", after=first)
    third = jobs.submit("inspect", {"file": tmp_path}, "And again", after=second)
    other = jobs.submit("inspect", {"file": next((bench / "features").glob("*"))}, "Look elsewhere")
    wait_for_end(qtbot, other)
    assert first.state == "failed"
    assert (first.exit_code, first.error.startswith("there is no file")) == (3, True)
    assert (second.state, third.state) == ("cancelled", "cancelled")
    assert "Look" in second.error
    assert second.error == third.error
    assert (third.cause, other.cause) == (first, other)
    assert jobs.left_out(first) == [second, third]
    assert other.state == "done"


def test_a_chain_runs_again_from_the_job_that_broke_it(
    qtbot: QtBot, jobs: Jobs, bench: Path, tmp_path: Path
) -> None:
    source = next((bench / "features").glob("*"))
    wanted = tmp_path / source.name
    first = jobs.submit("inspect", {"file": wanted}, "Look")
    second = jobs.submit("inspect", {"file": wanted}, "Look again", after=first)
    third = jobs.submit("inspect", {"file": wanted}, "And again", after=second)
    wait_for_end(qtbot, third)
    wanted.write_bytes(source.read_bytes())
    again = jobs.again(first)
    *_, last_but_one, last = jobs.jobs
    wait_for_end(qtbot, last)
    assert [job.state for job in (again, last_but_one, last)] == ["done", "done", "done"]
    assert [last_but_one.title, last.title] == ["Look again", "And again"]
    assert (last_but_one.after, last.after) == (again, last_but_one)
    assert not jobs.left_out(first)  # nor would they be queued a third time


def test_a_job_that_waits_is_cancelled_without_the_worker(
    qtbot: QtBot, jobs: Jobs, bench: Path, tmp_path: Path
) -> None:
    job = submit_training(jobs, bench, tmp_path / "run", epochs=LONG)
    waiting = submit_training(jobs, bench, tmp_path / "run2", epochs=LONG)
    jobs.cancel(waiting)
    assert (waiting.state, job.is_open) == ("cancelled", True)


def test_a_worker_that_is_killed_is_told_and_replaced(
    qtbot: QtBot, jobs: Jobs, bench: Path, tmp_path: Path
) -> None:
    job = submit_training(jobs, bench, tmp_path / "run", epochs=LONG)
    wait_for_metrics(qtbot, job)
    os.kill(jobs._worker.process_id, signal.SIGKILL)
    wait_for_end(qtbot, job)
    assert job.state == "failed"
    assert "signal 9" in job.error
    read_checkpoint_meta(tmp_path / "run" / "checkpoint.safetensors")  # whole
    again = jobs.again(job)
    wait_for_metrics(qtbot, again)
    assert again.metrics[0]["epoch"] > 1
    jobs.stop(again)
    assert wait_for_end(qtbot, again).state == "stopped"


def test_a_training_goes_on_although_people_corrected_on(
    qtbot: QtBot, jobs: Jobs, bench: Path, tmp_path: Path
) -> None:
    labels = tmp_path / "labels"
    say(bench, labels, "train", 2)
    job = submit_training(jobs, bench, tmp_path / "run", epochs=LONG, labels=labels)
    wait_for_metrics(qtbot, job)
    os.kill(jobs._worker.process_id, signal.SIGKILL)
    wait_for_end(qtbot, job)
    say(bench, labels, "train", 4)
    again = jobs.again(job)
    wait_for_metrics(qtbot, again)
    assert again.metrics[0]["epoch"] > 1
    assert any("goes on with what they had said then" in line for line in again.log)
    jobs.cancel(again)
    wait_for_end(qtbot, again)


def test_what_a_dying_worker_said_last_is_shown(qtbot: QtBot, qapp: object) -> None:
    code = "import sys; sys.stdin.readline(); sys.exit('the GPU is on fire')"
    jobs = Jobs(command=[sys.executable, "-c", code])
    job = wait_for_end(qtbot, jobs.submit("score", {}, "Score"))
    assert (job.state, job.error) == ("failed", "the worker ended with code 1")
    assert job.hint == "the GPU is on fire"
    jobs.shutdown()


def test_a_worker_that_cannot_be_started_is_told(qtbot: QtBot, qapp: object) -> None:
    jobs = Jobs(command=["/nowhere/python"])
    job = wait_for_end(qtbot, jobs.submit("score", {}, "Score"))
    assert job.state == "failed"
    assert "cannot be started" in job.error
    jobs.shutdown()


def test_jobs_of_a_killed_window_are_found_lost(qtbot: QtBot, tmp_path: Path, jobs: Jobs) -> None:
    cut_off = Job(
        id="20260101-000000-001",
        verb="train",
        args={"out": "x"},
        title="Train",
        state="running",
        folder=tmp_path / "old",
    )
    cut_off.write()
    (tmp_path / "old" / "20260101-000000-002.json").write_text("{ half a rec")
    # killed between the last word of a record and its name
    beside = tmp_path / "old" / f".{cut_off.id}.1a2b3c4d.tmp.json"
    beside.write_bytes((tmp_path / "old" / f"{cut_off.id}.json").read_bytes())
    jobs.open(tmp_path / "old")
    (found,) = jobs.jobs
    assert (found.id, found.state, found.title) == (cut_off.id, "lost", "Train")
    assert "resume" in found.hint
    assert record_of(found)["state"] == "lost"


def test_closing_the_window_lets_a_training_save(
    qtbot: QtBot, qapp: object, bench: Path, tmp_path: Path
) -> None:
    jobs = Jobs()
    jobs.open(tmp_path / "jobs")
    job = submit_training(jobs, bench, tmp_path / "run", epochs=LONG)
    waiting = submit_training(jobs, bench, tmp_path / "run2", epochs=LONG)
    qtbot.waitUntil(lambda: job.done > 0, timeout=WAIT_MS)
    jobs.shutdown()
    assert (tmp_path / "run" / "resume" / "state.pt").is_file()
    assert record_of(job)["state"] == "stopped"
    assert record_of(waiting)["state"] == "lost"


def test_a_live_answer_comes_while_a_training_runs(
    qtbot: QtBot, jobs: Jobs, bench: Path, run_folder: Path, tmp_path: Path
) -> None:
    job = submit_training(jobs, bench, tmp_path / "run", epochs=LONG)
    wait_for(qtbot, job, "running")
    answers: dict[int, dict] = {}
    jobs.live_answer.connect(answers.__setitem__)
    video = next((bench / "features").glob("*")).name.partition(".features")[0]
    args = {
        "video": video,
        "features": bench / "features",
        "checkpoint": run_folder / "checkpoint.safetensors",
        "out": tmp_path / "live",
    }
    numbers = [jobs.rescore({**args, "r": r}) for r in (1, 2, 4, 8)]
    qtbot.waitUntil(lambda: numbers[-1] in answers, timeout=WAIT_MS)
    assert sorted(answers) == [numbers[0], numbers[-1]]  # the newest won
    assert read_scores(Path(answers[numbers[-1]]["scores"])).meta["r"] == 8
    failed: dict[int, str] = {}
    jobs.live_failed.connect(failed.__setitem__)
    number = jobs.rescore({**args, "video": "nobody"})
    qtbot.waitUntil(lambda: number in failed, timeout=WAIT_MS)
    assert "nobody" in failed[number]
    jobs.cancel(job)
    wait_for_end(qtbot, job)


def test_arguments_that_the_verb_does_not_know_fail_at_once(
    qtbot: QtBot, jobs: Jobs, bench: Path, tmp_path: Path
) -> None:
    job = jobs.submit("train", train_args(bench, tmp_path / "run", learn=True), "Train")
    assert wait_for_end(qtbot, job).exit_code == 2
    assert "no option" in job.error
