"""What has changed since each model was last audited over the same mask set."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from gsal.audit.entry import AuditEntry
from gsal.audit.findings.finding import Finding
from gsal.audit.footing import Footing
from gsal.audit.global_saliency import ClassSaliency
from gsal.audit.ink_effect import ALL, InkEffect
from gsal.audit.names import interval_text, method_name, number_text, percent_text
from gsal.audit.performance import Performance, Subset
from gsal.audit.result import AuditResult

__all__ = ["TOPIC", "Earlier", "since"]

TOPIC = "Since the last audit"

_SUBSETS = {Subset.INKED: "with ink", Subset.UNINKED: "without ink"}


@dataclass(frozen=True, slots=True, eq=False)
class Earlier:
    """An audit that was kept, and when, for people."""

    date: str
    result: AuditResult


def since(before: Mapping[str, Earlier], now: AuditResult) -> tuple[Finding, ...]:
    """Return sentences on what differs as it is written: models, pictures and masks, and all main figures.

    They tell numbers, not tests: both audits may rest on the same pictures, or on other masks of them.

    Args:
        before: By model, the last audit over the same mask set that has it.
        now: This one.
    """
    models = _models(now)
    found = []
    if new := [model for model in models if model not in before]:
        found.append(Finding(TOPIC, f"Not audited over these masks before: {', '.join(new)}."))
    found += _gone(before, models)
    alike: dict[str, list[str]] = {}
    for model in (model for model in models if model in before):
        was = before[model]
        footings = _footing(was.result, model), _footing(now, model)
        if sentences := _changes(was.result, now, model):
            text = f"{model}, since the audit of {was.date}: {' '.join(sentences)}"
            found.append(Finding(TOPIC, text, model=model))
        elif footings[0] is not None and footings[0] == footings[1]:
            text = f"The same pictures and masks gave the same figures as in the audit of {was.date}"
            alike.setdefault(text, []).append(model)
        else:
            alike.setdefault(f"The figures are those of the audit of {was.date}", []).append(model)
    for text, names in alike.items():
        found.append(Finding(TOPIC, f"{text}." if names == models else f"{text}: {', '.join(names)}."))
    return tuple(found)


def _gone(before: Mapping[str, Earlier], models: Sequence[str]) -> Iterator[Finding]:
    """Say which models the audits compared with had, and this one has not."""
    for was in {one.date: one for one in before.values()}.values():
        if gone := [model for model in _models(was.result) if model not in models]:
            yield Finding(TOPIC, f"In the audit of {was.date}, not in this one: {', '.join(gone)}.")


def _models(result: AuditResult) -> list[str]:
    return list(dict.fromkeys(entry.model for entry in result.entries))


def _changes(before: AuditResult, now: AuditResult, model: str) -> list[str]:
    """Return a sentence on pictures and answers, and one for each method and aggregator that differ."""
    was, footing = _footing(before, model), _footing(now, model)
    answers = [
        *_performance_changes(_performance(before, model), _performance(now, model)),
        *_effect_changes(_effect(before, model), _effect(now, model)),
    ]
    earlier = {(e.method, e.aggregator): e for e in before.entries if e.model == model}
    entries = [entry for entry in now.entries if entry.model == model]
    of_entries = [
        (entry, changes)
        for entry in entries
        if (old := earlier.get((entry.method, entry.aggregator))) is not None
        and (changes := list(_entry_changes(old, entry)))
    ]
    new = dict.fromkeys(method_name(e.method) for e in entries if (e.method, e.aggregator) not in earlier)
    basis = list(_footing_changes(was, footing))
    if not basis and was is not None and footing is not None and (answers or of_entries):
        basis = ["the same pictures and masks"]
    first = [*basis, *answers, *([f"not computed then: {', '.join(new)}"] if new else [])]
    sentences = [f"{'; '.join(first)}."] if first else []
    for entry, changes in of_entries:
        name = f"{method_name(entry.method)}, {entry.aggregator}"
        sentences.append(f"{name[0].upper()}{name[1:]}: {'; '.join(changes)}.")
    return sentences


def _footing(result: AuditResult, model: str) -> Footing | None:
    return next((one for one in result.footings if one.model == model), None)


def _footing_changes(old: Footing | None, new: Footing | None) -> Iterator[str]:
    if old is None or new is None or old == new:
        return
    if old.n != new.n:
        yield f"{new.n:,} pictures with masks instead of {old.n:,}"
    counts = [
        f"{new.sources.get(source, 0):,} {source} instead of {old.sources.get(source, 0):,}"
        for source in sorted(old.sources.keys() | new.sources.keys())
        if old.sources.get(source, 0) != new.sources.get(source, 0)
    ]
    if counts:
        yield f"masks: {', '.join(counts)}"
    elif old.n == new.n:
        yield "as many pictures and masks of each source, but not the same"


def _performance(result: AuditResult, model: str) -> dict[Subset, Performance]:
    return {row.subset: row for row in result.performance if row.model == model}


def _performance_changes(
    old: Mapping[Subset, Performance], new: Mapping[Subset, Performance]
) -> Iterator[str]:
    for subset, words in _SUBSETS.items():
        was, row = old[subset], new[subset]
        if was.n != row.n:
            yield f"{row.n:,} pictures {words} instead of {was.n:,}"
        yield from _differing(f"accuracy {words}", percent_text(was.accuracy), percent_text(row.accuracy))


def _effect(result: AuditResult, model: str) -> InkEffect | None:
    return next((one for one in result.effects if one.model == model), None)


def _effect_changes(old: InkEffect | None, new: InkEffect | None) -> Iterator[str]:
    if old is None or new is None:
        if old is not new:
            yield f"what the ink does {'is known now' if old is None else 'is not known any more'}"
        return
    was, share = ({one.true_class: one.share for one in effect.changed}[ALL] for effect in (old, new))
    yield from _differing(
        "decisions changed by the ink", percent_text(was.estimate), percent_text(share.estimate)
    )
    earlier, rates = (
        {one.called: _points(one.difference.estimate) for one in effect.called if one.true_class == ALL}
        for effect in (old, new)
    )
    called = [
        f"{name} {rate} points instead of {earlier[name]}"
        for name, rate in rates.items()
        if name in earlier and rate != earlier[name]
    ]
    if called:
        yield f"called more often with ink: {', '.join(called)}"


def _points(difference: float) -> str:
    text = number_text(100 * difference, 0)
    return f"+{text}" if difference > 0 and text != "0" else text


def _entry_changes(old: AuditEntry, new: AuditEntry) -> Iterator[str]:
    figures = {
        "AURRAC": (old.response.aurrac, new.response.aurrac, 3),
        "AUROC for errors": (old.response.failure_auroc, new.response.failure_auroc, 3),
        "variance of the class means": (old.variance.value, new.variance.value, 4),
    }
    for name, (value_then, value, digits) in figures.items():
        yield from _differing(name, number_text(value_then, digits), number_text(value, digits))
    earlier = {item.name: item for item in old.classes}
    moved = [
        f"{item.name} {number_text(item.mean)} (then {interval_text(was.low, was.high)})"
        for item in new.classes
        if (was := earlier.get(item.name)) is not None and _is_outside(was, item)
    ]
    if moved:
        yield f"outside the interval of then: {', '.join(moved)}"


def _is_outside(old: ClassSaliency, new: ClassSaliency) -> bool:
    """Whether a mean left its former interval; without one, whether it is written otherwise."""
    if old.low == old.low and new.mean == new.mean:
        return not old.low <= new.mean <= old.high
    return number_text(old.mean) != number_text(new.mean)


def _differing(name: str, was: str, value: str) -> Iterator[str]:
    if was != value:
        yield f"{name} {value} instead of {was}"
