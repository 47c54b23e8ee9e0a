"""Which benchmarks there are: the scripts of a source checkout and ``benchmarks.toml`` beside them.

Called by ``run.bench.running`` and the command line. Imports no torch.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from tpwng_core.errors import ConfigError

CATALOGUE = "benchmarks.toml"


@dataclass(frozen=True, kw_only=True)
class Benchmark:
    """One script of the catalogue.

    Attributes:
        name: what a person types.
        script: its file, beside the catalogue.
        what: one line about it.
        needs: modules it imports that the core does not bring.
        args: words it is given besides those of the contract.
        limit_s: seconds after which it is ended and counts as failed.
    """

    name: str
    script: str
    what: str
    needs: tuple[str, ...] = ()
    args: tuple[str, ...] = ()
    limit_s: float = 600.0

    @property
    def missing(self) -> list[str]:
        """Modules it needs that are not installed."""
        return [module for module in self.needs if find_spec(module) is None]


def benchmarks_folder() -> Path:
    """The scripts of the checkout this package runs from.

    Raises:
        ConfigError: the package was installed without a checkout.
    """
    folder = Path(__file__).resolve().parents[3] / "benchmarks"
    if not (folder / CATALOGUE).is_file():
        raise ConfigError(
            "the benchmarks come with the source, not with the installed package",
            "unpack the source distribution or clone the repository, and there: make bench",
        )
    return folder


def read_catalogue(folder: Path) -> list[Benchmark]:
    """All benchmarks, in the order of the table.

    Raises:
        ConfigError: the catalogue is missing or wrong, or names a script that is not there.
    """
    path = folder / CATALOGUE
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        found = [_benchmark(each) for each in content["benchmark"]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ConfigError(f"{path} is no catalogue of benchmarks: {error}") from error
    absent = [each.script for each in found if not (folder / each.script).is_file()]
    if absent:
        raise ConfigError(f"{path} names scripts that are not there: {', '.join(absent)}")
    return found


def choose(benchmarks: Sequence[Benchmark], names: Sequence[str]) -> list[Benchmark]:
    """Those named, in the catalogue's order; all where none is named.

    Raises:
        ConfigError: there is none of that name.
    """
    known = [each.name for each in benchmarks]
    unknown = [name for name in names if name not in known]
    if unknown:
        raise ConfigError(
            f"there is no benchmark {', '.join(unknown)}", f"there are {', '.join(known)}"
        )
    return [each for each in benchmarks if not names or each.name in names]


def _benchmark(entry: dict[str, Any]) -> Benchmark:
    lists = {name: tuple(entry.get(name, ())) for name in ("needs", "args")}
    return Benchmark(**{**entry, **lists})
