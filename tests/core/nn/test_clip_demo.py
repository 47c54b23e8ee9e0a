"""The CLIP that ships with the demo: whole, small, better than chance at what it is for."""

from __future__ import annotations

import json
from collections.abc import Iterator

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from tpwng_core.errors import ConfigError
from tpwng_core.evaluation import auc
from tpwng_core.files import asset, sha256_of_file
from tpwng_core.nn.clip import Clip, load_clip
from tpwng_core.nn.clip_folder import read_clip_folder
from tpwng_core.run.preprocess import Preparation, normalise
from tpwng_core.world import (
    CATEGORIES,
    DatasetCounts,
    PlannedVideo,
    make_dataset,
    render_some_frames,
)

UNSEEN_SEED = 10_500  # neither the demo's seeds nor those of training and validation
STRIDE = 24


@pytest.fixture(scope="module")
def clip() -> Iterator[Clip]:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield load_clip("demo")
    torch.set_num_threads(threads)


@pytest.fixture(scope="module")
def frames(clip: Clip) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(N, K) cosines with the categories' names, truth, and category numbers (-1: normal)."""
    counts = DatasetCounts(train_normal=0, train_abnormal=0, test_normal=12, test_abnormal=24)
    preparation = Preparation.of(clip, "center")
    squares, truth, category = [], [], []
    for video in make_dataset(UNSEEN_SEED, counts):
        wanted = range(0, video.plan.num_frames, STRIDE)
        for frame, picture in zip(wanted, render_some_frames(video.plan, wanted), strict=True):
            squares.append(preparation.apply(picture.copy()))
            truth.append(is_event(video, frame))
            category.append(list(CATEGORIES).index(video.label) if truth[-1] else -1)
    pixels = torch.cat([square.reshape(-1, 3, 64, 64) for square in squares])
    images = F.normalize(clip.encode_images(normalise(pixels, clip, torch.float32)), dim=-1)
    texts = F.normalize(clip.text.encode_texts(list(CATEGORIES.values())), dim=-1)
    return (images @ texts.T).detach().numpy(), np.array(truth), np.array(category)


def is_event(video: PlannedVideo, frame: int) -> bool:
    return any(start <= frame < end for start, end in video.plan.intervals)


def test_it_is_found_by_name_and_is_what_its_provenance_says(clip):
    provenance = json.loads(asset("demo/clip/provenance.json").read_text("utf-8"))
    weights = asset("demo/clip/weights.safetensors")
    assert sha256_of_file(weights) == provenance["weights_file_sha256"]
    assert weights.stat().st_size < 10e6
    assert (clip.dim, clip.image_size, clip.context_length) == (64, 64, 24)
    assert clip.activation == provenance["activation"]
    assert 0.2 < clip.sim_scale * provenance["validation"]["cosine_std"] < 0.4


def test_it_has_the_whole_vocabulary_so_any_text_can_be_encoded(clip):
    assert read_clip_folder(asset("demo/clip")).token_ids is None
    states = clip.text.encode_texts(["a zebra crossing", "fjord émigré 42", "normal"])
    assert states.shape == (3, 64)
    assert torch.isfinite(states).all()
    assert F.cosine_similarity(states[0], states[1], dim=0) < 0.99


def test_a_text_too_long_for_it_is_refused(clip):
    with pytest.raises(ConfigError):
        clip.text.encode_texts(["car " * 40])


def test_frames_of_events_look_less_normal_than_others(frames):
    cosines, truth, _ = frames
    contrast = 15 * cosines
    score = np.logaddexp.reduce(contrast[:, :-1], axis=1) - contrast[:, -1]
    assert 20 < truth.sum() < len(truth) / 2
    area = auc(score, truth)
    assert area is not None
    assert 0.62 < area < 0.95


def test_events_are_nearest_to_their_own_name_more_often_than_by_chance(frames):
    cosines, truth, category = frames
    hits = cosines[truth, :-1].argmax(1) == category[truth]
    assert hits.mean() > 0.4  # chance is 1/6
