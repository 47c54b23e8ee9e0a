"""The machine is described without importing anything heavy, and what others use is told apart."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from tpwng_core.run.bench import machine
from tpwng_core.run.bench.machine import Bystanders, describe_machine, is_busy, machine_line


def test_the_line_names_what_a_figure_depends_on() -> None:
    found = describe_machine()
    line = machine_line(found)
    assert f"{found['cores']} cores" in line
    assert f"torch {found['versions']['torch']}" in line
    assert f"Python {found['python']}" in line
    assert "load" in line


def test_describing_imports_no_torch() -> None:
    code = (
        "import sys; from tpwng_core.run.bench.machine import describe_machine as d; d();"
        "print([name for name in ('torch', 'PySide6', 'ray', 'av') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_gpu_is_named_and_its_absence_said() -> None:
    found = describe_machine()
    assert "no GPU" in machine_line({**found, "gpus": []})
    assert "NVIDIA H100" in machine_line({**found, "gpus": ["NVIDIA H100"]})


def test_own_seconds_are_taken_off_those_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "_machine_s", lambda: 130.0)
    monkeypatch.setattr(machine, "_own_s", lambda: 12.0)
    monkeypatch.setattr(time, "monotonic", lambda: 1020.0)
    begun = Bystanders(wall_s=1000.0, all_s=100.0, own_s=2.0)
    # 30 seconds of all, 10 of them our own, in 20 seconds
    assert begun.cores() == pytest.approx(1.0)
    monkeypatch.setattr(machine, "_machine_s", lambda: None)
    assert begun.cores() is None


@pytest.mark.skipif(not Path("/proc/stat").exists(), reason="only Linux tells")
def test_another_program_is_seen() -> None:
    with subprocess.Popen([sys.executable, "-c", "while True: pass"]) as other:
        begun = Bystanders.now()
        time.sleep(1.0)
        cores = begun.cores()
        other.kill()
    assert cores is not None
    assert cores > 0.1


def test_a_tenth_of_the_cores_is_busy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "num_cores", lambda: 4)
    assert is_busy(0.5)
    assert not is_busy(0.3)
    assert not is_busy(None)
