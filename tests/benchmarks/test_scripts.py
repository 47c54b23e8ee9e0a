"""The quick ones of the real benchmarks run through the command line and hand over figures."""

from __future__ import annotations

from pathlib import Path

import pytest

from tpwng_core.cli import main
from tpwng_core.run.bench import read_bench

ROWS = {
    "attention": {"attention-time", "attention-memory", "layer-time", "difference"},
    "command-line": {"help", "imports"},
    "evaluation": {"metrics", "bootstrap", "verb"},
    "search": {"first", "second"},
}


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", ROWS)
def test_a_quick_run_measures_all_its_figures(name: str, tmp_path: Path) -> None:
    assert main(["bench", name, "--quick", "--quiet", "--out", str(tmp_path)]) == 0
    rows = {key.partition(".")[2]: row for key, row in read_bench(tmp_path / "bench.json").items()}
    assert ROWS[name] <= set(rows)
    assert all(row.value is not None for row in rows.values())
    if name == "attention":
        assert rows["difference"].met
    if name == "command-line":
        assert rows["imports"].value == 0
