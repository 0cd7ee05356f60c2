"""All findings of an audit, in reading order."""

from collections.abc import Mapping, Sequence

from gsal.audit.entry import AuditEntry
from gsal.audit.findings import accuracy, classes, errors, ink, left_out, limits, models, seeds, verdict
from gsal.audit.findings.finding import Finding
from gsal.audit.ink_effect import InkEffect
from gsal.audit.model_pairs import PairedAnswers, PairedSaliency
from gsal.audit.performance import Performance
from gsal.audit.placebo_entry import PlaceboEntry
from gsal.audit.replicate_entry import ReplicatePair
from gsal.audit.shortfall import Shortfall

__all__ = ["find"]


def find(
    entries: Sequence[AuditEntry],
    performance: Sequence[Performance],
    *,
    placebos: Sequence[PlaceboEntry] = (),
    effects: Sequence[InkEffect] = (),
    saliency_pairs: Sequence[PairedSaliency] = (),
    answer_pairs: Sequence[PairedAnswers] = (),
    replicate_pairs: Sequence[ReplicatePair] = (),
    ink_rates: Mapping[str, float],
    shortfalls: Sequence[Shortfall] = (),
) -> tuple[Finding, ...]:
    """Return what was found: each model in short, what the ink does, what maps say, how far that goes.

    Args:
        entries: Of all models, methods and aggregators.
        performance: Of all models.
        placebos: Of those entries that have one.
        effects: Of those models whose pictures were predicted without their ink.
        saliency_pairs: Of pairs of models.
        answer_pairs: Likewise.
        replicate_pairs: Of groups of trainings.
        ink_rates: By model, the share of inked pictures in its training set, where known.
        shortfalls: What was left out, and what covers some of the pictures only.
    """
    if not entries:
        return (Finding(limits.TOPIC, "No model has been audited yet."),)
    beside = {(one.model, one.method, one.aggregator): one for one in placebos}
    comparisons = [one.variance for one in saliency_pairs]
    responses = {key: one.response for key, one in beside.items()}
    found = verdict.verdict_findings(entries, effects, responses)
    found += [finding for effect in effects for finding in ink.ink_findings(effect)]
    found += accuracy.accuracy_findings(performance)
    found += classes.class_findings(entries, {key: one.reading for key, one in beside.items()})
    found += models.variance_findings(comparisons)
    found += seeds.seed_findings(replicate_pairs)
    found += models.performance_findings([one for pair in answer_pairs for one in pair.subsets])
    found += errors.error_findings(entries, responses)
    found += left_out.left_out_findings(shortfalls)
    has_placebo = all((one.model, one.method, one.aggregator) in beside for one in entries)
    found += limits.limit_findings(
        entries,
        comparisons,
        ink_rates=ink_rates,
        has_placebo=has_placebo,
        is_painted_over=bool(effects or placebos),
    )
    return tuple(found)
