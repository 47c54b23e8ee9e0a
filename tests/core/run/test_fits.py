"""A fit is kept as soon as it is done, found again by what it is, and made again if damaged."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.core.run.studies import small_study
from tpwng_core.errors import Cancelled
from tpwng_core.events import Event, Message, Progress, silent
from tpwng_core.run.fits import FOLDER, TPWNG, Fit, FitStore, num_steps, run_fit, run_fits
from tpwng_core.run.study import Study


@pytest.fixture(scope="module")
def study(bench: Path) -> Study:
    return small_study(bench)


def fits_of(study: Study, *methods: str) -> list[Fit]:
    return [Fit(method=name, settings=study.settings) for name in methods]


def test_a_fit_is_tested_after_the_last_and_after_the_best_epoch(study: Study) -> None:
    heard: list[int] = []
    result = run_fit(fits_of(study, TPWNG)[0], study, heard.append)
    assert heard == [1, 2] == list(range(1, result.num_steps + 1))
    assert result.last.epoch == 2
    assert result.best is not None
    assert result.best.epoch in (1, 2)
    assert result.best.video_auc is not None
    assert result.last.video_auc is not None
    assert result.best.video_auc >= result.last.video_auc
    assert result.last.metrics.keys() == {"auc", "ap", "auc_abnormal", "far_normal"}
    assert all(0 <= value <= 1 for value in result.last.metrics.values() if value is not None)
    assert result.pseudo.keys() == {"auc", "f1"}


def test_what_needs_no_training_is_tested_once(study: Study) -> None:
    item = fits_of(study, "zero-shot")[0]
    result = run_fit(item, study)
    assert num_steps(item, study) == 0 == result.num_steps
    assert result.last.epoch == 0
    assert result.best is not None
    assert result.best.metrics == result.last.metrics


def test_a_second_run_trains_nothing(study: Study, tmp_path: Path) -> None:
    fits = fits_of(study, "sultani", "zero-shot", "sultani")
    first = run_fits(fits, study, tmp_path, silent, "compare")
    assert len(list((tmp_path / FOLDER).iterdir())) == 2
    events: list[Event] = []
    second = run_fits(fits, study, tmp_path, events.append, "compare")
    assert second == first
    assert first[0] is first[2]
    assert not [event for event in events if isinstance(event, Progress)]
    said = [event.text for event in events if isinstance(event, Message)]
    assert said == [f"2 of 2 fits were done already in {tmp_path / FOLDER}"]


def test_an_interrupted_run_keeps_what_was_finished(study: Study, tmp_path: Path) -> None:
    def stop_in_the_second(event: Event) -> None:
        if isinstance(event, Progress) and event.done == 3:
            raise Cancelled

    fits = fits_of(study, "sultani", "rtfm")
    with pytest.raises(Cancelled):
        run_fits(fits, study, tmp_path, stop_in_the_second, "compare")
    assert [path.name.split("-")[0] for path in (tmp_path / FOLDER).iterdir()] == ["sultani"]
    events: list[Event] = []
    run_fits(fits, study, tmp_path, events.append, "compare")
    assert [event.done for event in events if isinstance(event, Progress)] == [1, 2]


def test_a_damaged_result_is_made_again(study: Study, tmp_path: Path) -> None:
    item = fits_of(study, "zero-shot")[0]
    store = FitStore(tmp_path, study.digest())
    path = store.save(item, run_fit(item, study))
    assert store.load(item) is not None
    path.write_text(path.read_text()[:200])
    assert store.load(item) is None


def test_the_file_of_a_fit_says_what_it_is(study: Study, tmp_path: Path) -> None:
    item = fits_of(study, "zero-shot")[0]
    content = json.loads(FitStore(tmp_path, "data").save(item, run_fit(item, study)).read_text())
    assert content["key"]["method"] == "zero-shot"
    assert content["key"]["settings"]["training"]["seed"] == 0
    assert content["key"]["data"] == "data"


def test_whatever_shapes_a_result_changes_its_name(study: Study, tmp_path: Path) -> None:
    store = FitStore(tmp_path, study.digest())
    item = fits_of(study, TPWNG)[0]
    training = item.settings.training
    others = [
        replace(item, method="sultani"),
        replace(item, method_settings={"dropout": 0.1}),
        *(
            replace(item, settings=replace(item.settings, training=changed))
            for changed in (
                replace(training, seed=1),
                replace(training, lr_text=0.5),
                replace(training, epochs=9),
            )
        ),
    ]
    names = [store.path(one).name for one in [item, *others]]
    assert len(set(names)) == len(names)
    assert FitStore(tmp_path, "other data").path(item) != store.path(item)
    assert store.path(fits_of(study, TPWNG)[0]) == store.path(item)
