"""The figure shows the open video under the settings on screen."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tpwng_core.errors import OutputError
from tpwng_studio.exchange.figure import Shown, figure_wish, save_figure
from tpwng_studio.state.session import Session


def test_it_holds_what_is_on_screen(session: Session) -> None:
    session.set_tuning(theta=0.3)
    session.settle()
    session.paint(10, 20, "unknown")
    wish = figure_wish(session, with_pictures=False)
    assert wish is not None
    assert session.derived is not None
    curves = wish.curves
    assert curves.theta == 0.3
    assert curves.pseudo_label is session.derived.pseudo_label
    assert curves.label is not None
    assert np.flatnonzero(curves.label == -1).tolist() == list(range(10, 20))
    assert curves.ground_truth == ((157, 181),)
    assert wish.path is None


def test_a_part_is_drawn_of_the_rows_that_are_shown(session: Session, tmp_path: Path) -> None:
    whole = figure_wish(session, with_pictures=False)
    shown = Shown(frames=(50, 90), hidden=frozenset({"s_normal", "truth", "overview"}))
    part = figure_wish(session, with_pictures=True, shown=shown)
    assert whole is not None
    assert part is not None
    assert (whole.curves.shown, part.curves.shown) == (None, (50, 90))
    assert (part.curves.s_normal, part.curves.ground_truth) == (None, None)
    assert part.curves.psi is whole.curves.psi  # scaled over the whole video, as on screen
    text = save_figure(part, tmp_path / "a.svg").read_text(encoding="utf-8")
    assert "shown: frames 50 to 89" in text
    assert text.count("<image") == 8


def test_what_holds_is_drawn(session: Session) -> None:
    session.paint(10, 20, "abnormal")
    wish = figure_wish(session, with_pictures=False)
    assert wish is not None
    assert wish.curves.effective is not None
    np.testing.assert_array_equal(wish.curves.effective, session.effective.as_array())
    hidden = Shown(frames=(0, session.num_frames), hidden=frozenset({"label", "query"}))
    wish = figure_wish(session, with_pictures=False, shown=hidden)
    assert wish is not None
    assert (wish.curves.effective, wish.curves.shown) == (None, None)


def test_a_normal_video_has_no_psi(session: Session) -> None:
    session.open_video("test_normal_000")
    wish = figure_wish(session, with_pictures=False)
    assert wish is not None
    assert (wish.curves.psi, wish.curves.theta) == (None, None)


def test_pictures_are_exact_frames_of_the_video(session: Session, tmp_path: Path) -> None:
    wish = figure_wish(session, with_pictures=True)
    assert wish is not None
    target = save_figure(wish, tmp_path / "a.svg")
    assert target.read_text(encoding="utf-8").count("<image") == 8


def test_without_a_video_there_is_nothing_to_draw(session: Session) -> None:
    session.close_project()
    assert figure_wish(session, with_pictures=False) is None


def test_another_suffix_is_refused(session: Session, tmp_path: Path) -> None:
    wish = figure_wish(session, with_pictures=False)
    assert wish is not None
    with pytest.raises(OutputError, match=r"use \.svg or \.png"):
        save_figure(wish, tmp_path / "a.gif")
