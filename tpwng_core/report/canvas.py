"""The only door to matplotlib: style, blank figures, and figures to SVG and PNG.

No pyplot, no global figure, no dates or random ids: the same numbers give the same bytes on
one version of matplotlib. Imported by the figure rooms; matplotlib itself is imported late.
"""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from tpwng_core import files
from tpwng_core.errors import OutputError
from tpwng_core.report import palette

# matplotlib ships no types that its stubs-less versions share; figures and axes stay Any.
Figure = Any
Axes = Any

_JPEG_QUALITY = 80
_MISSING_GLYPH = "\u25a1"
_STYLE: dict[str, Any] = {
    "font.family": ["DejaVu Sans"],
    "font.size": 8.5,
    "text.color": palette.INK,
    "text.parse_math": False,  # a video may be called $x$
    "axes.edgecolor": palette.MUTED,
    "axes.labelcolor": palette.INK,
    "axes.linewidth": 0.7,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.unicode_minus": True,
    "axes.facecolor": "none",
    "grid.color": palette.RULE,
    "grid.linewidth": 0.6,
    "xtick.color": palette.MUTED,
    "ytick.color": palette.MUTED,
    "xtick.major.width": 0.7,
    "ytick.major.width": 0.7,
    "xtick.major.size": 3.0,
    "ytick.major.size": 3.0,
    "legend.frameon": False,
    "legend.fontsize": 8.0,
    "hatch.linewidth": 0.7,
    "lines.linewidth": 1.1,
    "figure.facecolor": palette.PAPER,
    "savefig.facecolor": "auto",
    "path.simplify": False,  # envelopes are thinned by us, without losing peaks
    "svg.fonttype": "path",
    "svg.hashsalt": "tpwng",
}
_NO_METADATA = {"Date": None, "Creator": None, "Format": None, "Type": None}


@contextmanager
def style() -> Iterator[None]:
    """The house style over matplotlib's defaults, whatever the person's matplotlibrc says."""
    import matplotlib.style

    with matplotlib.style.context(["default", _STYLE]):
        yield


def new_figure(width_in: float, height_in: float) -> Figure:
    """A blank figure of this size in inches; call inside :func:`style`."""
    from matplotlib.figure import Figure as MatplotlibFigure

    return MatplotlibFigure(figsize=(width_in, height_in))


def to_svg(figure: Figure) -> str:
    """The figure as a stand-alone SVG document; text as outlines, pictures as JPEG."""
    stream = io.StringIO()
    with style():
        figure.savefig(stream, format="svg", metadata=_NO_METADATA)
    svg = stream.getvalue()
    svg = re.sub(r"data:image/png;base64,([^\"]+)", _png_to_jpeg, svg)
    return re.sub(r'(?<= d=")[^"]+', _shorten_numbers, svg)


def to_png(figure: Figure, dpi: int = 150) -> bytes:
    """The figure as PNG with ``dpi`` pixels per inch."""
    stream = io.BytesIO()
    with style():
        figure.savefig(stream, format="png", dpi=dpi, metadata={"Software": None})
    return stream.getvalue()


def save(figure: Figure, target: Path) -> None:
    """Write the figure atomically as ``.svg`` or ``.png``, by the suffix of ``target``.

    Raises:
        OutputError: another suffix, or the file cannot be written.
    """
    files.write_bytes(target, encode(figure, target))


def encode(figure: Figure, target: Path) -> bytes:
    """What :func:`save` writes, for whoever may change his mind before it is written.

    Raises:
        OutputError: another suffix than ``.svg`` and ``.png``.
    """
    match target.suffix.lower():
        case ".svg":
            return to_svg(figure).encode("utf-8")
        case ".png":
            return to_png(figure)
        case _:
            raise OutputError(f"cannot draw {target}: unknown suffix", "use .svg or .png")


def drawable(text: str, limit: int = 90) -> str:
    """``text`` as the figures' font can draw it: one line, no missing glyphs, at most ``limit``.

    A character the font lacks becomes an empty box and a longer text loses its middle; pages
    give the full text in HTML beside the figure.
    """
    known = _glyphs()
    line = "".join(char if ord(char) in known else _MISSING_GLYPH for char in _one_line(text))
    if len(line) <= limit:
        return line
    head = (limit - 1) * 2 // 3
    return f"{line[:head]}…{line[head + 1 - limit :]}"


@cache
def _glyphs() -> frozenset[int]:
    from matplotlib.font_manager import findfont, get_font

    return frozenset(get_font(findfont("DejaVu Sans")).get_charmap())


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _png_to_jpeg(match: re.Match[str]) -> str:
    from PIL import Image

    stream = io.BytesIO()
    with Image.open(io.BytesIO(base64.b64decode(match[1]))) as picture:
        picture.convert("RGB").save(stream, "JPEG", quality=_JPEG_QUALITY, optimize=True)
    return "data:image/jpeg;base64," + base64.b64encode(stream.getvalue()).decode("ascii")


def _shorten_numbers(match: re.Match[str]) -> str:
    return re.sub(r"(\.\d\d)\d+", r"\1", match[0])
