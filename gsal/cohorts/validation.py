"""Choosing the validation set: pictures that stand for all of the project, for judging networks only."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gsal.errors import CohortError
from gsal.masks.proportions import wilson

__all__ = ["Candidate", "Chosen", "choose", "wilson_half_width"]

_LEVELS = ("low", "middle", "high")
_UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A picture that could be chosen.

    Attributes:
        image_id: Its number within the project.
        patient: What groups pictures (`patient_groups`).
        label: Its class; "" for none.
        inked: Whether its best mask so far says so.
        disagreement: Of its rule masks; None before they are proposed.
    """

    image_id: int
    patient: str
    label: str
    inked: bool
    disagreement: float | None


@dataclass(frozen=True, slots=True)
class Chosen:
    """A picture that was chosen.

    Attributes:
        stratum: "ink, MEL, high": ink state, class, third of the rules' disagreement.
        position: In the order of reading, from 0.
    """

    image_id: int
    stratum: str
    position: int


def choose(candidates: Sequence[Candidate], *, n: int, seed: int, inked_share: float = 0.5) -> list[Chosen]:
    """Choose pictures stratified by ink x class x third of disagreement.

    Of inked and ink-free pictures the shares asked for, as far as there are so many. Within each, strata
    give in proportion to their size, and one at least wherever there are as many places as strata. Within a
    stratum pictures are drawn at random, those of patients that have none so far first, so that readings are
    as independent as can be.

    Args:
        candidates: In any order.
        n: How many; all, if there are not more.
        seed: Equal candidates, n, share and seed give the same pictures in the same order.
        inked_share: Of the pictures chosen, from 0 to 1.

    Returns:
        By position, which is random.

    Raises:
        CohortError: n or the share is impossible, or there is no candidate.
    """
    if n < 1 or not 0 <= inked_share <= 1:
        raise CohortError(
            f"A validation set has 1 picture or more, and a share of inked ones from 0 to 1; got {n} and "
            f"{inked_share:g}."
        )
    if not candidates:
        raise CohortError("No picture can be chosen. Import pictures, and run `gsal propose`.")
    ordered = sorted(candidates, key=lambda one: one.image_id)
    rng = np.random.default_rng(seed)
    strata = _strata([ordered[i] for i in rng.permutation(len(ordered))])
    places = _places(strata, n=n, inked_share=inked_share)
    chosen = _draw(strata, places)
    return [
        Chosen(chosen[i][0].image_id, chosen[i][1], position)
        for position, i in enumerate(rng.permutation(len(chosen)).tolist())
    ]


def wilson_half_width(share: float, n: int) -> float:
    """Give half the width of Wilson's 95 % interval that n pictures will give for a share; NaN for n = 0.

    >>> f"{wilson_half_width(0.95, 300):.3f}"
    '0.025'
    """
    interval = wilson(round(share * n), n)
    return (interval.high - interval.low) / 2


def _strata(candidates: Sequence[Candidate]) -> dict[str, list[Candidate]]:
    """Return the candidates of each stratum by its name, in the order given."""
    known = np.array([one.disagreement for one in candidates if one.disagreement is not None])
    bounds = np.quantile(known, [1 / 3, 2 / 3]) if known.size else np.empty(0)
    strata: dict[str, list[Candidate]] = {}
    for one in candidates:
        level = _UNKNOWN
        if one.disagreement is not None:
            # Equal disagreements are never parted.
            level = _LEVELS[int(np.searchsorted(bounds, one.disagreement, side="left"))]
        name = f"{'ink' if one.inked else 'no ink'}, {one.label or 'no class'}, {level}"
        strata.setdefault(name, []).append(one)
    return dict(sorted(strata.items()))


def _places(strata: dict[str, list[Candidate]], *, n: int, inked_share: float) -> dict[str, int]:
    """Return how many pictures each stratum gives."""
    inked = {name: len(ones) for name, ones in strata.items() if ones[0].inked}
    free = {name: len(ones) for name, ones in strata.items() if not ones[0].inked}
    n = min(n, sum(inked.values()) + sum(free.values()))
    n_inked = min(round(n * inked_share), sum(inked.values()))
    n_free = min(n - n_inked, sum(free.values()))
    return _shared_out(inked, n - n_free) | _shared_out(free, n_free)


def _shared_out(sizes: dict[str, int], n: int) -> dict[str, int]:
    """Share n places out in proportion to the sizes, each at most its size and, if they suffice, at least 1.

    One place after the other goes to the stratum that is furthest behind its share (Sainte-Laguë), so nothing
    is lost to rounding.
    """
    places = dict.fromkeys(sizes, 1 if n >= len(sizes) else 0)
    for _ in range(n - sum(places.values())):
        open_ = [name for name in sizes if places[name] < sizes[name]]
        places[max(open_, key=lambda name: (sizes[name] / (2 * places[name] + 1), name))] += 1
    return places


def _draw(strata: dict[str, list[Candidate]], places: dict[str, int]) -> list[tuple[Candidate, str]]:
    """Draw from the strata with the fewest patients per place first: later ones can evade their patients."""
    taken: Counter[str] = Counter()
    drawn: list[tuple[Candidate, str]] = []

    def room(name: str) -> float:
        return len({one.patient for one in strata[name]}) / max(1, places[name])

    for name in sorted(strata, key=room):
        drawn += [(one, name) for one in _fewest_first(strata[name], taken, places[name])]
    return drawn


def _fewest_first(candidates: list[Candidate], taken: Counter[str], n: int) -> list[Candidate]:
    """Take n candidates, those first of whose patients the fewest are taken, and count them."""
    found: list[Candidate] = []
    waiting, most = candidates, 0
    while len(found) < n:
        later = []
        for one in waiting:
            if len(found) == n:
                break
            if taken[one.patient] > most:
                later.append(one)
            else:
                taken[one.patient] += 1
                found.append(one)
        waiting, most = later, most + 1
    return found
