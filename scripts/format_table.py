"""Write the table of formats into README.md, between its markers, from the registry.

python scripts/format_table.py          writes it
python scripts/format_table.py --check  exit 1 where README.md says something else
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tpwng_core.files import write_text
from tpwng_core.formats import FORMATS, Format

README = Path(__file__).resolve().parents[1] / "README.md"
BEGIN, END = "<!-- formats: scripts/format_table.py -->\n", "<!-- /formats -->\n"
HEADER = (
    "| `--format` | | write | read | lossless, or not kept | read in tests by |\n"
    "|---|---|---|---|---|---|\n"
)


def table() -> str:
    """The table in Markdown."""
    return HEADER + "".join(map(_row, FORMATS.values()))


def _row(item: Format) -> str:
    lost = ", ".join(loss.word for loss in item.loses)
    kept = lost or ("lossless" if item.can_read else "")
    cells = (
        f"`{item.name}`",
        f"{item.title} ({item.extension})",
        _mark(item.can_write),
        _mark(item.can_read),
        kept,
        item.verified_by,
    )
    return f"| {' | '.join(cells)} |\n"


def _mark(is_so: bool) -> str:
    return "yes" if is_so else ""


def renewed(text: str) -> str:
    """README's text with today's table."""
    before, rest = text.split(BEGIN)
    return f"{before}{BEGIN}\n{table()}\n{END}{rest.split(END)[1]}"


def main() -> int:
    """Write or check."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="only compare")
    is_check = parser.parse_args().check
    text = README.read_text(encoding="utf-8")
    if is_check:
        if renewed(text) == text:
            return 0
        print("the table in README.md is old: python scripts/format_table.py", file=sys.stderr)
        return 1
    write_text(README, renewed(text))
    return 0


if __name__ == "__main__":
    sys.exit(main())
