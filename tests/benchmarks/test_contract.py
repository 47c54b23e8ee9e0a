"""What a script hands over is printed, written, and never a number that was not measured."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.contract import Bench, make_parser, peak_mb, resident_mb
from tpwng_core.errors import ConfigError
from tpwng_core.run.bench import read_rows


def test_figures_are_printed_and_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "rows.json"
    bench = Bench(path)
    bench.add("ratio", "theirs over ours", 4, "x", goal=2, sense="least", detail="8 and 2 s")
    bench.skip("gpu", "the same on a GPU", "there is no CUDA device")
    ratio, gpu = read_rows(path)
    assert (ratio.value, ratio.met, ratio.detail) == (4.0, True, "8 and 2 s")
    assert (gpu.value, gpu.skipped) == (None, "there is no CUDA device")
    printed = capsys.readouterr().out.splitlines()
    assert printed == [
        "theirs over ours: 4x; goal: at least 2x: met; 8 and 2 s",
        "the same on a GPU: not measured: there is no CUDA device",
    ]


def test_what_is_no_number_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="finite value or a reason"):
        Bench(tmp_path / "rows.json").add("a", "a", float("nan"))
    assert not (tmp_path / "rows.json").exists()


def test_every_script_knows_quick_and_rows() -> None:
    options = make_parser("One line.\n\nMore.").parse_args(["--quick", "--rows", "x.json"])
    assert (options.quick, options.rows) == (True, Path("x.json"))


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux tells")
def test_memory_is_that_of_this_process() -> None:
    before = resident_mb()
    block = bytearray(b"\1" * (64 << 20))
    assert resident_mb() - before > 50
    assert peak_mb() > before + 50
    assert len(block) == 64 << 20
