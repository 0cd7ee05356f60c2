"""What was left out of an audit, and what covers only some of its pictures, in words."""

from collections.abc import Iterable, Sequence

from gsal.audit.findings.finding import Finding
from gsal.audit.findings.limits import TOPIC
from gsal.audit.names import method_name, variant_name
from gsal.audit.shortfall import Kind, Shortfall

__all__ = ["left_out_findings", "left_out_texts"]

_REMEDY = {
    Kind.SALIENCY: "Compute saliency to go on where it stopped.",
    Kind.PLACEBO: "Compute saliency with its placebo to complete it.",
    Kind.ANSWERS: "Predict this variant to complete them.",
}


def left_out_findings(shortfalls: Sequence[Shortfall]) -> list[Finding]:
    """Return a finding of what saliency lacks, one of what placebos lack, and one of what answers lack."""
    return [Finding(TOPIC, text) for text in left_out_texts(shortfalls)]


def left_out_texts(shortfalls: Sequence[Shortfall]) -> list[str]:
    """Return a text for each kind that lacks something; those that lack the same share a sentence.

    >>> print(*left_out_texts([Shortfall(Kind.SALIENCY, "a", "grad-cam", 120, 812)]))
    Left out, for saliency was computed for 120 of 812 pictures: a, Grad-CAM. Compute saliency to go on \
where it stopped.
    """
    return [
        f"{_sentences(of_kind)} {_REMEDY[kind]}"
        for kind in Kind
        if (of_kind := [one for one in shortfalls if one.kind is kind])
    ]


def _sentences(shortfalls: Iterable[Shortfall]) -> str:
    alike: dict[str, list[str]] = {}
    for one in shortfalls:
        alike.setdefault(_lack(one), []).append(_name(one))
    return " ".join(f"{lack}: {'; '.join(names)}." for lack, names in alike.items())


def _lack(one: Shortfall) -> str:
    counts = f"{one.n:,} of {one.expected:,} pictures"
    match one.kind:
        case Kind.SALIENCY if not one.of:
            return "Left out, for no saliency was computed over these masks"
        case Kind.SALIENCY:
            return f"Left out, for saliency was computed for {counts}"
        case Kind.PLACEBO if not one.n:
            return "There is no placebo"
        case Kind.PLACEBO:
            return f"The placebo covers {counts} with ink, and what is said of it rests on those"
        case Kind.ANSWERS if not one.n:
            return "There are no answers"
        case Kind.ANSWERS:
            return f"The answers cover {counts} with ink, and what is said of them rests on those"


def _name(one: Shortfall) -> str:
    if not one.of:
        return one.model
    return f"{one.model}, {variant_name(one.of) if one.kind is Kind.ANSWERS else method_name(one.of)}"
