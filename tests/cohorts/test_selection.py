"""The cohorts of SPEC 5: exact counts, what gives way, what is refused."""

from collections import Counter
from collections.abc import Callable, Mapping
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gsal.cohorts import Picture
from gsal.cohorts.selection import ablated, baseline, ink_only, unbiased
from gsal.errors import CohortError

Make = Callable[[Mapping[str, tuple[int, int]]], list[Picture]]

_CLASSES = ("MEL", "NV", "BCC")
_PAPER = {"MEL": 0.58, "NV": 0.48, "BCC": 0.74, "SCC": 0.68, "AK": 0.76, "SK": 0.58, "Other": 0.66}


def _rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def _pictures(counts: Mapping[str, tuple[int, int]]) -> list[Picture]:
    rows = [(label, i < inked) for label, (inked, uninked) in counts.items() for i in range(inked + uninked)]
    return [Picture(3 * i + 1, label, f"p{i}", "", inked) for i, (label, inked) in enumerate(rows)]


def test_baseline_takes_everything_and_counts_it(make: Make) -> None:
    chosen = baseline(make({"MEL": (6, 2), "NV": (3, 9)}), ("NV", "MEL"))
    assert chosen.image_ids == tuple(range(1, 21))
    assert chosen.achieved["n_by_class"] == {"NV": 12, "MEL": 8}
    assert chosen.achieved["ink_rate_by_class"] == {"NV": 0.25, "MEL": 0.75}
    assert chosen.notes == ()


def test_ink_only_and_ablated_take_the_inked(make: Make) -> None:
    pictures = make({"MEL": (6, 2), "NV": (7, 9)})
    assert ink_only(pictures, ("MEL", "NV")).image_ids == tuple(p.image_id for p in pictures if p.inked)
    assert ablated(pictures, ("MEL", "NV")).image_ids == ink_only(pictures, ("MEL", "NV")).image_ids


@given(
    st.lists(st.tuples(st.integers(1, 40), st.integers(0, 60)), min_size=3, max_size=3),
    st.integers(1, 300),
    st.integers(0, 3),
)
@settings(max_examples=100, deadline=None)
def test_unbiased_is_equal_to_half_a_picture_whatever_gives_way(
    counts: list[tuple[int, int]], percent: int, seed: int
) -> None:
    pictures = _pictures(dict(zip(_CLASSES, counts, strict=True)))
    asked = Fraction(percent, 100)
    chosen = unbiased(
        pictures, _CLASSES, rng=_rng(seed), ratio=percent / 100, minimum_inked=1, minimum_pictures=1
    )
    feasible = all(int(asked * inked + Fraction(1, 2)) <= uninked for inked, uninked in counts)
    ratio = asked if feasible else min(Fraction(uninked, inked) for inked, uninked in counts)
    for name, (inked, _) in zip(_CLASSES, counts, strict=True):
        assert chosen.table.inked_by_class[name] == inked
        u = chosen.table.n_by_class[name] - inked
        assert u == int(ratio * inked + Fraction(1, 2))
        assert abs(u - ratio * inked) <= Fraction(1, 2)
    assert chosen.achieved["ratio"] == float(ratio)
    assert bool(chosen.notes) == (not feasible)
    again = unbiased(
        reversed(pictures), _CLASSES, rng=_rng(seed), ratio=percent / 100, minimum_inked=1, minimum_pictures=1
    )
    assert again.image_ids == chosen.image_ids


def test_the_papers_table_is_infeasible_at_a_half_and_falls_for_all_classes() -> None:
    counts = {name: (round(1000 * rate), 1000 - round(1000 * rate)) for name, rate in _PAPER.items()}
    chosen = unbiased(_pictures(counts), tuple(_PAPER), rng=_rng())
    assert chosen.achieved["ratio"] == pytest.approx(240 / 760)
    rates = [rate for rate in chosen.table.ink_rate_by_class.values() if rate is not None]
    assert max(rates) - min(rates) < 0.002
    assert chosen.table.cramers_v < 0.01
    assert "BCC, SCC, AK" in chosen.notes[0]
    assert "0.76" in chosen.notes[0]


