"""The verb bench: scripts of a source checkout in, one table of figures and bench.json out.

Each script of ``benchmarks/`` runs in a process of its own, one after the other, and hands rows
over in a file; one that fails keeps the rows it had and stops nothing. What it needs and is not
installed here is a row that says so. Called by the command line. Imports no torch.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tpwng_core.errors import SomeInputsFailed, TpwngError
from tpwng_core.events import Artifact, Message, Reporter, Started, Ticker
from tpwng_core.files import write_json, write_text
from tpwng_core.run.bench.catalogue import Benchmark, choose, read_catalogue
from tpwng_core.run.bench.machine import Bystanders, describe_machine, is_busy, machine_line
from tpwng_core.run.bench.rows import Row, not_measured, read_rows
from tpwng_core.run.bench.table import markdown

JSON_NAME, TABLE_NAME = "bench.json", "bench.md"
_GRACE_S = 10.0


@dataclass(frozen=True, kw_only=True)
class Result:
    """What came of one benchmark.

    Attributes:
        name: of the benchmark.
        rows: all it handed over, also where it failed later.
        seconds: on the clock.
        others: cores that other processes kept busy meanwhile; None where unknown.
        error: why it failed, in one line; empty where it did not.
    """

    name: str
    rows: tuple[Row, ...]
    seconds: float = 0.0
    others: float | None = None
    error: str = ""

    def to_json(self) -> dict[str, Any]:
        """As plain values."""
        return {
            "name": self.name,
            "seconds": round(self.seconds, 1),
            "others_cores": None if self.others is None else round(self.others, 2),
            "error": self.error,
            "rows": [row.to_json() for row in self.rows],
        }


@dataclass(frozen=True, kw_only=True)
class BenchRequest:
    """What to measure.

    Attributes:
        folder: with the catalogue and the scripts.
        names: of benchmarks, in any order; empty: all.
        quick: small sizes: shows that everything works; its figures count for nothing.
        out: folder for bench.json, bench.md and what the scripts print; None writes no file.
    """

    folder: Path
    names: tuple[str, ...] = ()
    quick: bool = False
    out: Path | None = None


def bench(request: BenchRequest, report: Reporter) -> dict[str, Any]:
    """Run benchmarks one after the other.

    Returns:
        ``table``, Markdown; and ``machine``, ``quick``, ``benchmarks``, as in bench.json.

    Raises:
        ConfigError: a name or the catalogue is wrong.
        SomeInputsFailed: some failed; table and JSON of the rest are written, and the error's
            ``content`` is what would have been returned.
    """
    chosen = choose(read_catalogue(request.folder), request.names)
    machine = describe_machine()
    report(Started(verb="bench", total=len(chosen)))
    ticker = Ticker(report, len(chosen), "benchmark")
    results = []
    for each in chosen:
        report(Message(level="info", text=f"{each.name}: {each.what}"))
        results.append(_run(each, request, report))
        _write(_content(machine, request.quick, results), request.out, report)
        ticker.advance()
    content = _content(machine, request.quick, results)
    failed = [result for result in results if result.error]
    if failed:
        raise BenchFailed(content, failed, len(results))
    return content


class BenchFailed(SomeInputsFailed):
    """Some benchmarks failed; ``content`` has what the others gave."""

    def __init__(self, content: dict[str, Any], failed: Sequence[Result], total: int) -> None:
        lines = [f"  {result.name}: {result.error}" for result in failed]
        super().__init__("\n".join([f"{len(failed)} of {total} benchmarks failed", *lines]))
        self.content = content


def _run(benchmark: Benchmark, request: BenchRequest, report: Reporter) -> Result:
    """One script in a process of its own, with a scratch folder that is removed afterwards."""
    if benchmark.missing:
        reason = f"{', '.join(benchmark.missing)} is not installed"
        row = not_measured("all", benchmark.what, reason)
        return Result(name=benchmark.name, rows=(row,))
    begun, start_s = Bystanders.now(), time.monotonic()
    with tempfile.TemporaryDirectory(prefix="tpwng-bench-") as scratch:
        rows_path, log = Path(scratch) / "rows.json", Path(scratch) / "log.txt"
        command = [
            sys.executable, str(request.folder / benchmark.script), "--rows", str(rows_path),
            *(["--quick"] if request.quick else []), *benchmark.args,
        ]  # fmt: skip
        error = _call(command, request.folder.parent, log, benchmark.limit_s)
        try:
            rows = read_rows(rows_path)
        except TpwngError as wrong:
            rows, error = [], str(wrong)
        text = log.read_text(encoding="utf-8", errors="replace")
    if request.out is not None:
        write_text(request.out / f"{benchmark.name}.log", text)
    error = error or ("" if rows else "it handed over no rows")
    if error:
        report(Message(level="warning", text=f"{benchmark.name} failed: {error}"))
    seconds = time.monotonic() - start_s
    return Result(
        name=benchmark.name, rows=tuple(rows), seconds=seconds, others=begun.cores(), error=error
    )


def _call(command: Sequence[str], folder: Path, log: Path, limit_s: float) -> str:
    """Run a command, all it prints into ``log``; why it failed, or nothing."""
    environment = {**os.environ, "TMPDIR": str(log.parent), "PYTHONUNBUFFERED": "1"}
    with log.open("wb") as stream:
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdin=subprocess.DEVNULL,
            stdout=stream, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        try:
            code = process.wait(limit_s)
        except subprocess.TimeoutExpired:
            return f"it took longer than {limit_s:g} s"
        finally:
            _end(process)
    if code == 0:
        return ""
    lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    return f"exit code {code}: {lines[-1].strip() if lines else 'it printed nothing'}"


def _end(process: subprocess.Popen[bytes]) -> None:
    """Leave no process of a benchmark behind: not on Ctrl-C, and not one that it forgot."""
    for number in (signal.SIGTERM, getattr(signal, "SIGKILL", signal.SIGTERM)):
        try:
            if hasattr(os, "killpg"):
                os.killpg(process.pid, number)
            elif process.poll() is None:
                process.terminate()
            process.wait(_GRACE_S)
        except (ProcessLookupError, PermissionError):
            return
        except subprocess.TimeoutExpired:
            continue


def _content(machine: dict[str, Any], quick: bool, results: Sequence[Result]) -> dict[str, Any]:
    return {
        "machine": machine,
        "quick": quick,
        "benchmarks": [result.to_json() for result in results],
        "table": _table(machine, quick, results),
    }


def _table(machine: dict[str, Any], quick: bool, results: Sequence[Result]) -> str:
    """The machine, what spoils the figures, and the figures."""
    lines = [f"Measured in one run on {machine_line(machine)}."]
    if quick:
        lines.append("**A quick run: sizes are cut, and no figure of it counts.**")
    busy = [f"{each.name} {each.others:.1f}" for each in results if is_busy(each.others)]
    if busy:
        lines.append(f"**Other programs used the machine meanwhile, in cores: {', '.join(busy)}.**")
    groups = {each.name: [*each.rows, *_failure(each)] for each in results}
    return "\n\n".join([" ".join(lines), markdown(groups, is_quick=quick)]) + "\n"


def _failure(result: Result) -> list[Row]:
    if not result.error:
        return []
    what = "the rest" if result.rows else "all"
    return [not_measured("failed", what, f"failed: {result.error}")]


def _write(content: dict[str, Any], out: Path | None, report: Reporter) -> None:
    """After every benchmark, so that an interrupted run leaves what it had."""
    if out is None:
        return
    write_json(out / JSON_NAME, content)
    write_text(out / TABLE_NAME, content["table"])
    report(Artifact(kind="benchmarks", path=out / JSON_NAME))
