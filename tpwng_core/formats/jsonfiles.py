"""JSON of other tools: written indented, read with a plain word about what is wrong.

Called by the formats of ActivityNet, VIA and Label Studio.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tpwng_core.datasets import read_text
from tpwng_core.errors import DatasetError


def json_lines(content: Any) -> Iterator[str]:
    """Content as lines of JSON."""
    encoder = json.JSONEncoder(indent=1, ensure_ascii=False, allow_nan=False)
    yield from encoder.iterencode(content)
    yield "\n"


def read_json(path: Path) -> Any:
    """Content of a JSON file.

    Raises:
        DatasetError: missing, empty, or no JSON.
    """
    try:
        return json.loads(read_text(path))
    except (json.JSONDecodeError, RecursionError) as error:
        raise DatasetError(f"{path} is no JSON: {error}", "export it again") from error


def looks_like_json(head: str, *keys: str) -> bool:
    """Whether the beginning of a file is JSON that has all of some keys."""
    starts = head.lstrip().startswith(("{", "["))
    return starts and all(re.search(rf'"{re.escape(key)}"\s*:', head) for key in keys)
