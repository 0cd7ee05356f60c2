"""What an audit lacks, in words: by how much, of what, and what to do about it."""

from dataclasses import replace

from gsal.audit import AuditData, AuditResult, Evidence, audit
from gsal.audit.findings.left_out import left_out_texts
from gsal.audit.findings.limits import TOPIC
from gsal.audit.shortfall import Kind, Shortfall

SALIENCY = Shortfall(Kind.SALIENCY, "baseline", "grad-cam", 120, 1812)
PLACEBO = Shortfall(Kind.PLACEBO, "baseline", "grad-cam", 50, 812)
ANSWERS = Shortfall(Kind.ANSWERS, "baseline", "ink-inpainted", 50, 812)


def test_what_lacks_the_same_shares_a_sentence() -> None:
    others = [replace(SALIENCY, of="gradient"), replace(SALIENCY, n=3), replace(SALIENCY, of="", n=0)]
    assert left_out_texts([SALIENCY, *others]) == [
        "Left out, for saliency was computed for 120 of 1,812 pictures: baseline, Grad-CAM; baseline, "
        "gradient. Left out, for saliency was computed for 3 of 1,812 pictures: baseline, Grad-CAM. Left "
        "out, for no saliency was computed over these masks: baseline. "
        "Compute saliency to go on where it stopped."
    ]


def test_a_part_that_counts_is_told_apart_from_what_was_left_out() -> None:
    saliency, placebo, answers = left_out_texts([ANSWERS, PLACEBO, SALIENCY])
    assert saliency.startswith("Left out")
    assert placebo.startswith(
        "The placebo covers 50 of 812 pictures with ink, and what is said of it rests on"
    )
    assert answers.startswith("The answers cover 50 of 812 pictures with ink")
    assert "baseline, ink painted over" in answers
    assert left_out_texts([replace(PLACEBO, n=0)])[0].startswith("There is no placebo: baseline, Grad-CAM.")
    assert left_out_texts([]) == []


def test_an_audit_says_it_and_keeps_it(data: AuditData) -> None:
    evidence = Evidence(tables=(data,), shortfalls=(SALIENCY, PLACEBO))
    result = audit(evidence)
    said = [finding.text for finding in result.findings if finding.topic == TOPIC]
    assert said[:2] == left_out_texts(evidence.shortfalls)
    again = AuditResult.from_stored(result.to_stored())
    assert again.shortfalls == evidence.shortfalls


def test_an_audit_of_before_shortfalls_were_kept_has_none(data: AuditData) -> None:
    stored = audit(Evidence(tables=(data,), shortfalls=(SALIENCY,))).to_stored()
    del stored["result"]["shortfalls"], stored["result"]["footings"]
    assert AuditResult.from_stored(stored).shortfalls == ()
