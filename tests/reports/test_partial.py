"""What a report says of what is not complete: in its limits, and under figures of fewer pictures."""

from dataclasses import replace

import numpy as np

from gsal.audit import AuditResult, audit
from gsal.audit.findings.left_out import left_out_texts
from gsal.audit.shortfall import Kind, Shortfall
from gsal.reports.content import ReportContent
from gsal.reports.document import Document, Paragraph
from gsal.reports.sections import compose
from tests.evidence import full_evidence

from .conftest import made

UNFINISHED = Shortfall(Kind.SALIENCY, "biased", "gradient", 120, 812)


def result_with(n: int) -> AuditResult:
    """Return an audit of two models, the placebo of one of which is of its first n inked pictures."""
    tables = [made(seed, model, "grad-cam") for seed, model in enumerate(("biased", "unbiased"))]
    evidence = full_evidence(tables)
    part = evidence.placebos["biased", "grad-cam"].kept(np.arange(n))
    placebos = {**evidence.placebos, ("biased", "grad-cam"): part}
    return audit(replace(evidence, placebos=placebos, shortfalls=(UNFINISHED,)))


def captions(document: Document) -> list[str]:
    names = {"global-saliency-grad-cam", "response-rate-grad-cam"}
    return [figure.caption for figure in document.figures if figure.name in names]


def test_a_placebo_of_fewer_pictures_says_so_beneath_its_figures(content: ReportContent) -> None:
    whole = int(made(0, "biased", "grad-cam").inked.sum())
    told = captions(compose(replace(content, audit=result_with(20))))
    assert len(told) == 2
    for caption in told:
        assert f"The placebo is of some of these pictures only: biased 20 of {whole}." in caption
    for caption in captions(compose(replace(content, audit=result_with(whole)))):
        assert "placebo" in caption
        assert "some of these" not in caption


def test_what_was_left_out_is_among_the_limits(content: ReportContent) -> None:
    document = compose(replace(content, audit=result_with(20)))
    (limits,) = (section for section in document.sections if section.anchor == "limits")
    texts = [block.text for block in limits.blocks if isinstance(block, Paragraph)]
    assert left_out_texts([UNFINISHED])[0] in texts
    (before,) = (section for section in compose(content).sections if section.anchor == "limits")
    assert len(before.blocks) == len(limits.blocks) - 1
