"""Captions say what the picture shows."""

from __future__ import annotations

import numpy as np
import pytest

from tpwng_core.world import EVENTS, pair_generator, plan_video, render_caption_pair
from tpwng_core.world.captions import (
    _ACT_WORDS,
    _AROUND_WORDS,
    _EVENT_WORDS,
    caption,
    frames_of,
    phrases,
    seen_intervals,
)
from tpwng_core.world.kinds import KINDS
from tpwng_core.world.scenes import SCENES

EVENT_PHRASES = [phrase for phrases in _EVENT_WORDS.values() for phrase in phrases]


def captions(category: str | None, *, event: bool, number: int = 60) -> list[tuple[str, str]]:
    """Captions with the name of their scene."""
    found = []
    for seed in range(number):
        rng = np.random.default_rng((7, seed))
        plan = plan_video(rng, category, num_frames=72)
        frames = frames_of(plan, event=event)
        found.append((caption(rng, plan, int(rng.choice(frames))), plan.scene_name))
    return found


def test_every_kind_of_act_has_words():
    for name, kind in KINDS.items():
        words = (_EVENT_WORDS, _AROUND_WORDS) if kind.role == "event" else (_ACT_WORDS,)
        assert all(table[name] for table in words)


def test_phrases_are_true_where_their_act_is_seen():
    assert phrases().keys() == KINDS.keys()
    for seed in range(12):
        plan = plan_video(np.random.default_rng((9, seed)), "fire", num_frames=72)
        assert seen_intervals(plan, "fire") == list(plan.intervals)
        assert seen_intervals(plan, "robbery") == []
        for kind in {act.kind for act in plan.acts} - {"fire"}:
            acts = [act for act in plan.acts if act.kind == kind]
            spans = seen_intervals(plan, kind)
            assert all(0 <= start < end <= plan.num_frames for start, end in spans)
            inside = {frame for start, end in spans for frame in range(start, end)}
            assert inside <= {frame for act in acts for frame in range(act.start, act.end)}


@pytest.mark.parametrize("category", EVENTS)
def test_captions_of_an_event_name_it_or_are_vague(category):
    texts = [text for text, _ in captions(category, event=True)]
    named = [any(phrase in text for phrase in _EVENT_WORDS[category]) for text in texts]
    vague = [text.startswith(("a surveillance camera", "a view", "a camera")) for text in texts]
    assert all(one or other for one, other in zip(named, vague, strict=True))
    assert 0.75 < np.mean(named) < 1.0
    assert not any("normal" in text for text in texts)


@pytest.mark.parametrize("category", [None, *EVENTS])
def test_captions_outside_events_name_none(category):
    for text, _ in captions(category, event=False):
        assert not any(text.startswith(phrase) for phrase in EVENT_PHRASES)


def test_captions_name_the_place():
    for text, scene in captions(None, event=False):
        assert any(words in text for words in SCENES[scene].words)


def test_normal_is_a_word_of_ordinary_scenes_now_and_then():
    share = np.mean(["normal" in text for text, _ in captions(None, event=False, number=200)])
    assert 0.3 < share < 0.6


def test_captions_vary():
    texts = [text for text, _ in captions("fire", event=True)]
    assert len(set(texts)) > 0.7 * len(texts)


def test_pairs_are_repeatable():
    picture, text = render_caption_pair(pair_generator(3, 4))
    again, same_text = render_caption_pair(pair_generator(3, 4))
    assert text == same_text
    assert np.array_equal(picture, again)
    assert picture.shape == (144, 192, 3)
    assert render_caption_pair(pair_generator(3, 5))[1] != text
