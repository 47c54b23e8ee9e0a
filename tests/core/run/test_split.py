"""Which videos train, choose and are tested."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tpwng_core.datasets import VideoRecord
from tpwng_core.errors import DatasetError
from tpwng_core.events import Message, silent
from tpwng_core.features import FeatureFolder, open_feature_folder
from tpwng_core.groundtruth import Interval
from tpwng_core.run.split import split_records, training_split, usable_records, watched_videos

EVENT = (Interval(start=0, end=4, category="B1"),)


@pytest.fixture
def folder(tmp_path: Path) -> FeatureFolder:
    for name in ("a", "b", "film_label_A", "film_label_B1-0-0", "train_label_A"):
        np.save(tmp_path / f"{name}.npy", np.ones((2, 4), np.float32))
    return open_feature_folder(tmp_path)


def test_test_videos_and_those_without_features_do_not_train(folder: FeatureFolder) -> None:
    records = [
        VideoRecord(video="a", labels=("B1",)),
        VideoRecord(video="b", split="test"),
        VideoRecord(video="lost"),
        VideoRecord(video="film_label_A", labelled=False),
    ]
    heard: list[object] = []
    assert [item.video for item in usable_records(records, folder, heard.append)] == ["a"]
    assert isinstance(heard[0], Message)
    assert "1 of 2 training videos have no features: lost" in heard[0].text


def test_no_features_at_all_is_an_error(folder: FeatureFolder) -> None:
    with pytest.raises(DatasetError, match="no training video"):
        usable_records([VideoRecord(video="lost")], folder, silent)


def test_the_split_of_the_manifest_wins_over_a_share() -> None:
    records = [VideoRecord(video=str(i), split="val" if i == 3 else "train") for i in range(8)]
    training, validation = split_records(records, 0.5, seed=0)
    assert [item.video for item in validation] == ["3"]
    assert len(training) == 7
    assert split_records(records[4:], 0.0, seed=0)[1] == []


@pytest.mark.parametrize(
    ("num_normal", "num_val"), [(10, (5, 5)), (8, None)], ids=["enough", "too few"]
)
def test_a_share_holds_out_enough_to_choose_by_or_nothing(
    num_normal: int, num_val: tuple[int, int] | None
) -> None:
    events = [VideoRecord(video=f"e{i}", labels=("fire",)) for i in range(10)]
    records = [*events, *(VideoRecord(video=f"n{i}") for i in range(num_normal))]
    heard: list[Message] = []
    training, validation = training_split(records, 0.5, 0, heard.append)  # type: ignore[arg-type]
    if num_val is None:
        assert [item.video for item in training] == [item.video for item in records]
        assert validation == []
        assert "5 videos with an event and 4 normal ones are too few" in heard[0].text
        assert "nothing is held out" in heard[0].text
    else:
        assert sum(item.is_normal for item in validation) == 5
        assert len(training) == len(records) - 10
        assert heard == []


def test_a_small_split_val_stays_out_of_training_and_chooses_nothing() -> None:
    records = [
        VideoRecord(video=str(i), labels=("fire",) if i % 2 else (), split="val" if i < 6 else None)
        for i in range(20)
    ]
    heard: list[Message] = []
    training, validation = training_split(records, 0.5, 0, heard.append)  # type: ignore[arg-type]
    assert [item.video for item in training] == [str(i) for i in range(6, 20)]
    assert validation == []
    assert "stay out of training" in heard[0].text
    assert training_split(records[6:], 0.0, 0, silent)[1] == []


def test_normal_videos_of_xd_violence_are_tested_though_nobody_lists_them(
    folder: FeatureFolder,
) -> None:
    truth = {"film_label_B1-0-0": EVENT, "not here": EVENT}
    found = watched_videos(truth, folder, "xd-violence", seen={"train_label_A"})
    assert found == {"film_label_B1-0-0": EVENT, "film_label_A": ()}
    assert watched_videos(truth, folder, "intervals", seen=()) == {"film_label_B1-0-0": EVENT}


def test_what_was_trained_on_is_not_tested(folder: FeatureFolder) -> None:
    assert watched_videos({"a": EVENT, "b": ()}, folder, "intervals", seen={"a"}) == {"b": ()}
