"""The program's icon in the formats that systems ask for, from the one drawing."""

import os
from pathlib import Path

SIZES_PX = (16, 24, 32, 48, 64, 128, 256)
_LARGE_PX = 1024


def write_icons(drawing: Path, folder: Path) -> None:
    """Write gsal-N.png of all sizes, gsal.ico and gsal.icns into a folder.

    Args:
        drawing: SVG.
        folder: Is there.
    """
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PIL import Image
    from PySide6.QtCore import Qt
    from PySide6.QtGui import QGuiApplication, QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    application = QGuiApplication.instance() or QGuiApplication([])
    renderer = QSvgRenderer(str(drawing))
    for size in (*SIZES_PX, _LARGE_PX):
        image = QImage(size, size, QImage.Format.Format_ARGB32)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        renderer.render(painter)
        painter.end()
        image.save(str(folder / f"gsal-{size}.png"))
    del application
    with Image.open(folder / f"gsal-{_LARGE_PX}.png") as large:
        large.save(folder / "gsal.ico", sizes=[(size, size) for size in SIZES_PX])
        large.save(folder / "gsal.icns")
