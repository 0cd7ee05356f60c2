"""Everything the review of one picture needs, read in one go off the window's thread."""

from dataclasses import dataclass

import cv2
import numpy as np

from app.review.canvas.pyramid import Pyramid
from gsal.arrays import Mask
from gsal.images.geometry import resize_mask
from gsal.jobs.mask_making import read_picture
from gsal.masks import codec
from gsal.project import Project
from gsal.records import ImageRecord, MaskRecord, MaskSource, Purpose, Verdict

__all__ = ["OpenedPicture", "Proposal", "at_size", "open_picture"]

_NETWORK_KEY = 4


@dataclass(frozen=True, slots=True, eq=False)
class Proposal:
    """A mask a reader may begin from.

    Attributes:
        key: 1-3 for the rules in their fixed order, 4 for the network.
        mask: At the size it is kept in.
    """

    key: int
    record: MaskRecord
    mask: Mask

    @property
    def ink_share(self) -> float:
        """Share of the picture that is ink."""
        return float(self.mask.mean()) if self.mask.size else 0.0


@dataclass(frozen=True, slots=True, eq=False)
class OpenedPicture:
    """A picture ready to be looked at.

    Attributes:
        mask: (H, W) bool to begin with: what the reader left, else the best there is, else empty.
        parent: The revision that mask is; None for an empty start.
        is_own: Whether that revision is the reader's own.
        proposals: Those there are.
        verdict: The reader's last one.
    """

    image: ImageRecord
    pyramid: Pyramid
    mask: Mask
    parent: MaskRecord | None
    is_own: bool
    proposals: tuple[Proposal, ...]
    verdict: Verdict | None

    @property
    def origin(self) -> str:
        """Where the mask to begin with came from, in words."""
        if self.parent is None:
            return "no mask yet"
        return "your mask" if self.is_own else f"from: {_source_text(self.parent)}"

    def proposal(self, key: int) -> Proposal | None:
        """Return the proposal on a key."""
        return next((p for p in self.proposals if p.key == key), None)


def open_picture(project: Project, image_id: int, reader_id: int | None) -> OpenedPicture:
    """Read picture, proposals and the reader's last state.

    Raises:
        ImageError: The picture is gone or cannot be read.
        ProjectDamaged: A mask is damaged.
    """
    store = project.store
    image = store.images.get(image_id)
    picture = read_picture(project, image)
    height, width = picture.shape[:2]
    own = decision = None
    if reader_id is not None:
        own = store.masks.head(image_id, reader_id, Purpose.REVIEW)
        decision = store.decisions.latest(image_id, reader_id, Purpose.REVIEW)
    parent = own or store.masks.best([image_id]).get(image_id)
    start = codec.decode(store.masks.load(parent.id)) if parent else None
    return OpenedPicture(
        image=image,
        pyramid=Pyramid(picture),
        mask=np.zeros((height, width), np.bool_) if start is None else at_size(start, height, width),
        parent=parent,
        is_own=own is not None,
        proposals=_proposals(project, image_id),
        verdict=decision.verdict if decision else None,
    )


def _source_text(record: MaskRecord) -> str:
    match record.source:
        case MaskSource.RULE:
            return f"rule {record.rule}"
        case MaskSource.AUTOMATIC_PICK:
            return f"automatic pick {record.rule}".rstrip()
        case MaskSource.MODEL:
            return "BiSeNet"
        case MaskSource.EXACT:
            return "exact mask"
        case _:
            return f"{record.source} mask"


def at_size(mask: Mask, height: int, width: int) -> Mask:
    """Return a mask at a picture's size; enlarging is quick also at 24 megapixels."""
    if mask.shape == (height, width):
        return mask
    if mask.shape[0] > height or mask.shape[1] > width:
        return resize_mask(mask, height=height, width=width)
    larger = cv2.resize(mask.astype(np.uint8), (width, height), interpolation=cv2.INTER_NEAREST_EXACT)
    return larger.astype(np.bool_)


def _proposals(project: Project, image_id: int) -> tuple[Proposal, ...]:
    records = project.store.masks.proposals(image_id)
    rules = [r for r in records if r.source is MaskSource.RULE]
    keyed = list(enumerate(rules, start=1))
    keyed += [(_NETWORK_KEY, r) for r in records if r.source is MaskSource.MODEL][:1]
    return tuple(Proposal(key, r, codec.decode(project.store.masks.load(r.id))) for key, r in keyed)
