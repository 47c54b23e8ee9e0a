"""The catalogue names scripts that are there; the one of this repository is right."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.core.run.bench.fakes import benchmarks
from tpwng_core.errors import ConfigError
from tpwng_core.run.bench.catalogue import benchmarks_folder, read_catalogue

FOLDER = Path(__file__).resolve().parents[4] / "benchmarks"


def test_every_script_of_this_repository_keeps_the_contract() -> None:
    found = read_catalogue(FOLDER)
    assert len({each.name for each in found}) == len(found)
    for each in found:
        text = (FOLDER / each.script).read_text(encoding="utf-8")
        assert "make_parser(" in text, each.script
        assert "Bench(" in text, each.script


def test_a_script_imports_nothing_that_neither_core_nor_needs_bring() -> None:
    """Else it would crash where a row should say what is missing."""
    heavy = {"PySide6", "pyqtgraph", "tpwng_studio", "cv2", "ray", "sklearn"}
    for each in read_catalogue(FOLDER):
        tree = ast.parse((FOLDER / each.script).read_text(encoding="utf-8"))
        names = {
            name.split(".")[0]
            for node in tree.body
            for name in (
                [alias.name for alias in node.names]
                if isinstance(node, ast.Import)
                else [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else []
            )
        }
        needed = names & heavy
        if "tpwng_studio" in needed:
            needed = needed - {"tpwng_studio"} | {"PySide6"}
        assert needed <= set(each.needs), each.script


def test_a_missing_script_or_catalogue_is_named(tmp_path: Path) -> None:
    folder = benchmarks(tmp_path, {"a": "pass"})
    (folder / "a.py").unlink()
    with pytest.raises(ConfigError, match=r"not there: a\.py"):
        read_catalogue(folder)
    (folder / "benchmarks.toml").write_text("[[benchmark]]\nnam = 1\n")
    with pytest.raises(ConfigError, match="no catalogue"):
        read_catalogue(folder)


def test_an_installed_package_says_where_benchmarks_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert benchmarks_folder() == FOLDER
    monkeypatch.setattr(
        "tpwng_core.run.bench.catalogue.__file__", str(tmp_path / "a/b/c/catalogue.py")
    )
    with pytest.raises(ConfigError, match="come with the source") as caught:
        benchmarks_folder()
    assert caught.value.exit_code == 2
