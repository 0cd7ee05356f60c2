"""How ink and label occur together: Table 1 of the paper and Cramer's V."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from gsal.cohorts.picture import Picture

__all__ = ["CoOccurrence", "counted", "cramers_v", "table"]


@dataclass(frozen=True, slots=True)
class CoOccurrence:
    """Counts of a set of pictures by class and ink.

    Attributes:
        classes: In the project's order.
        n_by_class: Pictures per class.
        inked_by_class: Inked ones among them.
        ink_rate_by_class: P(ink | class); None for a class without pictures.
        n: Pictures in all.
        inked: Inked pictures in all.
        ink_rate: P(ink); None without pictures.
        cramers_v: Association of ink with class, 0 to 1; NaN where undefined, which is when fewer than two
            classes have pictures, or all pictures are inked, or none is.
    """

    classes: tuple[str, ...]
    n_by_class: dict[str, int]
    inked_by_class: dict[str, int]
    ink_rate_by_class: dict[str, float | None]
    n: int
    inked: int
    ink_rate: float | None
    cramers_v: float

    def to_json(self) -> dict[str, Any]:
        """Return the counts as plain data; an undefined Cramer's V becomes None."""
        return {
            "n": self.n,
            "inked": self.inked,
            "ink_rate": self.ink_rate,
            "n_by_class": dict(self.n_by_class),
            "inked_by_class": dict(self.inked_by_class),
            "ink_rate_by_class": dict(self.ink_rate_by_class),
            "cramers_v": None if np.isnan(self.cramers_v) else self.cramers_v,
        }


def cramers_v(inked: Sequence[int], uninked: Sequence[int]) -> float:
    """Return Cramer's V of class against ink, without bias correction; NaN where undefined.

    Args:
        inked: Inked pictures per class.
        uninked: Uninked pictures per class, in the same order.

    >>> cramers_v([10, 0], [0, 10])
    1.0
    """
    counts = np.array([inked, uninked], dtype=np.int64)
    counts = counts[:, counts.sum(axis=0) > 0]
    if counts.shape[1] < 2 or (counts.sum(axis=1) == 0).any():
        return float("nan")
    # scipy.stats is slow to import, and a review needs none of it.
    from scipy.stats import contingency

    return float(contingency.association(counts, method="cramer"))


def table(pictures: Iterable[Picture], classes: Sequence[str]) -> CoOccurrence:
    """Count pictures by class and ink.

    Args:
        pictures: Those of other classes are not counted.
        classes: The classes, in the order they are to be shown.
    """
    n = dict.fromkeys(classes, 0)
    inked = dict.fromkeys(classes, 0)
    for picture in pictures:
        if picture.label in n:
            n[picture.label] += 1
            inked[picture.label] += picture.inked
    return counted(n, inked)


def counted(n_by_class: Mapping[str, int], inked_by_class: Mapping[str, int]) -> CoOccurrence:
    """Return the table of these counts, classes in the order of the first.

    >>> counted({"MEL": 4, "NV": 2}, {"MEL": 3, "NV": 0}).ink_rate_by_class
    {'MEL': 0.75, 'NV': 0.0}
    """
    n, inked = dict(n_by_class), {name: inked_by_class[name] for name in n_by_class}
    total, total_inked = sum(n.values()), sum(inked.values())
    return CoOccurrence(
        classes=tuple(n),
        n_by_class=n,
        inked_by_class=inked,
        ink_rate_by_class={name: inked[name] / n[name] if n[name] else None for name in n},
        n=total,
        inked=total_inked,
        ink_rate=total_inked / total if total else None,
        cramers_v=cramers_v(list(inked.values()), [n[name] - inked[name] for name in n]),
    )
