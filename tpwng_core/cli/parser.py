"""The command line's parser, made of the table of verbs. Importing it imports no torch.

Called by ``main`` and by the worker.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Sequence
from difflib import get_close_matches
from itertools import takewhile
from typing import Any, NoReturn

from tpwng_core import __version__
from tpwng_core.cli.grammar import Verb
from tpwng_core.cli.grammar import option as _option
from tpwng_core.cli.table import VERBS
from tpwng_core.config import PRESETS, merge, read_preset
from tpwng_core.errors import ConfigError

_CHOICE = re.compile(r"argument ([^:]+): invalid choice: '([^']*)' \(choose from (.*)\)")


class _Parser(argparse.ArgumentParser):
    """argparse that raises instead of leaving the process, so that the worker survives it."""

    _words: Sequence[str] = ()

    def parse_known_args(  # type: ignore[override]  # argparse's overloads say no more
        self, args: Sequence[str] | None = None, namespace: Any = None
    ) -> tuple[Any, list[str]]:
        """As argparse's, but a verb itself tells what it does not know: it knows what is near."""
        self._words = list(sys.argv[1:] if args is None else args)
        found, rest = super().parse_known_args(self._words, namespace)
        if rest:
            self._words = rest
            self.error(f"unrecognized arguments: {' '.join(rest)}")
        return found, rest

    def error(self, message: str) -> NoReturn:
        see = f"see {self.prog} --help"
        wrong = _CHOICE.search(message)
        if wrong is None:
            self._ask_about_options(see)
            raise ConfigError(message, see)
        place, word, choices = wrong.groups()
        near = get_close_matches(word, re.findall(r"[\w-]+", choices), n=1, cutoff=0.5)
        what = f"there is no verb {word!r}" if place == "VERB" else f"{place} cannot be {word!r}"
        raise ConfigError(what, f"did you mean {near[0]!r}? {see}" if near else see)

    def _ask_about_options(self, see: str) -> None:
        """Raise ConfigError for the first option nobody knows that is near one that is known.

        One that is required also counts as missing where it was mistyped: that is the cause.
        """
        options = self._option_string_actions
        for word in takewhile(lambda word: word != "--", self._words):
            name = word.partition("=")[0]
            if not name.startswith("-") or any(known.startswith(name) for known in options):
                continue
            known = {_bare(option): option for option in options}
            if "--set" in options:
                known = {**_settings(), **known}
            if near := get_close_matches(_bare(name), known, n=1):
                raise ConfigError(
                    f"there is no option {name!r}", f"did you mean {known[near[0]]!r}? {see}"
                )


def _settings() -> dict[str, str]:
    """How each setting is said on the line, by its bare name: people take them for options."""
    tables = merge(*map(read_preset, PRESETS))
    del tables["categories"]
    return {
        _bare(key): f"--set {section}.{key}=VALUE"
        for section, table in tables.items()
        for key in table
    }


def _bare(name: str) -> str:
    return name.lstrip("-").replace("_", "-")


def make_parser(verbs: Sequence[Verb] = VERBS) -> argparse.ArgumentParser:
    """The parser of all verbs; ``parse_args`` raises ConfigError on a wrong line."""
    parser = _Parser(prog="tpwng-core", description="Find rare events in video with TPWNG.")
    parser.add_argument("--version", action="version", version=f"tpwng-core {__version__}")
    families: dict[str, Any] = {
        "": parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    }
    for verb in verbs:
        *family, name = verb.name.split()
        group = _family(families, family, verbs)
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


def _family(families: dict[str, Any], words: Sequence[str], verbs: Sequence[Verb]) -> Any:
    if not words:
        return families[""]
    name = words[0]
    if name not in families:
        members = [verb for verb in verbs if verb.name.startswith(f"{name} ")]
        told = "; ".join(f"{verb.name.split()[1]}: {verb.summary}" for verb in members)
        parent = families[""].add_parser(name, help=told, description=told)
        families[name] = parent.add_subparsers(dest="verb", metavar="VERB", required=True)
    return families[name]
