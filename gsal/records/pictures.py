"""Pictures as the project knows them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import compress

from gsal.records.patients import known_patient, patient_key

__all__ = ["ImageRecord", "ImageTable", "NewImage", "Side"]


class Side(StrEnum):
    """The side of the project's one split that a picture and its patient are on."""

    TRAINING = "training"
    VALIDATION = "validation"


@dataclass(frozen=True, slots=True)
class NewImage:
    """A picture that was read once and found good.

    Attributes:
        path: Relative to the root folder, with forward slashes.
        sha256: Of the file's bytes.
        size_bytes: Of the file.
        mtime_ns: Of the file.
        width: Upright, in pixels.
        height: Upright, in pixels.
        label: Class name, or None.
        patient_id: Empty when unknown.
        lesion_id: Empty when unknown.
        extra: Other columns of the labels table, by name.
    """

    path: str
    sha256: str
    size_bytes: int
    mtime_ns: int
    width: int
    height: int
    label: str | None = None
    patient_id: str = ""
    lesion_id: str = ""
    extra: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ImageRecord:
    """A picture of the project.

    Attributes:
        id: Number within the project.
        root: Name of the root folder its path is relative to.
        side: Where the split put it; None before the first cohort, and for pictures without a label.
        disagreement: 1 - mean pairwise Dice of its rule masks; None before they are proposed.
        uncertainty: Of the network that masked it last; higher is less certain, None before one did.
        size_bytes: Of the file when it was imported.
        mtime_ns: Of the file when it was imported.
    """

    id: int
    root: str
    path: str
    sha256: str
    width: int
    height: int
    label: str | None
    patient_id: str
    lesion_id: str
    side: Side | None
    disagreement: float | None
    extra: dict[str, str] = field(default_factory=dict)
    size_bytes: int = 0
    mtime_ns: int = 0
    uncertainty: float | None = None

    @property
    def name(self) -> str:
        """The file's name without folders."""
        return self.path.rsplit("/", 1)[-1]

    @property
    def patient(self) -> str:
        """Its patient, else its lesion, else itself; `patient_groups` says which must not be parted."""
        return patient_key(self.id, self.patient_id, self.lesion_id)

    @property
    def known_patient(self) -> str:
        """What it has in common with others, in intervals; "" where neither patient nor lesion is known."""
        return known_patient(self.id, self.patient_id, self.lesion_id)


@dataclass(frozen=True, slots=True, eq=False)
class ImageTable:
    """Pictures as columns, by ascending number, where a record for each would take too long.

    Attributes:
        ids: Their numbers.
        paths: Likewise.
        labels: Likewise; None for none.
        patients: `ImageRecord.known_patient` of each.
    """

    ids: tuple[int, ...]
    paths: tuple[str, ...]
    labels: tuple[str | None, ...]
    patients: tuple[str, ...]

    def kept(self, keep: Sequence[bool]) -> "ImageTable":
        """Return the rows for which `keep` is true."""
        return ImageTable(
            tuple(compress(self.ids, keep)),
            tuple(compress(self.paths, keep)),
            tuple(compress(self.labels, keep)),
            tuple(compress(self.patients, keep)),
        )
