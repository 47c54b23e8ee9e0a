"""Benchmarks run apart: rows are gathered, failures told, nothing is left behind."""

from __future__ import annotations

import json
import subprocess
import time
from pathlib import Path

import pytest

from tests.core.run.bench.fakes import benchmarks
from tpwng_core.errors import Cancelled, ConfigError
from tpwng_core.events import Event, Message, Progress, silent
from tpwng_core.run.bench import BenchFailed, BenchRequest, bench, read_bench

GOOD = """
rows.add(Row(name="ratio", what="theirs over ours", value=4.0, unit="x", goal=2, sense="least"))
"""


@pytest.fixture(autouse=True)
def _package_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path.cwd()))


def is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"


def ends_soon(pid: int) -> bool:
    """A killed process may be seen for a moment after."""
    end_s = time.monotonic() + 5
    while is_running(pid) and time.monotonic() < end_s:
        time.sleep(0.02)
    return not is_running(pid)


def exists_soon(path: Path) -> bool:
    end_s = time.monotonic() + 60
    while not path.exists() and time.monotonic() < end_s:
        time.sleep(0.02)
    return path.exists()


def test_rows_of_all_benchmarks_come_in_one_table_and_one_file(tmp_path: Path) -> None:
    second = 'rows.add(Row(name="memory", what="peak", value=900.0, unit="MB", goal=800))'
    folder = benchmarks(tmp_path, {"first": GOOD, "second": second})
    events: list[Event] = []
    content = bench(BenchRequest(folder=folder, out=tmp_path / "out"), events.append)
    table = content["table"]
    assert "| first | theirs over ours | 4x | at least 2x: met |" in table
    assert "| second | peak | 900 MB | at most 800 MB: **missed** |" in table
    assert table.startswith("Measured in one run on ")
    assert "quick" not in table
    assert (tmp_path / "out" / "bench.md").read_text() == table
    rows = read_bench(tmp_path / "out" / "bench.json")
    assert rows["first.ratio"].value == 4.0
    assert rows["second.memory"].met is False
    written = json.loads((tmp_path / "out" / "bench.json").read_text())
    assert written["machine"]["cores"] >= 1
    assert [event.done for event in events if isinstance(event, Progress)] == [1, 2]


def test_a_failing_benchmark_keeps_its_rows_and_stops_nothing(tmp_path: Path) -> None:
    bad = f"{GOOD}\nsys.exit('the disk is full')"
    folder = benchmarks(tmp_path, {"bad": bad, "good": GOOD})
    events: list[Event] = []
    with pytest.raises(BenchFailed, match="1 of 2 benchmarks failed") as caught:
        bench(BenchRequest(folder=folder, out=tmp_path / "out"), events.append)
    assert caught.value.exit_code == 6
    assert "bad: exit code 1: the disk is full" in str(caught.value)
    lines = caught.value.content["table"].splitlines()
    (at,) = [number for number, line in enumerate(lines) if line.startswith("| bad |")]
    assert "4x" in lines[at]
    assert "not measured: failed: exit code 1: the disk is full" in lines[at + 1]
    assert lines[at + 2].startswith("| good |")
    warnings = [event.text for event in events if isinstance(event, Message)]
    assert any("bad failed" in text for text in warnings)
    assert "the disk is full" in (tmp_path / "out" / "bad.log").read_text()


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("pass", "it handed over no rows"),
        ("Path(sys.argv[sys.argv.index('--rows') + 1]).write_text('{')", "holds no rows"),
        ("raise ValueError('odd')", "ValueError: odd"),
    ],
)
def test_what_is_no_result_is_a_failure(tmp_path: Path, body: str, reason: str) -> None:
    folder = benchmarks(tmp_path, {"odd": body})
    with pytest.raises(BenchFailed, match=reason):
        bench(BenchRequest(folder=folder), silent)


def test_what_needs_a_missing_module_is_said_not_to_be_measured(tmp_path: Path) -> None:
    folder = benchmarks(tmp_path, {"odd": "raise SystemExit(1)"}, odd='needs = ["no_such_module"]')
    content = bench(BenchRequest(folder=folder), silent)
    assert (
        "| odd | how fast odd is | not measured: no_such_module is not installed |"
        in (content["table"])
    )


