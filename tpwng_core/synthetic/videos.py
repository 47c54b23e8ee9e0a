"""Videos of a synthetic world: which there are, and what each one's snippets look like.

``plan_videos`` lists them, ``make_video`` makes one at a time, so that a benchmark of real size
needs the memory of its longest video only. Every video has its own random stream: it looks the
same however many others there are. Called by ``run/synth.py``.
"""

# T snippets, V latent dimensions, D feature dimensions

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tpwng_core.config import require
from tpwng_core.synthetic.noise import correlated_noise, correlated_series, white_noise
from tpwng_core.synthetic.presets import Counts, Preset, VideoConfig
from tpwng_core.synthetic.script import Episode, Script, write_script
from tpwng_core.synthetic.world import Array, World, normalise

Split = Literal["train", "test"]

_PLAN_STREAM = 1
_SCRIPT_STREAM = 2
_LOOK_STREAM = 3


@dataclass(frozen=True, kw_only=True)
class VideoPlan:
    """One video before it is made: ``categories`` are indices, none for a normal video."""

    video: str
    number: int
    split: Split
    categories: tuple[int, ...]
    num_snippets: int


@dataclass(frozen=True, kw_only=True)
class SyntheticVideo:
    """One made video.

    Attributes:
        plan: what was asked for.
        features: (T, D) float32, un-normalised, length about 10.
        events: (start, end, category index), half-open snippets, ascending; the truth.
    """

    plan: VideoPlan
    features: Array
    events: tuple[tuple[int, int, int], ...]

    def truth(self) -> NDArray[np.int8]:
        """(T,) 1 where a snippet is abnormal."""
        labels = np.zeros(self.plan.num_snippets, dtype=np.int8)
        for start, end, _ in self.events:
            labels[start:end] = 1
        return labels


def plan_videos(
    preset: Preset,
    seed: int,
    counts: Counts | None = None,
    lengths: Sequence[int] | None = None,
) -> list[VideoPlan]:
    """List the videos: training abnormal, training normal, test abnormal, test normal.

    Categories take turns. Two-category videos get a random second one.

    Args:
        preset: which benchmark.
        seed: which world.
        counts: other numbers of videos; the preset's when None.
        lengths: snippets of each video in the order above; log-uniform ones when None.

    Raises:
        ConfigError: ``lengths`` has another number of entries, or one below 1.
    """
    counts = counts or preset.counts
    if lengths is not None:
        require(
            len(lengths) == counts.total,
            f"{len(lengths)} lengths were given for {counts.total} videos",
        )
        require(min(lengths) >= 1, "a video has at least one snippet")
    plans = []
    for number, (split, turn) in enumerate(_turns(counts)):
        rng = np.random.default_rng([preset.stream, seed, _PLAN_STREAM, number])
        length = log_uniform_length(rng, preset.videos) if lengths is None else lengths[number]
        categories = () if turn is None else _draw_categories(rng, preset, turn, length)
        plans.append(
            VideoPlan(
                video=_video_id(preset, categories, split, number),
                number=number,
                split=split,
                categories=categories,
                num_snippets=int(length),
            )
        )
    return plans


def make_video(world: World, plan: VideoPlan) -> SyntheticVideo:
    """Make one video; the same world and plan give the same features, bit for bit."""
    script = plan_script(world, plan)
    latent = _look(_video_rng(world, plan, _LOOK_STREAM), world, script)
    return SyntheticVideo(plan=plan, features=latent @ world.basis, events=script.truth())


def plan_script(world: World, plan: VideoPlan) -> Script:
    """What happens in a planned video, hence its truth, without making its features."""
    rng = _video_rng(world, plan, _SCRIPT_STREAM)
    return write_script(rng, world, plan.categories, plan.num_snippets)


def log_uniform_length(rng: np.random.Generator, config: VideoConfig) -> int:
    """A length in snippets, log-uniform within the preset's bounds."""
    low, high = config.length
    return int(np.exp(rng.uniform(np.log(low), np.log(high + 1))))


def _video_rng(world: World, plan: VideoPlan, stream: int) -> np.random.Generator:
    return np.random.default_rng([world.preset.stream, world.seed, stream, plan.number])


def _turns(counts: Counts) -> Iterator[tuple[Split, int | None]]:
    """Split and turn of each video; the turn is None for a normal one."""
    yield from (("train", turn) for turn in range(counts.train_abnormal))
    yield from (("train", None) for _ in range(counts.train_normal))
    yield from (("test", turn) for turn in range(counts.test_abnormal))
    yield from (("test", None) for _ in range(counts.test_normal))


def _draw_categories(
    rng: np.random.Generator, preset: Preset, turn: int, num_snippets: int
) -> tuple[int, ...]:
    num_categories = len(preset.categories)
    first = turn % num_categories
    if num_snippets < 2 or rng.random() >= preset.videos.two_categories:
        return (first,)
    other = (first + rng.integers(1, num_categories)) % num_categories
    return tuple(sorted((first, int(other))))


def _video_id(preset: Preset, categories: tuple[int, ...], split: Split, number: int) -> str:
    ids = [preset.category_ids[index] for index in categories]
    return f"{'-'.join(ids) or 'Normal'}_{split}_{number:04d}"


def _look(rng: np.random.Generator, world: World, script: Script) -> Array:
    """(T, V) latent snippets of a script: place, doing, happenings and noise, length about 10."""
    config = world.preset.videos
    size = script.activity.shape[0], world.events.shape[1]
    content = world.activities[script.activity]
    for episode in script.episodes:
        _blend(rng, config, content, episode)
    latent = world.vision_offset + config.content * content
    latent += config.scene * world.scenes[script.scene]
    latent += correlated_noise(rng, size, config.drift, config.drift_correlation)
    latent += correlated_noise(rng, size, config.correlated_noise, config.noise_correlation)
    for start, end, kind in script.junk:
        latent[start:end] = world.vision_offset + world.junk[kind]
    latent += white_noise(rng, size, config.white_noise)
    lengths = config.norm * np.exp(config.norm_spread * rng.standard_normal((size[0], 1)))
    return normalise(latent) * lengths.astype(np.float32)


def _blend(rng: np.random.Generator, config: VideoConfig, content: Array, episode: Episode) -> None:
    """Let an episode hide what is otherwise going on, as strongly as it is at each snippet."""
    start, end = episode.fringe_start, episode.fringe_end
    wobble = correlated_series(rng, end - start, config.strength_correlation)
    strength = np.where(
        episode.inside(), episode.strength, config.fringe_strength * episode.strength
    )
    strength = np.clip(strength * (1.0 + config.strength_spread * wobble), 0.0, 1.0)
    weight = strength.astype(np.float32)[:, None]
    content[start:end] += weight * (episode.look - content[start:end])
