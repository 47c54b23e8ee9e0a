"""The verb bench: every figure of the benchmarks in one run, one table and one JSON file.

``catalogue`` knows the scripts, ``running`` runs them, ``rows`` is what they hand over, ``machine``
tells what they ran on, ``table`` prints. None imports torch. Called by the command line; the
scripts in ``benchmarks/`` use ``rows`` and ``table``.
"""

from tpwng_core.run.bench.catalogue import Benchmark, benchmarks_folder, read_catalogue
from tpwng_core.run.bench.rows import Row, RowFile, not_measured, read_bench, read_rows
from tpwng_core.run.bench.running import BenchFailed, BenchRequest, bench

__all__ = [
    "BenchFailed",
    "BenchRequest",
    "Benchmark",
    "Row",
    "RowFile",
    "bench",
    "benchmarks_folder",
    "not_measured",
    "read_bench",
    "read_catalogue",
    "read_rows",
]
