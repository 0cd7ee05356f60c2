"""Small copies of pictures, made once and kept beside the project; read when they come into sight."""

import logging
import uuid
from collections import OrderedDict
from functools import partial
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, QTimer, Signal, Slot
from PySide6.QtGui import QIcon, QImage, QImageWriter, QPixmap

from app.jobs.background import Background
from gsal.images.loader import load_thumbnail
from gsal.project import Project
from gsal.records import ImageRecord

__all__ = ["THUMBNAIL_PX", "Thumbnails"]

_log = logging.getLogger(__name__)
THUMBNAIL_PX = 52
_QUALITY = 90
_KEPT = 2000
_THREADS = 2
_WANTED = 80


class Thumbnails(QObject):
    """A cache of thumbnails: the last ones in memory, all in the project's folder, by content.

    A copy on the disk is fresh pixels without any of the photograph's metadata, named after its SHA-256.

    Signals:
        ready(image_id): Its thumbnail can be had now.
    """

    ready = Signal(int)

    def __init__(self, project: Project, *, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._project = project
        self._background = Background("thumbnails", threads=_THREADS, parent=self)
        self._background.done.connect(self._take)
        self._background.failed.connect(self._give_up)
        self._kept: OrderedDict[int, QIcon | None] = OrderedDict()
        self._asked: dict[int, ImageRecord] = {}
        self._wanted: OrderedDict[int, ImageRecord] = OrderedDict()
        self._turn = QTimer(self)
        self._turn.setSingleShot(True)
        self._turn.timeout.connect(self._take_asked)
        self._in_flight: set[int] = set()

    def get(self, image: ImageRecord) -> QIcon | None:
        """Return the thumbnail if it is there; else have it read, and return None."""
        if image.id in self._kept:
            self._kept.move_to_end(image.id)
            return self._kept[image.id]
        if image.id not in self._in_flight:
            self._asked[image.id] = image
            if not self._turn.isActive():
                self._turn.start()
        return None

    def shut_down(self) -> None:
        """Wait for what is being read."""
        self._background.shut_down()

    @Slot()
    def _take_asked(self) -> None:
        # What was asked for at once is in sight, and is read from the top; others were scrolled past.
        for image_id, image in reversed(self._asked.items()):
            if image_id not in self._in_flight:
                self._wanted[image_id] = image
                self._wanted.move_to_end(image_id, last=False)
        self._asked.clear()
        while len(self._wanted) > _WANTED:
            self._wanted.popitem()
        self._read_next()

    def _read_next(self) -> None:
        while self._wanted and len(self._in_flight) < _THREADS:
            image_id, image = self._wanted.popitem(last=False)
            self._in_flight.add(image_id)
            self._background.submit(image_id, partial(_read, self._project, image))

    @Slot(object, object)
    def _take(self, image_id: int, image: QImage) -> None:
        thumbnail = QPixmap.fromImage(image)
        thumbnail.setDevicePixelRatio(2.0)
        self._keep(image_id, _untinted(thumbnail))

    @Slot(object, object)
    def _give_up(self, image_id: int, error: BaseException) -> None:
        # The row still names the picture; what is wrong with its file is said when it is opened.
        del error
        self._keep(image_id, None)

    def _keep(self, image_id: int, thumbnail: QIcon | None) -> None:
        self._in_flight.discard(image_id)
        self._kept[image_id] = thumbnail
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        self._read_next()
        self.ready.emit(image_id)


def _untinted(thumbnail: QPixmap) -> QIcon:
    # Qt tints what is selected, and a tinted dark lesion looks like ink.
    icon = QIcon(thumbnail)
    icon.addPixmap(thumbnail, QIcon.Mode.Selected)
    return icon


def _read(project: Project, image: ImageRecord) -> QImage:
    kept = _place(project, image)
    small = QImage()
    if kept.is_file() and small.load(str(kept)):
        return small
    small = _made(project.image_path(image))
    if not project.read_only:
        try:
            _keep_copy(kept, _jpeg(small))
        except OSError as error:
            _log.warning("The thumbnail of picture %d cannot be kept: %s", image.id, error.strerror)
    return small


def _place(project: Project, image: ImageRecord) -> Path:
    return project.folder / "cache" / "thumbnails" / image.sha256[:2] / f"{image.sha256}.jpg"


def _keep_copy(path: Path, data: bytes) -> None:
    # Whole or absent, but not flushed as results are: a copy that is lost is made again.
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{uuid.uuid4().hex}.tmp")
    try:
        temporary.write_bytes(data)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _made(path: Path) -> QImage:
    picture = load_thumbnail(path, side=2 * THUMBNAIL_PX)
    height, width = picture.shape[:2]
    return QImage(picture.tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888).copy()


def _jpeg(image: QImage) -> bytes:
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QImageWriter(buffer, QByteArray(b"jpg"))
    writer.setQuality(_QUALITY)
    writer.write(image)
    return bytes(data.data())
