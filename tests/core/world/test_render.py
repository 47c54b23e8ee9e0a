"""Frames: repeatable, of the right form, and showing what they should."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tpwng_core.world import EVENTS, plan_video, render_frame, render_frames, render_some_frames
from tpwng_core.world.plan import Junk, VideoPlan


def bare(**options) -> VideoPlan:
    """An empty street in daylight."""
    plan = plan_video(np.random.default_rng(5), None, num_frames=48, scene="street")
    return replace(plan, acts=(), junk=(), light_name="day", infrared=False, **options)


def test_frames_have_the_form_the_rest_of_the_program_takes():
    plan = plan_video(np.random.default_rng(1), "fire", num_frames=48)
    frames = list(render_frames(plan))
    assert len(frames) == 48
    assert {frame.shape for frame in frames} == {(144, 192, 3)}
    assert {frame.dtype for frame in frames} == {np.dtype(np.uint8)}


@pytest.mark.parametrize("category", [None, *EVENTS])
def test_a_frame_drawn_alone_equals_that_of_the_whole_video(category):
    plan = plan_video(np.random.default_rng(2), category, num_frames=60)
    every = list(render_frames(plan))
    for frame in (0, 31, 59):
        assert np.array_equal(render_frame(plan, frame), every[frame])
    assert np.array_equal(next(render_some_frames(plan, [40])), every[40])


@pytest.mark.parametrize("frame", [-1, 48])
def test_a_frame_that_is_not_there_is_refused(frame):
    with pytest.raises(IndexError):
        render_frame(bare(), frame)


def test_the_picture_has_the_size_asked_for():
    assert render_frame(bare(width_px=160), 0).shape == (120, 160, 3)


def test_night_is_darker_than_day_and_an_infrared_camera_sees_grey():
    day, night = render_frame(bare(), 0), render_frame(replace(bare(), light_name="night"), 0)
    assert night.mean() < 0.7 * day.mean()
    grey = render_frame(replace(bare(), light_name="night", infrared=True), 0).astype(int)
    assert (
        np.abs(grey[..., 0] - grey[..., 2]).mean()
        < np.abs(night[..., 0].astype(int) - night[..., 2]).mean()
    )


def test_an_empty_scene_changes_by_noise_only_until_the_camera_shakes():
    still = bare()
    shaken = replace(still, junk=(Junk(kind="shake", start=0, end=48, seed=3.0),))
    frame = next(frame for frame in range(48) if shaken.shake_px(frame) != (0, 0))
    assert still.shake_px(frame) == (0, 0)
    first = render_frame(still, 1).astype(int)
    assert np.abs(render_frame(still, frame) - first)[12:].mean() < 5
    across, down = shaken.shake_px(frame)
    moved = np.roll(render_frame(shaken, frame).astype(int), (down, across), (0, 1))
    inside = (slice(16, -6), slice(6, -6))
    assert np.abs(moved - first)[inside].mean() < 5


def test_flicker_and_blur_change_the_picture():
    for kind in ("flicker", "blur"):
        disturbed = replace(bare(), junk=(Junk(kind=kind, start=0, end=24, seed=1.0),))
        assert not np.array_equal(render_frame(disturbed, 3), render_frame(bare(), 3))
        assert np.array_equal(render_frame(disturbed, 30), render_frame(bare(), 30))


def test_a_fire_shines_in_the_dark():
    plan = replace(
        plan_video(np.random.default_rng(8), "fire", scene="yard"),
        light_name="night",
        junk=(),
        infrared=False,
    )
    start, end = plan.intervals[0]
    frame = (start + end) // 2
    left, top, right, bottom = plan.regions(frame)[0]
    burning = render_frame(plan, frame)[top:bottom, left:right].astype(int)
    flames = (burning[..., 0] > 180) & (burning[..., 2] < 120)
    assert flames.mean() > 0.1
