"""Where in a frame a text matches: a coarse grid of values, and the part of the picture it covers.

Made by ``run.heatmap``; read by the studio and by ``report.heat``. NumPy only. The grid is as
coarse as the image tower's patches, and covers only what the tower saw: the middle square.
"""

# G patches along a side

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tpwng_core.errors import ArtifactError
from tpwng_core.npz import read_npz, write_npz

SUFFIX = ".heat.npz"

# Dark violet over red and orange to pale yellow: lightness rises all the way, so that the order of
# values is seen without telling the colours apart.
RAMP = ("#1b0c41", "#781c6d", "#cf4446", "#fb9b06", "#fcffa4")
_FAINTEST = 0.2
# By reading of ``nn.dense``: what the best patches do, and what none does.
_DEEDS = {
    "occlusion": ("make the picture match", "makes the picture match"),
    "gradient": ("make the picture match", "makes the picture match"),
    "values": ("match", "matches"),
    "tokens": ("match", "matches"),
}


@dataclass(frozen=True, kw_only=True, eq=False)
class Heatmap:
    """One frame's map.

    Attributes:
        grid: (G, G) float32 in [0, 1], rows from the top: 0 the worst patch of this very picture,
            1 the best; all 0 where none differs.
        box: left, top, right, bottom of what the grid covers, in pixels of the upright picture;
            outside there are no values.
        size: width and height of that picture.
        meta: ``video``, ``frame``, ``texts``, ``reading``, ``contrast``, ``low`` and ``high`` (the
            values behind 0 and 1), and what else the maker says.
    """

    grid: NDArray[np.float32]
    box: tuple[float, float, float, float]
    size: tuple[int, int]
    meta: Mapping[str, Any]


def write_heatmap(path: Path, heatmap: Heatmap) -> None:
    """Write a map.

    Raises:
        OutputError: the file cannot be written.
    """
    arrays: dict[str, NDArray[Any]] = {
        "grid": heatmap.grid,
        "box": np.array(heatmap.box, dtype=np.float64),
        "size": np.array(heatmap.size, dtype=np.int64),
    }
    write_npz(path, arrays, heatmap.meta)


def read_heatmap(path: Path) -> Heatmap:
    """Read a map.

    Raises:
        ArtifactError: missing, damaged, or not what it should be.
    """
    remedy = "make it again: tpwng-core heatmap"
    arrays, meta = read_npz(path, {"grid": "f", "box": "f", "size": "iu"}, remedy)
    grid, box, size = arrays["grid"], arrays["box"], arrays["size"]
    is_square = grid.ndim == 2 and grid.shape[0] == grid.shape[1] > 0
    if not is_square or box.shape != (4,) or size.shape != (2,):
        raise ArtifactError(f"{path} is damaged: its arrays have other shapes", remedy)
    left, top, right, bottom = (float(side) for side in box)
    return Heatmap(
        grid=grid.astype(np.float32),
        box=(left, top, right, bottom),
        size=(int(size[0]), int(size[1])),
        meta=meta,
    )


def describe(heatmap: Heatmap) -> str:
    """What a map shows, in a line; where nothing matches it says so, best patch or not."""
    meta, size = heatmap.meta, len(heatmap.grid)
    what = " or ".join(f"“{text}”" for text in meta["texts"])
    more = " more than “normal”" if meta["contrast"] else ""
    does, did = _DEEDS[meta["reading"]]
    said = (
        f"patches that {does} {what}{more}" if meta["high"] > 0 else f"no patch {did} {what}{more}"
    )
    return f"{said} · {size} x {size} grid · {meta['low']:.2f} to {meta['high']:.2f}"


def to_unit(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Values as shares of their range: (G, G) any -> [0, 1]; all 0 where there is no range."""
    low, high = values.min(), values.max()
    if high <= low:
        return np.zeros_like(values)
    return np.asarray((values - low) / (high - low), dtype=np.float32)


def paint(grid: NDArray[np.float32]) -> NDArray[np.uint8]:
    """A grid in colours, the less seen the lower its values: (..) in [0, 1] -> (.., 4) RGBA."""
    stops = np.linspace(0.0, 1.0, len(RAMP))
    anchors = np.array([tuple(bytes.fromhex(colour[1:])) for colour in RAMP])
    channels = [np.interp(grid, stops, anchors[:, channel]) for channel in range(3)]
    opacity = 255 * (_FAINTEST + (1 - _FAINTEST) * np.asarray(grid))
    return np.stack([*channels, opacity], axis=-1).round().astype(np.uint8)
