"""Human level on an image, word by word as SPEC 4 has it."""

import numpy as np
import pytest

from gsal.arrays import Mask
from gsal.masks.agreement import dice
from gsal.masks.human_level import MARGIN, Standing, human_level, read
from gsal.masks.proportions import wilson
from gsal.masks.reader_agreement import Measured, measured

SHAPE = 200, 200


def bar(length: int, *, left: int = 0) -> Measured:
    """Return a bar of 20 pixels' height; inked from 4 pixels' length on."""
    mask: Mask = np.zeros(SHAPE, np.bool_)
    mask[40:60, left : left + length] = True
    return measured(mask, min_ink_px=100)


NONE = bar(0)


def test_the_models_dice_may_lie_a_little_below_the_readers() -> None:
    readers = [bar(100), bar(100, left=10)]  # Dice .9
    assert dice(readers[0].mask, readers[1].mask) == pytest.approx(0.9)
    for shift in range(-40, 50, 5):
        model = bar(100, left=50 + shift)
        found = read(model, readers)
        expected = np.mean([dice(model.mask, one.mask) for one in readers])
        assert found.model_dice == pytest.approx(expected)
        assert found.human_dice == pytest.approx(0.9)
        assert found.is_at_human_level == (expected >= 0.9 - MARGIN)


def test_an_ink_free_picture_needs_the_decision_only() -> None:
    speck = bar(3)
    assert speck.ink_px > 0
    found = read(speck, [NONE, NONE])
    assert (found.is_inked, found.is_at_human_level) == (False, True)
    assert not read(bar(100), [NONE, NONE]).is_at_human_level
    assert not read(NONE, [bar(100), bar(100)]).is_at_human_level


def test_most_of_three_readers_decide() -> None:
    two_of_three = read(bar(100), [bar(100), bar(100), NONE])
    assert (two_of_three.is_inked, two_of_three.is_unanimous) == (True, False)
    assert two_of_three.human_dice == pytest.approx(1 / 3)
    assert two_of_three.model_dice == pytest.approx(2 / 3)
    assert two_of_three.is_at_human_level
    assert read(NONE, [bar(100), NONE, NONE]).is_at_human_level


@pytest.mark.parametrize("adjudicated", [True, False])
def test_a_tie_is_the_adjudicated_masks_to_decide(adjudicated: bool) -> None:
    readers = [bar(100), NONE]
    tied = read(bar(100), readers)
    assert (tied.standing, tied.is_at_human_level) == (Standing.TIED, False)
    decided = read(bar(100), readers, adjudicated=adjudicated)
    assert (decided.standing, decided.is_inked) == (Standing.JUDGED, adjudicated)
    assert decided.is_by_adjudication
    assert decided.is_at_human_level == adjudicated
    # Where the readers agree, adjudication is not asked.
    assert not read(bar(100), [NONE, NONE], adjudicated=True).is_inked


def test_shares_leave_ties_out_and_count_them() -> None:
    inked, free = [bar(100), bar(100)], [NONE, NONE]
    pictures = [
        read(bar(100), inked),
        read(NONE, inked),
        read(NONE, free),
        read(NONE, [bar(100), NONE]),
        read(NONE, [bar(100), NONE], adjudicated=False),
    ]
    level = human_level(pictures)
    assert level is not None
    assert level.inked == wilson(1, 2)
    assert level.ink_free == wilson(2, 2)
    assert level.all == wilson(3, 4)
    assert (level.tied, level.by_adjudication) == (1, 1)


def test_without_two_readers_there_is_no_human_level() -> None:
    assert human_level([]) is None
    with pytest.raises(ValueError, match="two readers"):
        read(NONE, [NONE])
