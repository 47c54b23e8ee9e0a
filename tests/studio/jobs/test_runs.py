"""Training runs read from their folders."""

from __future__ import annotations

import json
import os
from pathlib import Path

from tpwng_core.files import asset
from tpwng_studio.jobs.runs import differing, new_run_folder, read_runs


def make_run(folder: Path, name: str, *, epochs: int = 3, theta: float = 0.55, done: int = 3):
    run = folder / name
    (run / "resume").mkdir(parents=True)
    (run / "resume" / "state.pt").touch()
    text = f"[training]\nepochs = {epochs}\n[pseudolabels]\ntheta = {theta}\n"
    (run / "config.toml").write_text(text)
    lines = [
        {"epoch": e, "step": e, "total": 1 / e, "auc": None if e == 2 else 0.5 + e / 10}
        for e in range(1, done + 1)
    ]
    (run / "metrics.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    return run


def test_runs_come_in_the_order_they_were_begun_and_folders_that_are_none_do_not(
    tmp_path: Path,
) -> None:
    for place, name in enumerate(("zebra", "ant")):
        os.utime(make_run(tmp_path, name) / "config.toml", (place, place))
    (tmp_path / "holiday").mkdir()
    broken = make_run(tmp_path, "broken")
    (broken / "metrics.jsonl").write_text("{ half")
    assert [run.name for run in read_runs(tmp_path)] == ["zebra", "ant"]
    assert read_runs(tmp_path / "none") == []


def test_measures_pass_over_epochs_that_lack_them(tmp_path: Path) -> None:
    make_run(tmp_path, "run-1", done=2)
    (run,) = read_runs(tmp_path)
    assert run.last("total") == 0.5
    assert run.last("auc") == 0.6
    assert run.best("auc") == 0.6
    assert run.last("ap") is None
    assert (run.num_epochs, run.can_resume) == (2, True)


def test_a_finished_run_is_not_resumed(tmp_path: Path) -> None:
    make_run(tmp_path, "run-1")
    (run,) = read_runs(tmp_path)
    assert not run.can_resume


def test_settings_that_differ(tmp_path: Path) -> None:
    make_run(tmp_path, "run-1")
    make_run(tmp_path, "run-2", theta=0.35)
    assert differing(read_runs(tmp_path)) == ["pseudolabels.theta"]
    assert differing(read_runs(tmp_path)[:1]) == []
    with (make_run(tmp_path, "run-3") / "config.toml").open("a") as config:
        config.write("smoothing = 1\n")  # a setting that older runs do not name
    assert differing(read_runs(tmp_path)) == ["pseudolabels.theta"]


def test_the_run_of_the_demo_is_read() -> None:
    runs = read_runs(asset("demo/miniature"))
    assert [run.name for run in runs] == ["run"]
    assert runs[0].has_checkpoint
    assert runs[0].num_categories == 6
    assert runs[0].last("total") is not None


def test_a_new_run_takes_a_name_nobody_has(tmp_path: Path) -> None:
    make_run(tmp_path, "run-1")
    assert new_run_folder(tmp_path, ["run-2"]).name == "run-3"
