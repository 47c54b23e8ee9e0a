"""psi of the whole project: exact, quick to ask again, and small whatever the project holds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tpwng_core.groundtruth import Interval
from tpwng_core.pseudocurves import SUFFIX, read_pseudo_curves, write_pseudo_curves
from tpwng_core.tuning import Derivation, Tuning, file_categories
from tpwng_studio.project.project import Project
from tpwng_studio.state.project_psi import Cache, PsiQuestion, ask


@pytest.fixture
def question(demo_project: Project) -> PsiQuestion:
    """The demo's videos with the categories their curves were made for."""
    model = demo_project.read_model()
    assert model is not None
    paths = sorted(demo_project.pseudo_dir.glob(f"*{SUFFIX}"))
    return PsiQuestion(
        folder=demo_project.pseudo_dir,
        videos={
            path.name.removesuffix(SUFFIX): file_categories(read_pseudo_curves(path))
            for path in paths
        },
        columns=tuple(model.categories),
        scale=10.0,
        tuning=Tuning(),
    )


def quiet(_done: int, _total: int) -> None:
    return


def expected(question: PsiQuestion) -> list[np.ndarray]:
    found = []
    for video, categories in question.videos.items():
        curves = read_pseudo_curves(question.folder / f"{video}{SUFFIX}")
        derivation = Derivation(curves, question.columns, scale=question.scale)
        derived = derivation.at(question.tuning, categories)
        if derived.usable and not derived.is_normal:
            found.append(derived.psi)
    return found


def test_every_setting_gives_what_a_video_itself_shows(question: PsiQuestion) -> None:
    cache: Cache = {}
    for alpha, smoothing in ((0.2, 1), (0.7, 1), (0.7, 5), (0.2, 1)):
        asked = replace(question, tuning=Tuning(alpha=alpha, smoothing=smoothing))
        samples = ask(asked, cache, quiet).samples
        wanted = expected(asked)
        assert len(samples) == len(wanted) > 1
        for sample, psi in zip(samples, wanted, strict=True):
            np.testing.assert_array_equal(sample.psi, psi)


def test_a_slider_reads_no_file_again(
    question: PsiQuestion, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache: Cache = {}
    first = ask(question, cache, quiet)

    def refuse(path: Path) -> None:
        raise AssertionError(f"{path} was read again")

    monkeypatch.setattr("tpwng_studio.state.project_psi.read_pseudo_curves", refuse)
    again = ask(replace(question, tuning=Tuning(alpha=0.9)), cache, quiet)
    assert len(again.samples) == len(first.samples)


def test_a_normal_video_is_not_even_read(question: PsiQuestion) -> None:
    cache: Cache = {}
    ask(replace(question, videos=dict.fromkeys(question.videos, ())), cache, quiet)
    assert cache == {}


def test_two_curves_and_two_counts_a_video_are_kept(question: PsiQuestion) -> None:
    truth = {video: (Interval(start=10, end=50),) for video in question.videos}
    cache: Cache = {}
    ask(replace(question, truth=truth), cache, quiet)
    for path, kept in cache.items():
        length = len(read_pseudo_curves(path).psi)
        arrays = [*(kept.curves or ()), kept.num_frames, kept.num_abnormal]
        sizes = [array.nbytes for array in arrays if array is not None]
        assert sum(sizes) <= 16 * length
        for array in arrays:
            assert array is None or array.base is None or array.base.nbytes <= 4 * length


def test_other_categories_truth_or_files_are_read_anew(question: PsiQuestion) -> None:
    cache: Cache = {}
    ask(question, cache, quiet)
    video = next(video for video, categories in question.videos.items() if categories)
    path = question.folder / f"{video}{SUFFIX}"
    given = question.videos[video] or ()
    other = next(name for name in question.columns[:-1] if name not in given)
    asked = replace(question, videos={**question.videos, video: (other,)})
    for sample, psi in zip(ask(asked, cache, quiet).samples, expected(asked), strict=True):
        np.testing.assert_array_equal(sample.psi, psi)
    known = replace(question, truth={video: (Interval(start=0, end=40),)})
    counts = [sample.num_abnormal for sample in ask(known, cache, quiet).samples]
    assert sum(0 if count is None else int(count.sum()) for count in counts) == 40
    curves = read_pseudo_curves(path)
    write_pseudo_curves(path, replace(curves, s_normal=curves.s_normal[::-1].copy()))
    for sample, psi in zip(ask(question, cache, quiet).samples, expected(question), strict=True):
        np.testing.assert_array_equal(sample.psi, psi)


def test_nothing_of_another_project_is_kept(question: PsiQuestion, tmp_path: Path) -> None:
    cache: Cache = {}
    ask(question, cache, quiet)
    assert cache
    ask(replace(question, folder=tmp_path, videos={"other": ("fire",)}), cache, quiet)
    assert cache == {}


def test_a_damaged_file_is_left_out(question: PsiQuestion) -> None:
    count = len(ask(question, {}, quiet).samples)
    video = next(video for video, categories in question.videos.items() if categories)
    (question.folder / f"{video}{SUFFIX}").write_bytes(b"no archive")
    assert len(ask(question, {}, quiet).samples) == count - 1
