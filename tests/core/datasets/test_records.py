"""The validation share is seeded, stratified, and leaves every category to train on."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from tpwng_core.datasets import VideoRecord, assign_validation
from tpwng_core.errors import ConfigError


def training_set() -> list[VideoRecord]:
    normal = [VideoRecord(video=f"n{i}") for i in range(40)]
    fights = [VideoRecord(video=f"f{i}", labels=("fight",), split="train") for i in range(20)]
    rare = [VideoRecord(video=f"r{i}", labels=("fight", "arson")) for i in range(3)]
    return [*normal, *fights, *rare]


def test_each_category_gives_its_share():
    chosen = Counter(i.labels for i in assign_validation(training_set()) if i.split == "val")
    assert chosen == {(): 6, ("fight",): 3, ("fight", "arson"): 1}


def test_the_seed_decides_and_the_order_does_not():
    records = training_set()
    shuffled = random.Random(1).sample(records, len(records))
    first = {item.video for item in assign_validation(records, seed=3) if item.split == "val"}
    second = {item.video for item in assign_validation(shuffled, seed=3) if item.split == "val"}
    other = {item.video for item in assign_validation(records, seed=4) if item.split == "val"}
    assert first == second
    assert first != other


def test_only_labelled_training_videos_are_moved():
    rest = [
        *(VideoRecord(video=f"t{i}", split="test") for i in range(30)),
        *(VideoRecord(video=f"u{i}", labelled=False) for i in range(30)),
    ]
    assert assign_validation([*training_set(), *rest])[-60:] == rest


def test_a_data_set_with_validation_videos_stays_as_it_is():
    records = [*training_set(), VideoRecord(video="v", split="val")]
    assert assign_validation(records) == records


def test_a_single_video_of_a_category_stays_in_training():
    records = [VideoRecord(video="only", labels=("arson",)), *training_set()[:10]]
    assert assign_validation(records)[0].split is None


@pytest.mark.parametrize("share", [0.0, 1.0, -0.1])
def test_a_share_out_of_range_is_refused(share):
    with pytest.raises(ConfigError, match="share"):
        assign_validation(training_set(), share=share)
