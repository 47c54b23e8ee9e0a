"""How long ``tpwng-core --help`` takes, and whether any verb's help imports something heavy.

    python benchmarks/command_line.py [--runs 9]

Each is a process of its own, beside Python that does nothing, in turn; medians on the clock.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.contract import ROOT, Bench, make_parser

HELP = "from tpwng_core.cli import main; main(['--help'])"
NOTHING = "pass"
GOAL_S = 0.15
BUDGET = """
import contextlib, io, sys
from tpwng_core.cli import main
from tpwng_core.cli.table import VERBS
for verb in VERBS:
    with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):
        main([*verb.name.split(), "--help"])
print(len(VERBS), len([name for name in ("torch", "open_clip", "cv2") if name in sys.modules]))
"""


def call(code: str) -> tuple[float, float, str]:
    """Seconds of a process on the clock and of the processor, and what it printed."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    start_s, start_cpu_s = time.perf_counter(), sum(os.times()[2:4])
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE, text=True, check=True
    )
    wall_s = time.perf_counter() - start_s
    return wall_s, sum(os.times()[2:4]) - start_cpu_s, done.stdout


def run(bench: Bench, runs: int) -> None:
    """Both in turn, after one of each that warms the disk."""
    times: dict[str, list[tuple[float, float]]] = {HELP: [], NOTHING: []}
    for number in range(runs + 1):
        for code, taken in times.items():
            wall_s, cpu_s, _ = call(code)
            if number:
                taken.append((wall_s, cpu_s))
    (help_s, help_cpu_s), (nothing_s, _) = (
        [statistics.median(column) for column in zip(*taken, strict=True)]
        for taken in times.values()
    )
    bench.add(
        "help", "tpwng-core --help, from nothing to the end of the process, median", help_s, "s",
        goal=GOAL_S, detail=f"processor {help_cpu_s:.3f} s; Python that does nothing "
        f"{nothing_s:.3f} s; {runs} runs",
    )  # fmt: skip
    num_verbs, num_heavy = call(BUDGET)[2].split()
    bench.add(
        "imports", f"of torch, open_clip and cv2, imported by the help of {num_verbs} verbs",
        int(num_heavy), goal=0,
    )  # fmt: skip


def main() -> None:
    """Command line."""
    parser = make_parser(__doc__)
    parser.add_argument("--runs", type=int, default=9)
    options = parser.parse_args()
    run(Bench(options.rows), 2 if options.quick else options.runs)


if __name__ == "__main__":
    main()
