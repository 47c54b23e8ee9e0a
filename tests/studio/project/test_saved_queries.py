"""Saved queries: words with an id that labels can carry, kept in the project file."""

from __future__ import annotations

from pathlib import Path

import pytest

from tpwng_core.config import read_toml
from tpwng_core.errors import ConfigError
from tpwng_studio.project.project import NAME, Project
from tpwng_studio.project.saved_queries import new_query, read_queries, tables_of


def test_an_id_has_no_space_and_the_name_is_the_words() -> None:
    query = new_query("  Flames,  and black smoke! ", [])
    assert (query.id, query.words) == ("flames_and_black_smoke", "Flames, and black smoke!")
    assert query.name == query.words


@pytest.mark.parametrize("words", ["", "?!", "Normal", "fire", "FIRE"])
def test_what_is_no_query_of_its_own_is_refused(words: str) -> None:
    with pytest.raises(ConfigError):
        new_query(words, ["Fire"])


def test_tables_come_back_as_they_were() -> None:
    query = new_query("a person climbs a fence", [])
    assert read_queries(tables_of({query.id: query})) == {query.id: query}
    assert read_queries({}) == {}


def test_a_project_keeps_its_queries(demo_project: Project) -> None:
    query = new_query("ein Zaun: „übersteigen“", [])
    demo_project.set_queries({query.id: query})
    folder = demo_project.folder
    demo_project.close()
    again = Project.open(folder)
    assert again.queries == {query.id: query}
    again.close()


def test_a_project_from_before_has_none(demo_project: Project) -> None:
    folder = demo_project.folder
    demo_project.close()
    path = folder / NAME
    text = path.read_text(encoding="utf-8").replace("version = 2", "version = 1")
    path.write_text(text.replace("[queries]\n", ""), encoding="utf-8")
    assert "queries" not in read_toml(path)
    opened = Project.open(folder)
    assert opened.queries == {}
    opened.close()
    assert read_toml(path)["project"]["version"] == 2
    assert Path(f"{path}.bak").read_text(encoding="utf-8").count("version = 1") == 1
