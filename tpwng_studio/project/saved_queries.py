"""Words that a person looks for again and again, kept in the project as categories of their own.

Tables of ``project.toml`` in and out: ``[queries]`` id -> words, ``[query_names]`` id -> name where
it is another. The id is what label files and exports carry, so it never changes. No Qt.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from tpwng_core.config import Tables, require
from tpwng_core.datasets import is_normal_name

_NO_WORD = re.compile(r"[^\w]+")


@dataclass(frozen=True, kw_only=True)
class SavedQuery:
    """One query.

    Attributes:
        id: as a category, without spaces.
        words: what is looked for.
        name: for people; the words, until somebody renames it.
    """

    id: str
    words: str
    name: str


def new_query(words: str, taken: Collection[str]) -> SavedQuery:
    """A query of words, under an id that nobody has.

    Args:
        words: any but the names of normal.
        taken: ids of categories and queries.

    Raises:
        ConfigError: there are no words, or they mean normal, or a category has that name.
    """
    words = " ".join(words.split())
    query_id = _NO_WORD.sub("_", words.casefold()).strip("_")
    require(bool(query_id), "a query without words cannot be saved")
    require(not is_normal_name(words), "normal is a category already")
    known = {name.casefold() for name in taken}
    require(query_id not in known, f"there is a category or saved query {query_id} already")
    return SavedQuery(id=query_id, words=words, name=words)


def read_queries(tables: Tables) -> dict[str, SavedQuery]:
    """The queries of a project file, by id."""
    names = tables.get("query_names", {})
    return {
        key: SavedQuery(id=key, words=str(words), name=str(names.get(key, words)))
        for key, words in tables.get("queries", {}).items()
    }


def tables_of(queries: Mapping[str, SavedQuery]) -> Tables:
    """The tables that :func:`read_queries` reads."""
    renamed = {key: query.name for key, query in queries.items() if query.name != query.words}
    tables: Tables = {"queries": {key: query.words for key, query in queries.items()}}
    return {**tables, **({"query_names": renamed} if renamed else {})}
