"""Ink masks as they are kept: who or what made them, and for what."""

from dataclasses import dataclass
from enum import StrEnum

__all__ = [
    "Decision",
    "EncodedMask",
    "InkRule",
    "MaskRecord",
    "MaskSet",
    "MaskSource",
    "NewMask",
    "Purpose",
    "Reader",
    "ReaderKind",
    "Verdict",
]


class InkRule(StrEnum):
    """The three rule-based procedures of SPEC 2."""

    HUE = "hue"
    LAB = "lab"
    DARK = "dark"


class MaskSource(StrEnum):
    """What made a mask. Only HUMAN and ADJUDICATED count as human."""

    RULE = "rule"
    AUTOMATIC_PICK = "automatic-pick"
    MODEL = "model"
    EXACT = "exact"
    HUMAN = "human"
    ADJUDICATED = "adjudicated"


class MaskSet(StrEnum):
    """Which masks a figure rests on; BEST takes the first that a picture has, in this order."""

    BEST = "best"
    EXACT = "exact"
    ADJUDICATED = "adjudicated"
    HUMAN = "human"
    NETWORK = "network"
    RULE = "rule"


class Purpose(StrEnum):
    """What a reader looked at a picture for; readers of different purposes never meet."""

    REVIEW = "review"
    VALIDATION = "validation"
    SECOND_READING = "second-reading"
    ADJUDICATION = "adjudication"


class Verdict(StrEnum):
    """What a reader decided about a picture."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    FLAGGED = "flagged"
    CANNOT_JUDGE = "cannot-judge"


class ReaderKind(StrEnum):
    """Who a reader is."""

    EXPERT = "expert"
    RESEARCHER = "researcher"
    DEVELOPER = "developer"


@dataclass(frozen=True, slots=True)
class Reader:
    """A person who judges masks."""

    id: int
    name: str
    kind: ReaderKind


@dataclass(frozen=True, slots=True)
class EncodedMask:
    """A mask as stored: cropped to the bounding box of its ink, packed to bits, compressed.

    Attributes:
        height, width: Of the whole mask, in pixels.
        top, left, box_height, box_width: The bounding box; all 0 when the mask is empty.
        data: zlib level 1 of numpy.packbits of the box, row by row.
        sha256: Of shape, box and data; verified whenever a mask is read.
    """

    height: int
    width: int
    top: int
    left: int
    box_height: int
    box_width: int
    data: bytes
    sha256: str


@dataclass(frozen=True, slots=True)
class NewMask:
    """A mask to be kept as a new revision.

    Attributes:
        uuid: Made by the client, so that a repeated write is no duplicate.
        image_id: The picture.
        encoded: The mask itself.
        source: What made it.
        ink_px: Ink pixels at the reference size (SPEC 1), unrounded.
        rule: For RULE, and the rule taken for AUTOMATIC_PICK ("" when none was).
        model_id: For MODEL.
        reader_id: For HUMAN and ADJUDICATED.
        purpose: For HUMAN and ADJUDICATED.
        parent_id: The revision it began from, e.g. the proposal that was taken.
        tool: Tool of the last change ("brush", "eraser", "proposal").
        pixels_added, pixels_removed: Against the parent.
        active_s: Seconds the reader worked on it.
        threshold: For MODEL, the probability above which a pixel is ink.
    """

    uuid: str
    image_id: int
    encoded: EncodedMask
    source: MaskSource
    ink_px: float
    rule: str = ""
    model_id: int | None = None
    reader_id: int | None = None
    purpose: Purpose = Purpose.REVIEW
    parent_id: int | None = None
    tool: str = ""
    pixels_added: int = 0
    pixels_removed: int = 0
    active_s: float = 0.0
    threshold: float | None = None


@dataclass(frozen=True, slots=True)
class MaskRecord:
    """A stored revision without its pixels, which `store.masks.load(record.id)` brings."""

    id: int
    uuid: str
    image_id: int
    source: MaskSource
    rule: str
    model_id: int | None
    reader_id: int | None
    purpose: Purpose
    parent_id: int | None
    ink_px: float
    sha256: str
    threshold: float | None
    created: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What a reader decided about a picture, and on which mask."""

    image_id: int
    reader_id: int
    purpose: Purpose
    verdict: Verdict
    revision_id: int | None
    active_s: float
    created: str
