"""The worker as a process: what it answers, how it stops, cancels and ends."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.core.cli.driving import Driver, retrain_args, train_args
from tpwng_core.checkpoint import read_checkpoint
from tpwng_core.scores import read_score_folder

LONG = 100_000


@pytest.fixture
def worker() -> Iterator[Driver]:
    with Driver() as driver:
        yield driver


def wait_for_steps(worker: Driver, number: int, count: int = 1) -> None:
    worker.until(
        lambda event: (
            event["event"] == "progress" and event["id"] == number and event["done"] >= count
        )
    )


def test_a_verb_is_answered_with_its_events_in_order(
    worker: Driver, bench: Path, tmp_path: Path
) -> None:
    worker.run(7, "train", **train_args(bench, tmp_path / "run"))
    events = worker.until(lambda event: event["event"] == "finished")
    assert all(event["id"] == 7 and event["time"] > 1e9 for event in events)
    kinds = [event["event"] for event in events]
    assert (kinds[0], kinds[-1]) == ("started", "finished")
    assert {"progress", "metric", "message", "artifact"} <= set(kinds)
    assert events[-1]["summary"]["stopped"] is False
    artifact = next(event for event in events if event["event"] == "artifact")
    assert Path(artifact["path"]) == tmp_path / "run" / "checkpoint.safetensors"
    assert worker.close_input() == 0


def test_stop_saves_a_run_that_resumes_to_the_same_weights(
    worker: Driver, bench: Path, tmp_path: Path
) -> None:
    args = train_args(bench, tmp_path / "run", epochs=40)
    worker.run(1, "train", **args)
    wait_for_steps(worker, 1)
    worker.say({"id": 2, "stop": 1})
    answer = worker.answer(1)
    assert answer["event"] == "finished"
    assert answer["summary"]["stopped"] is True
    assert read_checkpoint(tmp_path / "run" / "checkpoint.safetensors").meta.epoch < 40
    worker.run(3, "train", **{**args, "resume": True})
    assert worker.answer(3)["summary"]["epochs"] == 40
    worker.run(4, "train", **{**args, "out": tmp_path / "whole"})
    worker.answer(4)
    one, other = (
        read_checkpoint(tmp_path / name / "checkpoint.safetensors").tensors
        for name in ("run", "whole")
    )
    assert all((value == other[name]).all() for name, value in one.items())


def test_cancel_ends_within_two_seconds_and_leaves_no_run(
    worker: Driver, bench: Path, tmp_path: Path
) -> None:
    worker.run(1, "train", **train_args(bench, tmp_path / "run", epochs=LONG))
    worker.first("artifact", kind="checkpoint")
    start_s = time.monotonic()
    worker.say({"id": 2, "cancel": 1})
    answer = worker.answer(1)
    assert time.monotonic() - start_s < 2
    assert (answer["event"], answer["exit_code"]) == ("failed", 130)
    assert not (tmp_path / "run").exists()
    worker.run(3, "inspect", file=bench / "manifest.csv")  # it is alive
    worker.answer(3)


def test_a_cancelled_round_leaves_no_run_and_the_model_before_it(
    worker: Driver, bench: Path, run_folder: Path, tmp_path: Path
) -> None:
    before = {path: path.read_bytes() for path in run_folder.rglob("*") if path.is_file()}
    worker.run(
        1, "retrain", **retrain_args(bench, run_folder, tmp_path / "labels", tmp_path / "run", LONG)
    )
    worker.first("artifact", kind="checkpoint")
    start_s = time.monotonic()
    worker.say({"id": 2, "cancel": 1})
    assert worker.answer(1)["exit_code"] == 130
    assert time.monotonic() - start_s < 2
    assert not (tmp_path / "run").exists()
    assert {path: path.read_bytes() for path in run_folder.rglob("*") if path.is_file()} == before


def test_cancelling_a_resumed_run_keeps_what_was_there(
    worker: Driver, bench: Path, tmp_path: Path
) -> None:
    args = train_args(bench, tmp_path / "run", epochs=LONG)
    worker.run(1, "train", **args)
    wait_for_steps(worker, 1)
    worker.say({"id": 2, "stop": 1})
    worker.answer(1)
    worker.run(3, "train", **{**args, "resume": True})
    wait_for_steps(worker, 3)
    worker.say({"id": 4, "cancel": 3})
    assert worker.answer(3)["exit_code"] == 130
    read_checkpoint(tmp_path / "run" / "checkpoint.safetensors")


def test_cancelling_a_refused_run_touches_no_other_run(
    worker: Driver, bench: Path, run_folder: Path
) -> None:
    before = (run_folder / "checkpoint.safetensors").read_bytes()
    worker.run(1, "train", **train_args(bench, run_folder))
    worker.say({"id": 2, "cancel": 1})
    assert worker.answer(1)["event"] == "failed"
    assert (run_folder / "checkpoint.safetensors").read_bytes() == before


def test_a_broken_line_is_answered_and_the_next_one_works(worker: Driver, tmp_path: Path) -> None:
    for line in ("{", "[]", "17", '{"id": 3}', '{"verb": "score"}', '{"id": {}, "stop": 1}'):
        worker.say(line)
        answer = worker.until(lambda event: event["event"] == "failed")[-1]
        assert answer["exit_code"] == 2
        assert answer["hint"]
    assert worker.raw[0].startswith(b'{"event": "failed"')
    worker.run(4, "inspect", file=tmp_path / "none")
    answer = worker.answer(4)
    assert answer["exit_code"] == 3
    assert "there is no file or folder" in answer["error"]


@pytest.mark.parametrize(
    ("verb", "args", "said"),
    [
        ("scor", {}, "did you mean 'score'"),
        ("worker", {}, "one of"),
        ("inspect", {"fil": "x"}, "did you mean 'file'"),
        ("inspect", {}, "see tpwng-core inspect --help"),
        ("synth", {"preset": "ucf-like", "seed": "one", "out": "x"}, "--help"),
        ("train", {"resume": "yes"}, ""),
        ("rescore", {"vide": "x"}, "did you mean 'video'"),
        ("rescore", {"video": "x"}, ""),
    ],
)
def test_wrong_options_are_refused_as_on_the_command_line(
    shared: Driver, verb: str, args: dict, said: str
) -> None:
    shared.run(1, verb, **args)
    answer = shared.answer(1)
    assert answer["exit_code"] == 2
    assert said in answer["hint"]


@pytest.fixture(scope="module")
def shared() -> Iterator[Driver]:
    with Driver() as driver:
        yield driver


def test_requests_wait_for_their_turn_and_can_be_ended_before_it(
    worker: Driver, bench: Path, tmp_path: Path
) -> None:
    worker.run(1, "train", **train_args(bench, tmp_path / "run", epochs=LONG))
    worker.run(2, "inspect", file=tmp_path)
    worker.run(3, "inspect", file=tmp_path)
    wait_for_steps(worker, 1)
    worker.run(1, "inspect", file=tmp_path)
    assert "not finished yet" in worker.answer(1)["error"]
    worker.say({"id": 5, "cancel": 3})
    assert worker.answer(3)["error"] == "ended before it began"
    worker.say({"id": 6, "cancel": 9})
    assert "no request 9" in worker.answer(6)["error"]
    worker.say({"id": 7, "stop": 1})
    assert worker.answer(1)["summary"]["stopped"] is True
    assert worker.answer(2)["event"] in ("finished", "failed")


def test_at_the_end_of_input_a_training_saves_and_the_worker_ends(
    worker: Driver, bench: Path, tmp_path: Path
) -> None:
    worker.run(1, "train", **train_args(bench, tmp_path / "run", epochs=LONG))
    wait_for_steps(worker, 1)
    assert worker.close_input() == 0
    read_checkpoint(tmp_path / "run" / "checkpoint.safetensors")
    assert (tmp_path / "run" / "resume" / "state.pt").is_file()


def test_a_worker_whose_window_is_killed_saves_and_ends(bench: Path, tmp_path: Path) -> None:
    """A parent that starts a training and dies without a word."""
    plain = {
        key: str(value) if isinstance(value, Path) else value
        for key, value in train_args(bench, tmp_path / "run", epochs=LONG).items()
    }
    request = json.dumps({"id": 1, "verb": "train", "args": plain}).encode() + b"\n"
    parent = (
        "import os, subprocess, sys\n"
        "p = subprocess.Popen([sys.executable, '-m', 'tpwng_core', 'worker'],"
        " stdin=subprocess.PIPE, stdout=subprocess.PIPE)\n"
        f"p.stdin.write({request!r}); p.stdin.flush()\n"
        "print(p.pid, flush=True)\n"
        "while b'progress' not in p.stdout.readline(): pass\n"
        "os.kill(os.getpid(), 9)\n"
    )
    killed = subprocess.run(
        [sys.executable, "-c", parent], stdout=subprocess.PIPE, text=True, check=False
    )
    assert killed.returncode == -signal.SIGKILL
    end_s = time.monotonic() + 30
    while is_alive(int(killed.stdout)) and time.monotonic() < end_s:
        time.sleep(0.05)
    assert not is_alive(int(killed.stdout))
    read_checkpoint(tmp_path / "run" / "checkpoint.safetensors")


def is_alive(process: int) -> bool:
    state = Path(f"/proc/{process}/stat")
    return state.is_file() and state.read_text().rpartition(")")[2].split()[0] != "Z"


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_interrupts_the_verb_and_keeps_whole_files(
    worker: Driver, bench: Path, tmp_path: Path, end: signal.Signals
) -> None:
    worker.run(1, "train", **train_args(bench, tmp_path / "run", epochs=LONG))
    worker.first("artifact", kind="checkpoint")
    worker.process.send_signal(end)
    assert worker.answer(1)["exit_code"] == 130
    read_checkpoint(tmp_path / "run" / "checkpoint.safetensors")
    if end == signal.SIGTERM:
        assert worker.process.wait(10) == 130
    else:
        worker.run(2, "inspect", file=tmp_path)
        worker.answer(2)


def test_stop_finishes_the_current_video(
    worker: Driver, bench: Path, run_folder: Path, tmp_path: Path
) -> None:
    worker.run(
        1,
        "score",
        inputs=[str(bench / "features")] * 1,
        checkpoint=run_folder / "checkpoint.safetensors",
        out=tmp_path / "scores",
        device="cpu",
    )
    worker.say({"id": 2, "stop": 1})
    answer = worker.answer(1)
    if answer["event"] == "finished":  # else it was ended before it began
        assert answer["summary"]["stopped"] is True
        assert len(read_score_folder(tmp_path / "scores")) == answer["summary"]["scored"] == 1


def test_what_libraries_print_does_not_reach_the_protocol(tmp_path: Path) -> None:
    """A child that inherits stdout, a print, and a write to the descriptor itself."""
    code = (
        "import os, subprocess, sys\n"
        "from tpwng_core.cli import verbs, worker\n"
        "def noisy(options, report):\n"
        "    print('hello'); os.write(1, b'low\\n')\n"
        "    subprocess.run(['echo', 'child'], check=True)\n"
        "    return {'read': sys.stdin.read()}\n"
        "verbs._HANDLERS['inspect'] = noisy\n"
        "sys.exit(worker.serve())\n"
    )
    line = json.dumps({"id": "a", "verb": "inspect", "args": {"file": "x"}})
    done = subprocess.run(
        [sys.executable, "-c", code], input=line, capture_output=True, text=True, check=True
    )
    events = [json.loads(text) for text in done.stdout.splitlines()]
    assert [event["event"] for event in events] == ["started", "finished"]
    assert events[1]["summary"] == {"read": ""}
    assert {"hello", "low", "child"} <= set(done.stderr.split())
