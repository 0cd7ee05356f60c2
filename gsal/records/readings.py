"""What a reader did to a mask, step by step."""

from dataclasses import dataclass
from enum import StrEnum

from gsal.records.masks import Purpose

__all__ = ["EncodedDelta", "NewReading", "NewStep", "Reading", "Step", "StepKind"]


class StepKind(StrEnum):
    """What a step is.

    UNDO takes back the last step that stands, REDO brings the last one taken back again. NOTE changes no
    pixel and cannot be undone by itself: the mask as the last step that stands left it (or as the reading
    began) is a beginning that the reader took; it comes and goes with that step.
    """

    DO = "do"
    NOTE = "note"
    UNDO = "undo"
    REDO = "redo"


@dataclass(frozen=True, slots=True)
class EncodedDelta:
    """What one step changed, as stored.

    Attributes:
        data: Compressed tiles, before XOR after.
        sha256: Of data; verified whenever a delta is read.
    """

    data: bytes
    sha256: str


@dataclass(frozen=True, slots=True)
class NewReading:
    """One sitting of one reader with one picture, to be kept.

    Attributes:
        uuid: Made by the client, so that a repeated write is no duplicate.
        start_id: The revision whose pixels the steps begin on; None for an empty start.
        height, width: Of the mask the steps change, in pixels.
        is_blank_start: Whether it began empty because the picture belongs to the share that does, so that
            what readers make of proposals can be compared with what they make of none.
    """

    uuid: str
    image_id: int
    reader_id: int
    purpose: Purpose
    start_id: int | None
    height: int
    width: int
    is_blank_start: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """A stored reading; see NewReading."""

    id: int
    uuid: str
    image_id: int
    reader_id: int
    purpose: Purpose
    start_id: int | None
    height: int
    width: int
    is_blank_start: bool
    created: str


@dataclass(frozen=True, slots=True)
class NewStep:
    """One change of a reading's mask, to be kept as soon as it was made.

    Attributes:
        uuid: Made by the client, so that a repeated write is no duplicate.
        tool: "brush", "eraser", "proposal" ...
        delta: What changed, compressed; b"" for all but DO.
        delta_sha256: Of delta.
        pixels_added, pixels_removed: By this step.
        proposal_id: The revision taken in this step (of a rule or a network).
        is_begin: Whether it laid down a new beginning, a proposal or nothing, and did nothing else.
        active_s: Seconds the reader worked on this reading so far.
    """

    uuid: str
    reading_uuid: str
    kind: StepKind
    tool: str
    delta: bytes
    delta_sha256: str
    pixels_added: int
    pixels_removed: int
    proposal_id: int | None
    is_begin: bool
    active_s: float


@dataclass(frozen=True, slots=True)
class Step:
    """A stored step without its delta, which `store.readings.deltas([step.id])` brings."""

    id: int
    kind: StepKind
    tool: str
    pixels_added: int
    pixels_removed: int
    proposal_id: int | None
    is_begin: bool
    active_s: float
    created: str