def test_quick_reaches_the_script_and_is_said_in_the_table(tmp_path: Path) -> None:
    body = 'rows.add(Row(name="args", what=" ".join(sys.argv[3:]), value=1.0))'
    folder = benchmarks(tmp_path, {"echo": body}, echo='args = ["--runs", "3"]')
    table = bench(BenchRequest(folder=folder, quick=True), silent)["table"]
    assert "| echo | --quick --runs 3 |" in table
    assert "no figure of it counts" in table


FORGETFUL = """
import subprocess
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
Path({note!r}).write_text(str(child.pid))
rows.add(Row(name="one", what="one", value=1.0))
"""


def test_a_slow_benchmark_is_ended_with_all_its_processes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    note = tmp_path / "pid"

    class Begun(subprocess.Popen[bytes]):
        """Its seconds count from its note on: a busy machine takes as many to start Python."""

        def wait(self, timeout: float | None = None) -> int:
            assert exists_soon(note)
            return super().wait(timeout)

    monkeypatch.setattr("tpwng_core.run.bench.running.subprocess.Popen", Begun)
    body = FORGETFUL.format(note=str(note)) + "import time; time.sleep(60)"
    folder = benchmarks(tmp_path, {"slow": body}, slow="limit_s = 1")
    start_s = time.monotonic()
    with pytest.raises(BenchFailed, match="longer than 1 s"):
        bench(BenchRequest(folder=folder), silent)
    assert time.monotonic() - start_s < 20
    assert ends_soon(int(note.read_text()))


def test_a_forgotten_process_is_ended_too(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    folder = benchmarks(tmp_path, {"forgetful": FORGETFUL.format(note=str(note))})
    bench(BenchRequest(folder=folder), silent)
    assert ends_soon(int(note.read_text()))


def test_scratch_files_of_a_killed_benchmark_are_removed(tmp_path: Path) -> None:
    note = tmp_path / "where"
    body = f"""
    import os, tempfile
    Path({str(note)!r}).write_text(tempfile.mkdtemp())
    rows.add(Row(name="one", what="one", value=1.0))
    os.kill(os.getpid(), 9)
    """
    folder = benchmarks(tmp_path, {"killed": body})
    with pytest.raises(BenchFailed, match="exit code -9"):
        bench(BenchRequest(folder=folder), silent)
    assert note.read_text()
    assert not Path(note.read_text()).exists()


def test_an_interrupted_run_leaves_what_it_had(tmp_path: Path) -> None:
    folder = benchmarks(tmp_path, {"first": GOOD, "second": GOOD})

    def report(event: Event) -> None:
        if isinstance(event, Progress):
            raise Cancelled

    with pytest.raises(Cancelled):
        bench(BenchRequest(folder=folder, out=tmp_path / "out"), report)
    assert list(read_bench(tmp_path / "out" / "bench.json")) == ["first.ratio"]


def test_only_what_is_named_runs_in_the_catalogues_order(tmp_path: Path) -> None:
    folder = benchmarks(tmp_path, {"a": GOOD, "b": "raise SystemExit(1)", "c": GOOD})
    content = bench(BenchRequest(folder=folder, names=("c", "a")), silent)
    assert [each["name"] for each in content["benchmarks"]] == ["a", "c"]
    with pytest.raises(ConfigError, match="no benchmark d"):
        bench(BenchRequest(folder=folder, names=("d",)), silent)


def test_a_busy_machine_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = benchmarks(tmp_path, {"first": GOOD})
    monkeypatch.setattr("tpwng_core.run.bench.machine.Bystanders.cores", lambda self: 1.5)
    monkeypatch.setattr("tpwng_core.run.bench.machine.num_cores", lambda: 2)
    content = bench(BenchRequest(folder=folder), silent)
    assert "in cores: first 1.5" in content["table"]
    assert content["benchmarks"][0]["others_cores"] == 1.5
    monkeypatch.setattr("tpwng_core.run.bench.machine.Bystanders.cores", lambda self: 0.1)
    assert "Other programs" not in bench(BenchRequest(folder=folder), silent)["table"]
