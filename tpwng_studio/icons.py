"""Icons of the window: our own SVG drawings of assets/icons, in the colours of the theme.

In: a drawing's name. Out: a sharp ``QIcon`` for 1x to 3x screens. Ask again after
``PaletteChange``: the drawing says ``currentColor``, which is the theme's text colour here.
"""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap

from tpwng_core.files import asset
from tpwng_studio import theme

SIZES_PX = (16, 20, 24, 32, 48, 64, 96)


def icon(name: str, colour: QColor | None = None) -> QIcon:
    """The drawing ``assets/icons/<name>.svg`` in ``colour`` (the theme's text when None).

    Raises:
        ArtifactError: there is no such drawing.
    """
    values = theme.current()
    faded = QColor(colour or values.text)
    faded.setAlphaF(0.4)
    result = QIcon()
    for size in SIZES_PX:
        for mode, tint in (
            (QIcon.Mode.Normal, colour or values.text),
            (QIcon.Mode.Disabled, faded),
        ):
            result.addPixmap(pixmap(name, tint, size), mode)
    return result


def pixmap(name: str, colour: QColor, size_px: int) -> QPixmap:
    """One drawing as a transparent picture of ``size_px`` by ``size_px`` pixels."""
    from PySide6.QtSvg import QSvgRenderer  # only a window with icons pays for it

    source = _drawing(name).replace("currentColor", colour.name())
    picture = QPixmap(size_px, size_px)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setOpacity(colour.alphaF())
    QSvgRenderer(QByteArray(source.encode())).render(painter, QRectF(0, 0, size_px, size_px))
    painter.end()
    return picture


def app_icon() -> QIcon:
    """The program's own icon, the same in light and dark."""
    result = QIcon()
    for size in (16, 24, 32, 48, 64, 128, 256):
        result.addPixmap(pixmap("app", QColor("black"), size))
    return result


@cache
def _drawing(name: str) -> str:
    return asset(f"icons/{name}.svg").read_text(encoding="utf-8")
