"""Frames that people labelled, as targets that training holds: against plain loops, end to end."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.run.conftest import quick_request
from tests.core.run.test_batches import make_features
from tpwng_core.checkpoint import read_checkpoint
from tpwng_core.datasets import read_manifest
from tpwng_core.errors import Cancelled, ConfigError, DatasetError
from tpwng_core.events import Event, Message, Progress, Started, silent
from tpwng_core.features import SUFFIX as FEATURES_SUFFIX
from tpwng_core.features import FeatureSet, read_features
from tpwng_core.labels import (
    ABNORMAL,
    NORMAL,
    UNKNOWN,
    UNSET,
    LabelSegment,
    State,
    VideoLabels,
    label_path,
    write_labels,
)
from tpwng_core.run.batches import bin_edges, pool_target
from tpwng_core.run.human_targets import human_targets, spread_targets, targets_digest
from tpwng_core.run.train import TrainRequest, train


def labels_of(video: str, num_frames: int, *parts: tuple[int, int, State]) -> VideoLabels:
    segments = tuple(LabelSegment(start=a, end=b, state=state) for a, b, state in parts)
    return VideoLabels(video=video, num_frames=num_frames, fps=Fraction(30), segments=segments)


def write(folder: Path, labels: VideoLabels) -> Path:
    write_labels(label_path(folder, labels.video), labels)
    return folder


def plain_rule(frames: list[int]) -> int:
    """spec B.1 in words: abnormal if any, unknown if any, normal only if all, else unset."""
    if ABNORMAL in frames:
        return ABNORMAL
    if UNKNOWN in frames:
        return UNKNOWN
    return NORMAL if all(frame == NORMAL for frame in frames) else UNSET


def test_a_snippet_is_what_its_frames_say(tmp_path: Path) -> None:
    features = {"v": make_features("v", np.ones((6, 4)))}  # 16 frames a snippet
    labels = labels_of(
        "v", 96, (0, 16, "normal"), (20, 21, "abnormal"), (32, 40, "normal"), (70, 71, "unknown")
    )
    found = human_targets(write(tmp_path, labels), features)
    assert found["v"].tolist() == [0, 1, -2, -2, -1, -2]


@given(st.lists(st.sampled_from([-2, -1, 0, 1]), min_size=1, max_size=200), st.integers(1, 9))
def test_pooling_frames_to_snippets_to_bins_equals_the_plain_loop(
    frames: list[int], max_snippets: int
) -> None:
    starts = np.append(np.arange(0, len(frames), 16), len(frames))
    snippets = pool_target(np.array(frames, dtype=np.int8), starts)
    edges = bin_edges(len(snippets), max_snippets)
    bins = pool_target(snippets, edges)
    wanted = [plain_rule(frames[starts[a] : starts[b]]) for a, b in pairwise(edges)]
    assert bins.tolist() == wanted


def test_videos_without_features_or_labels_are_passed_over(tmp_path: Path) -> None:
    write(tmp_path, labels_of("elsewhere", 10, (0, 5, "normal")))
    write(tmp_path, labels_of("v", 96))
    assert human_targets(tmp_path, {"v": make_features("v", np.ones((6, 4)))}) == {}


def test_labels_of_another_length_are_refused(bench: Path, tmp_path: Path) -> None:
    item = first_of(bench, normal=False)
    write(tmp_path, labels_of(item.video, item.num_frames + 1, (0, 5, "normal")))
    with pytest.raises(DatasetError, match=f"{item.num_frames + 1} frames"):
        human_targets(tmp_path, {item.video: item})


def test_published_features_know_their_length_to_a_snippet_only(tmp_path: Path) -> None:
    features = {"v": make_features("v", np.ones((3, 4)))}
    write(tmp_path, labels_of("v", 41, (32, 41, "abnormal")))
    assert human_targets(tmp_path, features)["v"].tolist() == [-2, -2, 1]


def first_of(bench: Path, *, normal: bool) -> FeatureSet:
    records = read_manifest(bench / "manifest.csv")
    video = next(r.video for r in records if r.split == "train" and r.is_normal == normal)
    return read_features(bench / "features" / f"{video}{FEATURES_SUFFIX}")


@pytest.mark.parametrize("normal", [False, True])
def test_a_correction_changes_the_training_and_is_told(
    bench: Path, tmp_path: Path, normal: bool
) -> None:
    item = first_of(bench, normal=normal)
    middle = item.num_frames // 2
    parts: list[tuple[int, int, State]] = [
        (0, middle, "abnormal"),
        (middle, middle + 40, "unknown"),
    ]
    labels = write(tmp_path / "labels", labels_of(item.video, item.num_frames, *parts))
    seen: list[Event] = []
    extra = ["validation.share=0", "training.epochs=1"]
    train(quick_request(bench, tmp_path / "plain", extra), silent)
    train(quick_request(bench, tmp_path / "held", extra, labels=labels), seen.append)
    lines = [event.text for event in seen if isinstance(event, Message)]
    assert any("of 1 training videos" in line for line in lines)
    plain, held = (
        read_checkpoint(tmp_path / name / "checkpoint.safetensors").tensors
        for name in ("plain", "held")
    )
    head = [name for name in plain if name.startswith("head.")]
    assert not all(np.array_equal(plain[name], held[name]) for name in head)


def cut_off(event: Event) -> None:
    if isinstance(event, Progress) and event.done > 5:
        raise Cancelled


def warnings_of(request: TrainRequest) -> list[str]:
    """What a training warns of."""
    seen: list[Event] = []
    train(request, seen.append)
    return [item.text for item in seen if isinstance(item, Message) and item.level == "warning"]


def test_a_run_goes_on_with_the_labels_it_was_begun_with(bench: Path, tmp_path: Path) -> None:
    item = first_of(bench, normal=False)
    labels = write(tmp_path / "labels", labels_of(item.video, item.num_frames, (0, 9, "abnormal")))
    whole, run = (quick_request(bench, tmp_path / name, labels=labels) for name in ("whole", "run"))
    train(whole, silent)
    with pytest.raises(Cancelled):
        train(run, cut_off)
    write(labels, labels_of(item.video, item.num_frames, (0, 40, "normal")))
    (warning,) = warnings_of(replace(run, resume=True))
    assert "goes on with what they had said then" in warning
    first, second = (
        read_checkpoint(request.out / "checkpoint.safetensors").tensors for request in (whole, run)
    )
    assert all(np.array_equal(first[name], second[name]) for name in first)


def test_it_goes_on_also_where_people_corrected_while_it_was_made_ready(
    bench: Path, tmp_path: Path
) -> None:
    """The labels that it keeps are those that it learns from."""
    item = first_of(bench, normal=False)
    labels = write(tmp_path / "labels", labels_of(item.video, item.num_frames, (0, 9, "abnormal")))
    run = quick_request(bench, tmp_path / "run", labels=labels)

    def correct_then_cut_off(event: Event) -> None:
        if isinstance(event, Started):
            write(labels, labels_of(item.video, item.num_frames, (0, 40, "normal")))
        cut_off(event)

    with pytest.raises(Cancelled):
        train(run, correct_then_cut_off)
    (warning,) = warnings_of(replace(run, resume=True))
    assert "goes on with what they had said then" in warning


def test_nothing_is_warned_of_where_people_say_the_same(bench: Path, tmp_path: Path) -> None:
    item = first_of(bench, normal=False)
    labels = write(tmp_path / "labels", labels_of(item.video, item.num_frames, (0, 9, "abnormal")))
    request = quick_request(bench, tmp_path / "run", labels=labels)
    with pytest.raises(Cancelled):
        train(request, cut_off)
    assert not warnings_of(replace(request, resume=True))


def test_a_run_begun_without_labels_is_not_resumed_with_some(bench: Path, tmp_path: Path) -> None:
    item = first_of(bench, normal=False)
    labels = write(tmp_path / "labels", labels_of(item.video, item.num_frames, (0, 9, "abnormal")))
    request = quick_request(bench, tmp_path / "run")
    with pytest.raises(Cancelled):
        train(request, cut_off)
    with pytest.raises(ConfigError, match="other labels"):
        train(replace(request, resume=True, labels=labels), silent)


def test_the_digest_tells_targets_apart() -> None:
    one = {"a": np.array([1, 0], np.int8)}
    assert targets_digest({}) == ""
    assert targets_digest(one) != targets_digest({"a": np.array([1, -1], np.int8)})
    assert targets_digest(one) != targets_digest({"b": np.array([1, 0], np.int8)})


def spread(rows: list, said: list[int], above: float = 0.99) -> list[int]:
    features = {"v": make_features("v", np.array(rows, dtype=np.float32))}
    target = {"v": np.array(said, dtype=np.int8)}
    spread_target: list[int] = spread_targets(target, features, above)["v"].tolist()
    return spread_target


def test_a_correction_reaches_the_snippets_that_look_the_same() -> None:
    rows = [[1, 0], [5, 0.01], [0, 1], [0.01, 2], [1, 1]]
    assert spread(rows, [1, -2, 0, -2, -2]) == [1, 1, 0, 0, -2]


def test_unknown_and_said_snippets_stay_as_they_are() -> None:
    rows = [[1, 0], [1, 0], [1, 0], [1, 0]]
    assert spread(rows, [1, -1, 0, -2]) == [1, -1, 0, -2]  # both labels look alike: no say
    assert spread(rows, [-1, -1, -2, -2]) == [-1, -1, -2, -2]
    assert spread(rows, [1, -1, -2, -2]) == [1, -1, 1, 1]
