"""What a person would say about a frame: varied, coarse, sometimes wrong.

:func:`render_caption_pair` is what the demo's small CLIP learns from. The wordings name the
action, the place and the light; the word "normal" comes up now and then for ordinary scenes.
One caption in eight says nothing about the action, as captions of real pictures do.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from tpwng_core.world.act import Act
from tpwng_core.world.canvas import WIDTH
from tpwng_core.world.kinds import EVENTS, KINDS
from tpwng_core.world.plan import VideoPlan, plan_video
from tpwng_core.world.render import render_frame
from tpwng_core.world.scenes import LIGHTS, SCENES

VAGUE_SHARE = 0.12
NORMAL_SHARE = 0.5
PAIR_FRAMES = 72

_EVENT_WORDS: dict[str, tuple[str, ...]] = {
    "fighting": (
        "people fighting", "two men fighting", "a fight", "a brawl", "a man beating another man",
        "fighting", "men punching and kicking each other", "violence, people fighting",
    ),
    "fire": (
        "a fire", "fire and smoke", "something is burning", "flames and black smoke",
        "a fire is burning", "arson, a fire", "fire",
    ),
    "explosion": (
        "an explosion", "a big explosion with smoke", "something explodes", "a blast, a fireball",
        "explosion", "a man thrown down by an explosion",
    ),
    "accident": (
        "a road accident", "a car accident", "a car crash", "a traffic accident",
        "a crashed car and a person on the ground", "road accident", "an accident with a car",
    ),
    "robbery": (
        "a robbery", "a masked man robbing somebody", "a robber pointing a gun", "robbery",
        "a man with a gun and a person with hands up", "an armed robbery",
    ),
    "vandalism": (
        "vandalism", "a vandal smashing things", "a man smashing glass with a bat",
        "somebody destroying property", "a vandal at work", "vandalism, something is broken",
    ),
}  # fmt: skip

_ACT_WORDS: dict[str, tuple[str, ...]] = {
    "walk": ("a person walking", "somebody walking by", "a pedestrian", "people walking"),
    "walk_together": ("two people walking", "people walking together", "a couple walking"),
    "jog": ("a jogger", "a person running", "somebody jogging"),
    "carry": ("a person carrying a box", "somebody with a parcel"),
    "walk_dog": ("a person with a dog", "somebody walking a dog"),
    "cycle": ("a cyclist", "a person on a bicycle"),
    "stand": ("a person standing", "somebody waiting", "a person with a phone"),
    "talk": ("two people talking", "people chatting", "a conversation"),
    "pass_car": ("a car driving by", "traffic", "a car"),
    "park_car": ("a car parking", "a parked car"),
    "hug": ("two people hugging", "a hug", "friends embracing"),
    "dance": ("people dancing", "two people dancing, arms up"),
    "play_ball": ("people playing football", "two people playing with a ball"),
    "brazier": ("people warming their hands at a fire", "people around a fire barrel"),
    "wave": ("people waving", "somebody waving hello"),
    "sweep": ("somebody sweeping", "a person with a broom"),
    "breakdown": ("a broken down car", "a car with an open bonnet", "a man repairing a car"),
    "rest": ("people sitting on the ground", "people resting"),
    "steam": ("white steam", "steam from the ground"),
    "paint": ("a painter at work", "a person painting a wall"),
}

# Around an event only what an ordinary caption would see.
_AROUND_WORDS: dict[str, tuple[str, ...]] = {
    "fighting": ("people walking", "two people talking", "people arguing"),
    "fire": ("a person walking", "some smoke", "nothing special"),
    "explosion": ("a person walking", "some smoke", "a pedestrian"),
    "accident": ("a car driving by", "traffic", "a car"),
    "robbery": ("people walking", "a person standing", "a pedestrian"),
    "vandalism": ("a person walking", "somebody walking by", "a pedestrian"),
}

_EMPTY = ("nobody", "an empty place", "nothing going on", "a quiet view")
_NORMAL = ("a normal day, {}", "normal, {}", "{}, everything normal", "a normal scene, {}")
_VAGUE = ("a surveillance camera {}", "a view {}", "a camera {}")
_FRAMES = (
    "{}",
    "{}",
    "{}",
    "a photo of {}",
    "a video of {}",
    "cctv footage of {}",
    "{}, seen by a camera",
)


def caption_words() -> frozenset[str]:
    """Every word that a caption can have: what a CLIP trained on them can know."""
    tables = (_EVENT_WORDS, _ACT_WORDS, _AROUND_WORDS)
    phrases = [phrase for table in tables for group in table.values() for phrase in group]
    phrases += [phrase for scene in SCENES.values() for phrase in scene.words]
    phrases += [phrase for light in LIGHTS.values() for phrase in light.words]
    phrases += [*_EMPTY, *_NORMAL, *_FRAMES, *_VAGUE, "and"]
    return frozenset(re.findall(r"[a-z]+", " ".join(phrases)))


def render_caption_pair(rng: np.random.Generator) -> tuple[np.ndarray, str]:
    """One picture with a caption.

    Half of the pictures show an event (every category as often as the others); the rest an
    ordinary moment, of a video with or without an event.

    Args:
        rng: every choice comes from it.

    Returns:
        (height_px, width_px, 3) uint8 RGB, and the caption.
    """
    event = rng.random() < 0.5
    category = EVENTS[rng.integers(len(EVENTS))] if event or rng.random() < 0.25 else None
    plan = plan_video(rng, category, num_frames=PAIR_FRAMES)
    frames = frames_of(plan, event=event)
    frame = int(frames[rng.integers(len(frames))])
    return render_frame(plan, frame), caption(rng, plan, frame)


def phrases() -> dict[str, tuple[str, ...]]:
    """What captions call each kind of act while it is under way, events first."""
    return {**_EVENT_WORDS, **_ACT_WORDS}


def seen_intervals(plan: VideoPlan, kind: str) -> list[tuple[int, int]]:
    """Half-open frames in which an act of a kind can be seen: where its phrases are true.

    Args:
        plan: of a video.
        kind: key of :func:`phrases`; of an event only the event itself counts.
    """
    if kind in EVENTS:
        return list(plan.intervals) if plan.category == kind else []
    acts = [act for act in plan.acts if act.kind == kind]
    seen = [any(_is_seen(plan, act, frame) for act in acts) for frame in range(plan.num_frames)]
    edges = np.flatnonzero(np.diff([0, *seen, 0]))
    return [(int(start), int(end)) for start, end in zip(edges[::2], edges[1::2], strict=True)]


def frames_of(plan: VideoPlan, *, event: bool) -> np.ndarray:
    """Indices of the frames of a video with (or without) an event under way."""
    inside = np.zeros(plan.num_frames, bool)
    for start, end in plan.intervals:
        inside[start:end] = True
    return np.flatnonzero(inside == event)


def caption(rng: np.random.Generator, plan: VideoPlan, frame: int) -> str:
    """A caption of one frame; of several true ones, any."""
    where = _pick(rng, plan.scene.words)
    light = _pick(rng, plan.light.words)
    place = f"{where} {light}".strip()
    if rng.random() < VAGUE_SHARE:
        return _pick(rng, _VAGUE).format(place)
    event = _event_under_way(plan, frame)
    if event is not None:
        return _pick(rng, _FRAMES).format(f"{_pick(rng, _EVENT_WORDS[event])} {place}")
    text = f"{_ordinary(rng, plan, frame)} {place}"
    if rng.random() < NORMAL_SHARE:
        text = _pick(rng, _NORMAL).format(text)
    return _pick(rng, _FRAMES).format(text)


def _event_under_way(plan: VideoPlan, frame: int) -> str | None:
    going = any(start <= frame < end for start, end in plan.intervals)
    return plan.category if going else None


def _ordinary(rng: np.random.Generator, plan: VideoPlan, frame: int) -> str:
    """One or two of the things that can be seen."""
    seen = [act for act in plan.acts if _is_seen(plan, act, frame)]
    if not seen:
        return _pick(rng, _EMPTY)
    # Confusable acts catch the eye: they are named first.
    seen.sort(key=lambda act: KINDS[act.kind].role != "confusable")
    phrases = [
        _pick(rng, _AROUND_WORDS[act.kind] if act.kind in EVENTS else _ACT_WORDS[act.kind])
        for act in seen[: 1 + int(rng.random() < 0.35)]
    ]
    return " and ".join(phrases)


def _is_seen(plan: VideoPlan, act: Act, frame: int) -> bool:
    if not act.start <= frame < act.end:
        return False
    if act.onset is not None and act.phase_at(frame)[0] in ("before", "after"):
        return False
    boxes = [sprite.box for sprite in KINDS[act.kind].draw(plan.moment(act, frame))]
    return any(box[2] > 24 and box[0] < WIDTH - 24 for box in boxes)


def _pick(rng: np.random.Generator, choices: Sequence[str]) -> str:
    return choices[int(rng.integers(len(choices)))]
