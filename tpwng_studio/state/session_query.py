"""A storey of the session: words, the query on screen, and those the project keeps.

Curves of a search in; the one of the open video, saved queries and what psi makes of them out.
Between ``session_tuning`` and ``session_overlay``; views see all of them as ``Session``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from tpwng_core.config import require
from tpwng_core.querycurves import QueryCurves
from tpwng_studio.project.project import Project
from tpwng_studio.project.saved_queries import SavedQuery, new_query
from tpwng_studio.state.catalogue import VideoItem, given_categories
from tpwng_studio.state.session_tuning import TuningSession


@dataclass(frozen=True, kw_only=True, eq=False)
class ShownQuery:
    """Words that were looked for.

    Attributes:
        text: the words.
        is_learned: they went through the checkpoint's learned prompts, else through plain CLIP.
        curves: of all videos.
        extent: lowest and highest similarity anywhere in the project.
    """

    text: str
    is_learned: bool
    curves: QueryCurves
    extent: tuple[float, float]


@dataclass(frozen=True, kw_only=True, eq=False)
class QueryLine:
    """The query over the open video.

    Attributes:
        edges: (T + 1,) frames at which snippets begin, and the end of the video.
        values: (T,) similarity, 0 the lowest and 1 the highest anywhere in the project.
    """

    edges: NDArray[np.int64]
    values: NDArray[np.float32]


class QuerySession(TuningSession):
    """What is looked for in words.

    Signals:
        query_changed: another query is shown, or none.
        queries_changed: other queries are saved.
    """

    query_changed = Signal()
    queries_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._query: ShownQuery | None = None
        self._query_line: QueryLine | None = None

    # The query on screen

    @property
    def query(self) -> ShownQuery | None:
        """The words that were looked for last."""
        return self._query

    @property
    def query_line(self) -> QueryLine | None:
        """How well each snippet of the open video matches them."""
        return self._query_line

    def show_query(self, curves: QueryCurves) -> None:
        """Show how well videos match words."""
        self._query = ShownQuery(
            text=str(curves.meta.get("text", "")),
            is_learned=curves.meta.get("checkpoint") is not None,
            curves=curves,
            extent=curves.extent,
        )
        self._draw_query()
        self.query_changed.emit()

    def drop_query(self) -> None:
        """Show none."""
        if self._query is not None:
            self._query = self._query_line = None
            self.query_changed.emit()

    # Saved queries

    @property
    def queries(self) -> Mapping[str, SavedQuery]:
        """Saved queries by id, oldest first."""
        return {} if self._project is None else self._project.queries

    @property
    def category_texts(self) -> dict[str, str]:
        """Categories and saved queries, id -> what a person reads."""
        return {**self.categories, **{key: query.name for key, query in self.queries.items()}}

    @property
    def used_columns(self) -> tuple[str, ...]:
        """How the curves name the categories psi is worked out for."""
        return self._columns_of(self.used_categories)

    @property
    def saved_query(self) -> SavedQuery | None:
        """The saved query that a person made the category of the open video."""
        return None if self.video is None else self._query_of(self.video)

    @property
    def lacks_saved_query(self) -> bool:
        """Whether psi of the open video does not know that query yet."""
        query = self.saved_query
        return query is not None and not self._has_column(query.id)

    def save_query(self, words: str) -> SavedQuery:
        """Keep words in the project as a category of their own.

        Raises:
            ConfigError: there are no words, or a category has that name, or all is read only.
        """
        model = self.model.categories if self.model else {}
        query = new_query(words, {*self.categories, *model, *self.queries})
        self._keep({**self.queries, query.id: query})
        return query

    def rename_query(self, query_id: str, name: str) -> None:
        """Call a saved query something else; labels and exports keep its id.

        Raises:
            ConfigError: the name is empty, or all is read only.
        """
        require(bool(name.strip()), "a saved query needs a name")
        query = replace(self.queries[query_id], name=" ".join(name.split()))
        self._keep({**self.queries, query_id: query})

    def delete_query(self, query_id: str) -> None:
        """Forget a saved query; what was labelled with it stays.

        Raises:
            ConfigError: all is read only.
        """
        self._keep({key: query for key, query in self.queries.items() if key != query_id})

    # Steps

    def _query_of(self, item: VideoItem) -> SavedQuery | None:
        """The saved query that a person made a video's category."""
        given = given_categories(item)
        return self.queries.get(given[0]) if given and len(given) == 1 else None

    def _keep(self, queries: Mapping[str, SavedQuery]) -> None:
        project = self._project
        require(project is not None and not self.is_read_only, "this project is read only")
        assert project is not None
        project.set_queries(queries)
        self.queries_changed.emit()

    def _draw_query(self) -> None:
        self._query_line = None
        if self._query is None or self._video is None:
            return
        found, (low, high) = self._query.curves.videos.get(self._video), self._query.extent
        if found is not None:
            values = (found.similarity - low) / max(high - low, 1e-9)
            values = np.asarray(values, dtype=np.float32)
            self._query_line = QueryLine(edges=found.edges, values=values)

    def _load(self, item: VideoItem | None) -> None:
        super()._load(item)
        self._draw_query()

    def _unload_project(self, project: Project) -> None:
        self.drop_query()
        super()._unload_project(project)

    def _columns_of(self, categories: tuple[str, ...]) -> tuple[str, ...]:
        """The worker names a saved query's column by its words."""
        queries = self.queries
        return tuple(queries[name].words if name in queries else name for name in categories)

    def _why_unknown(self, categories: Sequence[str]) -> str:
        saved = [self.queries[name].name for name in categories if name in self.queries]
        if not saved:
            return super()._why_unknown(categories)
        return f"The curves do not know the saved query “{saved[0]}” yet: re-score."
