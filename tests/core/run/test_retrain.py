"""A round of corrections: what it makes, from what it begins, and what it leaves alone."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from tests.core.run.saying import say
from tpwng_core.checkpoint import checkpoint_digest, read_checkpoint_meta
from tpwng_core.datasets import read_manifest
from tpwng_core.errors import Cancelled, ConfigError, DatasetError, SomeInputsFailed, Stopped
from tpwng_core.evaluation import auc
from tpwng_core.evaluation.gain import true_states
from tpwng_core.events import Event, Message, Metric, Progress, Started, silent
from tpwng_core.files import asset
from tpwng_core.groundtruth import read_ground_truth
from tpwng_core.labels import LabelSegment, VideoLabels, label_path, write_labels
from tpwng_core.pseudocurves import read_pseudo_folder
from tpwng_core.rounds import HUMAN_WEIGHT, Round, is_round, read_round, write_round
from tpwng_core.run.retrain import WARM_EPOCHS, RetrainRequest, retrain, retrain_settings
from tpwng_core.run.score import ScoreRequest, score
from tpwng_core.scores import read_score_folder


@pytest.fixture
def request_of(bench: Path, run_folder: Path, tmp_path: Path) -> RetrainRequest:
    return RetrainRequest(
        checkpoint=run_folder / "checkpoint.safetensors",
        manifest=bench / "manifest.csv",
        features=bench / "features",
        labels=tmp_path / "labels",
        out=tmp_path / "round",
        overrides=["training.epochs=1"],
        device="cpu",
    )


def test_a_round_is_a_run_with_scores_and_curves_of_its_own(
    bench: Path, request_of: RetrainRequest
) -> None:
    told = say(bench, request_of.labels, "train")
    say(bench, request_of.labels, "test")
    taught = request_of.checkpoint.read_bytes()
    verbs = []
    summary = retrain(
        request_of,
        lambda event: verbs.append(event.verb) if isinstance(event, Started) else None,
    )
    assert verbs == ["train", "score", "label"]
    out = request_of.out
    assert summary["round"] == str(out / "round.json")
    made = read_round(out)
    records = read_manifest(request_of.manifest)
    training = {item.video for item in records if item.split == "train"}
    assert set(made.trained) | set(made.chosen_by) == training
    assert made.chosen_by
    assert made.corrected == {video: 16 for video in told if video in made.trained}
    assert made.corrected
    assert made.is_warm
    assert made.taught == checkpoint_digest(request_of.checkpoint)
    assert made.checkpoint == checkpoint_digest(out / "checkpoint.safetensors") != made.taught
    for found in (read_score_folder(out / "scores"), read_pseudo_folder(out / "pseudo")):
        assert set(found) == {item.video for item in records}
        assert {item.meta["checkpoint"] for item in found.values()} == {made.checkpoint}
    assert request_of.checkpoint.read_bytes() == taught


def test_it_tells_what_held_out_videos_gained(bench: Path, request_of: RetrainRequest) -> None:
    say(bench, request_of.labels, "train")
    truth = read_ground_truth(bench / "annotations.csv")
    events: list[Event] = []
    summary = retrain(replace(request_of, ground_truth=truth), events.append)
    records = read_manifest(request_of.manifest)
    tested = {item.video for item in records if item.split == "test"}
    assert [event.verb for event in events if isinstance(event, Started)][-1] == "compare"
    gain = summary["gain"]
    assert gain["num_videos"] == len(tested)
    after = read_score_folder(request_of.out / "scores")
    states = [true_states(truth[video], len(after[video].score)) for video in tested]
    whole = np.concatenate([after[video].score for video in tested])
    assert gain["auc"]["after"] == pytest.approx(auc(whole, np.concatenate(states)))
    score(
        ScoreRequest(
            inputs=(request_of.features,),
            checkpoint=request_of.checkpoint,
            out=request_of.out / "old",
            device="cpu",
        ),
        silent,
    )
    old = read_score_folder(request_of.out / "old")
    whole = np.concatenate([old[video].score for video in tested])
    assert gain["auc"]["before"] == pytest.approx(auc(whole, np.concatenate(states)))
    low, high = gain["auc"]["interval"]
    assert low < high
    told = [event.text for event in events if isinstance(event, Message)]
    assert any("95 % interval" in text and "held-out videos" in text for text in told)
    json.dumps(summary)


def test_without_truth_no_gain_is_told(bench: Path, request_of: RetrainRequest) -> None:
    say(bench, request_of.labels, "train")
    truth = read_ground_truth(bench / "annotations.csv")
    assert retrain(request_of, silent)["gain"] is None
    trained = dict.fromkeys(read_round(request_of.out).trained, truth[min(truth)])
    again = replace(request_of, ground_truth=trained, out=request_of.out / "again")
    assert retrain(again, silent)["gain"] is None


def test_it_begins_with_the_settings_of_the_model_and_fewer_epochs(
    request_of: RetrainRequest,
) -> None:
    before = read_checkpoint_meta(request_of.checkpoint).config
    plain = replace(request_of, overrides=["loss.human_weight=3"])
    warm = retrain_settings(plain)
    assert warm.training.epochs == WARM_EPOCHS
    assert warm.loss.human_weight == 3
    assert warm.prompts.num_context == before["prompts"]["num_context"] == 2
    cold = retrain_settings(replace(plain, from_scratch=True))
    assert cold.training.epochs == before["training"]["epochs"] == 3
    assert retrain_settings(request_of).training.epochs == 1


def test_a_correction_counts_as_in_the_round_before(request_of: RetrainRequest) -> None:
    first = replace(request_of, overrides=())
    assert retrain_settings(first).loss.human_weight == HUMAN_WEIGHT
    assert retrain_settings(replace(first, from_scratch=True)).loss.human_weight == HUMAN_WEIGHT
    made = Round(
        taught="0",
        checkpoint="1",
        is_warm=True,
        human_weight=2.0,
        spread_above=None,
        corrected={"a": 1},
        trained=("a",),
    )
    path = write_round(first.checkpoint.parent, made)
    try:
        assert retrain_settings(first).loss.human_weight == 2
        wished = replace(first, overrides=["loss.human_weight=3"])
        assert retrain_settings(wished).loss.human_weight == 3
    finally:
        path.unlink()


def test_without_a_word_on_a_training_video_there_is_nothing_to_learn(
    bench: Path, request_of: RetrainRequest
) -> None:
    request_of.labels.mkdir()
    with pytest.raises(DatasetError, match="says nothing of a video that trains"):
        retrain(request_of, silent)
    say(bench, request_of.labels, "test")
    with pytest.raises(DatasetError, match="says nothing of a video that trains"):
        retrain(request_of, silent)
    assert not request_of.out.exists()


def test_the_model_before_it_is_never_written_over(bench: Path, request_of: RetrainRequest) -> None:
    say(bench, request_of.labels, "train")
    with pytest.raises(ConfigError, match="holds the checkpoint that is taught"):
        retrain(replace(request_of, out=request_of.checkpoint.parent), silent)


def raise_at(error: type[Exception], holds: Callable[[Event], bool]) -> Callable[[Event], None]:
    """A reporter that raises at every progress from the first event on for which it holds."""
    reached = False

    def report(event: Event) -> None:
        nonlocal reached
        reached = reached or holds(event)
        if reached and isinstance(event, Progress):
            raise error

    return report


def test_a_damaged_video_is_told_and_the_round_is_whole_for_the_others(
    bench: Path, request_of: RetrainRequest, tmp_path: Path
) -> None:
    say(bench, request_of.labels, "train")
    features = tmp_path / "features"
    shutil.copytree(request_of.features, features)
    tested = [item.video for item in read_manifest(request_of.manifest) if item.split == "test"]
    (next(features.glob(f"{tested[-1]}.*"))).write_bytes(b"damaged")
    with pytest.raises(SomeInputsFailed, match=tested[-1]):
        retrain(replace(request_of, features=features), silent)
    assert is_round(request_of.out)
    scored = read_score_folder(request_of.out / "scores")
    assert set(tested) - set(scored) == {tested[-1]}
    assert set(read_pseudo_folder(request_of.out / "pseudo")) == set(scored)


@pytest.mark.parametrize("stage", ["score", "label"])
def test_a_round_that_is_cut_off_is_no_round(
    bench: Path, request_of: RetrainRequest, stage: str
) -> None:
    say(bench, request_of.labels, "train")
    report = raise_at(Cancelled, lambda event: isinstance(event, Started) and event.verb == stage)
    with pytest.raises(Cancelled):
        retrain(request_of, report)
    assert not is_round(request_of.out)


def test_a_stopped_round_is_kept_as_a_run_and_resumed_into_a_round(
    bench: Path, request_of: RetrainRequest
) -> None:
    told = say(bench, request_of.labels, "train")
    wish = replace(request_of, overrides=["training.epochs=4"])
    summary = retrain(wish, raise_at(Stopped, lambda event: isinstance(event, Metric)))
    assert summary["stopped"] is True
    assert not is_round(wish.out)
    for video in told:  # taken back since: the round goes on with what it was begun with
        label_path(request_of.labels, video).unlink()
    summary = retrain(replace(wish, resume=True), silent)
    assert summary["epochs"] == 4
    made = read_round(wish.out)
    assert made.corrected == {video: 16 for video in told if video in made.trained}


def test_the_packaged_model_can_be_taught(tmp_path: Path) -> None:
    """Its file is of the first version, which held a scalar as a row of one."""
    demo = asset("demo/miniature")
    labels = VideoLabels(
        video="test_fighting_000",
        num_frames=233,
        fps=Fraction(12),
        segments=(LabelSegment(start=157, end=181, state="abnormal"),),
    )
    write_labels(label_path(tmp_path / "labels", labels.video), labels)
    shutil.copytree(demo / "features", tmp_path / "features")
    request = RetrainRequest(
        checkpoint=demo / "run" / "checkpoint.safetensors",
        manifest=demo / "manifest.csv",
        features=tmp_path / "features",
        labels=tmp_path / "labels",
        out=tmp_path / "round",
        overrides=["training.epochs=1"],
        ground_truth=read_ground_truth(demo / "annotations.txt"),
        device="cpu",
    )
    gain = retrain(request, silent)["gain"]
    assert gain["num_videos"] == 3
    assert gain["auc"]["interval"] is not None
    assert read_round(tmp_path / "round").corrected == {"test_fighting_000": 24}
