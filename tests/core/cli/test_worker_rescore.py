"""Rescoring one video from warm models: what is written, what it costs, what it promises."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.core.cli.driving import Driver
from tpwng_core.features import SUFFIX, read_features
from tpwng_core.pseudocurves import read_pseudo_curves
from tpwng_core.scores import read_scores


@pytest.fixture(scope="module")
def worker() -> Iterator[Driver]:
    with Driver() as driver:
        yield driver


@pytest.fixture(scope="module")
def video(bench: Path) -> str:
    files = (bench / "features").glob(f"*{SUFFIX}")
    return max(files, key=lambda path: read_features(path).num_snippets).name.removesuffix(SUFFIX)


def rescored(worker: Driver, bench: Path, run: Path, out: Path, **more) -> dict:
    args = {"features": bench / "features", "checkpoint": run / "checkpoint.safetensors"}
    worker.run(1, "rescore", **{**args, "out": out, "device": "cpu", **more})
    answer = worker.answer(1)
    assert answer["event"] == "finished", answer
    summary: dict = answer["summary"]
    return summary


def test_the_second_answer_comes_from_memory(
    worker: Driver, bench: Path, run_folder: Path, tmp_path: Path, video: str
) -> None:
    def timed(**more) -> float:
        start_s = time.monotonic()
        rescored(worker, bench, run_folder, tmp_path, video=video, **more)
        return time.monotonic() - start_s

    first_s, text_s = timed(r=16), timed(text="a red car")
    assert timed(r=4) < min(0.5, first_s)
    assert timed(text="a red car") < min(0.5, max(text_s, 0.1))


def test_r_changes_the_score_and_nothing_else(
    worker: Driver, bench: Path, run_folder: Path, tmp_path: Path, video: str
) -> None:
    trained = rescored(worker, bench, run_folder, tmp_path / "a", video=video)
    assert (trained["r"], trained["trained_r"]) == (16, 16)
    assert (trained["change"], trained["flipped"]) == (0, 0)
    small = rescored(worker, bench, run_folder, tmp_path / "b", video=f"/x/{video}.mp4", r=1)
    assert small["r"] == 1
    assert small["change"] > 0
    assert small["effective_span"] < trained["effective_span"]
    assert 0 <= small["smallest_chi"] <= trained["smallest_chi"]
    one, other = (read_pseudo_curves(Path(item["pseudo"])) for item in (trained, small))
    assert np.array_equal(one.psi, other.psi)
    first, second = (read_scores(Path(item["scores"])) for item in (trained, small))
    assert second.meta["r"] == 1
    change = np.abs(first.snippet_score - second.snippet_score).mean()
    assert small["change"] == pytest.approx(change, abs=1e-6)
    with np.load(small["spans"]) as spans:
        assert spans["span"].shape == one.span.shape
        assert np.array_equal(spans["trained_score"], first.snippet_score)


def test_words_of_a_person_become_the_category(
    worker: Driver, bench: Path, run_folder: Path, tmp_path: Path, video: str
) -> None:
    summary = rescored(worker, bench, run_folder, tmp_path, video=video, text="a red car")
    curves = read_pseudo_curves(Path(summary["pseudo"]))
    assert summary["category"] == ["a red car"]
    categories = list(curves.meta["categories"])
    assert categories[-2:] == ["a red car", "normal"]
    column = curves.similarity[:, categories.index("a red car")]
    low, high = column.min(), column.max()
    assert np.allclose(curves.s_abnormal, (column - low) / (high - low), atol=1e-5)


def test_words_that_name_a_category_are_that_category(
    worker: Driver, bench: Path, run_folder: Path, tmp_path: Path, video: str
) -> None:
    by_text = rescored(worker, bench, run_folder, tmp_path / "a", video=video, text="arson")
    by_name = rescored(worker, bench, run_folder, tmp_path / "b", video=video, category="Arson")
    one, other = (read_pseudo_curves(Path(item["pseudo"])) for item in (by_text, by_name))
    assert one.meta["category"] == other.meta["category"] == ["Arson"]
    assert np.array_equal(one.psi, other.psi)


def test_several_categories_and_none(
    worker: Driver, bench: Path, run_folder: Path, tmp_path: Path, video: str
) -> None:
    both = rescored(worker, bench, run_folder, tmp_path, video=video, category="arson|ABUSE")
    assert both["category"] == ["Arson", "Abuse"]
    normal = rescored(worker, bench, run_folder, tmp_path, video=video, category="Normal")
    assert not read_pseudo_curves(Path(normal["pseudo"])).psi.any()
    assert rescored(worker, bench, run_folder, tmp_path, video=video)["assumed"] is True


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"video": "nobody"}, 3),
        ({"category": "Arsen"}, 2),
        ({"r": 0}, 2),
        ({"r": "much"}, 2),
        ({"features": "/nowhere"}, 4),
        ({"checkpoint": "/nowhere"}, 3),
    ],
)
def test_what_cannot_be_is_told(
    worker: Driver, bench: Path, run_folder: Path, video: str, more: dict, code: int
) -> None:
    args = {
        "video": video,
        "features": bench / "features",
        "checkpoint": run_folder / "checkpoint.safetensors",
    }
    worker.run(1, "rescore", **{**args, **more})
    assert worker.answer(1)["exit_code"] == code
