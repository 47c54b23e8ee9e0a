"""The command line as scripts use it: exit codes, one readable line, JSON events, clean stdout."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from tpwng_core.cli import main, verbs
from tpwng_core.errors import (
    Cancelled,
    CheckpointError,
    ConfigError,
    DeviceError,
    OutputError,
    SomeInputsFailed,
    TpwngError,
    VideoError,
)
from tpwng_core.npz import write_npz

SCORES = "intervals"


@pytest.fixture
def scored(tmp_path: Path) -> Path:
    """Two videos with scores, one of them abnormal."""
    for video, values in {"a": [0.1] * 50 + [0.9] * 50, "n": [0.2] * 100}.items():
        (tmp_path / "scores").mkdir(exist_ok=True)
        np.save(tmp_path / "scores" / f"{video}.npy", np.array(values, np.float32))
    lines = ["video,start_frame,end_frame,category", "a,50,100,fight", "n,,,", "z,1,5,fight"]
    (tmp_path / "truth.csv").write_text("\n".join(lines) + "\n")
    return tmp_path


def evaluate_line(folder: Path) -> list[str]:
    return [
        "evaluate",
        "--scores",
        str(folder / "scores"),
        "--ground-truth",
        str(folder / "truth.csv"),
        "--out",
        str(folder / "report.json"),
    ]


def test_evaluate_writes_a_report_and_says_what_is_missing(
    scored: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(evaluate_line(scored)) == 0
    report = json.loads((scored / "report.json").read_text())
    assert report["auc"] == 1.0
    assert report["ap"] == pytest.approx(1.0)
    assert (report["num_videos"], report["num_frames"]) == (2, 200)
    assert report["num_abnormal_frames"] == 50
    assert report["missing"] == ["z"]
    assert {"ap_trapezoid", "auc_abnormal", "far_normal", "per_category"} <= report.keys()
    assert {"protocol", "mismatches"} <= report.keys()
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "1 annotated videos have no scores: z" in captured.err
    assert (scored / "report.html").read_text().startswith("<!DOCTYPE html>")


def test_strict_makes_missing_scores_an_error(scored: Path) -> None:
    assert main([*evaluate_line(scored), "--strict"]) == 3


def test_json_events_are_one_object_a_line(
    scored: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*evaluate_line(scored), "--events", "json"]) == 0
    events = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert events[0]["event"] == "started"
    assert events[-1]["event"] == "finished"
    assert events[-1]["summary"]["auc"] == 1.0
    assert {"artifact", "message"} <= {event["event"] for event in events}


def test_inspect_prints_json_on_stdout(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.npy"
    np.save(path, np.ones((7, 512), np.float32))
    assert main(["inspect", str(path)]) == 0
    content = json.loads(capsys.readouterr().out)
    assert (content["kind"], content["shape"]) == ("features", [7, 512])


def test_quiet_says_nothing(scored: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*evaluate_line(scored), "--quiet"]) == 0
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == ""


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ConfigError("bad", "mend it"), 2),
        (VideoError("bad", "mend it"), 3),
        (CheckpointError("bad", "mend it"), 4),
        (DeviceError("bad", "mend it"), 5),
        (SomeInputsFailed("bad", "mend it"), 6),
        (OutputError("bad", "mend it"), 7),
    ],
)
def test_each_kind_of_error_has_its_exit_code_and_one_line(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    error: TpwngError,
    code: int,
) -> None:
    def fail(options: object, report: object) -> dict[str, object]:
        raise error

    monkeypatch.setitem(verbs._HANDLERS, "inspect", fail)
    assert main(["inspect", "x"]) == code
    assert capsys.readouterr().err == "tpwng-core inspect: bad (mend it)\n"


@pytest.mark.parametrize("error", [KeyboardInterrupt(), Cancelled()])
def test_an_interrupt_is_130(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    error: BaseException,
    tmp_path: Path,
) -> None:
    def fail(options: object, report: object) -> dict[str, object]:
        raise error

    monkeypatch.setitem(verbs._HANDLERS, "inspect", fail)
    assert main(["inspect", "x"]) == 130
    assert "run it again to go on" in capsys.readouterr().err
    monkeypatch.setitem(verbs._HANDLERS, "train", fail)
    needed = ["--manifest", "a.csv", "--features", "features", "--out", str(tmp_path)]
    assert main(["train", *needed]) == 130
    said = capsys.readouterr().err
    assert "nothing was saved yet, run it again" in said
    assert "--resume" not in said
    (tmp_path / "resume").mkdir()
    (tmp_path / "resume" / "state.pt").touch()
    assert main(["train", *needed]) == 130
    assert "add --resume to go on" in capsys.readouterr().err
    assert main(["train", *needed, "--resume"]) == 130
    assert "run it again to go on" in capsys.readouterr().err


def test_a_fault_of_ours_is_told_as_such(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(options: object, report: object) -> dict[str, object]:
        raise ZeroDivisionError("oops")

    monkeypatch.setitem(verbs._HANDLERS, "inspect", fail)
    assert main(["inspect", "x"]) == 1
    assert "fault of ours" in capsys.readouterr().err


@pytest.mark.parametrize(
    "line",
    [
        "extract {tmp}/none --out {tmp}/f --clip demo",
        "train --manifest {tmp}/none.csv --features {tmp} --out {tmp}/r",
        "score {tmp}/none --checkpoint {tmp}/c --out {tmp}/s",
        "inspect {tmp}/none",
        "evaluate --scores {tmp}/none --ground-truth {tmp}/none --out {tmp}/r.json",
    ],
)
def test_a_wrong_path_is_named_before_anything_is_done(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], line: str
) -> None:
    assert main(line.format(tmp=tmp_path).split()) == 3
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "there is no file or folder" in error
    assert list(tmp_path.iterdir()) == []


def test_a_checkpoint_that_is_none_is_an_artifact_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    np.save(tmp_path / "v.npy", np.ones((7, 512), np.float32))
    write_npz(tmp_path / "c.safetensors", {}, {})
    line = f"score {tmp_path}/v.npy --checkpoint {tmp_path}/c.safetensors --out {tmp_path}/s"
    assert main(line.split()) == 4
    assert "c.safetensors is no checkpoint: it is a zip archive" in capsys.readouterr().err


def test_indices_that_are_no_numbers_are_refused(tmp_path: Path) -> None:
    (tmp_path / "v.mp4").write_text("x")
    assert main(f"frames {tmp_path}/v.mp4 --indices 1,x --out {tmp_path}".split()) == 2


def test_an_annotation_that_disagrees_with_the_lengths_is_listed(
    scored: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (scored / "counts.csv").write_text("video,num_frames\na,90\nn,100\nz,10\n")
    line = f"ground-truth validate {scored}/truth.csv"
    assert main(line.split()) == 0
    assert json.loads(capsys.readouterr().out)["mismatches"] == []
    assert main([*line.split(), "--frame-counts", str(scored / "counts.csv")]) == 3
    captured = capsys.readouterr()
    assert [item["video"] for item in json.loads(captured.out)["mismatches"]] == ["a"]
    assert "1 things disagree" in captured.err


def test_two_feature_sets_are_compared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = np.random.default_rng(0).normal(size=(7, 512)).astype(np.float32)
    np.save(tmp_path / "a.npy", rows)
    np.save(tmp_path / "b.npy", rows / np.linalg.norm(rows, axis=1, keepdims=True))
    assert main(["features", "compare", str(tmp_path / "a.npy"), str(tmp_path / "b.npy")]) == 0
    (video,) = json.loads(capsys.readouterr().out)["videos"]
    assert video["cosine_min"] == pytest.approx(1, abs=1e-5)
    assert video["causes"]
