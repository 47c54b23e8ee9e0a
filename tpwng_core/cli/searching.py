"""The verb search: its options, and the way to its request.

Called by ``parser.py`` and ``verbs.py``. Importing it imports neither torch nor NumPy.
"""

from __future__ import annotations

from argparse import Namespace
from typing import Any

from tpwng_core.cli.grammar import Verb, option, out_option, path_option
from tpwng_core.errors import InputError
from tpwng_core.events import Reporter

VERBS: tuple[Verb, ...] = (
    Verb(
        "search",
        "moments of a whole project that match a text, best first",
        (
            option("text", metavar="TEXT", help="any words: 'a person climbs a fence'"),
            path_option("--features", "folder of feature files", required=True, metavar="DIR"),
            path_option(
                "--checkpoint", "read the words through this run's learned prompts, not plain CLIP"
            ),
            option("--clip", help="as for train (default: the one the features came from)"),
            option("--top", type=int, default=20, help="how many moments (default: 20)"),
            option(
                "--merge-above",
                type=float,
                default=0.995,
                metavar="COSINE",
                help="moments that look so much alike are one result (default: 0.995)",
            ),
            out_option("table of the results", metavar="CSV"),
            option("--device", default="auto", help="auto, cpu, cuda, cuda:1, mps"),
        ),
    ),
)


def _search(options: Namespace, report: Reporter) -> dict[str, Any]:
    if not options.features.exists():
        raise InputError(f"there is no file or folder {options.features}", "check the path")
    from tpwng_core.run.search import SearchRequest, search

    request = SearchRequest(
        text=options.text,
        features=options.features,
        checkpoint=options.checkpoint,
        clip=options.clip,
        top=options.top,
        merge_above=options.merge_above,
        out=options.out,
        device=options.device,
    )
    return search(request, report)


HANDLERS = {"search": _search}
