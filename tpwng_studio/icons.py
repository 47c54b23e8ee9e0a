"""Icons of the window: our own SVG drawings of assets/icons, in the colours of the theme.

In: a drawing's name. Out: a sharp ``QIcon`` for 1x to 3x screens. Ask again after
``PaletteChange``: the drawing says ``currentColor``, which is the theme's text colour here.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap

from tpwng_core.files import asset
from tpwng_studio import theme

if TYPE_CHECKING:
    from PySide6.QtSvg import QSvgRenderer

# 16 for menus, 18 and 20 for bars, and twice of each for sharp screens.
SIZES_PX = (16, 18, 20, 32, 36, 40)
_FADED = 0.4


def icon(name: str, colour: QColor | None = None) -> QIcon:
    """The drawing ``assets/icons/<name>.svg`` in ``colour`` (the theme's text when None).

    Raises:
        ArtifactError: there is no such drawing.
    """
    return _icon(name, (colour or theme.current().text).rgba())


@lru_cache(maxsize=256)
def _icon(name: str, rgba: int) -> QIcon:
    colour = QColor.fromRgba(rgba)
    result = QIcon()
    for size in SIZES_PX:
        drawn = pixmap(name, colour, size)
        result.addPixmap(drawn, QIcon.Mode.Normal)
        result.addPixmap(_faded(drawn), QIcon.Mode.Disabled)
    return result


def pixmap(name: str, colour: QColor, size_px: int) -> QPixmap:
    """One drawing as a transparent picture of ``size_px`` by ``size_px`` pixels."""
    # Before the painter: Qt crashes if an error takes the picture away while it is painted on.
    renderer = _renderer(name, colour.name())
    picture = _blank(size_px)
    painter = QPainter(picture)
    painter.setOpacity(colour.alphaF())
    renderer.render(painter, QRectF(0, 0, size_px, size_px))
    painter.end()
    return picture


def app_icon() -> QIcon:
    """The program's own icon, the same in light and dark."""
    result = QIcon()
    for size in (16, 24, 32, 48, 64, 128, 256):
        result.addPixmap(pixmap("app", QColor("black"), size))
    return result


def _blank(size_px: int) -> QPixmap:
    picture = QPixmap(size_px, size_px)
    picture.fill(Qt.GlobalColor.transparent)
    return picture


def _faded(picture: QPixmap) -> QPixmap:
    result = _blank(picture.width())
    painter = QPainter(result)
    painter.setOpacity(_FADED)
    painter.drawPixmap(0, 0, picture)
    painter.end()
    return result


@lru_cache(maxsize=64)
def _renderer(name: str, colour: str) -> QSvgRenderer:
    from PySide6.QtSvg import QSvgRenderer  # only a window with icons pays for it

    drawing = asset(f"icons/{name}.svg").read_text(encoding="utf-8")
    return QSvgRenderer(QByteArray(drawing.replace("currentColor", colour).encode()))
