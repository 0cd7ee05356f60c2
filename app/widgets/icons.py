"""Icons of one family (Material Design Icons), outlines that take the theme's colours."""

from functools import cache
from importlib.resources import files

from PySide6.QtCore import QByteArray, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

__all__ = ["application_icon", "icon"]

_SIZES_PX = (18, 36, 72)
"""For screens of one, two and four pixels per point."""

_APPLICATION_PX = (16, 32, 64, 128, 256)


def application_icon() -> QIcon:
    """Return the program's own icon, in its own colours."""
    renderer = QSvgRenderer(QByteArray((files("resources") / "icons" / "gsal.svg").read_bytes()))
    made = QIcon()
    for side in _APPLICATION_PX:
        made.addPixmap(_drawn(renderer, side))
    return made


def icon(name: str, *, colour: QColor, disabled: QColor) -> QIcon:
    """Return an icon in two colours.

    Args:
        name: Of a file in resources/icons/mdi, without its ending.
        colour: Of the icon.
        disabled: Of the icon on a control that is disabled.
    """
    made = QIcon()
    for mode, tint in ((QIcon.Mode.Normal, colour), (QIcon.Mode.Disabled, disabled)):
        renderer = QSvgRenderer(QByteArray(_outline(name).replace("currentColor", tint.name()).encode()))
        for side in _SIZES_PX:
            made.addPixmap(_drawn(renderer, side), mode)
    return made


def _drawn(renderer: QSvgRenderer, side: int) -> QPixmap:
    pixmap = QPixmap(QSize(side, side))
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    renderer.render(painter)
    painter.end()
    return pixmap


@cache
def _outline(name: str) -> str:
    return (files("resources") / "icons" / "mdi" / f"{name}.svg").read_text(encoding="utf-8")
