"""The session opens projects and videos, moves its playhead and tells everybody."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from tpwng_core.labels import ABNORMAL
from tpwng_studio.project.project import Project
from tpwng_studio.state.session import Session


def test_the_demo_opens_with_curves_scores_and_truth(session: Session) -> None:
    assert session.videos[0].id == "test_accident_003"
    assert session.video is not None
    assert session.video.category == "fighting"
    assert session.video.has_scores
    assert session.num_frames == 233
    assert session.curves is not None
    assert session.derived is not None
    np.testing.assert_array_equal(session.derived.psi, session.curves.psi)
    np.testing.assert_array_equal(session.derived.pseudo_label, session.curves.pseudo_label)
    assert session.truth is not None
    assert session.stale == ""


def test_the_playhead_stays_inside_and_is_announced_once(session: Session, qtbot: QtBot) -> None:
    heard: list[int] = []
    session.playhead_changed.connect(heard.append)
    session.seek(10)
    session.seek(10)
    session.seek(10_000)
    session.step(-1)
    session.step_seconds(-1)
    assert heard == [10, 232, 231, 219]


def test_an_edit_is_on_screen_and_undone(session: Session) -> None:
    session.paint(10, 20, "abnormal")
    assert [item.start for item in session.labels.segments] == [10]
    assert session.effective.state[np.searchsorted(session.effective.start, 12) - 1] == ABNORMAL
    session.undo()
    assert not session.labels.segments
    session.redo()
    assert [item.end for item in session.labels.segments] == [20]


def test_files_are_examined_in_the_background(session: Session, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: all(item.num_frames for item in session.videos))
    assert {item.badge for item in session.videos} == {""}


def test_a_second_session_is_read_only(session: Session, tmp_path: Path) -> None:
    other = Session()
    other.open_project(tmp_path / "demo")
    assert other.is_read_only
    other.paint(0, 5, "abnormal")
    assert other.labels.segments == ()
    other.shutdown()


@pytest.mark.parametrize("folder", ["nowhere"])
def test_a_folder_without_a_project_is_refused(tmp_path: Path, folder: str) -> None:
    with pytest.raises(Exception, match="holds no"):
        Project.open(tmp_path / folder)
