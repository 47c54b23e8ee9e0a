"""Sliders: curves follow at most once a screen frame, and say when they are of other settings."""

from __future__ import annotations

import time

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from tpwng_core.config import read_toml
from tpwng_core.errors import ConfigError
from tpwng_core.labels import ABNORMAL
from tpwng_core.scores import read_scores, write_scores
from tpwng_studio.project.project import NAME
from tpwng_studio.state.session import Session


def count(signal: object) -> list[int]:
    heard: list[int] = []
    signal.connect(lambda *_: heard.append(1))  # type: ignore[attr-defined]
    return heard


def test_the_first_move_is_on_screen_at_once(session: Session) -> None:
    session.set_tuning(theta=1.0)
    assert session.derived is not None
    assert session.derived.pseudo_label.sum() == (session.derived.psi >= 1.0).sum()


def test_a_drag_is_worked_out_once_a_screen_frame_and_ends_where_it_ended(
    session: Session, qtbot: QtBot
) -> None:
    heard = count(session.derived_changed)
    started = time.monotonic()
    for step in range(300):
        session.set_tuning(theta=0.2 + step / 1000)
    drag_ms = 1000 * (time.monotonic() - started)
    qtbot.waitUntil(lambda: session.agreement is not None and len(heard) > 1)
    qtbot.wait(40)
    assert len(heard) <= 3 + drag_ms / 16
    assert session.derived is not None
    raw = (session.derived.psi >= session.tuning.theta).astype(np.int8)
    np.testing.assert_array_equal(session.derived.pseudo_label, raw)


def test_equal_settings_are_no_change_and_wrong_ones_are_refused(session: Session) -> None:
    heard = count(session.tuning_changed)
    session.set_tuning(theta=session.tuning.theta)
    assert not heard
    with pytest.raises(ConfigError, match="theta"):
        session.set_tuning(theta=2.0)
    assert session.tuning.theta == 0.55


def test_agreement_with_the_truth_follows_theta_and_gets_its_precision_at_rest(
    session: Session, qtbot: QtBot
) -> None:
    qtbot.waitUntil(lambda: session.agreement is not None and session.agreement.psi_ap is not None)
    assert session.agreement is not None
    assert session.agreement.against == "ground truth"
    before = session.agreement.f1
    session.set_tuning(theta=0.01)
    assert session.agreement is not None
    assert session.agreement.f1 != before
    assert session.agreement.recall == 1


def test_without_truth_human_labels_are_compared_with(session: Session) -> None:
    assert session.project is not None
    session.project.link(ground_truth=None)
    session.reload_project()
    assert session.agreement is None
    session.paint(0, 50, "abnormal")
    assert session.agreement is not None
    assert session.agreement.against == "human labels"
    assert (session.agreement.num_abnormal, session.agreement.num_normal) == (50, 0)


def test_flips_count_frames_near_theta(session: Session) -> None:
    derived = session.derived
    assert derived is not None
    near = np.abs(derived.psi - 0.55) < 0.2
    assert session.num_flips(0.2) == np.diff(derived.edges)[near].sum()
    session.open_video("test_normal_000")
    assert session.num_flips(0.5) == 0


def test_a_ghost_stays_as_it_was_until_it_is_dropped(session: Session) -> None:
    before = session.derived
    session.keep_ghost()
    session.set_tuning(alpha=0.9)
    assert session.ghost is before
    assert session.derived is not before
    session.drop_ghost()
    assert session.ghost is None
    session.keep_ghost()
    session.open_video("test_fire_001")
    assert session.ghost is None


def test_another_r_makes_the_score_stale_and_its_own_does_not(session: Session) -> None:
    assert session.trained_softness == 256
    session.set_tuning(span_softness=16.0)
    assert "R = 256, not 16" in session.stale
    session.set_tuning(span_softness=256.0)
    assert session.stale == ""


def test_the_workers_answer_is_shown_and_the_project_keeps_its_own(
    session: Session, tmp_path: object
) -> None:
    assert session.project is not None
    folder = session.project.folder
    path = folder / "scores/test_fighting_000.scores.npz"
    scores = read_scores(path)
    answer = folder / "answer/test_fighting_000.scores.npz"
    changed = {**scores.meta, "r": 16.0}
    write_scores(answer, type(scores)(**{**vars(scores), "meta": changed}))
    session.set_tuning(span_softness=16.0)
    session.show_curves(None, answer)
    assert session.stale == ""
    assert read_scores(path).meta["r"] == 256
    session.reload_curves()
    assert "R = 256" in session.stale


