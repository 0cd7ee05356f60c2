"""Cohorts with P(ink | class) set at will: the ladder of the bias laboratory."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from gsal.cohorts.membership import MINIMUM_PICTURES, Selection, admit, select
from gsal.cohorts.picture import Picture, random_order
from gsal.cohorts.quotas import exact, quota
from gsal.errors import CohortError

__all__ = ["rates"]


@dataclass(frozen=True, slots=True)
class _Supply:
    """The pictures of one class, in the one random order that all levels share.

    Attributes:
        twins: Lesions with an inked and an uninked picture, one of each.
        inked: Inked pictures of other lesions.
        uninked: Uninked pictures of other lesions.
    """

    twins: list[tuple[Picture, Picture]]
    inked: list[Picture]
    uninked: list[Picture]

    def holds(self, inked: int, uninked: int) -> bool:
        """Whether so many can be taken, with one picture per twin lesion."""
        from_twins = max(0, inked - len(self.inked)) + max(0, uninked - len(self.uninked))
        return from_twins <= len(self.twins)

    def take(self, inked: int, uninked: int) -> list[Picture]:
        """Return prefixes of fixed orders, the uninked one running through the twins backwards.

        A higher quota of inked pictures therefore contains every inked picture of a lower one.
        """
        inked_order = [*self.inked, *(twin[0] for twin in self.twins)]
        uninked_order = [*self.uninked, *(twin[1] for twin in reversed(self.twins))]
        return [*inked_order[:inked], *uninked_order[:uninked]]


def rates(
    pictures: Iterable[Picture],
    classes: Sequence[str],
    *,
    ink_rates: Mapping[str, float],
    rng: np.random.Generator,
    exclude: Collection[str] = (),
    minimum_pictures: int = MINIMUM_PICTURES,
) -> Selection:
    """Set P(ink | class) for each class: round(P n_c) inked pictures out of n_c, halves rounded up.

    Where a lesion has inked and uninked pictures (twins), exactly one picture of it is taken, so a class
    of twins keeps all its lesions at every rate. Other pictures are sub-sampled to the largest n_c that
    has the rate. Levels are nested: with an equal generator state, raising the rate of a class of twins
    only exchanges uninked pictures for their inked twins.

    Args:
        pictures: Of the training side.
        classes: The project's classes, in order.
        ink_rates: P(ink | class) from 0 to 1 for every class that is not excluded.
        rng: Decides which pictures; what it draws does not depend on the rates.
        exclude: Classes to leave out.
        minimum_pictures: Pictures that the cohort must have.

    Raises:
        CohortError: A rate is missing, impossible or needs pictures that a class does not have.
    """
    admitted, wanted, notes = admit(pictures, classes, exclude=exclude)
    asked = _checked(ink_rates, wanted)
    supply = _supplies(random_order(admitted, rng), wanted)
    chosen: list[Picture] = []
    for name in wanted:
        n = _largest_n(supply[name], asked[name])
        inked = quota(asked[name], n)
        if n == 0:
            raise CohortError(
                f"P(ink | {name}) = {float(asked[name]):g} cannot be had: of its training pictures "
                f"{_counted(supply[name])}. Choose another rate, or leave the class out."
            )
        chosen += supply[name].take(inked, n - inked)
        notes += _left_out(name, supply[name], n)
    return select(
        chosen,
        wanted,
        minimum=minimum_pictures,
        notes=notes,
        details={"ink_rates_asked": {name: float(asked[name]) for name in wanted}},
    )


def _checked(ink_rates: Mapping[str, float], classes: Sequence[str]) -> dict[str, Fraction]:
    if missing := [name for name in classes if name not in ink_rates]:
        raise CohortError(f"No ink rate given for class {', '.join(missing)}.")
    if wrong := [f"{name} = {ink_rates[name]:g}" for name in classes if not 0 <= ink_rates[name] <= 1]:
        raise CohortError(f"An ink rate is a number from 0 to 1; got {', '.join(wrong)}.")
    return {name: exact(ink_rates[name]) for name in classes}


def _supplies(ordered: list[Picture], classes: Sequence[str]) -> dict[str, _Supply]:
    by_lesion: dict[tuple[str, str, str], list[Picture]] = {}
    for picture in ordered:
        # A lesion number may be counted anew for each patient; without one a picture stands alone.
        lesion = picture.lesion_id or f"\0{picture.image_id}"
        by_lesion.setdefault((picture.label, picture.patient, lesion), []).append(picture)
    supplies = {name: _Supply([], [], []) for name in classes}
    for (name, _, _), group in by_lesion.items():
        inked = [picture for picture in group if picture.inked]
        uninked = [picture for picture in group if not picture.inked]
        if inked and uninked:
            supplies[name].twins.append((inked[0], uninked[0]))
        else:
            supplies[name].inked.extend(inked)
            supplies[name].uninked.extend(uninked)
    return supplies


def _largest_n(supply: _Supply, rate: Fraction) -> int:
    """Return the largest class size whose quotas can be taken, by bisection: both quotas grow with it."""
    low, high = 0, len(supply.twins) + len(supply.inked) + len(supply.uninked)
    while low < high:
        middle = (low + high + 1) // 2
        inked = quota(rate, middle)
        if supply.holds(inked, middle - inked):
            low = middle
        else:
            high = middle - 1
    return low


def _left_out(name: str, supply: _Supply, n: int) -> list[str]:
    lesions = len(supply.twins) + len(supply.inked) + len(supply.uninked)
    return (
        [f"{lesions - n} of {lesions} pictures of {name} are left out to meet its rate."]
        if n < lesions
        else []
    )


def _counted(supply: _Supply) -> str:
    inked, uninked, twins = len(supply.inked), len(supply.uninked), len(supply.twins)
    return f"{inked} are inked, {uninked} are not, and {twins} lesions have both"
