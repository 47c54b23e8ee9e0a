"""The strip under an overlay video's picture: score and psi over time, labels, and now.

Everything that does not change is painted once; a frame costs a copy, a line and one text.
Called by ``films.py``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tpwng_core.formats.annotation import Mark
from tpwng_core.formats.items import Entry, frame_curve
from tpwng_core.formats.wording import mark_text
from tpwng_core.report import palette

Picture = NDArray[np.uint8]
_COLORS = {
    "abnormal": palette.ABNORMAL,
    "normal": palette.NORMAL,
    "unknown": palette.UNKNOWN,
}
_MIN_HEIGHT_PX = 48
_MARGIN_PX = 4
_BAR_PX = 6


class Panel:
    """Draws the strip of one video.

    Args:
        entry: the video, of known length.
        width: of its pictures, in pixels.
        height: of its pictures, in pixels; the strip takes a quarter of it.
    """

    def __init__(self, entry: Entry, width: int, height: int) -> None:
        self._marks = entry.annotation.marks
        self._num_frames = entry.annotation.num_frames or 1
        self._score = entry.item.scores.score if entry.item.scores else None
        self._width = width
        self.height = max(height // 4, _MIN_HEIGHT_PX)
        self._text_px = max(self.height // 6, 9)
        self._font = _font(self._text_px)
        self._brevity = self._fitting()
        self._background = self._painted(entry)

    def below(self, picture: Picture, frame: int) -> Picture:
        """The picture with the strip under it, and its score bar at the right edge."""
        from PIL import Image, ImageDraw

        strip = self._background.copy()
        column = self._column(frame)
        strip[self._text_px + 4 :, column : column + 2] = 255
        image = Image.fromarray(strip)
        words = self._cut(self._words(frame, self._mark_at(frame), self._brevity))
        ImageDraw.Draw(image).text((_MARGIN_PX, 1), words, font=self._font, fill="#ffffff")
        whole = np.concatenate([picture, np.asarray(image)])
        self._draw_bar(whole[: len(picture)], frame)
        return whole

    def _column(self, frame: int) -> int:
        return min(frame * self._width // self._num_frames, max(self._width - 2, 0))

    def _words(self, frame: int, mark: Mark | None, brevity: int) -> str:
        """The caption of a frame: 0 says all, 1 no word for the score, 2 no origin, 3 the state."""
        label = "unset" if mark is None else mark_text(mark) if brevity < 3 else mark.state
        if mark is not None and brevity < 2:
            label = f"{label}, {mark.origin}"
        name = "score " if brevity < 1 else ""
        score = "" if self._score is None else f"  {name}{self._score[frame]:.2f}"
        return f"{frame}{score}  {label}".replace("\n", " ")

    def _fitting(self) -> int:
        """The least brevity at which the captions of all marks fit: it never changes on the way."""
        last, marks = self._num_frames - 1, (None, *self._marks)
        fits = (
            brevity
            for brevity in range(3)
            if all(self._has_room(self._words(last, mark, brevity)) for mark in marks)
        )
        return next(fits, 3)

    def _has_room(self, words: str) -> bool:
        return bool(self._font.getlength(words) <= self._width - 2 * _MARGIN_PX)

    def _cut(self, words: str) -> str:
        """As much as there is room for."""
        if self._has_room(words):
            return words
        while words and not self._has_room(f"{words}…"):
            words = words[:-1]
        return f"{words}…"

    def _mark_at(self, frame: int) -> Mark | None:
        return next((mark for mark in self._marks if mark.start <= frame < mark.end), None)

    def _draw_bar(self, picture: Picture, frame: int) -> None:
        """A bar as high as the score, vermilion from a half on."""
        if self._score is None or picture.shape[1] < 4 * _BAR_PX:
            return
        score = float(self._score[frame])
        top = round((1 - score) * len(picture))
        color = palette.ABNORMAL if score >= 0.5 else palette.NORMAL
        picture[:, -_BAR_PX:] //= 2
        picture[top:, -_BAR_PX:] = _rgb(color)

    def _painted(self, entry: Entry) -> Picture:
        strip = np.full((self.height, self._width, 3), _rgb("#14181d"), dtype=np.uint8)
        top, band = self._text_px + 4, max(self.height // 6, 5)
        bottom = self.height - band - 2
        for mark in reversed(self._marks):
            left, right = self._column(mark.start), max(self._column(mark.end), 1)
            strip[bottom + 1 :, left : max(right, left + 1)] = _rgb(_COLORS[mark.state])
        psi = frame_curve(entry.item, "psi")
        for curve, color in ((psi, "#c08be0"), (self._score, "#ffffff")):
            if curve is not None:
                self._draw_curve(strip[top:bottom], curve, color)
        theta = entry.item.curves.meta.get("theta") if entry.item.curves else None
        if theta is not None:
            strip[top + round((1 - theta) * (bottom - top - 1)), ::4] = _rgb("#f0802a")
        return strip

    def _draw_curve(self, area: Picture, curve: NDArray[np.float32], color: str) -> None:
        """The curve's range in each column, joined to the column before."""
        columns = np.arange(len(curve)) * self._width // len(curve)
        high, low = np.full(self._width, np.nan), np.full(self._width, np.nan)
        np.fmax.at(high, columns, curve)
        np.fmin.at(low, columns, curve)
        known = np.flatnonzero(~np.isnan(high))
        places = np.arange(self._width)
        high = np.interp(places, known, high[known])
        low = np.interp(places, known, low[known])
        low[1:] = np.minimum(low[1:], high[:-1])
        high[1:] = np.maximum(high[1:], low[:-1])
        rows = np.arange(len(area))[:, None]
        reach = len(area) - 1
        tops, bottoms = np.round((1 - high) * reach), np.round((1 - low) * reach)
        area[(rows >= tops) & (rows <= bottoms)] = _rgb(color)


def _rgb(color: str) -> NDArray[np.uint8]:
    return np.frombuffer(bytes.fromhex(color.removeprefix("#")), dtype=np.uint8)


def _font(size_px: int) -> Any:
    """A font with the letters of many languages, which matplotlib brings."""
    import matplotlib
    from PIL import ImageFont

    path = Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"
    return ImageFont.truetype(str(path), size_px)
