"""``tpwng-core bench`` as scripts use it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.core.run.bench.fakes import benchmarks
from tpwng_core.cli import main

GOOD = 'rows.add(Row(name="a", what="theirs over ours", value=4.0, unit="x"))'


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    made = benchmarks(tmp_path, {"good": GOOD, "bad": "sys.exit(3)"})
    monkeypatch.setattr("tpwng_core.run.bench.benchmarks_folder", lambda: made)
    monkeypatch.setenv("PYTHONPATH", str(Path.cwd()))
    return made


def test_the_table_is_on_stdout(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "good", "--out", str(folder / "out")]) == 0
    printed = capsys.readouterr().out
    assert "| good | theirs over ours | 4x |" in printed
    assert (folder / "out" / "bench.md").read_text() == printed


def test_a_failure_is_exit_6_and_the_table_is_there(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["bench"]) == 6
    captured = capsys.readouterr()
    assert "| good | theirs over ours | 4x |" in captured.out
    assert "bad: exit code 3" in captured.err


def test_events_come_alone_on_stdout(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "good", "--events", "json"]) == 0
    events = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    (row,) = events[-1]["summary"]["benchmarks"][0]["rows"]
    assert row["value"] == 4.0


def test_list_says_what_there_is(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "--list"]) == 0
    assert capsys.readouterr().out == "good  how fast good is\nbad   how fast bad is\n"


def test_an_unknown_name_is_exit_2(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "nonsense"]) == 2
    assert "there are good, bad" in capsys.readouterr().err


def test_listing_imports_no_torch() -> None:
    code = (
        "import sys; from tpwng_core.cli import main; main(['bench', '--list']);"
        "print([name for name in ('torch', 'open_clip', 'cv2', 'PySide6') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
