from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tpwng_studio.views.timeline.viewport import Viewport


@st.composite
def viewports(draw: st.DrawFn) -> Viewport:
    num_frames = draw(st.integers(1, 2_600_000))
    whole = Viewport.whole(num_frames, draw(st.floats(50, 5000)))
    factor = draw(st.floats(1, 10_000))
    return whole.zoomed(factor, draw(st.floats(0, num_frames)))


@given(viewports(), st.data())
def test_a_frame_is_found_again_at_its_own_pixel(view: Viewport, data: st.DataObject) -> None:
    frame = data.draw(st.integers(0, view.num_frames - 1))
    assert view.frame_at(view.centre_of(frame)) == frame


@given(viewports(), st.data())
def test_pixels_and_frames_run_the_same_way(view: Viewport, data: st.DataObject) -> None:
    one, other = sorted(data.draw(st.tuples(st.floats(0, 5000), st.floats(0, 5000))))
    assert view.frame_at(one) <= view.frame_at(other)
    assert view.border_at(one) <= view.border_at(other)
    first, second = sorted((view.frame_at(one), view.frame_at(other)))
    assert view.x_of(first) <= view.x_of(second)


@given(viewports(), st.floats(0.01, 100), st.floats(0, 1))
def test_what_is_visible_stays_inside_the_video(view: Viewport, factor: float, at: float) -> None:
    for seen in (
        view.zoomed(factor, at * view.num_frames),
        view.panned((at - 0.5) * factor * view.num_frames),
        view.centred(at * view.num_frames),
        view.around(at * view.num_frames / 2, view.num_frames * (1 + at) / 2),
    ):
        assert seen.start >= 0
        assert seen.start < seen.end <= max(view.num_frames, 1) + 1e-6
        assert seen.width_px == view.width_px


@given(viewports(), st.floats(1, 4), st.floats(0, 1))
def test_zooming_in_keeps_the_place_under_the_mouse(
    view: Viewport, factor: float, share: float
) -> None:
    x = share * view.width_px
    place = view.place_at(x)
    assert view.zoomed(factor, place).x_of(place) == pytest.approx(x, rel=1e-4, abs=0.01)


def test_a_playhead_that_walks_out_takes_the_picture_along() -> None:
    view = Viewport.whole(1000, 500).zoomed(10, 0)
    followed = view.followed(99, 101, jump=15)
    assert followed.shows(101)
    assert followed.span == view.span
    assert followed.start > 90
    back = followed.followed(int(followed.start), int(followed.start) - 1, jump=15)
    assert back.end < followed.end


def test_a_playhead_that_jumps_is_brought_into_the_middle() -> None:
    view = Viewport.whole(1000, 500).zoomed(10, 0).followed(50, 700, jump=15)
    assert (view.start + view.end) / 2 == pytest.approx(700.5)


def test_a_picture_panned_away_from_a_playing_video_stays() -> None:
    view = Viewport.whole(1000, 500).zoomed(10, 0)
    assert view.followed(500, 502, jump=15) == view


def test_a_short_video_is_shown_whole_however_close_one_zooms() -> None:
    view = Viewport.whole(4, 500).zoomed(100, 2)
    assert (view.start, view.end) == (0, 4)
    assert view.is_whole


def test_the_frames_in_sight_are_whole_ones_of_the_video() -> None:
    view = Viewport(num_frames=100, start=10.4, end=59.2, width_px=500)
    assert view.frames == (10, 60)
    assert Viewport.whole(100, 500).frames == (0, 100)
