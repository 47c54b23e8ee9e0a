"""Plans: repeatable, and their ground truth true."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tpwng_core.errors import ConfigError
from tpwng_core.world import EVENTS, plan_video, render_frame
from tpwng_core.world.plan import NUM_FRAMES, VideoPlan
from tpwng_core.world.scenes import SCENES


def planned(category: str | None, number: int = 0, **options) -> VideoPlan:
    return plan_video(np.random.default_rng((31, number)), category, **options)


@pytest.mark.parametrize("category", [None, *EVENTS])
def test_equal_seeds_give_equal_plans_and_others_differ(category):
    assert planned(category, 1) == planned(category, 1)
    assert planned(category, 1) != planned(category, 2)


@pytest.mark.parametrize("category", EVENTS)
def test_events_lie_inside_the_video_apart_and_take_their_share(category):
    for number in range(40):
        plan = planned(category, number)
        edges = [edge for interval in plan.intervals for edge in interval]
        assert edges == sorted(set(edges))
        assert 0 <= edges[0] < edges[-1] <= plan.num_frames
        assert len(plan.intervals) in (1, 2)
        share = sum(end - start for start, end in plan.intervals) / plan.num_frames
        assert 0.07 <= share <= 0.46


def test_some_videos_have_two_events_and_lengths_vary():
    plans = [planned("fire", number) for number in range(40)]
    assert {len(plan.intervals) for plan in plans} == {1, 2}
    lengths = {plan.num_frames for plan in plans}
    assert min(lengths) >= NUM_FRAMES[0]
    assert max(lengths) < NUM_FRAMES[1]
    assert len(lengths) > 10


def test_a_normal_video_has_no_event_and_no_region():
    for number in range(10):
        plan = planned(None, number)
        assert plan.intervals == ()
        assert plan.category is None
        assert all(plan.regions(frame) == () for frame in range(plan.num_frames))


@pytest.mark.parametrize("category", EVENTS)
def test_regions_exist_exactly_while_an_event_is_under_way(category):
    for number in range(4):
        plan = planned(category, number)
        for frame in range(plan.num_frames):
            inside = any(start <= frame < end for start, end in plan.intervals)
            boxes = plan.regions(frame)
            assert len(boxes) == int(inside)
            for left, top, right, bottom in boxes:
                assert 0 <= left < right <= plan.width_px
                assert 0 <= top < bottom <= plan.height_px


@pytest.mark.parametrize("category", ["fighting", "robbery", "vandalism"])
def test_what_the_event_changes_in_the_picture_lies_in_its_region(category):
    for number in range(4):
        plan = replace(planned(category, number), junk=())
        start, end = plan.intervals[0]
        frame = (start + end) // 2
        others = tuple(act for act in plan.acts if act.onset is None)
        without = render_frame(replace(plan, acts=others), frame).astype(int)
        changed = np.abs(render_frame(plan, frame).astype(int) - without).max(-1) > 40
        ((left, top, right, bottom),) = plan.regions(frame)
        # Shadows on the ground reach a little beyond the figures.
        outside = changed.copy()
        outside[max(0, top - 3) : bottom + 4, max(0, left - 6) : right + 6] = False
        elsewhere = [act for act in plan.acts if act.onset is not None]
        if len(elsewhere) == 1:
            assert changed.sum() > 60
            assert outside.sum() <= 0.02 * changed.sum()


def test_the_share_of_the_picture_an_event_fills_is_neither_tiny_nor_everything():
    for category in EVENTS:
        for number in range(6):
            plan = planned(category, number)
            start, end = plan.intervals[0]
            left, top, right, bottom = plan.regions((start + end) // 2)[0]
            share = (right - left) * (bottom - top) / (plan.width_px * plan.height_px)
            assert 0.01 < share < 0.6


def test_the_scene_asked_for_is_taken_and_every_scene_turns_up():
    assert planned("fire", scene="shop").scene_name == "shop"
    assert {planned(None, number).scene_name for number in range(60)} == set(SCENES)


@pytest.mark.parametrize(
    ("category", "options"),
    [
        ("flood", {}),
        ("accident", {"scene": "shop"}),
        ("fire", {"num_frames": 20}),
        (None, {"num_frames": 0}),
    ],
)
def test_what_cannot_be_planned_is_refused(category, options):
    with pytest.raises(ConfigError):
        planned(category, **options)
