"""The file behind a search: every video's curve comes back as it was."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tpwng_core.errors import ArtifactError
from tpwng_core.npz import write_npz
from tpwng_core.querycurves import QueryCurve, QueryCurves, read_query_curves, write_query_curves


def curve(num_snippets: int, seed: int = 0) -> QueryCurve:
    rng = np.random.default_rng(seed)
    similarity = rng.uniform(-1, 1, num_snippets).astype(np.float32)
    edges = np.append(np.arange(num_snippets) * 16, num_snippets * 16 + 5)
    return QueryCurve(similarity=similarity, edges=edges)


@given(lengths=st.lists(st.integers(1, 20), max_size=6))
def test_what_is_written_is_read(lengths: list[int], tmp_path_factory: pytest.TempPathFactory):
    path = tmp_path_factory.mktemp("curves") / "query.npz"
    videos = {f"video {k}": curve(num, k) for k, num in enumerate(lengths)}
    write_query_curves(path, QueryCurves(videos=videos, meta={"text": "fire", "checkpoint": None}))
    back = read_query_curves(path)
    assert back.meta["text"] == "fire"
    assert list(back.videos) == list(videos)
    assert back.extent == QueryCurves(videos=videos).extent
    for name, one in videos.items():
        np.testing.assert_array_equal(back.videos[name].similarity, one.similarity)
        np.testing.assert_array_equal(back.videos[name].edges, one.edges)


def test_the_extent_is_that_of_all_videos() -> None:
    one = QueryCurve(similarity=np.array([0.1, 0.3], np.float32), edges=np.array([0, 8, 16]))
    other = QueryCurve(similarity=np.array([-0.2], np.float32), edges=np.array([0, 8]))
    assert QueryCurves(videos={"a": one, "b": other}).extent == pytest.approx((-0.2, 0.3))
    assert QueryCurves(videos={}).extent == (0.0, 1.0)


def test_parts_that_do_not_fit_are_damage(tmp_path: Path) -> None:
    arrays: dict = {
        "similarity": np.zeros(3, np.float32),
        "snippet_start": np.arange(3),
        "offsets": np.array([0, 2]),
        "num_frames": np.array([48]),
    }
    write_npz(tmp_path / "bad.npz", arrays, {"videos": ["a"]})
    with pytest.raises(ArtifactError, match="do not fit"):
        read_query_curves(tmp_path / "bad.npz")
