"""The parameters panel: every handle of theta is one theta, and what it says is what holds."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QScrollArea

from tests.studio.asking import AskedJobs
from tpwng_core.tuning import Tuning
from tpwng_studio.state.session import Session
from tpwng_studio.views.parameters import ParametersView


@pytest.fixture
def view(qtbot, session: Session, jobs: AskedJobs) -> Iterator[ParametersView]:
    session.open_video("test_fire_001")
    made = ParametersView(session, jobs)
    qtbot.addWidget(made)
    made.resize(280, 900)
    with qtbot.waitExposed(made):
        made.show()
    yield made
    made.close()


def drag_theta(qtbot, view: ParametersView, theta: float) -> None:
    plot = view.histogram.plot
    middle = plot.height() // 2
    start, end = (QPoint(round(plot.x_of(at)), middle) for at in (view.instant.theta.value, theta))
    qtbot.mousePress(plot, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(plot, end)
    qtbot.mouseRelease(plot, Qt.MouseButton.LeftButton, pos=end)


def test_arrows_on_the_slider_move_theta(qtbot, session: Session, view: ParametersView) -> None:
    qtbot.keyClick(view.instant.theta.slider, Qt.Key.Key_Left)
    assert session.tuning.theta == 0.54


def test_a_typed_alpha_is_taken(qtbot, session: Session, view: ParametersView) -> None:
    box = view.instant.alpha.box
    box.selectAll()
    qtbot.keyClicks(box, "0.35")
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert session.tuning.alpha == 0.35


def test_the_line_in_the_histogram_is_the_same_theta(
    qtbot, session: Session, view: ParametersView
) -> None:
    drag_theta(qtbot, view, 0.4)
    assert session.tuning.theta == pytest.approx(0.4, abs=0.011)
    assert view.instant.theta.value == session.tuning.theta
    qtbot.keyClick(view.histogram.plot, Qt.Key.Key_Right)
    assert view.instant.theta.value == pytest.approx(0.41, abs=0.011)


def test_a_theta_from_elsewhere_moves_all_handles(
    qtbot, session: Session, view: ParametersView
) -> None:
    session.set_tuning(theta=0.3, min_duration=2, merge_gap=3, smoothing=5)
    assert view.instant.theta.slider.value() == 29
    assert view.instant.theta.box.value() == 0.3
    assert [box.value() for box in view.instant.counts.values()] == [2, 3, 5]


def test_counts_act_at_once(qtbot, session: Session, view: ParametersView) -> None:
    qtbot.keyClick(view.instant.counts["min_duration"], Qt.Key.Key_Up)
    qtbot.keyClick(view.instant.counts["merge_gap"], Qt.Key.Key_Up)
    qtbot.keyClick(view.instant.counts["smoothing"], Qt.Key.Key_Up)
    assert session.tuning == Tuning(min_duration=1, merge_gap=1, smoothing=2)


def test_a_preset_sets_both_and_its_name_follows(
    qtbot, session: Session, view: ParametersView
) -> None:
    preset = view.instant.preset
    assert preset.currentText() == "As labelled"
    preset.setFocus()
    qtbot.keyClicks(preset, "XD")
    assert (session.tuning.alpha, session.tuning.theta) == (0.2, 0.35)
    session.set_tuning(theta=0.36)
    assert preset.currentText() == "Custom"
    session.set_tuning(theta=0.35)
    assert preset.currentText() == "XD-Violence (paper)"
    assert preset.findText("Custom") == -1


def test_the_effect_names_side_flips_and_agreement(
    qtbot, session: Session, view: ParametersView
) -> None:
    session.settle()
    view.instant.refresh_words()
    words = view.instant.effect.text()
    assert session.agreement is not None
    assert "abnormal side: above theta" in words
    assert f"flips at theta ± 0.05: {session.num_flips()} frames" in words
    assert f"<b>{session.agreement.f1:.2f}</b> against ground truth" in words
    assert f"of psi <b>{session.agreement.psi_ap:.2f}</b>" in words


def test_a_normal_video_says_why_psi_is_not_used(session: Session, view: ParametersView) -> None:
    session.open_video("test_normal_000")
    assert view.instant.badge.isVisibleTo(view)
    assert not view.instant.theta.slider.isEnabled()
    assert view.histogram.plot.video.samples == ()
    session.set_video_category("fire")
    assert not view.instant.badge.isVisibleTo(view)
    assert view.instant.theta.slider.isEnabled()


def test_a_ghost_is_kept_and_dropped(qtbot, session: Session, view: ParametersView) -> None:
    assert not view.instant.drop_button.isEnabled()
    qtbot.mouseClick(view.instant.ghost_button, Qt.MouseButton.LeftButton)
    assert session.ghost is session.derived
    qtbot.mouseClick(view.instant.drop_button, Qt.MouseButton.LeftButton)
    assert session.ghost is None


def test_the_copied_command_names_this_video_and_these_settings(
    qtbot, session: Session, view: ParametersView
) -> None:
    session.set_tuning(alpha=0.3, theta=0.5)
    qtbot.mouseClick(view.instant.copy_button, Qt.MouseButton.LeftButton)
    words = shlex.split(QGuiApplication.clipboard().text())
    assert session.video is not None
    assert words[:3] == ["tpwng-core", "label", str(session.video.path)]
    assert words[words.index("--alpha") + 1] == "0.3"
    assert words[words.index("--theta") + 1] == "0.5"
    assert words[words.index("--category") + 1] == "fire"


def test_the_histogram_counts_all_abnormal_videos(
    qtbot, session: Session, view: ParametersView
) -> None:
    qtbot.waitUntil(lambda: len(view.histogram.plot.project.samples) == 6)
    assert len(view.histogram.plot.video.values) == 28
    words = view.histogram.words.text()
    assert "6 abnormal videos" in words
    assert "F1 of 6 annotated videos" in words
    before = view.histogram.plot.project.values
    session.set_tuning(alpha=0.9)
    qtbot.waitUntil(lambda: view.histogram.plot.project.values is not before)


def test_theta_alone_does_not_read_the_project_again(
    qtbot, session: Session, view: ParametersView
) -> None:
    qtbot.waitUntil(lambda: len(view.histogram.plot.project.samples) == 6)
    before = view.histogram.plot.project
    share = view.histogram.words.text()
    session.set_tuning(theta=0.2)
    qtbot.waitUntil(lambda: view.histogram.words.text() != share)
    qtbot.wait(200)
    assert view.histogram.plot.project is before


def test_nothing_is_cut_in_a_narrow_dock(qtbot, view: ParametersView) -> None:
    view.resize(260, 500)
    area = view.findChild(QScrollArea)
    assert area is not None
    qtbot.waitUntil(lambda: area.verticalScrollBar().maximum() > 0)
    assert area.horizontalScrollBar().maximum() == 0


def test_closing_the_project_empties_the_panel(
    qtbot, session: Session, view: ParametersView
) -> None:
    session.close_project()
    qtbot.waitUntil(lambda: view.histogram.plot.project.samples == ())
    assert view.instant.effect.text() == ""
    assert not view.instant.copy_button.isEnabled()
    assert not view.rerun.rescore_button.isEnabled()
