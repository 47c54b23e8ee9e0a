"""Corrections are a fair race: one start, one budget, and nothing of the held-out videos."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.core.report.pages import assert_sound
from tests.core.run.studies import small_study, study_options
from tpwng_core.errors import ConfigError
from tpwng_core.events import Event, Message, silent
from tpwng_core.groundtruth import read_ground_truth
from tpwng_core.run.corrections import CorrectionsRequest, corrections
from tpwng_core.run.course import ARMS, Rounds, School, run_course
from tpwng_core.run.study import StudyRequest
from tpwng_core.run.synth import synth
from tpwng_core.run.teaching import look, measured, taught

ROUNDS = Rounds(count=2, per_round=3, epochs=1, random_draws=2)


def school_of(bench: Path) -> School:
    study = small_study(bench)
    return School(
        study=study,
        settings=study.settings,
        rounds=ROUNDS,
        truth=read_ground_truth(bench / "train_annotations.csv"),
        start=taught(study, study.settings, {}),
    )


@pytest.fixture(scope="module")
def school(bench: Path) -> School:
    return school_of(bench)


def request_of(bench: Path, out: Path, **changes: Any) -> CorrectionsRequest:
    study = StudyRequest(**study_options(bench, out, **changes))
    return CorrectionsRequest(studies=[study], rounds=ROUNDS)


@pytest.fixture(scope="module")
def out(bench: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corrections")
    corrections(request_of(bench, folder, num_seeds=2), silent)
    return folder


@pytest.fixture(scope="module")
def content(out: Path) -> dict[str, Any]:
    return dict(json.loads((out / "corrections.json").read_text()))


def test_only_abnormal_training_videos_may_be_corrected(school: School) -> None:
    training, validation = school.study.split(school.seed)
    held_out = {*school.study.test, *(record.video for record in validation)}
    assert held_out
    assert not held_out & {*school.records, *school.analyst().labels}
    assert {*school.records} <= {record.video for record in training if record.labels}


def test_random_stretches_cost_what_the_queue_cost_correction_by_correction(
    content: dict[str, Any],
) -> None:
    for run in content["runs"]:
        queue, drawn = (run["courses"][arm]["rounds"] for arm in ("queue", "random"))
        for ours, theirs in zip(queue, drawn, strict=True):
            assert [spent for spent in ours["spent"] if spent] == theirs["spent"]
            assert ours["corrections"] == ROUNDS.per_round
        whole = run["courses"]["whole"]["frames"]
        assert whole == run["courses"]["queue"]["frames"]
        assert run["courses"]["supervised"]["frames"] == whole[-1:]
        assert run["courses"]["none"]["frames"] == [0, 0]


def test_all_arms_begin_at_the_start_and_corrections_change_what_is_learned(
    school: School, content: dict[str, Any]
) -> None:
    found = measured(school.study, school.start)
    assert content["runs"][0]["start"]["auc"] == pytest.approx(found["auc"])
    ends = {arm: content["runs"][0]["courses"][arm]["ap"][-1] for arm in ARMS}
    assert len({*ends.values()}) == len(ARMS)


def test_a_course_is_the_same_twice(school: School) -> None:
    once, again = (run_course(school, "queue") for _ in range(2))
    assert [(point.spent, point.auc, point.ap) for point in once.points] == [
        (point.spent, point.auc, point.ap) for point in again.points
    ]
    drawn = [run_course(school, "random", once).points[-1].auc for _ in range(2)]
    assert drawn[0] == drawn[1]


def test_random_stretches_count_by_the_mean_of_their_draws(
    school: School, content: dict[str, Any]
) -> None:
    queue = run_course(school, "queue")
    once = replace(school, rounds=replace(ROUNDS, random_draws=1))
    alone = run_course(once, "random", queue).points
    both = run_course(school, "random", queue).points
    assert [point.draws for point in alone] == [[(point.auc, point.ap)] for point in alone]
    for one, two in zip(alone, both, strict=True):
        assert len(two.draws) == 2
        assert two.draws[0] == (one.auc, one.ap)
        assert two.draws[1] != two.draws[0]
        assert (two.auc, two.ap) == pytest.approx(np.mean(two.draws, axis=0))


def test_what_is_shown_is_what_the_studio_shows(school: School) -> None:
    looks = look(school.study, school.start, school.records)
    assert {*looks} == {*school.records}
    for video, derived in looks.items():
        assert derived.score is not None
        assert len(derived.psi) == school.study.features[video].num_snippets
        assert not derived.is_normal


def test_a_second_run_finds_everything_done_and_says_the_same(
    bench: Path, out: Path, content: dict[str, Any]
) -> None:
    events: list[Event] = []
    again = corrections(request_of(bench, out, num_seeds=2), events.append)
    texts = [event.text for event in events if isinstance(event, Message)]
    assert any(f"{2 * len(ARMS)} of {2 * len(ARMS)} courses were done" in text for text in texts)
    assert json.loads(json.dumps(again))["runs"] == content["runs"]


def test_page_table_and_curve_hold_every_arm(out: Path, content: dict[str, Any]) -> None:
    page = assert_sound((out / "corrections.html").read_text())
    for text in ("review queue", "random stretches", "Learning curves", "trained on"):
        assert text in page.text
    rows = list(csv.DictReader((out / "corrections_curve.csv").read_text().splitlines()))
    # per seed: four arms with a start and two rounds, and frame labels alone once
    assert len(rows) == 2 * (4 * 3 + 1)
    for row in rows:
        assert 0 <= float(row["auc"]) <= 1
    last = content["tables"]["After the last round"]["review queue"]["AUC"]
    ends = [run["courses"]["queue"]["auc"][-1] for run in content["runs"]]
    assert last["values"] == ends
    assert last["mean"] == pytest.approx(np.mean(ends))


def test_without_the_truth_of_training_videos_nobody_can_correct(bench: Path, out: Path) -> None:
    study = StudyRequest(**study_options(bench, out))
    with pytest.raises(ConfigError, match="train-ground-truth"):
        CorrectionsRequest(studies=[replace(study, train_ground_truth=None)])


@pytest.mark.parametrize(
    "wrong",
    [{"count": 0}, {"per_round": 0}, {"epochs": 0}, {"human_weight": 0.0}, {"random_draws": 0}],
)
def test_rounds_out_of_range_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ConfigError, match="--"):
        Rounds(**wrong)


@pytest.mark.slow
def test_the_queue_teaches_more_than_no_corrections_on_a_world_of_its_own(tmp_path: Path) -> None:
    synth("ucf-like", 10_003, tmp_path / "world", silent)
    options = study_options(tmp_path / "world", tmp_path / "out", "training.epochs=10")
    request = CorrectionsRequest(
        studies=[StudyRequest(**options)], rounds=Rounds(count=3, per_round=40)
    )
    (run,) = corrections(request, silent)["runs"]
    ends = {arm: run["courses"][arm]["ap"][-1] for arm in ("queue", "none")}
    assert ends["queue"] > ends["none"]
    assert run["courses"]["queue"]["corrections"] == [40, 80, 120]
