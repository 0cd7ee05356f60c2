"""A picture as far as cohorts care: whose it is, what it shows, whether it is inked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

__all__ = ["Picture", "by_id", "random_order"]


@dataclass(frozen=True, slots=True)
class Picture:
    """One labelled picture.

    Attributes:
        image_id: Its number within the project.
        label: Its class.
        patient: What groups pictures that must not be parted (`patient_groups`).
        lesion_id: Pictures of one patient with the same non-empty id show the same lesion.
        inked: Whether it has more ink than the threshold of SPEC 1.
        source: The folders it lies in, from the imported one on, with forward slashes.
        columns: What else the table of labels says of it, by column.
    """

    image_id: int
    label: str
    patient: str
    lesion_id: str
    inked: bool
    source: str = ""
    columns: Mapping[str, str] = field(default_factory=dict, hash=False)


def by_id(pictures: Iterable[Picture]) -> list[Picture]:
    """Return the pictures by ascending id, so that nothing depends on the order they came in.

    Raises:
        ValueError: An id occurs twice.
    """
    ordered = sorted(pictures, key=lambda picture: picture.image_id)
    if len({picture.image_id for picture in ordered}) != len(ordered):
        raise ValueError("the same image id occurs twice")
    return ordered


def random_order(pictures: Iterable[Picture], rng: np.random.Generator) -> list[Picture]:
    """Return the pictures in one random order that depends on their ids and the generator only."""
    ordered = by_id(pictures)
    return [ordered[index] for index in rng.permutation(len(ordered))]
