"""The machine a benchmark ran on, and how much of it others used meanwhile.

A figure without its machine says nothing, and one from a busy machine says less than it seems to:
both are told beside every table. Versions come from package metadata, so nothing heavy is
imported. Called by ``run.bench.running``.
"""

from __future__ import annotations

import os
import platform
import subprocess
import time
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

_PACKAGES = ("torch", "open_clip_torch", "av", "numpy", "PySide6", "pyqtgraph", "ray")
_BF16_FLAGS = {"avx512_bf16", "amx_bf16", "bf16"}
_BUSY_SHARE = 0.1  # of the machine's cores


def describe_machine() -> dict[str, Any]:
    """Processor, cores, memory, system, versions, GPUs, threads asked for, load; plain values."""
    return {
        "cpu": _cpu_model(),
        "cores": num_cores(),
        "bf16": bool(_BF16_FLAGS & _cpu_flags()),
        "memory_gb": _memory_gb(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "versions": {name: found for name in _PACKAGES if (found := _version(name))},
        "gpus": _gpus(),
        "threads": os.environ.get("OMP_NUM_THREADS", ""),
        "load": round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None,
    }


def machine_line(machine: dict[str, Any]) -> str:
    """The description as one line of prose."""
    kind = " with bf16 instructions" if machine["bf16"] else ""
    memory = f", {machine['memory_gb']:g} GB" if machine["memory_gb"] else ""
    threads = f"OMP_NUM_THREADS={machine['threads']}" if machine["threads"] else "default threads"
    versions = ", ".join(f"{name} {number}" for name, number in machine["versions"].items())
    load = "unknown" if machine["load"] is None else f"{machine['load']:g}"
    return (
        f"{machine['cpu']}{kind}, {machine['cores']} cores{memory}, "
        f"{', '.join(machine['gpus']) or 'no GPU'}; {machine['system']}, Python "
        f"{machine['python']}, {versions}; {threads}; load {load} at the start"
    )


def num_cores() -> int:
    """Processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def is_busy(others: float | None) -> bool:
    """Whether others used so many cores that times cannot be trusted."""
    return others is not None and others > _BUSY_SHARE * num_cores()


@dataclass(frozen=True)
class Bystanders:
    """Measures how many cores everything but this process and its children used (Linux)."""

    wall_s: float
    all_s: float | None
    own_s: float

    @classmethod
    def now(cls) -> Bystanders:
        """Begin to watch."""
        return cls(time.monotonic(), _machine_s(), _own_s())

    def cores(self) -> float | None:
        """Cores that others kept busy since then; None where the system does not tell.

        Processes that outlive their parents, as those of a Ray cluster do until they are ended,
        count as others.
        """
        all_s, wall_s = _machine_s(), time.monotonic() - self.wall_s
        if all_s is None or self.all_s is None or wall_s <= 0:
            return None
        return max(0.0, (all_s - self.all_s - (_own_s() - self.own_s)) / wall_s)


def _own_s() -> float:
    """Processor seconds of this process and of its children that have ended."""
    return sum(os.times()[:4])


def _machine_s() -> float | None:
    """Processor seconds that all processes have used since the machine started."""
    try:
        words = Path("/proc/stat").read_text(encoding="utf-8").split("\n", 1)[0].split()[1:]
    except OSError:
        return None
    user, nice, system, _, _, irq, softirq = (int(word) for word in words[:7])
    return (user + nice + system + irq + softirq) / os.sysconf("SC_CLK_TCK")


def _cpu_model() -> str:
    for line in _cpu_info():
        if line.startswith("model name"):
            return " ".join(line.split(":", 1)[1].split())
    return platform.processor() or platform.machine()


def _cpu_flags() -> set[str]:
    for line in _cpu_info():
        if line.startswith(("flags", "Features")):
            return set(line.split(":", 1)[1].split())
    return set()


def _cpu_info() -> list[str]:
    try:
        return Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return []


def _memory_gb() -> float | None:
    try:
        pages, size = os.sysconf("SC_PHYS_PAGES"), os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return None
    return round(pages * size / 1e9, 1)


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""


def _gpus() -> list[str]:
    """Names of NVIDIA's GPUs, as their driver tells them."""
    query = ["nvidia-smi", "--query-gpu=name", "--format=csv,noheader"]
    try:
        done = subprocess.run(query, capture_output=True, text=True, timeout=20, check=True)
    except (OSError, subprocess.SubprocessError):
        return []
    return [line.strip() for line in done.stdout.splitlines() if line.strip()]
