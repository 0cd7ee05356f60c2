"""What is looked at, written to a PNG file."""

from dataclasses import dataclass
from pathlib import Path

from app.maps.photograph import Photograph
from app.maps.words import figure_lines, figure_texts
from gsal.audit.names import method_name
from gsal.files import replacing
from gsal.jobs.saliency.look import PictureMap
from gsal.records import MaskSet
from gsal.saliency.overlay import Look

__all__ = ["Shown", "ShownMap", "suggested_name", "write_sheet"]


@dataclass(frozen=True, slots=True, eq=False)
class ShownMap:
    """A map as it is shown.

    Attributes:
        number: Of the class explained.
        limit: The value at the end of its scale.
    """

    made: PictureMap
    number: int
    limit: float

    @property
    def class_name(self) -> str:
        """Of the class explained."""
        return self.made.classes[self.number]


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """All that is shown at a time: a picture, and at least one map.

    Attributes:
        learned: Which of the networks was trained on the picture, in words; "" for none.
    """

    photograph: Photograph
    maps: tuple[ShownMap, ...]
    mask_set: MaskSet
    look: Look
    learned: str = ""


def suggested_name(shown: Shown) -> str:
    """Return a name for the file."""
    from gsal.saliency.sheet import file_name

    classes = dict.fromkeys(one.class_name for one in shown.maps)
    return file_name(
        shown.photograph.image.name,
        [one.made.model for one in shown.maps],
        str(shown.maps[0].made.method),
        "-".join(classes),
    )


def write_sheet(shown: Shown, path: Path) -> Path:
    """Write picture, mask and maps side by side; return where.

    Raises:
        OSError: The file cannot be written.
    """
    from PIL import Image

    from gsal.saliency.sheet import SheetMap, compose

    photograph = shown.photograph
    learned = (shown.learned,) if shown.learned else ()
    image, mask = photograph.image, photograph.mask
    sheet = compose(
        photograph.pixels,
        photograph.ink,
        [
            SheetMap(_title(one), one.made.maps[one.number], one.limit, _lines(one, image.label))
            for one in shown.maps
        ],
        shown.look,
        about_picture=(
            image.name,
            f"True class: {image.label or 'not known'}",
            *learned,
            *_outlines(shown),
        ),
        about_mask=(
            "Ink mask",
            f"From the {shown.mask_set} masks",
            "" if mask is None else f"{mask.ink_px:,.0f} px of ink at the reference size",
        ),
    )
    with replacing(path) as temporary:
        Image.fromarray(sheet).save(temporary, format="PNG")
    return path


def _title(one: ShownMap) -> str:
    return f"{one.made.model} · {method_name(one.made.method)} · {one.class_name}"


def _lines(one: ShownMap, label: str | None) -> tuple[str, ...]:
    return figure_lines(figure_texts(one.made, one.number, label))


def _outlines(shown: Shown) -> list[str]:
    lines = []
    if shown.look.shows_ink and shown.photograph.ink is not None:
        lines.append("White outline: ink")
    if shown.look.shows_peak:
        lines.append("Yellow outline: the most salient 2 %")
    return lines
