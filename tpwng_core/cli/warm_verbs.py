"""Verbs whose models stay in the worker's memory, so that the next answer comes at once.

A verb's name in, a function that answers its requests out; what it needs is imported with the
first one. Called by ``worker.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from tpwng_core.cli.looking import ATTENTION, HEATMAP, attention_request, heatmap_request
from tpwng_core.cli.requests import RESCORE, Run, parse_run
from tpwng_core.cli.searching import SEARCH, search_request
from tpwng_core.events import Reporter

if TYPE_CHECKING:
    from tpwng_core.run.warm import Shelf, TextTowers

Answer = Callable[[Run, Reporter], dict[str, Any]]


@cache
def _towers() -> TextTowers:
    """The text towers of this process, one for all verbs that read words."""
    from tpwng_core.run.warm import TextTowers

    return TextTowers()


@cache
def _shelf() -> Shelf:
    """The checkpoints and features of this process."""
    from tpwng_core.run.warm import Shelf

    return Shelf(_towers())


def _rescoring() -> Answer:
    from tpwng_core.run.rescore import Rescorer, rescore_request

    rescorer = Rescorer(_shelf())
    return lambda request, report: rescorer.rescore(rescore_request(request.args), report)


def _looking() -> Answer:
    from tpwng_core.run.heatmap import Heatmapper

    heatmapper = Heatmapper()
    return lambda request, report: heatmapper.heatmap(heatmap_request(parse_run(request)), report)


def _observing() -> Answer:
    from tpwng_core.run.attention import Observer

    observer = Observer(_shelf())
    return lambda request, report: observer.attention(attention_request(parse_run(request)), report)


def _searching() -> Answer:
    from tpwng_core.run.search import Searcher

    searcher = Searcher(_towers())
    return lambda request, report: searcher.search(search_request(parse_run(request)), report)


WARM_VERBS: Mapping[str, Callable[[], Answer]] = {
    RESCORE: _rescoring,
    HEATMAP: _looking,
    ATTENTION: _observing,
    SEARCH: _searching,
}
