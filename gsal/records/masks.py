"""Ink masks as they are kept: who or what made them, and for what."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

__all__ = [
    "Decision",
    "EncodedMask",
    "EncodedProbabilities",
    "InkRule",
    "MaskRecord",
    "MaskSet",
    "MaskSource",
    "MaskTable",
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
    """What a reader looked at a picture for; readers of different purposes never meet.

    REPEAT is the same reader's second look at a picture, without being told.
    """

    REVIEW = "review"
    VALIDATION = "validation"
    SECOND_READING = "second-reading"
    REPEAT = "repeat"
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
class EncodedProbabilities:
    """A network's ink probabilities as stored, so that its threshold can be moved without the network.

    Attributes:
        height, width: Of the map, in pixels; smaller than the mask's where the network worked smaller.
        levels: Steps from 0 to 1 that were kept.
        data: Compressed; what made it says how to read it.
        sha256: Of shape, levels and data; verified whenever a map is read.
    """

    height: int
    width: int
    levels: int
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
        rule: For RULE.
        model_id: For MODEL.
        reader_id: For HUMAN and ADJUDICATED.
        purpose: For HUMAN and ADJUDICATED.
        parent_id: The revision it began from, e.g. the proposal that was taken; None for an empty start.
        tool: Tool of the last change ("brush", "eraser", "proposal").
        pixels_added, pixels_removed: Against the parent.
        active_s: Seconds the reader worked on it.
        threshold: For MODEL, the probability above which a pixel is ink.
        reading_uuid: For HUMAN and ADJUDICATED, the reading it came out of.
        step_uuid: The last step of that reading it holds.
        probabilities: For MODEL, what it was cut from.
        is_current: For HUMAN and ADJUDICATED, whether it is what the reader goes on with; for others, whether
            it takes the place of the mask that its set had. False keeps it beside that.
        settings: For RULE and MODEL, what it was made with, as JSON has it.
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
    reading_uuid: str | None = None
    step_uuid: str | None = None
    probabilities: EncodedProbabilities | None = None
    is_current: bool = True
    settings: dict[str, Any] | None = None


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
    reading_id: int | None = None
    step_id: int | None = None
    tool: str = ""
    pixels_added: int = 0
    pixels_removed: int = 0
    active_s: float = 0.0
    settings: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class MaskTable:
    """The masks of a mask set as columns, where a record for each would take too long.

    Attributes:
        image_ids: Their pictures.
        sha256: Of their pixels.
        sources: What made them.
    """

    image_ids: tuple[int, ...]
    sha256: tuple[str, ...]
    sources: tuple[str, ...]

    @property
    def hashes(self) -> dict[int, str]:
        """SHA-256 by picture."""
        return dict(zip(self.image_ids, self.sha256, strict=True))

    @property
    def source_of(self) -> dict[int, str]:
        """What made the mask, by picture."""
        return dict(zip(self.image_ids, self.sources, strict=True))


@dataclass(frozen=True, slots=True)
class Decision:
    """What a reader decided about a picture, and on which mask.

    Attributes:
        revision_id: The mask it was decided on; None without one.
        active_s: Seconds the reader worked on it.
        created: When, filled in by storage.
        uuid: Made by the client, so that a repeated write is no duplicate; "" for none.
        id: Number, filled in by storage; a later decision has a higher one.
        reading_id: The reading it ended, filled in by storage.
        reading_uuid: The same as the client knows it, when it is written; "" for none.
        seen_id: The picture's last review that its reader knew of, 0 for none; None if that is not asked.
        overtook: Name of another reader who reviewed the picture since `seen_id`, filled in by storage when
            it is written; "" for nobody.
    """

    image_id: int
    reader_id: int
    purpose: Purpose
    verdict: Verdict
    revision_id: int | None
    active_s: float
    created: str
    uuid: str = ""
    id: int | None = None
    reading_id: int | None = None
    reading_uuid: str = ""
    seen_id: int | None = None
    overtook: str = ""
