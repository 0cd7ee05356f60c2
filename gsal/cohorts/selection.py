"""The cohorts of SPEC 5, each a choice among the pictures of the training side."""

from collections.abc import Collection, Iterable, Sequence

from gsal.cohorts.membership import MINIMUM_PICTURES, Selection, admit, require_ink, select
from gsal.cohorts.picture import Picture
from gsal.cohorts.rates import rates
from gsal.cohorts.unbiased import MINIMUM_INKED, unbiased

__all__ = [
    "MINIMUM_INKED",
    "MINIMUM_PICTURES",
    "Selection",
    "ablated",
    "baseline",
    "ink_only",
    "rates",
    "unbiased",
]


def baseline(
    pictures: Iterable[Picture],
    classes: Sequence[str],
    *,
    exclude: Collection[str] = (),
    minimum_pictures: int = MINIMUM_PICTURES,
) -> Selection:
    """Take every picture.

    Args:
        pictures: Of the training side.
        classes: The project's classes, in order; pictures of others are not taken.
        exclude: Classes to leave out.
        minimum_pictures: Pictures that the cohort must have.

    Raises:
        CohortError: A class has no pictures, or the cohort is too small.
    """
    admitted, wanted, notes = admit(pictures, classes, exclude=exclude)
    return select(admitted, wanted, minimum=minimum_pictures, notes=notes)


def ink_only(
    pictures: Iterable[Picture],
    classes: Sequence[str],
    *,
    exclude: Collection[str] = (),
    minimum_inked: int = 1,
    minimum_pictures: int = MINIMUM_PICTURES,
) -> Selection:
    """Take the inked pictures only.

    Args:
        pictures: Of the training side.
        classes: The project's classes, in order.
        exclude: Classes to leave out.
        minimum_inked: Inked pictures that each class must have.
        minimum_pictures: Pictures that the cohort must have.

    Raises:
        CohortError: A class has no inked pictures, or too few.
    """
    admitted, wanted, notes = admit(pictures, classes, exclude=exclude)
    require_ink(admitted, wanted, minimum=minimum_inked)
    return select([p for p in admitted if p.inked], wanted, minimum=minimum_pictures, notes=notes)


def ablated(
    pictures: Iterable[Picture],
    classes: Sequence[str],
    *,
    exclude: Collection[str] = (),
    minimum_inked: int = 1,
    minimum_pictures: int = MINIMUM_PICTURES,
) -> Selection:
    """Take the pictures of `ink_only`; training sees them through `gsal.variants.ablate`."""
    return ink_only(
        pictures, classes, exclude=exclude, minimum_inked=minimum_inked, minimum_pictures=minimum_pictures
    )
