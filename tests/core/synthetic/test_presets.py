"""The presets are what the specification says, and nobody changes them by accident."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict

import numpy as np
import pytest

from scripts.synthetic_difficulty import measure
from tpwng_core.datasets import UCF_CRIME_CATEGORIES, XD_VIOLENCE_CATEGORIES, category_prompt
from tpwng_core.errors import ConfigError
from tpwng_core.synthetic import PRESETS, Counts, get_preset

# Results are only comparable while these stand; a new digest voids every number measured before.
DIGESTS = {
    "ucf-like": "dba8f1804eba",
    "ucf-like-plain": "c5989e5d90de",
    "xd-like": "df712c47802b",
    "xd-like-plain": "e678750e213d",
}


@pytest.mark.parametrize("name", PRESETS)
def test_parameters_are_frozen(name):
    content = json.dumps(asdict(PRESETS[name])).encode()
    assert hashlib.sha256(content).hexdigest()[:12] == DIGESTS[name]


@pytest.mark.parametrize(
    ("name", "categories", "counts"),
    [
        ("ucf-like", UCF_CRIME_CATEGORIES, (156, 156, 65, 70)),
        ("xd-like", XD_VIOLENCE_CATEGORIES, (150, 150, 90, 50)),
    ],
)
def test_benchmarks_have_the_categories_and_sizes_of_the_specification(name, categories, counts):
    for preset in (PRESETS[name], PRESETS[f"{name}-plain"]):
        assert preset.category_ids == categories
        assert tuple(asdict(preset.counts).values()) == counts


def test_plain_variants_differ_in_strength_and_scenes_only():
    for name in ("ucf-like", "xd-like"):
        hard, plain = asdict(PRESETS[name]), asdict(PRESETS[f"{name}-plain"])
        differing = [key for key in hard["videos"] if hard["videos"][key] != plain["videos"][key]]
        assert differing == ["event_strength", "tied_scene"]
        assert [key for key in hard if hard[key] != plain[key]] == ["name", "videos"]


def test_an_id_without_a_prompt_text_is_a_known_phrase():
    for preset in PRESETS.values():
        for category in preset.categories:
            assert category_prompt(category.id) in category.phrases


def test_an_unknown_preset_names_the_nearest():
    with pytest.raises(ConfigError, match="did you mean 'ucf-like'"):
        get_preset("ucf_like")


def test_a_benchmark_needs_training_videos_of_both_kinds():
    with pytest.raises(ConfigError):
        Counts(train_abnormal=1, train_normal=0, test_abnormal=1, test_normal=1)


@pytest.mark.parametrize(
    ("name", "zero_shot", "supervised", "abnormal_share"),
    [
        ("ucf-like", (0.62, 0.72), (0.78, 0.86), (0.07, 0.10)),
        ("ucf-like-plain", (0.68, 0.78), (0.84, 0.92), (0.07, 0.10)),
        ("xd-like", (0.60, 0.74), (0.83, 0.90), (0.28, 0.37)),
        ("xd-like-plain", (0.65, 0.80), (0.88, 0.94), (0.28, 0.37)),
    ],
)
def test_difficulty_is_where_it_was_set(name, zero_shot, supervised, abnormal_share):
    worlds = [measure(name, seed) for seed in (10_000, 10_001, 10_002)]
    means = {
        "zero_shot": np.mean([world.zero_shot_auc for world in worlds]),
        "supervised": np.mean([world.supervised_auc for world in worlds]),
        "share": np.mean([world.abnormal_share_of_test for world in worlds]),
    }
    assert zero_shot[0] < means["zero_shot"] < zero_shot[1]
    assert supervised[0] < means["supervised"] < supervised[1]
    assert abnormal_share[0] < means["share"] < abnormal_share[1]


def test_difficulty_does_not_depend_on_the_feature_dimension():
    narrow, wide = measure("ucf-like", 10_000), measure("ucf-like", 10_000, dim=256)
    assert wide.zero_shot_auc == pytest.approx(narrow.zero_shot_auc, abs=1e-4)
    assert wide.supervised_auc == pytest.approx(narrow.supervised_auc, abs=2e-3)
