"""Response rate accuracy over the folds of a cross-validation."""

from collections.abc import Iterator, Mapping, Sequence

from gsal.audit import AuditEntry
from gsal.audit.groups import FoldCurve, FoldCurves, cross_validation, over_curves
from gsal.reports import figures
from gsal.reports.content import ModelSummary
from gsal.reports.document import Figure
from gsal.reports.sections.by_method import MethodEntries

__all__ = ["fold_figure"]


def fold_figure(method: MethodEntries, models: Sequence[ModelSummary]) -> Iterator[Figure]:
    """Yield the figure; none without a cross-validation of which two folds or more were audited."""
    folds = {model.name: model.fold for model in models if model.fold is not None}
    panels = {
        f"{aggregator.capitalize()} saliency: accuracy of the pictures let in, over folds": of_aggregator
        for aggregator in ("mean", "peak")
        if (of_aggregator := _curves(method.of(aggregator), folds))
    }
    if panels:
        palette = figures.colours([name for of_panel in panels.values() for name in of_panel])
        yield Figure(
            f"folds-{method.slug}",
            f"Accuracy by the share of pictures let in, over folds, {method.title}",
            figures.fold_curves(panels, palette),
            "Mean over the folds with its pointwise 95 % band, which is somewhat narrow, for networks of "
            "the folds share most of their training pictures. Thin: each fold, on its own pictures.",
        )


def _curves(entries: Sequence[AuditEntry], folds: Mapping[str, int]) -> dict[str, FoldCurves]:
    found: dict[str, list[FoldCurve]] = {}
    for entry in entries:
        fold = folds.get(entry.model)
        if fold is not None:
            response = entry.response
            found.setdefault(cross_validation(entry.model, fold), []).append(
                FoldCurve(fold=fold, accuracy=entry.band.accuracy, aurrac=response.aurrac, n=response.n)
            )
    return {name: over_curves(of_folds) for name, of_folds in found.items() if len(of_folds) > 1}
