"""What every benchmark here agrees on, so that ``tpwng-core bench`` can run it.

    python benchmarks/NAME.py [--quick] [--rows FILE]

``--quick`` makes it small (seconds; it shows that it works), ``--rows`` is where its rows go. A
script prints what it likes; figures it hands over with :meth:`Bench.add`, and where one cannot
be had on this machine with :meth:`Bench.skip`, never with a number. Exit code 0 says that all
was measured or skipped. It stands in ``benchmarks.toml``.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from tpwng_core.run.bench.rows import Row, RowFile, not_measured
from tpwng_core.run.bench.table import row_line

ROOT = Path(__file__).resolve().parents[1]


def make_parser(text: str | None) -> argparse.ArgumentParser:
    """A parser with the options of the contract; ``text`` is the module's docstring."""
    parser = argparse.ArgumentParser(description=(text or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--quick", action="store_true", help="small: shows that it works")
    parser.add_argument("--rows", type=Path, metavar="FILE", help="write the figures here, as JSON")
    return parser


class Bench:
    """Takes figures, prints them as they come and writes them.

    Args:
        path: ``--rows``; None prints only.
    """

    def __init__(self, path: Path | None) -> None:
        self._file = RowFile(path)

    def add(self, name: str, what: str, value: float, unit: str = "", **more: Any) -> None:
        """A figure; ``more`` as :class:`~tpwng_core.run.bench.rows.Row` has it."""
        self._take(Row(name=name, what=what, value=float(value), unit=unit, **more))

    def skip(self, name: str, what: str, reason: str) -> None:
        """A figure that cannot be measured here, and why."""
        self._take(not_measured(name, what, reason))

    def _take(self, row: Row) -> None:
        self._file.add(row)
        print(row_line(row), flush=True)


def peak_mb() -> float:
    """Largest resident memory of this process so far (Linux).

    Not getrusage: its maximum is inherited from the process that started this one.
    """
    return _status_mb("VmHWM")


def resident_mb() -> float:
    """Resident memory of this process now (Linux)."""
    return _status_mb("VmRSS")


def _status_mb(name: str) -> float:
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    (size,) = (line.split()[1] for line in status.splitlines() if line.startswith(f"{name}:"))
    return int(size) / 1024
