"""The house keeps its order: sizes, mirror rule, import directions and the import budget."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("tpwng_core", "tpwng_studio")
MAX_MODULE_LINES = 350
MAX_FUNCTION_LINES = 60
MAX_CONSTRUCTOR_LINES = 40
BANNED_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "misc"}
BUDGET = ("torch", "open_clip", "cv2")


def modules() -> list[Path]:
    return [path for name in PACKAGES for path in sorted((ROOT / name).rglob("*.py"))]


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def num_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_module_is_of_a_readable_size(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MAX_MODULE_LINES
    for function in functions(path):
        limit = MAX_CONSTRUCTOR_LINES if function.name == "__init__" else MAX_FUNCTION_LINES
        assert num_lines(function) <= limit, f"{path.name}: {function.name}"
        assert len(function.args.args) <= 6, f"{path.name}: {function.name} (self counted)"


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_module_says_what_it_is_and_has_a_telling_name(path: Path) -> None:
    assert path.stem not in BANNED_NAMES
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


def test_typical_functions_are_short() -> None:
    lengths = sorted(num_lines(function) for path in modules() for function in functions(path))
    assert lengths[len(lengths) // 2] <= 15


def test_tests_stand_where_the_code_stands() -> None:
    """``tests/core/a/test_b_c.py`` tests ``tpwng_core/a/b``; in a package it may test the whole."""
    strays = []
    for tests, package in (("core", "tpwng_core"), ("studio", "tpwng_studio")):
        for path in sorted((ROOT / "tests" / tests).rglob("test_*.py")):
            inside = path.parent.relative_to(ROOT / "tests" / tests)
            folder = ROOT / package / inside
            rooms = {room.stem for room in folder.glob("*")}
            subject = path.stem.removeprefix("test_")
            is_mirror = any(subject == room or subject.startswith(f"{room}_") for room in rooms)
            if not folder.is_dir() or (inside == Path() and not is_mirror):
                strays.append(str(path.relative_to(ROOT)))
    assert not strays


def test_every_room_has_a_test() -> None:
    untested = []
    for path in (ROOT / "tpwng_core").rglob("*.py"):
        if path.stem in ("__init__", "__main__"):
            continue
        tests = ROOT / "tests" / "core" / path.parent.relative_to(ROOT / "tpwng_core")
        named = list(tests.glob(f"test_{path.stem}*.py")) if tests.is_dir() else []
        if not named and not (tests.is_dir() and any(tests.glob("test_*.py"))):
            untested.append(str(path.relative_to(ROOT)))
    assert not untested


def run_lint(folder: Path) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).with_name("lint-imports")
    command = [str(program), "--config", str(folder / "pyproject.toml"), "--no-cache"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.slow
def test_imports_follow_the_contracts_and_a_planted_violation_fails(tmp_path: Path) -> None:
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / package)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    clean = run_lint(tmp_path)
    assert clean.returncode == 0, clean.stdout
    plants = {
        "tpwng_core/similarity.py": "import torch\n",
        "tpwng_core/files.py": "import tpwng_core.checkpoint\n",
        "tpwng_core/scores.py": "import av\n",
        "tpwng_core/run/batches.py": "import open_clip\n",
        "tpwng_core/errors.py": "import PySide6\n",
        "tpwng_studio/__init__.py": "import tpwng_core.nn.clip\n",
    }
    for name, line in plants.items():
        path = tmp_path / name
        before = path.read_text(encoding="utf-8")
        path.write_text(f"{before}\n{line}", encoding="utf-8")
        assert run_lint(tmp_path).returncode != 0, f"{line.strip()} in {name} went unnoticed"
        path.write_text(before, encoding="utf-8")


def test_the_command_line_starts_without_torch() -> None:
    code = (
        "import sys, tpwng_core.cli, tpwng_core.cli.parser as p; p.make_parser().format_help();"
        f"print([name for name in {BUDGET!r} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
