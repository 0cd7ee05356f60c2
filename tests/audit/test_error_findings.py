"""Whether saliency on ink goes with errors, in words: no claim without its placebo, and none beyond it."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from gsal.audit import AuditData, Evidence, audit
from gsal.audit.findings.errors import TOPIC
from gsal.audit.findings.finding import Finding, Strength


def planted(made: AuditData) -> AuditData:
    """Return pictures whose wrong answers have more saliency on ink."""
    rng = np.random.default_rng(0)
    values = np.where(made.inked, rng.normal(size=made.n) + 1.2 * ~made.correct, np.nan)
    return replace(made, mean=values)


def said(data: AuditData, placebo: AuditData | None = None) -> list[Finding]:
    placebos = {} if placebo is None else {(data.model, data.method): placebo}
    result = audit(Evidence(tables=(data,), placebos=placebos))
    return [finding for finding in result.findings if finding.topic == TOPIC]


def test_a_claim_without_its_placebo_says_so(make_data: Callable[..., AuditData]) -> None:
    claim, none = said(planted(make_data(5, n=400)))
    assert claim.strength is Strength.STRONG
    assert "mean: wrong answers have more saliency on ink" in claim.text
    assert claim.text.endswith("Without its placebo this is no evidence that the ink is the cause.")
    assert none.strength is Strength.NONE
    assert "peak" in none.text
    assert "would most likely have been found by each" in none.text


def test_a_placebo_that_does_as_much_takes_the_ink_out_of_it(make_data: Callable[..., AuditData]) -> None:
    data = planted(make_data(5, n=400))
    same = data.kept(data.inked)
    claim, *_ = said(data, same)
    assert "not told apart from what the same masks do without ink" in claim.text
    assert "no evidence that the ink is the cause" in claim.text


def test_a_placebo_that_does_not_leaves_it_to_the_ink(make_data: Callable[..., AuditData]) -> None:
    data = planted(make_data(5, n=400))
    inked = data.kept(data.inked)
    noise = replace(inked, mean=np.random.default_rng(1).normal(size=inked.n))
    claim, *_ = said(data, noise)
    assert "The same masks without ink do not do as much" in claim.text


def test_a_placebo_that_does_more_clears_the_ink(make_data: Callable[..., AuditData]) -> None:
    data = planted(make_data(5, n=400))
    inked = data.kept(data.inked)
    more = replace(inked, mean=inked.mean + 6.0 * ~inked.correct)
    claim, *_ = said(data, more)
    assert "The same masks without ink do more" in claim.text
    assert claim.text.endswith("the ink is not what goes with errors.")


def test_what_is_undefined_tells_why_once(make_data: Callable[..., AuditData]) -> None:
    data = make_data(5, n=60)
    (finding,) = said(replace(data, predicted=data.true_class))
    assert finding.strength is Strength.UNDEFINED
    assert finding.text.count("all answers are right") == 1
