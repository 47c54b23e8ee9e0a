"""A folder of benchmarks made for a test: scripts of a few lines and their catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent

HEAD = """
import sys
from pathlib import Path
from tpwng_core.run.bench.rows import Row, RowFile
rows = RowFile(Path(sys.argv[sys.argv.index("--rows") + 1]))
"""


def benchmarks(folder: Path, scripts: Mapping[str, str], **more: str) -> Path:
    """``scripts``: name -> body, in which ``rows`` is open; ``more``: name -> lines of TOML."""
    folder = folder / "benchmarks"
    folder.mkdir(parents=True)
    entries = []
    for name, body in scripts.items():
        (folder / f"{name}.py").write_text(HEAD + dedent(body), encoding="utf-8")
        lines = [f'name = "{name}"', f'script = "{name}.py"', f'what = "how fast {name} is"']
        entries.append("\n".join(["[[benchmark]]", *lines, more.get(name, "")]))
    (folder / "benchmarks.toml").write_text("\n".join(entries), encoding="utf-8")
    return folder
