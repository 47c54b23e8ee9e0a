"""R: asked of the worker, honest about what it can change, never shown for another video."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt

from tests.studio.asking import AskedJobs
from tpwng_core.scores import Scores, read_scores, write_scores
from tpwng_studio.state.session import Session
from tpwng_studio.views.parameters.rerun import RerunGroup


@pytest.fixture
def group(qtbot, session: Session, jobs: AskedJobs) -> Iterator[RerunGroup]:
    session.open_video("test_fire_001")
    made = RerunGroup(session, jobs)
    qtbot.addWidget(made)
    made.resize(280, 400)
    made.show()
    yield made
    made.close()


def type_r(qtbot, group: RerunGroup, value: str) -> None:
    group.softness.box.selectAll()
    qtbot.keyClicks(group.softness.box, value)
    qtbot.keyClick(group.softness.box, Qt.Key.Key_Return)


def answer(session: Session, tmp_path: Path, r: float) -> dict[str, object]:
    """What the worker would say, with scores of another R."""
    assert session.project is not None
    project, name = session.project, "test_fire_001"
    known = read_scores(project.scores_dir / f"{name}.scores.npz")
    made = Scores(
        video=name,
        score=1 - known.score,
        snippet_score=1 - known.snippet_score,
        snippet_start=known.snippet_start,
        pts=known.pts,
        meta={**known.meta, "r": r},
    )
    write_scores(tmp_path / f"{name}.scores.npz", made)
    return {
        "scores": str(tmp_path / f"{name}.scores.npz"),
        "pseudo": str(project.pseudo_dir / f"{name}.pseudo.npz"),
        "r": r,
        "trained_r": 256.0,
        "effective_span": 6.4,
        "change": 0.0432,
        "flipped": 0.071,
    }


def test_another_r_is_stale_until_it_was_scored(
    qtbot, session: Session, group: RerunGroup, jobs: AskedJobs, tmp_path: Path
) -> None:
    assert group.softness.value == 256
    assert not group.stale_badge.isVisibleTo(group)
    type_r(qtbot, group, "16")
    assert session.tuning.span_softness == 16
    assert group.exploratory_badge.text() == "exploratory: trained at R = 256"
    assert "STALE" in group.stale_badge.text()
    assert group.stale_badge.isVisibleTo(group)
    qtbot.mouseClick(group.rescore_button, Qt.MouseButton.LeftButton)
    (args,) = jobs.asked
    assert (args["video"], args["r"], args["category"]) == ("test_fire_001", 16.0, "fire")
    assert session.scores is not None
    before = session.scores.score.copy()
    jobs.live_answer.emit(1, answer(session, tmp_path, 16.0))
    assert session.scores.score == pytest.approx(1 - before)
    assert not group.stale_badge.isVisibleTo(group)
    assert group.exploratory_badge.isVisibleTo(group)
    assert "changes by 0.043" in group.measured.text()
    assert "7.1% of the snippets flip" in group.measured.text()


def test_an_answer_for_a_video_left_behind_is_not_shown(
    qtbot, session: Session, group: RerunGroup, jobs: AskedJobs, tmp_path: Path
) -> None:
    type_r(qtbot, group, "16")
    group.rescore()
    said = answer(session, tmp_path, 16.0)
    session.open_video("test_robbery_004")
    assert session.scores is not None
    before = session.scores.score
    jobs.live_answer.emit(1, said)
    assert session.scores.score is before
    assert group.measured.text() == ""


def test_only_the_newest_answer_counts(
    qtbot, session: Session, group: RerunGroup, jobs: AskedJobs, tmp_path: Path
) -> None:
    group.rescore()
    group.rescore()
    jobs.live_answer.emit(1, answer(session, tmp_path, 16.0))
    assert group.is_asked
    jobs.live_failed.emit(2, "out of memory")
    assert not group.is_asked
    assert group.measured.text() == "Not scored: out of memory"


def test_live_scores_when_r_rests(
    qtbot, session: Session, group: RerunGroup, jobs: AskedJobs
) -> None:
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Left, Qt.Key.Key_Left):
        qtbot.keyClick(group.softness.slider, key)
    qtbot.waitUntil(lambda: len(jobs.asked) == 1)
    assert jobs.asked[0]["r"] == session.tuning.span_softness
    box = QPoint(8, group.live.height() // 2)
    qtbot.mouseClick(group.live, Qt.MouseButton.LeftButton, pos=box)
    qtbot.keyClick(group.softness.slider, Qt.Key.Key_Left)
    qtbot.wait(400)
    assert len(jobs.asked) == 1


def test_back_at_the_trained_r_nothing_is_exploratory(
    qtbot, session: Session, group: RerunGroup
) -> None:
    type_r(qtbot, group, "16")
    type_r(qtbot, group, "256")
    assert session.tuning.span_softness is None
    assert not group.exploratory_badge.isVisibleTo(group)


def test_the_reach_follows_playhead_and_r(qtbot, session: Session, group: RerunGroup) -> None:
    wide = group.reach.text()
    assert "beyond the video" in wide
    assert "little effect on this video" in wide
    type_r(qtbot, group, "4")
    assert "half at" in group.reach.text()
    near = group.reach.text()
    session.seek(session.num_frames - 1)
    assert group.reach.text() != near


def test_retraining_is_asked_with_this_r(qtbot, group: RerunGroup) -> None:
    type_r(qtbot, group, "32")
    with qtbot.waitSignal(group.retrain_requested) as asked:
        qtbot.mouseClick(group.retrain_button, Qt.MouseButton.LeftButton)
    assert asked.args == [32.0]


def test_it_says_that_psi_does_not_change(group: RerunGroup) -> None:
    assert "never psi or pseudo-labels" in group.honest.text()


def test_an_r_taken_back_is_scored_again(
    qtbot, session: Session, group: RerunGroup, jobs: AskedJobs
) -> None:
    type_r(qtbot, group, "16")
    qtbot.waitUntil(lambda: len(jobs.asked) == 1)
    session.undo()
    assert group.softness.value == 256
    qtbot.waitUntil(lambda: len(jobs.asked) == 2)
    assert jobs.asked[-1]["r"] == 256
    session.set_tuning(theta=0.4)
    assert not group._timer.isActive()
