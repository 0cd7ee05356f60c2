"""The members of a cohort, what they came to, and what every cohort must have."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from gsal.cohorts.co_occurrence import CoOccurrence, table
from gsal.cohorts.picture import Picture, by_id
from gsal.errors import CohortError

__all__ = ["MINIMUM_PICTURES", "Selection", "admit", "require_ink", "select"]

MINIMUM_PICTURES = 10
"""Fewer training pictures in all than this are refused unless the caller asks for less."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Chosen training pictures.

    Attributes:
        image_ids: Ascending.
        table: Counts by class and ink.
        notes: Sentences for the user: what had to give way, and what it cost.
        details: What else the rule came to (ratio, pictures left out ...), JSON-ready.
        inked_ids: Those that were inked when they were chosen, ascending.
    """

    image_ids: tuple[int, ...]
    table: CoOccurrence
    notes: tuple[str, ...] = ()
    details: dict[str, Any] = field(default_factory=dict)
    inked_ids: tuple[int, ...] = ()

    @property
    def achieved(self) -> dict[str, Any]:
        """Counts, rates, Cramer's V, details, notes and who is inked, for `CohortRecord.achieved`."""
        return {
            **self.table.to_json(),
            **self.details,
            "notes": list(self.notes),
            "inked_ids": list(self.inked_ids),
        }


def admit(
    pictures: Iterable[Picture], classes: Sequence[str], *, exclude: Collection[str] = ()
) -> tuple[list[Picture], tuple[str, ...], list[str]]:
    """Return the pictures of the wanted classes by id, those classes, and notes on what is left out.

    Raises:
        CohortError: A class to exclude is unknown, fewer than two are left, or one has no pictures.
    """
    if unknown := sorted(set(exclude) - set(classes)):
        raise CohortError(f"There is no class {_names(unknown)}; the classes are {_names(classes)}.")
    wanted = tuple(name for name in classes if name not in exclude)
    if len(wanted) < 2:
        raise CohortError(f"A classifier needs at least two classes; got {_names(wanted) or 'none'}.")
    everything = by_id(pictures)
    admitted = [picture for picture in everything if picture.label in wanted]
    present = {picture.label for picture in admitted}
    if missing := [name for name in wanted if name not in present]:
        raise CohortError(
            f"No training pictures of class {_names(missing)}. Import some, or leave the class out."
        )
    notes = [f"Class {name} is left out as asked." for name in classes if name in exclude]
    return admitted, wanted, notes


def require_ink(pictures: Iterable[Picture], classes: Sequence[str], *, minimum: int) -> CoOccurrence:
    """Return the counts of the pictures.

    Raises:
        CohortError: A class has no inked picture, or fewer than the minimum.
    """
    counts = table(pictures, classes)
    if bare := [name for name in classes if counts.inked_by_class[name] == 0]:
        raise CohortError(
            f"No training picture of class {_names(bare)} has ink. Review its masks, or leave the class out."
        )
    few = [
        f"{name} ({counts.inked_by_class[name]})" for name in classes if counts.inked_by_class[name] < minimum
    ]
    if few:
        raise CohortError(
            f"Too few inked training pictures: {_names(few)}; {minimum} per class are needed. "
            "Import more, leave the class out, or lower the minimum."
        )
    return counts


def select(
    chosen: Iterable[Picture],
    classes: Sequence[str],
    *,
    minimum: int,
    notes: Iterable[str] = (),
    details: dict[str, Any] | None = None,
) -> Selection:
    """Make the selection of the chosen pictures.

    Raises:
        CohortError: A class came out empty, or there are fewer pictures than the minimum.
    """
    members = by_id(chosen)
    counts = table(members, classes)
    if empty := [name for name in classes if counts.n_by_class[name] == 0]:
        raise CohortError(
            f"The cohort would hold no pictures of class {_names(empty)}. Choose other settings."
        )
    if len(members) < minimum:
        raise CohortError(
            f"The cohort would hold {len(members)} training pictures, too few to train on; {minimum} are "
            "needed. Import more pictures, or lower the minimum."
        )
    return Selection(
        tuple(picture.image_id for picture in members),
        counts,
        tuple(notes),
        details or {},
        tuple(picture.image_id for picture in members if picture.inked),
    )


def _names(names: Iterable[str]) -> str:
    return ", ".join(names)
