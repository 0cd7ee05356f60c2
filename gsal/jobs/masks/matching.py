"""Which picture a mask of another program belongs to: by the picture's hash, or else by its name."""

import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from pathlib import PurePosixPath

from gsal.errors import InputError
from gsal.masks.foreign import Drawn
from gsal.records import ImageRecord

__all__ = ["PicturesByName"]

_SHOWN = 3


class PicturesByName:
    """The pictures of a project under all the names that other programs call them by.

    These are root and path, path, and bare name, each with and without its ending.
    """

    def __init__(self, images: Sequence[ImageRecord]) -> None:
        self._by_sha256 = {image.sha256: image for image in images}
        self._by_name: dict[str, dict[int, ImageRecord]] = defaultdict(dict)
        for image in images:
            path = PurePosixPath(image.path)
            for spelling in (path, path.with_suffix("")):
                for name in (image.root / spelling, spelling, spelling.name):
                    self._by_name[_composed(str(name))][image.id] = image

    def of(self, drawn: Drawn) -> ImageRecord:
        """Return the picture of a mask.

        Raises:
            InputError: None has its hash or name, or several have its name.
        """
        if image := self._by_sha256.get(drawn.picture_sha256):
            return image
        found = next(filter(None, map(self.named, drawn.names)), [])
        if not found:
            raise InputError(drawn.file, "no picture of this name", "Name masks like their pictures.")
        if len(found) > 1:
            several = ", ".join(f"{image.root}/{image.path}" for image in found[:_SHOWN])
            remedy = "Name masks by path and whole name: MEL/a.jpg.png for MEL/a.jpg."
            raise InputError(drawn.file, f"{len(found)} pictures have this name ({several})", remedy)
        return found[0]

    def named(self, name: str) -> list[ImageRecord]:
        """Return the pictures that have the longest end of a path for a name."""
        parts = PurePosixPath(_composed(name).replace("\\", "/")).parts
        ends = ("/".join(parts[start:]) for start in range(len(parts)))
        return list(next((self._by_name[end] for end in ends if end in self._by_name), {}).values())


def _composed(name: str) -> str:
    """Return a name in composed Unicode: macOS writes ä as a and its dots."""
    return unicodedata.normalize("NFC", name)
