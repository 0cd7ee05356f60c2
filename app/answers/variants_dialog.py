"""What a network sees: a picture as it is, without its ink, and without all but its ink, side by side."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.jobs.background import Background
from app.theme import PHOTO_GREY
from app.widgets.controls import label, push_button
from app.widgets.elided import ElidedLabel
from app.widgets.latest import Latest
from app.widgets.standard_buttons import name_buttons
from gsal.arrays import RgbImage
from gsal.audit.names import variant_name
from gsal.jobs.pictures.preview import Previewed, pictures_to_preview, preview
from gsal.jobs.predictions.predict import colour_of_all
from gsal.progress import JobContext
from gsal.project import Project
from gsal.records import ImageRecord, MaskSet, Variant

__all__ = ["VariantsDialog"]

_SIZE_PX = 224
_COLUMNS = 4


class VariantsDialog(QDialog):
    """Pictures with a mask, those with most ink first; each is made off the window's thread.

    Args:
        project: Whose pictures.
        parent: Under which it opens.
    """

    def __init__(self, project: Project, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("variantsDialog")
        self.setWindowTitle("What a network sees")
        self._project = project
        self._images: list[ImageRecord] = []
        self._at = 0
        self._fill: tuple[int, int, int] | None = None
        self.listing = Background("variants", parent=self)
        self.listing.done.connect(self._take_pictures)
        self.making = Latest("variant", parent=self)
        self.making.done.connect(self._show_variants)
        self.making.failed.connect(self._show_failure)
        self.name = ElidedLabel()
        self.name.setObjectName("previewedPicture")
        self.place = label(role="muted", name="previewedPlace")
        self.text = label(
            f"Every picture is {_SIZE_PX} by {_SIZE_PX} pixels, as a network is shown it.",
            role="muted",
            name="previewText",
            wrap=True,
        )
        self.back = push_button("previousPreview", "Previous", "Show the picture before this", key="Left")
        self.next = push_button("nextPreview", "Next", "Show the picture after this", key="Right")
        self.tiles = {variant: _Tile(variant) for variant in Variant}
        self._lay_out()
        self._show_place()
        self.listing.submit("pictures", partial(pictures_to_preview, project, MaskSet.BEST))

    @override
    def done(self, result: int) -> None:
        self.listing.shut_down()
        self.making.shut_down()
        super().done(result)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self.name, 1)
        top.addWidget(self.place)
        for button, key, step in ((self.back, "Left", -1), (self.next, "Right", 1)):
            button.setShortcut(key)
            button.setAutoDefault(False)
            button.clicked.connect(partial(self._go, step))
            top.addWidget(button)
        content = QWidget()
        grid = QGridLayout(content)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(16)
        for number, tile in enumerate(self.tiles.values()):
            grid.addWidget(tile, number // _COLUMNS, number % _COLUMNS, Qt.AlignmentFlag.AlignTop)
        grid.setColumnStretch(_COLUMNS, 1)
        grid.setRowStretch(grid.rowCount(), 1)
        area = QScrollArea()
        area.setObjectName("variantsArea")
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(content)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        name_buttons(buttons, "variantsDialog")
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addLayout(top)
        layout.addWidget(area, 1)
        layout.addWidget(self.text)
        layout.addWidget(buttons)
        self.resize(1016, 680)

    @Slot(object, object)
    def _take_pictures(self, key: object, result: object) -> None:
        if key == "colour":
            self._fill = result  # type: ignore[assignment]
        else:
            self._images = result  # type: ignore[assignment]
            if self._images:
                self.listing.submit("colour", partial(colour_of_all, self._project, _SIZE_PX, JobContext()))
        self._make()

    def _go(self, step: int) -> None:
        if self._images:
            self._at = (self._at + step) % len(self._images)
            self._make()

    def _make(self) -> None:
        self._show_place()
        if self._images:
            image = self._images[self._at]
            make = partial(
                preview, self._project, image, mask_set=MaskSet.BEST, size=_SIZE_PX, fill=self._fill
            )
            self.making.submit(image, make)

    def _show_place(self) -> None:
        for button in (self.back, self.next):
            button.setEnabled(len(self._images) > 1)
        if not self._images:
            self.name.show_text("No picture has an ink mask yet. Propose masks in the library first.")
            return
        image = self._images[self._at]
        self.name.show_text(image.name)
        self.name.setToolTip(image.path)
        self.place.setText(f"{self._at + 1:,} of {len(self._images):,}, those with most ink first")

    @Slot(object, object)
    def _show_variants(self, image: ImageRecord, made: Sequence[Previewed]) -> None:
        del image
        for one in made:
            self.tiles[one.variant].show_variant(one)

    @Slot(object, object)
    def _show_failure(self, image: ImageRecord, error: BaseException) -> None:
        del image
        for variant, tile in self.tiles.items():
            tile.show_variant(Previewed(variant, None, str(error) if variant is Variant.ORIGINAL else ""))


class _Tile(QWidget):
    """A picture on neutral grey with what was done to it below; or why there is none."""

    def __init__(self, variant: Variant) -> None:
        super().__init__()
        self.setObjectName(f"variant-{variant}")
        self.picture = label(name=f"picture-{variant}", wrap=True)
        self.picture.setFixedSize(_SIZE_PX, _SIZE_PX)
        self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.picture.setMargin(12)
        # Text on the grey behind photographs is the same in both themes.
        self.picture.setStyleSheet(f"QLabel {{ background: {PHOTO_GREY}; color: white }}")
        caption = label(_capital(variant_name(str(variant))), wrap=True)
        caption.setFixedWidth(_SIZE_PX)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.picture)
        layout.addWidget(caption)
        self.picture.setAccessibleName(caption.text())

    def show_variant(self, made: Previewed) -> None:
        """Show a picture, or why there is none."""
        self.picture.setMargin(0 if made.picture is not None else 12)
        if made.picture is None:
            self.picture.setText(made.why_not)
        else:
            self.picture.setPixmap(_pixmap(made.picture))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _pixmap(picture: RgbImage) -> QPixmap:
    height, width = picture.shape[:2]
    image = QImage(picture.tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888)
    return QPixmap.fromImage(image)
