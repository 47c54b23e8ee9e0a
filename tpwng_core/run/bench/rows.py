"""What a benchmark hands over: rows of figures, one JSON file that is whole at any time.

The scripts in ``benchmarks/`` add rows, ``running`` reads them, ``table`` prints them. A figure
that could not be measured is a row too, with the reason in its place. Imports no torch.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from tpwng_core.config import require
from tpwng_core.errors import ArtifactError, ConfigError
from tpwng_core.files import write_json

Sense = Literal["most", "least"]


@dataclass(frozen=True, kw_only=True)
class Row:
    """One figure of one run.

    Attributes:
        name: short and stable, unique within its benchmark; other programs look it up.
        what: what was measured, for a person; of a ratio, what over what.
        value: the figure the goal is about; None where it was not measured.
        unit: ``x`` for a ratio, else ``s``, ``ms``, ``MB``, ``1/s``...; empty for a bare number.
        goal: what ``value`` should be at ``sense`` ("most" or "least"); None: no goal was set.
        detail: what else a reader needs, such as the two times behind a ratio.
        numbers: the raw numbers behind it, by name.
        skipped: why it was not measured; empty where it was.
    """

    name: str
    what: str
    value: float | None
    unit: str = ""
    goal: float | None = None
    sense: Sense = "most"
    detail: str = ""
    numbers: Mapping[str, float] = field(default_factory=dict)
    skipped: str = ""

    def __post_init__(self) -> None:
        require(bool(self.name and self.what), "a row has a name and says what it is")
        require(self.sense in ("most", "least"), f"{self.name}: sense is most or least")
        is_number = self.value is not None and math.isfinite(self.value)
        require(
            is_number != bool(self.skipped),
            f"{self.name}: a row has either a finite value or a reason why it has none",
        )

    @property
    def met(self) -> bool | None:
        """Whether the goal was met; None without a goal or a value."""
        if self.goal is None or self.value is None:
            return None
        return self.value <= self.goal if self.sense == "most" else self.value >= self.goal

    def to_json(self) -> dict[str, Any]:
        """As plain values, with ``met``."""
        return {**asdict(self), "met": self.met}


def not_measured(name: str, what: str, reason: str) -> Row:
    """The row of a figure that cannot be measured here."""
    return Row(name=name, what=what, value=None, skipped=reason)


class RowFile:
    """Rows on their way to disk: each is written at once, so that a crash loses none before it.

    Args:
        path: the JSON file; None keeps them in memory only.
    """

    def __init__(self, path: Path | None) -> None:
        self.rows: list[Row] = []
        self._path = path

    def add(self, row: Row) -> None:
        """One more; raises ConfigError where its name was there before."""
        names = {each.name for each in self.rows}
        require(row.name not in names, f"two rows are named {row.name}")
        self.rows.append(row)
        if self._path is not None:
            write_json(self._path, [each.to_json() for each in self.rows])


def read_rows(path: Path) -> list[Row]:
    """The rows of a file; none where the file is not there, because no row was added.

    Raises:
        ArtifactError: it holds something else.
    """
    if not path.exists():
        return []
    try:
        return [row_of(each) for each in json.loads(path.read_text(encoding="utf-8"))]
    except (ValueError, TypeError, AttributeError) as error:
        raise ArtifactError(f"{path} holds no rows of a benchmark: {error}") from error


def row_of(content: Mapping[str, Any]) -> Row:
    """A row from its JSON object; raises TypeError or ConfigError where it is none."""
    return Row(**{name: value for name, value in content.items() if name != "met"})


def read_bench(path: Path) -> dict[str, Row]:
    """``BENCHMARK.ROW`` -> row, of a bench.json.

    Raises:
        ArtifactError: it is none.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return {
            f"{each['name']}.{row['name']}": row_of(row)
            for each in content["benchmarks"]
            for row in each["rows"]
        }
    except (OSError, ValueError, KeyError, TypeError, ConfigError) as error:
        raise ArtifactError(f"{path} is no bench.json: {error}") from error
