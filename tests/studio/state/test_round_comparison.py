"""Before and after over a project: what is listed, and on what the gain is measured."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.studio.rounds import CORRECTED, HELD_OUT, for_training, make_round
from tpwng_core.labels import LabelSegment, VideoLabels
from tpwng_core.scores import read_scores
from tpwng_core.tuning import Tuning
from tpwng_studio.state.round_comparison import RoundQuestion, compare, question_of
from tpwng_studio.state.session import Session

VIDEOS = (
    *("test_normal_000", "test_normal_001", "test_fighting_000", "test_fire_001"),
    *("test_explosion_002", "test_accident_003", "test_robbery_004", "test_vandalism_005"),
)


def progress(done: int, total: int) -> None:
    assert 0 <= done < total


@pytest.fixture
def question(session: Session) -> RoundQuestion:
    """A round that moved the first 24 frames of every video."""
    project = session.project
    assert project is not None
    for_training(session)
    out = project.runs_dir / "run-1"
    make_round(project, out)
    project.link(checkpoint=out / "checkpoint.safetensors", results=out, before=project.checkpoint)
    session.reload_project()
    found = question_of(session)
    assert found is not None
    return found


def test_without_a_round_there_is_no_question(session: Session) -> None:
    assert question_of(session) is None


def test_the_stretches_that_moved_are_listed(question: RoundQuestion) -> None:
    found = compare(question, progress)
    assert found.left_out == ()
    assert found.corrected == {CORRECTED}
    labels = [change for change in found.changes if change.kind == "label"]
    assert {change.video for change in labels} >= {"test_fire_001", CORRECTED}
    assert not any("normal" in change.video for change in labels)
    for change in found.changes:
        if change.kind == "score":
            assert change.end <= 24
            assert (change.before, change.after) == (0, 1)
            assert change.amount > 0
    weights = [change.weight for change in found.changes]
    assert weights == sorted(weights, reverse=True)
    assert found.num_frames == sum(change.num_frames for change in labels)


def test_what_a_person_said_does_not_change(question: RoundQuestion) -> None:
    said = VideoLabels(
        video="test_fire_001",
        num_frames=224,
        fps=Fraction(12),
        segments=(LabelSegment(start=0, end=224, state="normal"),),
    )
    found = compare(replace(question, labels={said.video: said}), progress)
    kinds = {change.kind for change in found.changes if change.video == said.video}
    assert kinds == {"score"}


def test_the_sliders_decide_what_a_label_is(question: RoundQuestion) -> None:
    strict = compare(replace(question, tuning=Tuning(theta=1.0)), progress)
    plain = compare(question, progress)
    assert strict.num_frames != plain.num_frames
    assert strict.gain == plain.gain


def test_the_gain_is_measured_on_held_out_videos_only(question: RoundQuestion) -> None:
    found = compare(question, progress)
    assert found.gain is not None
    assert set(found.gain.videos) == set(HELD_OUT)
    assert found.gain.auc is not None
    # The first 24 frames of both are normal, and score 0.9 now: the round did harm.
    assert found.gain.auc[1] < found.gain.auc[0]


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(trained=st.sets(st.sampled_from(VIDEOS)), corrected=st.sets(st.sampled_from(VIDEOS)))
def test_whatever_trained_or_was_corrected_never_counts(
    question: RoundQuestion, trained: set[str], corrected: set[str]
) -> None:
    made = replace(question.made, trained=tuple(trained), corrected=dict.fromkeys(corrected, 1))
    found = compare(replace(question, made=made), progress)
    left = set(VIDEOS) - trained - corrected
    assert (set() if found.gain is None else set(found.gain.videos)) == left


def test_without_labels_of_held_out_videos_there_is_no_number(question: RoundQuestion) -> None:
    assert compare(replace(question, truth={}), progress).gain is None


def test_a_reviewed_held_out_video_counts_and_an_unreviewed_one_does_not(
    question: RoundQuestion,
) -> None:
    said = VideoLabels(
        video="test_fire_001",
        num_frames=224,
        fps=Fraction(12),
        reviewed=True,
        segments=(
            LabelSegment(start=0, end=56, state="normal"),
            LabelSegment(start=56, end=87, state="abnormal"),
            LabelSegment(start=87, end=224, state="normal"),
        ),
    )
    found = compare(replace(question, truth={}, labels={said.video: said}), progress)
    assert found.gain is not None
    assert found.gain.videos == ("test_fire_001",)
    assert found.gain.num_abnormal == 31
    fresh = replace(said, reviewed=False)
    assert compare(replace(question, truth={}, labels={said.video: fresh}), progress).gain is None


def test_a_video_that_one_of_the_two_lacks_is_left_out_and_told(question: RoundQuestion) -> None:
    (question.after / "pseudo" / "test_fire_001.pseudo.npz").write_bytes(b"damaged")
    (question.before / "pseudo" / "test_robbery_004.pseudo.npz").unlink()
    found = compare(question, progress)
    assert set(found.left_out) == {"test_fire_001", "test_robbery_004"}
    assert found.gain is not None
    assert found.gain.videos == ("test_normal_001",)


def test_the_files_are_only_read(question: RoundQuestion, session: Session) -> None:
    paths: list[Path] = [*question.before.rglob("*.npz"), *question.after.rglob("*.npz")]
    before = [path.read_bytes() for path in paths]
    compare(question, progress)
    assert [path.read_bytes() for path in paths] == before
    scores = read_scores(question.after / "scores" / "test_fire_001.scores.npz")
    assert np.all(scores.score[:24] == np.float32(0.9))
