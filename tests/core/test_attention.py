"""What one frame's snippet looks at, as a file and in words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tpwng_core.attention import (
    FrameAttention,
    describe,
    read_attention,
    snippet_at,
    write_attention,
)
from tpwng_core.errors import ArtifactError


def made(rows: Any, snippet: int = 2, **changes: Any) -> FrameAttention:
    heads = np.atleast_2d(np.array(rows, dtype=np.float32))
    values: dict[str, Any] = {
        "weights": heads,
        "span": np.ones(len(heads), dtype=np.float32),
        "edges": np.arange(heads.shape[1] + 1) * 8,
        "meta": {"video": "a", "frame": 20, "snippet": snippet},
        **changes,
    }
    return FrameAttention(**values)


def test_it_comes_back_as_it_was(tmp_path: Path) -> None:
    found = made([[0.1, 0.2, 0.3, 0.4], [0.4, 0.3, 0.2, 0.1]])
    write_attention(tmp_path / "a.npz", found)
    again = read_attention(tmp_path / "a.npz")
    np.testing.assert_array_equal(again.weights, found.weights)
    np.testing.assert_array_equal(again.edges, found.edges)
    assert again.meta == found.meta
    np.testing.assert_allclose(again.mean, 0.25)


@pytest.mark.parametrize(
    "changes",
    [
        {"edges": np.arange(4)},
        {"span": np.ones(3, dtype=np.float32)},
        {"meta": {"snippet": 4}},
        {"meta": {}},
        {"weights": np.ones(4, dtype=np.float32)},
    ],
)
def test_parts_that_do_not_fit_are_damage(tmp_path: Path, changes: dict[str, Any]) -> None:
    write_attention(tmp_path / "a.npz", made([[0.25] * 4, [0.25] * 4], **changes))
    with pytest.raises(ArtifactError, match="parts do not fit"):
        read_attention(tmp_path / "a.npz")


def test_half_of_the_weight_is_found_from_the_snippet_outwards() -> None:
    assert made([0, 0, 1, 0, 0]).half_reach == 0
    assert made([0.2] * 5).half_reach == 1  # itself .2, with both neighbours .6
    assert made([0.5, 0, 0, 0, 0.5]).half_reach == 2
    assert made([0.2] * 5, snippet=0).half_reach == 2


def test_the_peak_is_told_against_an_even_share() -> None:
    assert made([0.2] * 5).peak_ratio == pytest.approx(1)
    assert made([0.1, 0.1, 0.6, 0.1, 0.1]).peak_ratio == pytest.approx(3)
    np.testing.assert_allclose(made([0.1, 0.1, 0.5, 0.2, 0.1]).against_most.max(), 1)


def test_words_say_where_and_how_far_from_even() -> None:
    words = describe(made([[0.1, 0.1, 0.1, 0.6, 0.1], [0, 0.1, 0.1, 0.7, 0.1]]))
    assert "frame 20" in words
    assert "most on frames 24 to 31, 65.0% (3.2 times an even share)" in words
    assert "most on itself" in describe(made([0, 0, 1, 0, 0]))


def test_the_snippet_of_a_frame() -> None:
    edges = np.array([0, 8, 16, 21])
    frames = [0, 7, 8, 15, 16, 20, 21, 99]
    assert [snippet_at(edges, frame) for frame in frames] == [0, 0, 1, 1, 2, 2, 2, 2]
