"""What happens in a synthetic video: place, activities, events, confusable events, junk.

In go a world, the video's categories and its length, out comes a :class:`Script` in snippets;
``videos`` turns it into features. Prelude and aftermath of an event are not in its truth.
"""

# T snippets, V latent dimensions

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tpwng_core.synthetic.presets import VideoConfig
from tpwng_core.synthetic.world import Array, World, normalise


@dataclass(frozen=True, kw_only=True)
class Episode:
    """Something that comes over the activities of a video.

    Attributes:
        start, end: half-open snippets.
        fringe_start, fringe_end: the same with prelude and aftermath.
        strength: mean strength in [0, 1].
        look: (V,) what it looks like.
        category: index of the category, None for a confusable normal event.
    """

    start: int
    end: int
    fringe_start: int
    fringe_end: int
    strength: float
    look: Array
    category: int | None

    def inside(self) -> NDArray[np.bool_]:
        """True where a snippet of the fringed range belongs to the episode itself."""
        where = np.arange(self.fringe_start, self.fringe_end)
        return (where >= self.start) & (where < self.end)


@dataclass(frozen=True, kw_only=True)
class Script:
    """A video's plot: ``activity`` (T,) indices, one scene, episodes, (start, end, kind) junk."""

    scene: int
    activity: NDArray[np.int64]
    episodes: tuple[Episode, ...]
    junk: tuple[tuple[int, int, int], ...]

    def truth(self) -> tuple[tuple[int, int, int], ...]:
        """Abnormal (start, end, category) intervals in snippets, ascending."""
        events = [
            (episode.start, episode.end, episode.category)
            for episode in self.episodes
            if episode.category is not None
        ]
        return tuple(sorted(events))


def write_script(
    rng: np.random.Generator, world: World, categories: tuple[int, ...], num_snippets: int
) -> Script:
    """Draw the plot of a video of ``num_snippets`` with these categories (none: normal)."""
    config = world.preset.videos
    scene = _draw_scene(rng, world, categories)
    activity = _draw_activities(rng, len(world.activities), num_snippets, config)
    confusables = _draw_confusables(rng, world, num_snippets)
    events = _draw_events(rng, world, categories, num_snippets)
    # events last: where both happen, the event is what shows
    return Script(
        scene=scene,
        activity=activity,
        episodes=(*confusables, *events),
        junk=_draw_junk(rng, world, num_snippets),
    )


def _draw_scene(rng: np.random.Generator, world: World, categories: tuple[int, ...]) -> int:
    if categories and rng.random() < world.preset.videos.tied_scene:
        return int(rng.choice(world.favoured[rng.choice(categories)]))
    return int(rng.integers(len(world.scenes)))


def _draw_activities(
    rng: np.random.Generator, num_activities: int, num_snippets: int, config: VideoConfig
) -> NDArray[np.int64]:
    """(T,) activity of each snippet: stretches of geometric length."""
    changes = rng.random(num_snippets) < 1.0 / config.activity_snippets
    choices = rng.integers(num_activities, size=num_snippets + 1)
    activity: NDArray[np.int64] = choices[np.cumsum(changes)]
    return activity


def _draw_events(
    rng: np.random.Generator, world: World, categories: tuple[int, ...], num_snippets: int
) -> list[Episode]:
    if not categories:
        return []
    config = world.preset.videos
    low, high = config.event_fraction
    fraction = np.exp(rng.uniform(np.log(low), np.log(high)))
    parts = list(categories)
    if len(parts) == 1 and rng.random() < config.second_event:
        parts *= 2
    total = int(np.clip(round(fraction * num_snippets), len(categories), num_snippets))
    parts = [parts[index] for index in rng.permutation(len(parts))[:total]]
    spans = _place(rng, _split(rng, total, len(parts)), num_snippets)
    return [
        _fringed(rng, world, span, category, num_snippets)
        for span, category in zip(spans, parts, strict=True)
    ]


def _split(rng: np.random.Generator, total: int, num_parts: int) -> NDArray[np.int64]:
    """Positive lengths that add up to ``total``, one at least a quarter of an even share."""
    shares = rng.uniform(0.25, 1.0, num_parts)
    edges = np.floor(np.cumsum(shares) / shares.sum() * (total - num_parts) + 1e-9)
    edges[-1] = total - num_parts
    lengths: NDArray[np.int64] = np.diff(edges, prepend=0).astype(np.int64) + 1
    return lengths


def _place(
    rng: np.random.Generator, lengths: NDArray[np.int64], num_snippets: int
) -> list[tuple[int, int]]:
    """Disjoint spans of these lengths, in order, with random gaps (which may be empty)."""
    free = num_snippets - int(lengths.sum())
    gaps = np.diff(np.sort(rng.integers(0, free + 1, size=len(lengths))), prepend=0)
    starts = np.cumsum(gaps) + np.cumsum(lengths) - lengths
    return [(int(s), int(s + n)) for s, n in zip(starts, lengths, strict=True)]


def _fringed(
    rng: np.random.Generator,
    world: World,
    span: tuple[int, int],
    category: int,
    num_snippets: int,
) -> Episode:
    config = world.preset.videos
    before, after = rng.integers(0, config.max_fringe + 1, size=2)
    return Episode(
        start=span[0],
        end=span[1],
        fringe_start=max(span[0] - int(before), 0),
        fringe_end=min(span[1] + int(after), num_snippets),
        strength=float(rng.uniform(*config.event_strength)),
        look=world.events[category],
        category=category,
    )


def _draw_confusables(rng: np.random.Generator, world: World, num_snippets: int) -> list[Episode]:
    """Normal events whose look is half way between an event's and an activity's."""
    config = world.preset.videos
    episodes = []
    for _ in range(rng.poisson(config.confusables)):
        low, high = config.confusable_snippets
        length = min(int(rng.integers(low, high + 1)), num_snippets)
        start = int(rng.integers(0, num_snippets - length + 1))
        event = world.events[rng.integers(len(world.events))]
        activity = world.activities[rng.integers(len(world.activities))]
        episodes.append(
            Episode(
                start=start,
                end=start + length,
                fringe_start=start,
                fringe_end=start + length,
                strength=float(rng.uniform(*config.event_strength)),
                look=normalise(event + activity),
                category=None,
            )
        )
    return episodes


def _draw_junk(
    rng: np.random.Generator, world: World, num_snippets: int
) -> tuple[tuple[int, int, int], ...]:
    """One to three bursts of one or two snippets, in some videos only."""
    if rng.random() >= world.preset.videos.junk_videos:
        return ()
    bursts = []
    for _ in range(rng.integers(1, 4)):
        start = int(rng.integers(num_snippets))
        end = min(start + int(rng.integers(1, 3)), num_snippets)
        bursts.append((start, end, int(rng.integers(len(world.junk)))))
    return tuple(bursts)
