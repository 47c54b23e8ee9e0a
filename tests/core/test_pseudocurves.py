"""Pseudo-label files: what is written is what is read; damage is told."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tpwng_core.errors import ArtifactError
from tpwng_core.npz import write_npz
from tpwng_core.pseudocurves import (
    SUFFIX,
    PseudoCurves,
    read_pseudo_curves,
    read_pseudo_folder,
    write_pseudo_curves,
)


def make_curves(video: str = "a #1 ü", num_snippets: int = 5) -> PseudoCurves:
    rng = np.random.default_rng(0)
    return PseudoCurves(
        video=video,
        s_normal=rng.random(num_snippets, dtype=np.float32),
        s_abnormal=rng.random(num_snippets, dtype=np.float32),
        psi=rng.random(num_snippets, dtype=np.float32),
        pseudo_label=np.array([0, 1, 1, 0, 0], dtype=np.int8)[:num_snippets],
        similarity=rng.random((num_snippets, 3), dtype=np.float32),
        span=rng.random((num_snippets, 4), dtype=np.float32),
        snippet_start=np.arange(num_snippets, dtype=np.int32) * 16,
        pts=np.arange(num_snippets * 16, dtype=np.int64) * 512,
        meta={"category": ["Abuse"], "theta": 0.55},
    )


def test_what_is_written_is_what_is_read(tmp_path: Path) -> None:
    curves = make_curves()
    write_pseudo_curves(tmp_path / f"{curves.video}{SUFFIX}", curves)
    again = read_pseudo_folder(tmp_path)[curves.video]
    for name in ("s_normal", "s_abnormal", "psi", "pseudo_label", "similarity", "span", "pts"):
        assert np.array_equal(getattr(again, name), getattr(curves, name))
        assert getattr(again, name).dtype == getattr(curves, name).dtype
    assert again.meta == curves.meta


def test_lengths_that_differ_are_damage(tmp_path: Path) -> None:
    path = tmp_path / f"a{SUFFIX}"
    curves = make_curves()
    arrays = {
        name: getattr(curves, name)
        for name in ("s_normal", "s_abnormal", "psi", "pseudo_label", "similarity", "span", "pts")
    }
    write_npz(path, {**arrays, "snippet_start": np.arange(3)}, {})
    with pytest.raises(ArtifactError, match="another length"):
        read_pseudo_curves(path)


def test_a_missing_array_is_named(tmp_path: Path) -> None:
    path = tmp_path / f"a{SUFFIX}"
    write_npz(path, {"psi": np.zeros(3)}, {})
    with pytest.raises(ArtifactError, match="s_normal"):
        read_pseudo_curves(path)


def test_an_empty_folder_says_how_to_fill_it(tmp_path: Path) -> None:
    with pytest.raises(ArtifactError, match="tpwng-core label"):
        read_pseudo_folder(tmp_path)