def test_a_target_rate_drops_inked_pictures_instead_and_says_what_it_costs() -> None:
    counts = {name: (round(1000 * rate), 1000 - round(1000 * rate)) for name, rate in _PAPER.items()}
    chosen = unbiased(_pictures(counts), tuple(_PAPER), rng=_rng(), target_rate=2 / 3)
    for name, (inked, uninked) in counts.items():
        kept = chosen.table.inked_by_class[name]
        assert abs(chosen.table.n_by_class[name] - kept - kept / 2) <= 0.5 + 1e-9
        assert kept == (inked if inked <= 2 * uninked else 2 * uninked)
    assert "dropped" in chosen.notes[0]
    assert "AK 280" in chosen.notes[0]


def test_without_any_uninked_picture_of_a_class_it_equals_ink_only_and_says_so(make: Make) -> None:
    pictures = make({"MEL": (12, 0), "NV": (12, 9)})
    chosen = unbiased(pictures, ("MEL", "NV"), rng=_rng())
    assert chosen.image_ids == ink_only(pictures, ("MEL", "NV")).image_ids
    assert "ink-only" in chosen.notes[1]
    assert chosen.achieved["cramers_v"] is None


def test_few_inked_pictures_are_refused_unless_asked_for(make: Make) -> None:
    pictures = make({"MEL": (9, 20), "NV": (30, 20)})
    with pytest.raises(CohortError, match=r"MEL \(9\); 10 per class"):
        unbiased(pictures, ("MEL", "NV"), rng=_rng())
    assert unbiased(pictures, ("MEL", "NV"), rng=_rng(), minimum_inked=5).table.inked_by_class["MEL"] == 9


def test_a_class_can_be_left_out_and_that_is_noted(make: Make) -> None:
    pictures = make({"MEL": (9, 20), "NV": (30, 20), "BCC": (12, 12)})
    chosen = unbiased(pictures, _CLASSES, rng=_rng(), exclude=("MEL",))
    assert chosen.table.classes == ("NV", "BCC")
    assert chosen.notes == ("Class MEL is left out as asked.",)


@pytest.mark.parametrize(
    ("counts", "message"),
    [
        ({"MEL": (9, 9)}, "No training pictures of class NV"),
        ({"MEL": (9, 9), "NV": (0, 9)}, "No training picture of class NV has ink"),
        ({"MEL": (2, 9), "NV": (2, 9)}, "too few to train on"),
    ],
)
def test_what_cannot_be_trained_on_is_refused_with_the_reason(
    make: Make, counts: dict[str, tuple[int, int]], message: str
) -> None:
    with pytest.raises(CohortError, match=message):
        ink_only(make(counts), ("MEL", "NV"))


def test_bad_settings_are_refused(make: Make) -> None:
    pictures = make({"MEL": (20, 20), "NV": (20, 20)})
    with pytest.raises(CohortError, match="uninked per inked"):
        unbiased(pictures, ("MEL", "NV"), rng=_rng(), ratio=0)
    with pytest.raises(CohortError, match="impossible"):
        unbiased(pictures, ("MEL", "NV"), rng=_rng(), target_rate=1)
    with pytest.raises(CohortError, match="at least two classes"):
        baseline(pictures, ("MEL", "NV"), exclude=("NV",))
    with pytest.raises(CohortError, match="no class XY"):
        baseline(pictures, ("MEL", "NV"), exclude=("XY",))


def test_the_seed_decides_which_uninked_pictures(make: Make) -> None:
    pictures = make({"MEL": (20, 90), "NV": (20, 90)})
    first, second = (unbiased(pictures, ("MEL", "NV"), rng=_rng(seed)) for seed in (0, 1))
    assert first.image_ids != second.image_ids
    assert Counter(first.table.n_by_class) == Counter(second.table.n_by_class)
