"""What the audit comes to, for who reads one page: a line of words and an answer in short on each model."""

from collections.abc import Mapping, Sequence

from gsal.audit.counterfactual import ALL
from gsal.audit.findings import Finding, Strength, classes, errors, ink
from gsal.audit.findings.verdict import TOPIC as IN_SHORT
from gsal.audit.performance import Performance, Subset
from gsal.reports.content import ReportContent
from gsal.reports.document import Block, Cell, Column, Entry, Facts, Heading, Table, note
from gsal.reports.sections.cells import UNKNOWN, share
from gsal.reports.sections.palette import model_palette

__all__ = ["verdict"]

_WORDS = {
    Strength.STRONG: "strong evidence",
    Strength.CLEAR: "evidence",
    Strength.NONE: "no evidence",
    Strength.UNDEFINED: "cannot be told",
}
"""From the strongest: the first that any sentence has is the verdict."""
_NOT_TESTED = "not tested"


def verdict(content: ReportContent) -> tuple[Block, ...]:
    """Return how strong the findings are and the answers in short; nothing without an audited model."""
    palette = model_palette(content)
    models = list(dict.fromkeys(entry.model for entry in content.audit.entries))
    if not models:
        return ()
    blocks: list[Block] = [Heading("In short"), _verdicts(content, models, palette)]
    entries = [Entry(model, *_sentences(content, model), palette[model]) for model in models]
    if any(entry.texts for entry in entries):
        blocks.append(Facts(tuple(entry for entry in entries if entry.texts), prominent=True))
    blocks.append(
        note(
            "Strong evidence: P under .001; evidence: P under .05; adjusted for how many classes, methods or "
            "readings of the model were tested (Holm). No evidence does not mean no effect: the findings say "
            "what could have been missed, in which direction an effect goes, and what speaks against the ink "
            "as its cause. A reading is a saliency method with one way of averaging."
        )
    )
    return tuple(blocks)


def _verdicts(content: ReportContent, models: Sequence[str], palette: Mapping[str, str]) -> Table:
    performance = {(row.model, row.subset): row for row in content.audit.performance}
    titles = (
        "Ink changes how often it calls a class",
        "Saliency on ink differs by class",
        "… and goes with errors",
    )
    return Table(
        (
            Column("Model", align="left"),
            *(Column(title, align="left", wraps=True) for title in titles),
            Column("right, with ink"),
            Column("without ink"),
        ),
        tuple(
            (
                Cell(model, colour=palette[model]),
                _word(_of(content, model, ink.TOPIC), _called(content, model), "classes"),
                _word(_of(content, model, classes.TOPIC), _readings(content, model, "mean"), "readings"),
                _word(_of(content, model, errors.TOPIC), _readings(content, model), "readings"),
                _right(performance.get((model, Subset.INKED))),
                _right(performance.get((model, Subset.UNINKED))),
            )
            for model in models
        ),
        "As strong as the strongest finding of its kind",
    )


def _of(content: ReportContent, model: str, topic: str) -> list[Finding]:
    """Return the sentences of a topic about a model that a test stands behind."""
    return [
        one
        for one in content.audit.findings
        if one.model == model and one.topic == topic and one.strength in _WORDS
    ]


def _word(found: Sequence[Finding], of: int, things: str) -> Cell:
    """Return the strongest verdict, and of how many things it is claimed."""
    strengths = {one.strength for one in found}
    strength = next((one for one in _WORDS if one in strengths), None)
    if strength is None:
        return Cell(_NOT_TESTED)
    claims = sum(one.strength.is_claim for one in found)
    return Cell(_WORDS[strength], f"in {claims} of {of} {things}" if claims else "", bold=strength.is_claim)


def _called(content: ReportContent, model: str) -> int:
    """Return how many classes were asked for whether the ink makes the model call them more often."""
    of_model = (effect for effect in content.audit.effects if effect.model == model)
    return sum(one.true_class == ALL for effect in of_model for one in effect.called)


def _readings(content: ReportContent, model: str, aggregator: str = "") -> int:
    return sum(
        entry.model == model and aggregator in {"", entry.aggregator} for entry in content.audit.entries
    )


def _right(row: Performance | None) -> Cell:
    if row is None or not row.n:
        return Cell(UNKNOWN)
    return share(row.accuracy, row.accuracy_low, row.accuracy_high)


def _sentences(content: ReportContent, model: str) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Return the answers on a model, and the places of those that claim an effect."""
    found = [one for one in content.audit.findings if one.model == model and one.topic == IN_SHORT]
    claims = tuple(place for place, one in enumerate(found) if one.strength.is_claim)
    return tuple(one.text for one in found), claims
