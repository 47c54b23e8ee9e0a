"""The command line's parser, made of the table of verbs. Importing it imports no torch.

Called by ``main`` and by the worker.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any, NoReturn

from tpwng_core import __version__
from tpwng_core.cli.grammar import Verb
from tpwng_core.cli.grammar import option as _option
from tpwng_core.cli.table import VERBS
from tpwng_core.errors import ConfigError


class _Parser(argparse.ArgumentParser):
    """argparse that raises instead of leaving the process, so that the worker survives it."""

    def error(self, message: str) -> NoReturn:
        raise ConfigError(message, f"see {self.prog} --help")


def make_parser(verbs: Sequence[Verb] = VERBS) -> argparse.ArgumentParser:
    """The parser of all verbs; ``parse_args`` raises ConfigError on a wrong line."""
    parser = _Parser(prog="tpwng-core", description="Find rare events in video with TPWNG.")
    parser.add_argument("--version", action="version", version=f"tpwng-core {__version__}")
    families: dict[str, Any] = {
        "": parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    }
    for verb in verbs:
        *family, name = verb.name.split()
        group = _family(families, family)
        child = group.add_parser(name, help=verb.summary, description=verb.summary)
        child.set_defaults(verb=verb.name)
        for option in (*verb.options, *_COMMON):
            child.add_argument(*option.names, **option.keywords)
    return parser


_COMMON = (
    _option("--events", choices=("text", "json"), default="text", help="json: one object a line"),
    _option("--quiet", action="store_true", help="only errors"),
    _option("--verbose", action="store_true", help="every file written, and tracebacks"),
)


def _family(families: dict[str, Any], words: Sequence[str]) -> Any:
    if not words:
        return families[""]
    name = words[0]
    if name not in families:
        parent = families[""].add_parser(name, help=f"{name} ...: see {name} --help")
        families[name] = parent.add_subparsers(dest="verb", metavar="VERB", required=True)
    return families[name]
