"""Words of a command as one line, quoted for the shell of this system. No Qt."""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Sequence


def shell_line(words: Sequence[str]) -> str:
    """The line to paste into a terminal."""
    return subprocess.list2cmdline(words) if os.name == "nt" else shlex.join(words)
