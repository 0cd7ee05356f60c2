"""The answer on each model that stands first: never stronger than the sentences below it."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from gsal.audit import AuditData, Evidence, audit
from gsal.audit.counterfactual import Pairs
from gsal.audit.findings.finding import Finding, Strength
from gsal.audit.findings.verdict import TOPIC
from gsal.records import Variant

Make = Callable[..., AuditData]


def painted_over(data: AuditData, turned: np.ndarray) -> Pairs:
    """The inked pictures without their ink; those at these places are called the next class then."""
    inked = data.kept(data.inked)
    after = np.eye(len(data.classes))[inked.predicted] * 5
    after[turned] = np.roll(after[turned], 1, axis=1)
    return Pairs(
        model=data.model,
        classes=data.classes,
        variant=Variant.INPAINTED,
        image_ids=inked.image_ids,
        patient=inked.patient,
        true_class=inked.true_class,
        before=np.eye(len(data.classes))[inked.predicted] * 5,
        after=after,
    )


def verdict(data: AuditData, pairs: Pairs | None = None, placebo: AuditData | None = None) -> Finding:
    result = audit(
        Evidence(
            tables=(data,),
            pairs={} if pairs is None else {data.model: pairs},
            placebos={} if placebo is None else {(data.model, data.method): placebo},
        )
    )
    assert result.findings[0].topic == TOPIC
    assert [finding.topic for finding in result.findings].count(TOPIC) == 1
    return result.findings[0]


def of_noise(data: AuditData) -> AuditData:
    """The same with saliency that knows neither class nor answer."""
    rng = np.random.default_rng(11)
    values = np.where(data.inked, rng.normal(size=data.n), np.nan)
    return replace(data, mean=values, peak=np.where(data.inked, rng.random(data.n), np.nan))


def test_without_answers_to_painted_pictures_nothing_is_decided(make_data: Make) -> None:
    found = verdict(of_noise(make_data(5, n=400)))
    assert found.strength is Strength.UNDEFINED
    assert "is not known: no picture was predicted with its ink painted over" in found.text
    assert found.model == "biased"


def test_no_evidence_says_what_could_have_been_missed(make_data: Make) -> None:
    data = of_noise(make_data(5, n=400))
    found = verdict(data, painted_over(data, np.arange(4)), data.kept(data.inked))
    assert found.strength is Strength.NONE
    assert "no evidence of ink bias" in found.text
    assert "points more or less often with ink would most likely have been found" in found.text
    assert "No evidence that its maps read ink differently by class" in found.text
    assert "No evidence that saliency on ink goes with its errors" in found.text


def test_an_effect_names_the_classes_from_the_largest(make_data: Make) -> None:
    data = of_noise(make_data(5, n=400))
    from_first = np.flatnonzero(data.kept(data.inked).predicted == 0)
    found = verdict(data, painted_over(data, from_first))
    assert found.strength is Strength.STRONG
    assert "ink changes what it says. With ink it calls MEL" in found.text
    assert "points more often" in found.text
    assert "points less often" in found.text


def test_maps_that_differ_are_not_called_no_bias(make_data: Make) -> None:
    data = of_noise(make_data(5, n=400))
    steep = replace(data, mean=data.mean + 2.0 * data.true_class)
    found = verdict(steep, painted_over(steep, np.arange(4)))
    assert found.strength is Strength.NONE
    assert "no evidence that ink changes what it says" in found.text
    assert "ink bias" not in found.text
    assert "Its maps read ink differently by class (Grad-CAM)." in found.text


def test_errors_go_beyond_their_placebo_or_do_not(make_data: Make) -> None:
    data = of_noise(make_data(5, n=400))
    telling = replace(data, mean=data.mean + 1.5 * ~data.correct)
    inked = telling.kept(telling.inked)
    flat = replace(inked, mean=np.random.default_rng(2).normal(size=inked.n))
    assert "beyond what the same masks do without ink (Grad-CAM, mean" in verdict(telling, placebo=flat).text
    assert "no more than can be told without ink" in verdict(telling, placebo=inked).text
    assert "no more than can be told without ink" in verdict(telling).text
