"""The verb bench: its options, and the way to its request and its table.

Called by ``table.py`` and ``verbs.py``. Importing it imports neither torch nor NumPy.
"""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import Any

from tpwng_core.cli.grammar import Verb, option, path_option
from tpwng_core.events import Reporter

VERBS: tuple[Verb, ...] = (
    Verb(
        "bench",
        "measure how fast everything is on this machine: one table, and bench.json",
        (
            option("names", nargs="*", metavar="NAME", help="see --list (default: all)"),
            option("--list", dest="only_list", action="store_true", help="print what there is"),
            option(
                "--quick",
                action="store_true",
                help="small sizes: shows that all works; its figures count for nothing",
            ),
            path_option("--out", "folder for bench.json, bench.md and logs", metavar="DIR"),
        ),
    ),
)


def _bench(options: Namespace, report: Reporter) -> dict[str, Any]:
    from tpwng_core.run.bench import BenchFailed, BenchRequest, bench, benchmarks_folder

    folder = benchmarks_folder()
    if options.only_list:
        return _list(folder, options)
    request = BenchRequest(
        folder=folder, names=tuple(options.names), quick=options.quick, out=options.out
    )
    try:
        content = bench(request, report)
    except BenchFailed as error:
        _print(error.content["table"], options)
        raise
    _print(content["table"], options)
    return content


def _list(folder: Path, options: Namespace) -> dict[str, Any]:
    from tpwng_core.run.bench import read_catalogue

    found = read_catalogue(folder)
    width = max(len(each.name) for each in found)
    _print("\n".join(f"{each.name:{width}}  {each.what}" for each in found), options)
    return {"benchmarks": {each.name: each.what for each in found}}


def _print(text: str, options: Namespace) -> None:
    """Text on stdout, unless stdout carries the events, the last of which has the content."""
    if options.events != "json":
        print(text.rstrip())


HANDLERS = {"bench": _bench}
