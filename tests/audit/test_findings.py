"""Findings say no more than their intervals."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from gsal.audit import AuditData, Evidence, audit
from gsal.audit.findings.find import find
from gsal.audit.names import number_text


def texts(data: list[AuditData], **ink_rates: float) -> list[str]:
    evidence = Evidence(tables=tuple(data), ink_rates=ink_rates)
    return [finding.text for finding in audit(evidence).findings]


def test_a_difference_is_claimed_only_when_the_interval_excludes_none(
    make_data: Callable[..., AuditData],
) -> None:
    flat, made = make_data(3, model="flat", n=300), make_data(4, model="steep", n=300)
    steep = replace(made, mean=made.mean + 2.0 * made.true_class)
    claimed = [text for text in texts([steep, flat]) if "between classes" in text]
    assert "varies more between classes in steep than in flat (Grad-CAM, mean" in claimed[0]
    assert "not told apart by Grad-CAM, peak" in claimed[1]
    same = [text for text in texts([flat, replace(flat, model="twin")]) if "between classes" in text]
    assert len(same) == 1
    assert "not told apart by Grad-CAM, mean" in same[0]


def test_limits_name_masks_seeds_small_classes_and_unequal_ink(make_data: Callable[..., AuditData]) -> None:
    pair = [make_data(1, model="a"), make_data(2, model="b")]
    joined = " ".join(texts(pair, a=0.31, b=0.6))
    for words in (
        "mask set “exact”",
        "five training seeds",
        "no evidence of bias by itself",
        "MEL, NV, BCC",
        "31\xa0% and 60\xa0%",
    ):
        assert words in joined
    assert "Rare ink" not in " ".join(texts(pair, a=0.305, b=0.306))
    assert "Rare ink" not in " ".join(texts(pair, a=0.305))


def test_every_number_has_its_interval(data: AuditData) -> None:
    _, accuracy, saliency, failure, *_ = texts([data])
    assert accuracy.count("95\xa0% interval") == 2
    assert saliency.count(" to ") == 2
    assert failure.count(" to ") == 2


def test_nothing_audited_is_said() -> None:
    assert "No model" in find([], [], ink_rates={})[0].text


def test_a_class_alone_is_not_compared(data: AuditData) -> None:
    lone = replace(data, inked=data.inked & (data.true_class == 1))
    joined = " ".join(texts([lone]))
    assert "classes cannot be compared" in joined
    assert "nan" not in joined


@pytest.mark.parametrize(("value", "text"), [(-0.004, "0.00"), (np.nan, "–"), (-1.5, "−1.50")])
def test_numbers(value: float, text: str) -> None:
    assert number_text(value) == text
