"""What the command line's grammar is made of: verbs and their options, as plain records.

Called by ``parser.py`` and by the rooms of verbs beside it. Importing it imports no torch.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tpwng_core.errors import InputError


@dataclass(frozen=True)
class Option:
    """One argument of a verb: argparse's names and keywords."""

    names: tuple[str, ...]
    keywords: dict[str, Any]


@dataclass(frozen=True)
class Verb:
    """A verb of the command line.

    Attributes:
        name: one word, or two for a verb with a family ("features compare").
        summary: one line of help.
        options: its arguments.
    """

    name: str
    summary: str
    options: tuple[Option, ...]


def option(*names: str, **keywords: Any) -> Option:
    """An option of argparse's names and keywords."""
    return Option(names, keywords)


DEVICE = option("--device", default="auto", help="auto, cpu, cuda, cuda:1, mps (default: auto)")


def path_option(name: str, text: str, *, required: bool = False, metavar: str = "FILE") -> Option:
    """An option that is a path."""
    extra = {"required": True} if required else {}
    return Option((name,), {"type": Path, "help": text, "metavar": metavar, **extra})


def out_option(text: str, metavar: str = "DIR") -> Option:
    """The ``--out`` of a verb."""
    return path_option("--out", text, required=True, metavar=metavar)


def set_option(text: str) -> Option:
    """``--set SECTION.KEY=VALUE``, any number of times, as ``overrides``."""
    keywords = {"dest": "overrides", "action": "append", "default": []}
    return option("--set", metavar="SECTION.KEY=VALUE", help=text, **keywords)


def require_paths(*paths: Path) -> None:
    """Raise InputError where a path that a person gave is not there."""
    for path in paths:
        if not path.exists():
            raise InputError(f"there is no file or folder {path}", "check the path")
