"""Which colour a model and a set of pictures have in every figure and table."""

from gsal.reports import figures
from gsal.reports.content import ReportContent

__all__ = ["model_palette", "set_palette"]


def model_palette(content: ReportContent) -> dict[str, str]:
    """Return the colour by model."""
    names = [model.name for model in content.models] + [entry.model for entry in content.audit.entries]
    return figures.colours(names)


def set_palette(content: ReportContent) -> dict[str, str]:
    """Return the colour by set: a cohort has that of the first model trained on it."""
    models = model_palette(content)
    of_cohort = {model.cohort: models[model.name] for model in reversed(content.models) if model.cohort}
    return {
        item.name: of_cohort.get(item.name, figures.NEUTRAL) for item in (*content.sets, *content.cohorts)
    }
