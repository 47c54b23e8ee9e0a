"""Scores survive the disk, spread over frames, and damaged files are one clear line."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tpwng_core.errors import ArtifactError
from tpwng_core.scores import (
    Scores,
    read_score_folder,
    read_scores,
    smooth,
    snippets_to_frames,
    write_scores,
)


def make_scores(video: str = "Bad.Boys__#1_label_A", **changes) -> Scores:
    values = {
        "video": video,
        "score": np.linspace(0, 1, 40, dtype=np.float32),
        "snippet_score": np.array([0.1, 0.5, 0.9], np.float32),
        "snippet_start": np.array([0, 16, 32], np.int32),
        "pts": np.arange(40, dtype=np.int64) * 512,
        "meta": {"fps": "30/1", "checkpoint": "ä"},
    }
    return Scores(**{**values, **changes})


def test_scores_come_back(tmp_path):
    scores = make_scores()
    path = tmp_path / f"{scores.video}.scores.npz"
    write_scores(path, scores)
    found = read_scores(path)
    assert (found.video, found.meta, found.num_frames) == (scores.video, scores.meta, 40)
    for name, dtype in (
        ("score", "f4"),
        ("snippet_score", "f4"),
        ("snippet_start", "i4"),
        ("pts", "i8"),
    ):
        array = getattr(found, name)
        assert array.dtype == dtype
        np.testing.assert_array_equal(array, getattr(scores, name))
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize(
    "changes",
    [
        {"pts": np.arange(39)},
        {"snippet_start": np.arange(2)},
        {"score": np.full(40, np.nan, np.float32)},
    ],
)
def test_arrays_that_do_not_fit_are_not_written(tmp_path, changes):
    with pytest.raises(ArtifactError):
        write_scores(tmp_path / "x.scores.npz", make_scores(**changes))
    assert not list(tmp_path.iterdir())


def test_a_damaged_file_is_named(tmp_path):
    path = tmp_path / "x.scores.npz"
    write_scores(path, make_scores())
    whole = path.read_bytes()
    for data in (b"", whole[: len(whole) // 2], b"\x80\x04N." * 10):
        path.write_bytes(data)
        with pytest.raises(ArtifactError, match=r"x\.scores\.npz"):
            read_scores(path)


def test_pickled_objects_are_not_loaded(tmp_path):
    np.save(tmp_path / "x.npy", np.array([{"a": 1}], object), allow_pickle=True)
    with pytest.raises(ArtifactError, match="damaged"):
        read_scores(tmp_path / "x.npy")


def test_a_folder_may_hold_our_files_and_plain_arrays(tmp_path):
    write_scores(tmp_path / "ours.scores.npz", make_scores("ours"))
    np.save(tmp_path / "plain.npy", np.array([[0.25], [0.5]]))
    np.save(tmp_path / "short.npy", np.array([1.0]))
    (tmp_path / "notes.txt").write_text("x")
    found = read_score_folder(tmp_path)
    assert list(found) == ["ours", "plain", "short"]
    assert found["plain"].score.tolist() == [0.25, 0.5]
    assert (found["short"].num_frames, len(found["short"].pts)) == (1, 0)


def test_two_files_of_one_video_are_refused(tmp_path):
    write_scores(tmp_path / "a.scores.npz", make_scores("a"))
    np.save(tmp_path / "a.npy", np.zeros(3))
    with pytest.raises(ArtifactError, match="both"):
        read_score_folder(tmp_path)


def test_an_empty_or_missing_folder_is_named(tmp_path):
    with pytest.raises(ArtifactError, match="holds no scores"):
        read_score_folder(tmp_path)
    with pytest.raises(ArtifactError, match="no score folder"):
        read_score_folder(tmp_path / "nowhere")


def test_an_array_that_is_not_one_score_per_frame_is_refused(tmp_path):
    np.save(tmp_path / "x.npy", np.zeros((4, 3)))
    with pytest.raises(ArtifactError, match=r"shape \(4, 3\)"):
        read_scores(tmp_path / "x.npy")


def test_snippets_repeat_up_to_the_next_and_are_cropped():
    values = np.array([0.1, 0.2, 0.3])
    frames = snippets_to_frames(values, np.array([0, 3, 6]), 7)
    assert frames.tolist() == [0.1, 0.1, 0.1, 0.2, 0.2, 0.2, 0.3]
    assert snippets_to_frames(values, np.array([0, 3, 6]), 4).tolist() == [0.1, 0.1, 0.1, 0.2]


def test_frames_before_the_first_snippet_take_its_value():
    assert snippets_to_frames(np.array([5, 6]), np.array([2, 3]), 5).tolist() == [5, 5, 5, 6, 6]


@given(st.lists(st.integers(1, 9), min_size=1, max_size=20), st.integers(0, 120))
def test_each_frame_has_the_value_of_its_snippet(steps, num_frames):
    start = np.cumsum([0, *steps[:-1]])
    curves = np.stack([np.arange(len(start)), -np.arange(len(start))], axis=1)
    frames = snippets_to_frames(curves, start, num_frames)
    expected = [int(np.flatnonzero(start <= frame)[-1]) for frame in range(num_frames)]
    assert frames.shape == (num_frames, 2)
    assert frames[:, 0].tolist() == expected


def test_snippets_that_cannot_be_spread_are_refused():
    with pytest.raises(ValueError):
        snippets_to_frames(np.array([]), np.array([]), 3)
    with pytest.raises(ValueError):
        snippets_to_frames(np.array([1.0]), np.array([0, 16]), 3)
    assert len(snippets_to_frames(np.array([]), np.array([], int), 0)) == 0


@given(st.lists(st.floats(0, 1, width=32), max_size=30), st.integers(0, 12))
def test_smoothing_is_the_mean_of_the_window(values, window):
    array = np.array(values, np.float32)
    reach = max(window, 1) // 2
    expected = [
        np.mean(array[max(i - reach, 0) : i + reach + 1], dtype=float) for i in range(len(array))
    ]
    found = smooth(array, window)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, expected, atol=1e-6)
    if len(array):
        assert array.min() <= found.min() <= found.max() <= array.max()
