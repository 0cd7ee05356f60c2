"""What has changed since a model was last audited: only what differs as it is written, and when that was."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from gsal.audit import AuditData, AuditResult, Evidence, audit
from gsal.audit.footing import footing_of
from gsal.audit.names import interval_text
from gsal.audit.since import Earlier, since
from tests.evidence import full_evidence

THEN = "2026-05-01 12:00 UTC"


def texts(before: dict[str, AuditResult], now: AuditResult) -> list[str]:
    return [finding.text for finding in since({m: Earlier(THEN, r) for m, r in before.items()}, now)]


def audited(*tables: AuditData, masks: str = "a") -> AuditResult:
    """Return an audit of everything there is of these tables, over the same masks for the same letter."""
    first = {one.model: one for one in reversed(tables)}
    footings = tuple(
        footing_of(
            *(model, one.image_ids.tolist()),
            masks=dict.fromkeys(one.image_ids.tolist(), masks),
            sources={"human": 20, "network": one.n - 20},
        )
        for model, one in first.items()
    )
    return audit(replace(full_evidence(tables), footings=footings))


def test_the_same_pictures_and_masks_with_the_same_figures_are_one_sentence(data: AuditData) -> None:
    other = replace(data, method="gradient")
    result = audited(data, other)
    assert texts({"biased": result}, audited(data, other)) == [
        f"The same pictures and masks gave the same figures as in the audit of {THEN}."
    ]


def test_of_an_earlier_versions_audit_only_the_figures_are_compared(data: AuditData) -> None:
    known = audited(data)
    (text,) = texts({"biased": replace(known, footings=())}, known)
    assert text == f"The figures are those of the audit of {THEN}."


def test_models_come_and_go_and_are_compared_with_their_own_audit(
    make_data: Callable[..., AuditData],
) -> None:
    a, b, c = (make_data(seed, model=model) for seed, model in enumerate("abc"))
    now = audited(a, b)
    assert texts({"a": audited(a, c)}, now) == [
        "Not audited over these masks before: b.",
        f"In the audit of {THEN}, not in this one: c.",
        f"The same pictures and masks gave the same figures as in the audit of {THEN}: a.",
    ]
    before = {"a": Earlier("Monday", audited(a)), "b": Earlier("Tuesday", audited(b))}
    assert [f.text.split()[-2:] for f in since(before, now)] == [["Monday:", "a."], ["Tuesday:", "b."]]


def test_other_masks_are_told_even_where_no_figure_changes(data: AuditData) -> None:
    (text,) = texts({"biased": audited(data)}, audited(data, masks="b"))
    assert text == (
        f"biased, since the audit of {THEN}: as many pictures and masks of each source, but not the same."
    )


def test_fewer_pictures_change_what_rests_on_them(data: AuditData) -> None:
    fewer = data.kept(np.arange(data.n) >= 10)
    (text,) = texts({"biased": audited(data)}, audited(fewer))
    inked, left = int(data.inked.sum()), int(fewer.inked.sum())
    assert text.startswith(f"biased, since the audit of {THEN}: 110 pictures with masks instead of 120; ")
    assert "masks: 90 network instead of 100;" in text, "the human ones are as many as before"
    assert f"{left} pictures with ink instead of {inked}" in text
    assert f"{data.n - 10 - left} pictures without ink instead of {data.n - inked}" in text


def test_only_the_class_that_left_its_interval_is_named(data: AuditData) -> None:
    before = audited(data)
    mel = before.entries[0].classes[0]
    moved = replace(data, mean=np.where(data.true_class == 0, data.mean + 1, data.mean))
    (text,) = texts({"biased": before}, audited(moved))
    assert f"outside the interval of then: MEL {mel.mean + 1 / pool_sd(data):.2f}" in text
    assert f"(then {interval_text(mel.low, mel.high)})" in text
    assert "NV" not in text
    assert "Grad-CAM, mean: " in text
    assert "Grad-CAM, peak: " not in text, "n is as it was"
    assert "the same pictures and masks" in text, "so what differs is the model or how it was read"


def pool_sd(data: AuditData) -> float:
    """Return the standard deviation that z(m) divides by."""
    pixels = data.map_pixels.sum()
    mean = data.map_sum.sum() / pixels
    return float(np.sqrt(data.map_sum_sq.sum() / pixels - mean**2))


def test_what_the_ink_does_is_compared(data: AuditData) -> None:
    before = audited(data)
    kept = full_evidence([data])
    pairs = {m: replace(p, after=p.before) for m, p in kept.pairs.items()}
    now = audit(replace(kept, pairs=pairs, footings=before.footings))
    (text,) = texts({"biased": before}, now)
    changed = before.effects[0].changed[0].share.estimate
    assert f"decisions changed by the ink 0\xa0% instead of {100 * changed:.0f}\xa0%" in text
    rates = [one for one in before.effects[0].called if one.true_class == "all"]
    moved = [one for one in rates if round(100 * one.difference.estimate)]
    assert moved, "the case can fail"
    for one in rates:
        assert (f"{one.called} 0 points instead of " in text) is (one in moved)
    assert "AURRAC" not in text
    without = audit(replace(kept, pairs={}, footings=before.footings))
    assert "what the ink does is not known any more" in texts({"biased": before}, without)[0]
    assert "what the ink does is known now" in texts({"biased": without}, before)[0]


def test_another_method_is_told_and_not_compared(data: AuditData) -> None:
    other = replace(data, method="gradient")
    (text,) = texts({"biased": audited(data)}, audited(data, other))
    assert text == f"biased, since the audit of {THEN}: not computed then: gradient."


def test_what_is_below_rounding_is_no_change(data: AuditData) -> None:
    nudged = replace(data, mean=data.mean + 1e-7)
    (text,) = texts({"biased": audited(data)}, audited(nudged))
    assert "the same figures" in text


@pytest.mark.parametrize("swap", [False, True])
def test_what_becomes_undefined_is_told(data: AuditData, *, swap: bool) -> None:
    results = [
        audit(Evidence(tables=(data,))),
        audit(Evidence(tables=(replace(data, predicted=data.true_class),))),
    ]
    before, now = reversed(results) if swap else results
    (text,) = texts({"biased": before}, now)
    accuracy = next(row.accuracy for row in before.performance if row.subset == "inked")
    assert f"instead of {100 * accuracy:.0f}\xa0%" in text
    assert ("AUROC for errors –" in text) is not swap
    assert ("instead of –" in text) is swap
    assert "nan" not in text
