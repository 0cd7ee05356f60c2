"""What is found in the files of other programs: masks that have still to meet their pictures."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from gsal.arrays import Mask
from gsal.errors import ImageError, InputError

__all__ = ["MAX_PIXELS", "Drawn", "Findings", "MaskFormat", "damaged", "expect_shape"]

MAX_PIXELS = 200_000_000
"""No picture that can be imported has more, so no mask has."""


class MaskFormat(StrEnum):
    """How masks are written for, or by, other programs."""

    PNG = "png"
    COCO = "coco"
    LABELME = "labelme"
    CVAT = "cvat"


@dataclass(frozen=True, slots=True)
class Drawn:
    """The mask of one picture, not read yet.

    Attributes:
        file: Where it stands, as the user knows it.
        names: The picture's, most telling first; each with or without folders and ending.
        read: Gives the mask (H, W) bool for the (height, width) of the picture; raises InputError.
        picture_sha256: Of the picture's file; "" when the file does not say.
        source: What made the mask, if the file says so (`MaskSource`), else "".
        pixels_sha256: Of the mask when it was exported, where it may well be changed since; else "".
        is_empty_told: Whether a mask without a pixel says that there is no ink; else nobody may have looked.
    """

    file: str
    names: tuple[str, ...]
    read: Callable[[tuple[int, int]], Mask]
    picture_sha256: str = ""
    source: str = ""
    pixels_sha256: str = ""
    is_empty_told: bool = False


@dataclass(slots=True)
class Findings:
    """All that was found in a bundle.

    Attributes:
        drawn: Masks.
        skipped: How often each label occurs that is no ink, or each shape that has no area.
        problems: Error for each file or entry that cannot be used.
    """

    drawn: list[Drawn] = field(default_factory=list)
    skipped: dict[str, int] = field(default_factory=dict)
    problems: list[InputError] = field(default_factory=list)

    def skip(self, label: str) -> None:
        """Count a shape that is left out."""
        self.skipped[label] = self.skipped.get(label, 0) + 1


@contextmanager
def damaged(path: Path, what: str, remedy: str = "Export it again.") -> Iterator[None]:
    """Say which file it is whose content is not what its format promises."""
    try:
        yield
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, ArithmeticError) as error:
        raise InputError(path, what, remedy) from error


def expect_shape(path: Path, found: tuple[int, int], picture: tuple[int, int]) -> None:
    """Refuse a mask of another size than its picture, or of more pixels than any: it is not decoded then.

    Masks are never resized.

    Args:
        path: The mask's file.
        found: (height, width) of the mask.
        picture: (height, width) of the picture, upright.

    Raises:
        ImageError: They differ, or are too large.
    """
    if found[0] * found[1] > MAX_PIXELS:
        raise ImageError(path, f"the mask has more than {MAX_PIXELS // 10**6} megapixels", "Leave it out.")
    if found == picture:
        return
    sizes = f"the mask has {found[1]} x {found[0]} pixels, its picture {picture[1]} x {picture[0]}"
    if found == picture[::-1]:
        raise ImageError(path, sizes, "It lies on its side: draw on the upright picture (EXIF applied).")
    raise ImageError(path, sizes, "Masks are not resized.")
