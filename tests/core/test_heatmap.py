"""Heat maps as files, numbers and colours."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from tpwng_core.errors import ArtifactError
from tpwng_core.heatmap import Heatmap, describe, paint, read_heatmap, to_unit, write_heatmap
from tpwng_core.npz import write_npz

META = {"texts": ["fire"], "reading": "values", "contrast": True, "low": -0.1, "high": 0.25}


def heatmap(grid: np.ndarray) -> Heatmap:
    return Heatmap(grid=grid, box=(24.0, 0.0, 168.0, 144.0), size=(192, 144), meta=META)


def test_a_map_survives_its_file(tmp_path: Path) -> None:
    grid = np.linspace(0, 1, 49, dtype=np.float32).reshape(7, 7)
    write_heatmap(tmp_path / "a.npz", heatmap(grid))
    again = read_heatmap(tmp_path / "a.npz")
    assert np.array_equal(again.grid, grid)
    assert (again.box, again.size, again.meta) == ((24.0, 0.0, 168.0, 144.0), (192, 144), META)


@pytest.mark.parametrize("shape", [(7,), (7, 8), (0, 0)])
def test_a_file_of_other_shapes_is_refused(tmp_path: Path, shape: tuple[int, ...]) -> None:
    arrays: dict[str, np.ndarray] = {
        "grid": np.zeros(shape, np.float32),
        "box": np.zeros(4),
        "size": np.ones(2, int),
    }
    write_npz(tmp_path / "a.npz", arrays, {})
    with pytest.raises(ArtifactError, match="other shapes"):
        read_heatmap(tmp_path / "a.npz")


@given(hnp.arrays(np.float32, (3, 3), elements=st.floats(-1, 1, width=16)))
def test_shares_keep_the_order_and_span_all(values: np.ndarray) -> None:
    shares = to_unit(values)
    if values.max() > values.min():
        assert (shares.min(), shares.max()) == (0, 1)
        assert shares.argmax() == values.argmax()
    else:
        assert not shares.any()


def test_the_better_the_brighter_and_the_more_solid() -> None:
    colours = paint(np.linspace(0, 1, 33, dtype=np.float32)).astype(int)
    lightness = colours[:, :3] @ [0.2126, 0.7152, 0.0722]
    assert (np.diff(lightness) > 0).all()
    assert (np.diff(colours[:, 3]) > 0).all()
    assert colours[-1, 3] == 255


def test_the_words_say_what_how_coarse_and_how_much() -> None:
    found = heatmap(np.zeros((7, 7), np.float32))
    said = "patches that match “fire” more than “normal” · 7 x 7 grid · -0.10 to 0.25"
    assert describe(found) == said
    none = replace(found, meta={**META, "low": -0.3, "high": -0.1})
    assert describe(none).startswith("no patch matches “fire” more than “normal”")
    plain = replace(found, meta={**META, "reading": "occlusion", "contrast": False})
    assert describe(plain).startswith("patches that make the picture match “fire” · 7 x 7 grid")
