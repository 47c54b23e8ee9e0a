"""What 1 to 1,000 live cameras need, from measured figures: the README's table of sizes.

    python benchmarks/sizing.py BENCH.JSON [--stride 16] [--fps 30]

Reads what ``tpwng-core bench streams --out DIR`` measured (``DIR/bench.json``), multiplies, and
prints Markdown. Every line says whether its first column was measured, or is arithmetic on an
assumption; everything beyond the few processes that were really run is arithmetic.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tpwng_core.errors import TpwngError
from tpwng_core.run.bench import Row, read_bench
from tpwng_core.run.bench.table import quantity

CAMERAS = (1, 10, 100, 1000)
GPU_IMAGES_PER_S = 4000.0  # the goal for an H100-class GPU; nothing here has run on one
BITRATES = {"640x360": 1.0, "1080p": 4.0}  # megabits a second, usual settings of cameras
MEASURED_FPS = 30  # of the hour that was written


@dataclass(frozen=True, kw_only=True)
class Need:
    """One line of the table.

    Attributes:
        what: of which it is.
        per_camera: for one camera.
        unit: of it.
        source: measured, or what was assumed.
    """

    what: str
    per_camera: float
    unit: str
    source: str


def needs(figures: Mapping[str, Row], fps: float, stride: int) -> list[Need]:
    """What a camera needs.

    Args:
        figures: rows by ``streams.NAME``.
        fps: frames a second of each camera.
        stride: frames per snippet.

    Raises:
        KeyError: a figure is missing.
        ValueError: it was not measured.
    """
    snippets = fps / stride
    hour = fps / MEASURED_FPS  # of files that grow with the frames
    return [
        Need(what="snippets", per_camera=snippets, unit="/s", source=f"{fps:g} fps / {stride}"),
        *_cores(figures, fps, snippets),
        Need(
            what=f"GPUs for ViT-B/16 at {GPU_IMAGES_PER_S:,.0f} images/s each",
            per_camera=snippets / GPU_IMAGES_PER_S,
            unit="GPUs",
            source="assumed rate, not measured",
        ),
        _memory(figures),
        Need(
            what="features, where they are kept",
            per_camera=_value(figures, "features-hour") * hour * 16 / stride,
            unit="MB/h",
            source="measured: a written file",
        ),
        Need(
            what="scores of every frame, where they are kept",
            per_camera=_value(figures, "scores-hour") * hour,
            unit="MB/h",
            source="measured: a written file",
        ),
        Need(
            what="log of alarms, at one an hour",
            per_camera=_value(figures, "alarm-bytes") / 1e6,
            unit="MB/h",
            source="measured: written lines; the rate is assumed",
        ),
        *(
            Need(
                what=f"network, {size}",
                per_camera=rate,
                unit="Mbit/s",
                source="assumed: a usual bit rate",
            )
            for size, rate in BITRATES.items()
        ),
    ]


def _cores(figures: Mapping[str, Row], fps: float, snippets: float) -> list[Need]:
    """Processor time a second, that is cores kept busy."""
    found = []
    for size in BITRATES:
        decode = fps * _value(figures, f"decode-{size}") / 1000
        resize = snippets * _value(figures, f"resize-{size}") / 1000
        found.append(
            Need(
                what=f"cores: decode every frame and resize, {size} H.264",
                per_camera=decode + resize,
                unit="cores",
                source="measured, one thread",
            )
        )
    for name, words in (
        ("encode-demo", "small CLIP"),
        ("encode-vit", "ViT-B/16"),
        ("temporal", "temporal half and alarms"),
    ):
        found.append(
            Need(
                what=f"cores: {words}",
                per_camera=snippets * _value(figures, name) / 1000,
                unit="cores",
                source="measured, one thread, one image at a time"
                if name.startswith("encode")
                else "measured, one thread",
            )
        )
    return found


def _memory(figures: Mapping[str, Row]) -> Need:
    """A process a camera, as it is with the largest number of them that was run."""
    counts = sorted(
        int(name.rpartition("-")[2])
        for name, row in figures.items()
        if name.startswith("streams.watchers-") and row.value is not None
    )
    if not counts:
        raise ValueError("the memory of watch processes was not measured")
    most = counts[-1]
    return Need(
        what="memory, a watch process each, small CLIP",
        per_camera=_value(figures, f"watchers-{most}") / most,
        unit="MB",
        source=f"measured with {most} at once",
    )


def _value(figures: Mapping[str, Row], name: str) -> float:
    row = figures[f"streams.{name}"]
    if row.value is None:
        raise ValueError(f"{name} was not measured: {row.skipped}")
    return row.value


def table(found: list[Need]) -> str:
    """Markdown: a line for each need, a column for each number of cameras."""
    heads = [f"{count:,} camera{'s' if count > 1 else ''}" for count in CAMERAS]
    lines = [["", *heads, "one camera is"], ["---"] * (len(CAMERAS) + 2)]
    for need in found:
        cells = [amount(need.per_camera * count, need.unit) for count in CAMERAS]
        lines.append([need.what, *cells, need.source])
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def amount(value: float, unit: str) -> str:
    """With the next larger unit where there are thousands of it."""
    larger = {"MB": "GB", "MB/h": "GB/h", "Mbit/s": "Gbit/s"}
    if value >= 1000 and unit in larger:
        return quantity(value / 1000, larger[unit])
    return quantity(value, unit)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("bench", type=Path, metavar="BENCH.JSON")
    parser.add_argument("--fps", type=float, default=30.0, help="of each camera (30)")
    parser.add_argument("--stride", type=int, default=16, help="frames per snippet (16)")
    options = parser.parse_args()
    try:
        print(table(needs(read_bench(options.bench), options.fps, options.stride)))
    except TpwngError as error:
        sys.exit(f"sizing: {error}")
    except (KeyError, ValueError) as error:
        sys.exit(f"sizing: {options.bench}: {error}; measure: tpwng-core bench streams --out DIR")


if __name__ == "__main__":
    main()
