"""Figures of answers, by hand and against scipy and statsmodels."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from gsal.audit import AuditData, plain
from gsal.audit.ablation import above_chance, changed
from gsal.audit.answers import Answers, pooled
from gsal.audit.performance import Subset, performance
from gsal.audit.prediction import PredictionFigures, prediction_figures_of
from gsal.audit.recall import recall_by_ink
from gsal.records import Variant

CLASSES = ("MEL", "NV", "Other")


def answered(
    said: Sequence[int],
    true: Sequence[int] | None = None,
    *,
    ids: Sequence[int] | None = None,
    classes: tuple[str, ...] = CLASSES,
    inked: Sequence[int] = (),
    **changes: Any,
) -> Answers:
    """Answers that name these classes, each with probability .8."""
    n = len(said)
    rows = np.zeros((n, len(classes))) + 0.2 / (len(classes) - 1)
    rows[np.arange(n), list(said)] = 0.8
    numbers = np.arange(n) if ids is None else np.array(ids)
    has_ink = np.isin(numbers, inked)
    values = {
        "model": "net",
        "classes": classes,
        "image_ids": numbers,
        "patient": np.array([""] * n, dtype=np.str_),
        "true_class": np.array(said if true is None else true, dtype=np.int64),
        "probabilities": rows,
        "inked": has_ink,
        "uninked": ~has_ink,
    }
    return Answers(**values | changes)


def test_both_shares_of_the_lesion_ablation() -> None:
    """Of 6 pictures 2 keep their class; of the 5 that were not Other, 3 become so."""
    before = answered([0, 0, 1, 1, 2, 0], ids=[10, 11, 12, 13, 14, 15])
    after = answered([2, 2, 1, 2, 2, 1], ids=[10, 11, 12, 13, 14, 15])
    change = changed(before, after, variant="ablated")
    assert (change.n, change.turned_to) == (6, "Other")
    assert change.unchanged.estimate == pytest.approx(2 / 6)
    assert change.turned.n == 5
    assert change.turned.estimate == pytest.approx(3 / 5)
    low, high = proportion_confint(3, 5, method="wilson")
    assert (change.turned.low, change.turned.high) == pytest.approx((low, high))


def test_without_a_rejection_class_it_is_the_one_most_turned_to() -> None:
    classes = ("MEL", "NV", "BCC")
    before = answered([0, 0, 0, 1, 1, 2], classes=classes)
    after = answered([1, 1, 2, 1, 2, 2], classes=classes)
    change = changed(before, after, variant="ablated")
    assert change.turned_to == "NV", "two turned to NV, two to BCC: the first"
    assert (change.turned.n, change.turned.estimate) == (4, 0.5)
    same = changed(before, before, variant="ablated")
    assert (same.turned_to, same.turned.n, same.unchanged.estimate) == ("", 0, 1.0)


def test_a_variant_of_some_pictures_in_another_order_is_matched_by_picture() -> None:
    before = answered([0, 1, 2, 0], ids=[7, 3, 9, 5])
    change = changed(before, answered([0, 1], ids=[5, 3]), variant="ink-free-crop")
    assert (change.n, change.unchanged.estimate) == (2, 1.0)
    with pytest.raises(ValueError, match="as it is"):
        changed(before, answered([0], ids=[4]), variant="ink-free-crop")
    nothing = changed(answered([]), answered([]), variant="ablated")
    assert nothing.n == 0
    assert np.isnan(nothing.unchanged.estimate)


def test_accuracy_against_the_largest_class() -> None:
    test = above_chance(answered([0, 0, 0, 1, 1, 2, 0], [0, 0, 0, 0, 1, 2, 1]))
    assert test.largest_class == "MEL"
    assert test.chance == pytest.approx(4 / 7)
    assert test.accuracy.estimate == pytest.approx(5 / 7)
    by_hand = sum(stats.binom.pmf(k, 7, 4 / 7) for k in range(5, 8))
    assert test.p_value == pytest.approx(by_hand)
    assert above_chance(answered([0] * 28 + [1] * 72, [0] * 28 + [2] * 72)).p_value > 0.99
    assert np.isnan(above_chance(answered([])).p_value)


def test_recall_by_ink_and_what_is_not_assessable() -> None:
    true = [0] * 30 + [1] * 12
    said = [0] * 15 + [1] * 15 + [1] * 12
    found = {(one.name, one.subset): one for one in recall_by_ink(answered(said, true, inked=range(5, 36)))}
    assert found["MEL", Subset.ALL].recall.estimate == pytest.approx(15 / 30)
    mel = found["MEL", Subset.INKED]
    assert mel.recall.n == 25
    assert mel.recall.estimate == pytest.approx(10 / 25)
    low, high = proportion_confint(10, 25, method="wilson")
    assert (mel.recall.low, mel.recall.high) == pytest.approx((low, high))
    assert mel.is_assessable
    assert not found["MEL", Subset.UNINKED].is_assessable, "five pictures"
    assert not found["NV", Subset.INKED].is_assessable, "six"
    assert found["NV", Subset.ALL].is_assessable
    assert found["Other", Subset.ALL].recall.n == 0


def test_performance_is_that_of_an_audit_of_the_same_pictures(data: AuditData) -> None:
    answers = Answers(
        model=data.model,
        classes=data.classes,
        image_ids=data.image_ids,
        patient=data.patient,
        true_class=data.true_class,
        probabilities=data.probabilities,
        inked=data.inked,
        uninked=~data.inked,
    )
    ours = performance(answers, rng=np.random.default_rng(1), draws=50)
    assert ours == performance(data, rng=np.random.default_rng(1), draws=50)


def test_pictures_of_unknown_ink_are_in_neither_half() -> None:
    unknown = np.array([False, True, False, True])
    answers = answered([0, 1, 0, 1], [0, 1, 1, 1], uninked=unknown, inked=[])
    rows = performance(answers, rng=np.random.default_rng(0), draws=10)
    assert [row.n for row in rows] == [4, 0, 2]


def test_folds_are_pooled_and_may_not_overlap() -> None:
    first, second = answered([0, 1], ids=[1, 2]), answered([2, 2], [2, 1], ids=[5, 4], inked=[5])
    whole = pooled([first, second], "net")
    assert whole.n == 4
    assert whole.image_ids.tolist() == [1, 2, 5, 4]
    assert whole.inked.tolist() == [False, False, True, False]
    assert whole.correct.tolist() == [True, True, True, False]
    with pytest.raises(ValueError, match="twice"):
        pooled([first, first], "net")
    with pytest.raises(ValueError, match="same classes"):
        pooled([first, answered([0], ids=[9], classes=("MEL", "NV"))], "net")


def test_all_figures_survive_being_stored() -> None:
    rng = np.random.default_rng(3)
    true = rng.integers(2, size=60)
    before = answered(rng.integers(2, size=60).tolist(), true.tolist(), inked=range(30))
    after = answered([2] * 30, true[:30].tolist(), ids=range(30))
    answers = {Variant.ORIGINAL: before, Variant.ABLATED: after}
    figures = prediction_figures_of(answers, is_ablated_training=True, rng=rng, draws=40)
    stored = plain.encode(figures)
    assert plain.encode(plain.decode(PredictionFigures, stored)) == stored
    assert figures.changes[0].turned.estimate == 1.0
    assert figures.ablated_training is not None
    assert figures.ablated_training.p_value == 1.0
