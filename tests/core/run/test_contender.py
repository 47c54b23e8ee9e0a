"""One call trains everything: TPWNG as ``train`` does, others independently of what ran before."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from tests.core.run.conftest import quick_settings
from tests.core.run.studies import small_study
from tests.core.run.test_comparison import CPU, make_contest
from tpwng_core.checkpoint import read_checkpoint
from tpwng_core.nn.methods import METHODS
from tpwng_core.run.comparison import fit_method
from tpwng_core.run.contender import fit, tpwng_contender
from tpwng_core.run.model import load_scorer, score_features

TRAINED = [name for name, method in METHODS.items() if method.supervision != "none"]


def test_a_study_trains_tpwng_to_the_digits_of_train(bench: Path, run_folder: Path) -> None:
    settings = quick_settings(bench)
    study = small_study(bench, settings=settings)
    store = study.store(0, with_truth=False)
    contender = fit(
        lambda: tpwng_contender(study.settings, study.clip, CPU), store, settings.training, CPU
    )
    scorer = load_scorer(read_checkpoint(run_folder / "checkpoint.safetensors"), CPU)
    for video in list(study.test)[:3]:
        item = study.features[video]
        assert np.array_equal(contender.score(item), score_features(scorer, item))


@pytest.mark.parametrize("name", TRAINED)
def test_a_methods_digits_do_not_depend_on_what_ran_before(bench: Path, name: str) -> None:
    contest = make_contest(bench, with_truth=name == "supervised")
    torch.manual_seed(1)
    first = fit_method(name, contest)
    torch.manual_seed(2)
    torch.rand(17)
    second = fit_method(name, contest)
    for key, value in first.state_dict().items():
        assert torch.equal(value, second.state_dict()[key]), key


def test_another_seed_gives_other_weights(bench: Path) -> None:
    contest = make_contest(bench, with_truth=False)
    other = replace(contest, schedule=replace(contest.schedule, seed=1))
    one, two = fit_method("sultani", contest), fit_method("sultani", other)
    weights = [next(method.parameters()) for method in (one, two)]
    assert not torch.equal(*weights)


def test_training_leaves_the_global_random_state_alone(bench: Path) -> None:
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    fit_method("clip-tsa", make_contest(bench, with_truth=False))
    assert torch.equal(torch.rand(3), expected)


def test_crops_are_scored_one_by_one_and_their_scores_averaged(bench: Path) -> None:
    study = small_study(bench)
    contender = tpwng_contender(study.settings, study.clip, CPU)
    single = study.features[next(iter(study.test))]
    rows = np.asarray(single.features, dtype=np.float32)
    crops = np.stack([rows, rows[::-1]], axis=1)
    both = replace(single, features=crops)
    turned = replace(single, features=np.ascontiguousarray(rows[::-1]))
    expected = (contender.score(single) + contender.score(turned)) / 2
    assert np.allclose(contender.score(both), expected, atol=1e-7)
    mean_first = contender.score(replace(single, features=crops.mean(axis=1)))
    assert not np.allclose(contender.score(both), mean_first, atol=1e-5)