def test_curves_of_another_checkpoint_or_file_are_stale(session: Session) -> None:
    assert session.project is not None
    checkpoint = session.project.checkpoint
    assert checkpoint is not None
    checkpoint.write_bytes(checkpoint.read_bytes() + b" ")
    session.project.link(checkpoint=None)
    session.reload_project()
    assert session.stale == ""
    assert session.trained_softness is None


def test_the_category_decides_which_similarity_counts(session: Session) -> None:
    before = session.derived
    assert before is not None
    session.set_video_category("fire")
    assert session.video is not None
    assert session.video.category == "fire"
    assert session.derived is not None
    assert not np.array_equal(session.derived.psi, before.psi)
    session.set_video_category("Normal")
    assert session.derived.is_normal
    assert ABNORMAL not in session.effective.state
    session.set_video_category("flood")
    assert "flood" in session.stale
    session.undo()
    session.undo()
    session.undo()
    assert session.video.category == "fighting"
    np.testing.assert_array_equal(session.derived.psi, before.psi)
    with pytest.raises(ConfigError, match="empty part"):
        session.set_video_category("fire|")


def test_sliders_are_as_they_were_when_the_project_opens_again(session: Session) -> None:
    assert session.project is not None
    folder = session.project.folder
    session.set_tuning(alpha=0.35, merge_gap=2)
    session.close_project()
    session.open_project(folder)
    assert (session.tuning.alpha, session.tuning.merge_gap) == (0.35, 2)


def test_sliders_are_written_when_they_rest_so_that_a_killed_window_keeps_them(
    session: Session, qtbot: QtBot
) -> None:
    assert session.project is not None
    path = session.project.folder / NAME
    written = []
    session.saved.connect(lambda: written.append(read_toml(path)["tuning"]["theta"]))
    session.set_autosave(600)
    for step in range(20):
        session.set_tuning(theta=0.3 + step / 100)
    assert written == []
    qtbot.waitUntil(lambda: bool(written))
    assert written == [session.tuning.theta]
    with qtbot.waitSignal(session.saved):
        session.undo()
    assert written[-1] == 0.55


def test_moves_of_one_slider_are_a_step_until_it_rests(session: Session, qtbot: QtBot) -> None:
    for theta in (0.5, 0.45, 0.4):
        session.set_tuning(theta=theta)
    with qtbot.waitSignal(session.undo_changed):  # it rests
        pass
    session.set_tuning(theta=0.3)
    session.set_tuning(alpha=0.3, theta=0.2)
    session.undo()
    assert (session.tuning.alpha, session.tuning.theta) == (0.2, 0.3)
    session.undo()
    assert session.tuning.theta == 0.4
    session.undo()
    assert session.tuning.theta == 0.55
    assert not session.undo_text
    session.redo()
    assert session.tuning.theta == 0.4


def test_a_handle_that_is_held_makes_one_step_however_long(session: Session, qtbot: QtBot) -> None:
    session.hold_tuning(True)
    session.set_tuning(theta=0.5)
    qtbot.waitUntil(lambda: not session._step_timer.isActive())
    session.set_tuning(theta=0.4)
    session.hold_tuning(False)
    session.undo()
    assert session.tuning.theta == 0.55
    assert not session.undo_text


def test_an_edit_between_two_moves_parts_them(session: Session) -> None:
    session.set_tuning(theta=0.5)
    session.paint(0, 9, "normal")
    session.set_tuning(theta=0.4)
    session.undo()
    assert session.tuning.theta == 0.5
    session.undo()
    assert session.labels.segments == ()
    session.undo()
    assert session.tuning.theta == 0.55


def test_a_read_only_project_is_tuned_and_never_written(session: Session) -> None:
    assert session.project is not None
    before = (session.project.folder / NAME).read_bytes()
    other = Session()
    other.open_project(session.project.folder)
    other.set_tuning(theta=0.3)
    other.undo()
    assert other.tuning.theta == 0.55
    other.set_tuning(theta=0.3)
    other.shutdown()
    assert (session.project.folder / NAME).read_bytes() == before
