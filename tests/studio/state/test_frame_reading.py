"""The words on the picture say what holds for the frame."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tpwng_studio.state.frame_reading import Reading, read_frame, short


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.834, ".83"), (0.0, ".00"), (1.0, "1.00"), (0.55, ".55"), (0.999, "1.00")],
)
def test_numbers_are_short(value, text):
    assert short(value) == text


@pytest.mark.parametrize(
    ("psi", "words"),
    [
        (0.549, "ψ .549 < θ .55"),
        (0.54996, "ψ .54996 < θ .55"),
        (0.544, "ψ .54 < θ .55"),
        (0.551, "ψ .55 ≥ θ .55"),
        (0.55, "ψ .55 ≥ θ .55"),
    ],
)
def test_psi_never_reads_as_if_it_had_reached_a_threshold_it_misses(psi, words):
    assert Reading(psi=psi, theta=0.55).words == words


@pytest.mark.parametrize(
    ("psi", "theta", "words"),
    [
        (0.2836, 0.285, "ψ .28 < θ .285"),
        (0.2852, 0.285, "ψ .29 ≥ θ .285"),
        (0.2849, 0.285, "ψ .28 < θ .285"),
        (0.2846, 0.2847, "ψ .28 < θ .2847"),
        (0.5, 1.0, "ψ .50 < θ 1.00"),
    ],
)
def test_a_theta_of_more_digits_is_shown_with_all_of_them(psi, theta, words):
    assert Reading(psi=psi, theta=theta).words == words


@given(st.floats(0, 1, width=32), st.integers(1, 100))
def test_what_is_read_is_always_true(psi: float, hundredths: int):
    words = Reading(psi=psi, theta=hundredths / 100).words.split()
    shown, sign, limit = words[1], words[2], words[4]
    assert (float(shown) >= float(limit)) == (sign == "≥") == (psi >= hundredths / 100)


def test_the_line_names_score_psi_and_theta():
    reading = Reading(score=0.834, psi=0.78, theta=0.55, state="abnormal")
    assert reading.words == "SCORE .83   ψ .78 ≥ θ .55"
    assert Reading(psi=0.3, theta=0.55).words == "ψ .30 < θ .55"
    assert "ψ decides nothing" in Reading(psi=0.0, is_normal_video=True).words
    assert Reading().words == ""


def test_a_frame_reads_as_its_snippet(session):
    derived = session.derived
    for frame in (0, 7, 8, 100, session.num_frames - 1):
        reading = read_frame(session, frame)
        snippet = np.flatnonzero(derived.edges <= frame)[-1]
        snippet = min(snippet, len(derived.psi) - 1)
        assert reading.psi == pytest.approx(float(derived.psi[snippet]))
        assert reading.score == pytest.approx(float(derived.score[snippet]))
        assert reading.state == ("abnormal" if derived.pseudo_label[snippet] else "normal")
        assert not reading.is_by_hand


def test_the_hand_goes_before_the_pseudo_label(session):
    session.paint(10, 20, "unknown")
    reading = read_frame(session, 15)
    assert (reading.state, reading.is_by_hand) == ("unknown", True)
    assert read_frame(session, 20).is_by_hand is False


def test_theta_moves_the_state(session):
    frame = int(session.derived.edges[int(session.derived.psi.argmax())])
    session.set_tuning(theta=1.0)
    session.set_tuning(theta=0.01)
    session.settle()
    assert read_frame(session, frame).state == "abnormal"
    assert read_frame(session, frame).theta == 0.01


def test_outside_of_the_video_there_is_nothing(session):
    assert read_frame(session, session.num_frames) == Reading()
    assert read_frame(session, -1) == Reading()
    session.close_project()
    assert read_frame(session, 0) == Reading()
