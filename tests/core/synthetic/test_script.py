"""Plots keep their promises at every length: events inside, disjoint, of the drawn share."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tpwng_core.synthetic import PRESETS, World, make_world
from tpwng_core.synthetic.script import Script, write_script

WORLDS = {name: make_world(preset, 10_000) for name, preset in PRESETS.items()}
XD = WORLDS["xd-like"]
UCF = WORLDS["ucf-like"]


def scripts(
    world: World, categories: tuple[int, ...], num_snippets: int, count: int = 300
) -> list[Script]:
    rng = np.random.default_rng(0)
    return [write_script(rng, world, categories, num_snippets) for _ in range(count)]


@settings(deadline=None, max_examples=150)
@given(
    st.sampled_from(sorted(WORLDS)), st.integers(1, 300), st.integers(0, 2**32), st.integers(1, 2)
)
def test_events_lie_inside_the_video_and_never_overlap(name, num_snippets, seed, num_categories):
    categories = (0, 3)[: min(num_categories, num_snippets)]
    script = write_script(np.random.default_rng(seed), WORLDS[name], categories, num_snippets)
    spans = script.truth()
    assert {category for _, _, category in spans} == set(categories)
    assert all(start < end for start, end, _ in spans)
    edges = [0, *(edge for start, end, _ in spans for edge in (start, end)), num_snippets]
    assert edges == sorted(edges)
    assert len(script.activity) == num_snippets


@settings(deadline=None, max_examples=50)
@given(st.integers(1, 300), st.integers(0, 2**32))
def test_everything_that_happens_lies_inside_the_video(num_snippets, seed):
    script = write_script(np.random.default_rng(seed), UCF, (5,), num_snippets)
    for episode in script.episodes:
        assert 0 <= episode.fringe_start <= episode.start
        assert episode.end <= episode.fringe_end <= num_snippets
    for start, end, _ in script.junk:
        assert 0 <= start < end <= num_snippets


def test_a_normal_video_has_no_truth():
    assert all(script.truth() == () for script in scripts(UCF, (), 40, 50))


def test_event_shares_span_the_presets_range():
    for world, (low, high) in ((UCF, (0.04, 0.45)), (XD, (0.25, 0.95))):
        shares = [
            sum(end - start for start, end, _ in script.truth()) / 200
            for script in scripts(world, (1,), 200)
        ]
        assert low - 0.01 <= min(shares) < low * 1.2
        assert high * 0.9 < max(shares) <= high + 0.01


def test_three_of_four_hard_and_half_of_plain_videos_play_where_their_category_is_at_home():
    for name, expected in (("ucf-like", 0.75), ("ucf-like-plain", 0.5)):
        world = WORLDS[name]
        home = np.mean([s.scene in world.favoured[2] for s in scripts(world, (2,), 20, 2000)])
        # a scene drawn from all 24 is one of the four favoured ones in 1 of 6 videos
        assert abs(home - (expected + (1 - expected) / 6)) < 0.04


def test_camera_junk_stands_in_a_quarter_and_a_tenth_of_the_videos():
    for world, expected in ((UCF, 0.25), (XD, 0.1)):
        share = np.mean([bool(script.junk) for script in scripts(world, (), 20, 2000)])
        assert abs(share - expected) < 0.03


def test_confusable_events_come_about_one_and_a_fifth_a_video():
    episodes = [len(script.episodes) for script in scripts(UCF, (), 30, 2000)]
    assert abs(np.mean(episodes) - 1.2) < 0.1


def test_prelude_and_aftermath_are_not_in_the_truth():
    fringed = [
        episode
        for script in scripts(UCF, (4,), 60, 50)
        for episode in script.episodes
        if episode.category is not None and episode.fringe_start < episode.start
    ]
    assert fringed
    for episode in fringed:
        assert episode.inside().sum() == episode.end - episode.start
        assert not episode.inside()[0]
