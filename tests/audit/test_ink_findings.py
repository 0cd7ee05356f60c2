"""What the ink does, in words: an effect only where the test has one, else what could have been missed."""

import re

import numpy as np

from gsal.audit.counterfactual import Pairs
from gsal.audit.findings.finding import Strength, strength_of
from gsal.audit.findings.ink import ink_findings
from gsal.audit.ink_effect import ink_effect
from gsal.records import Variant

CLASSES = ("MEL", "NV", "SK")


def pairs(before: np.ndarray, after: np.ndarray) -> Pairs:
    n = len(before)
    one_hot = np.eye(3)
    return Pairs(
        model="net",
        classes=CLASSES,
        variant=Variant.INPAINTED,
        image_ids=np.arange(n),
        patient=np.array([f"p{i}" for i in range(n)]),
        true_class=np.zeros(n, np.int64),
        before=one_hot[before],
        after=one_hot[after],
    )


def test_an_effect_is_claimed_with_its_size() -> None:
    after = np.repeat([1, 2], 100)
    before = after.copy()
    before[:30] = 0  # 30 of 200 are called MEL with their ink, NV without
    changed, more, less = ink_findings(ink_effect(pairs(before, after)))
    assert "net decides otherwise on 15\xa0% (95\xa0% 11 to 21) of 200 pictures" in changed.text
    assert "calls MEL 15 points more often" in more.text
    assert "15\xa0% of 200 pictures against 0\xa0%" in more.text
    assert "calls NV 15 points less often" in less.text
    assert more.strength is less.strength is Strength.STRONG
    assert more.model == "net"


def test_no_effect_says_what_could_have_been_missed() -> None:
    rng = np.random.default_rng(0)
    after = rng.integers(0, 3, 150)
    before = after.copy()
    before[:6] = (after[:6] + np.array([1, 2, 1, 2, 1, 2])) % 3  # as many one way as the other
    changed, nothing = ink_findings(ink_effect(pairs(before, after)))
    assert changed.strength is Strength.NOTE
    assert nothing.strength is Strength.NONE
    assert nothing.text.startswith("No evidence that ink changes how often net calls any class")
    found = re.search(r"A change of (\d+) points or more would most likely have been found", nothing.text)
    assert found
    assert 2 <= int(found[1]) <= 15


def test_nothing_predicted_is_said() -> None:
    (finding,) = ink_findings(ink_effect(pairs(np.zeros(0, np.int64), np.zeros(0, np.int64))))
    assert finding.strength is Strength.UNDEFINED
    assert "nothing is known" in finding.text


def test_one_patient_cannot_be_told() -> None:
    _, finding = ink_findings(ink_effect(pairs(np.array([0]), np.array([1]))))
    assert finding.strength is Strength.UNDEFINED
    assert "nan" not in finding.text


def test_claims_are_no_stronger_than_p() -> None:
    assert [strength_of(p) for p in (0.0009, 0.049, 0.05, float("nan"))] == [
        Strength.STRONG,
        Strength.CLEAR,
        Strength.NONE,
        Strength.UNDEFINED,
    ]
