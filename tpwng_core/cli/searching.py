"""The verb search: its options, and the way to its request.

Called by the table of verbs, by ``verbs.py``, and by the worker, which keeps the text tower of one
request for the next. Importing it imports neither torch nor NumPy.
"""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING, Any

from tpwng_core.cli.grammar import DEVICE, Verb, option, path_option, require_paths
from tpwng_core.events import Reporter

if TYPE_CHECKING:
    from tpwng_core.run.search import SearchRequest

SEARCH = "search"

VERBS: tuple[Verb, ...] = (
    Verb(
        SEARCH,
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
            path_option("--out", "table of the results (default: on stdout)", metavar="CSV"),
            path_option("--curves", "write the similarity of every snippet", metavar="NPZ"),
            DEVICE,
        ),
    ),
)


def search_request(options: Namespace) -> SearchRequest:
    """The request of parsed options.

    Raises:
        ConfigError: the text is empty, or a number is out of range.
        InputError: the features are not there.
    """
    require_paths(options.features)
    from tpwng_core.run.search import SearchRequest

    return SearchRequest(
        text=options.text,
        features=options.features,
        checkpoint=options.checkpoint,
        clip=options.clip,
        top=options.top,
        merge_above=options.merge_above,
        out=options.out,
        curves=options.curves,
        device=options.device,
    )


def _search(options: Namespace, report: Reporter) -> dict[str, Any]:
    request = search_request(options)
    from tpwng_core.run.search import csv_text, search

    summary = search(request, report)
    if request.out is None and options.events != "json":
        print(csv_text(summary["hits"]), end="")
    return summary


HANDLERS = {SEARCH: _search}
