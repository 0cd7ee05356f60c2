"""The panels that fill while saliency is computed."""

from collections.abc import Sequence

from app.audit.distribution_plot import DistributionPlot
from app.audit.figures import Figures
from app.audit.fold_plot import FoldPlot
from app.audit.global_saliency_plot import GlobalSaliencyPlot
from app.audit.panel import Panel
from app.audit.picture_plot import PicturePlot
from app.audit.response_plot import ResponsePlot
from app.audit.selection import Selection
from app.audit.variance_plot import VariancePlot
from app.theme import Theme
from gsal.audit import AuditResult
from gsal.audit.names import p_text

__all__ = ["LivePanels"]

_CLASSES = "diamonds: with the ink painted over    Click a class, or several, to see it against the rest."
_PICTURES = "dots: right answers    crosses: wrong ones    Click one to see the picture and its map."
_LINES = "dashed: accuracy of all (chance), and the curve with the ink painted over    dotted: oracle"
_FOLDS = "band: 95 % over the folds    thin: each fold, on its own pictures"
_VARIANCE = (
    "How far the class means lie apart; noise alone puts some of it there. Diamonds: ink painted over."
)
_FEW_MODELS = 3


class LivePanels:
    """Plots and their panels; what is selected in one is selected in all.

    Args:
        theme: For the colours.
        selection: Of classes and a picture.
    """

    def __init__(self, theme: Theme, selection: Selection) -> None:
        self._selection = selection
        self.global_saliency = GlobalSaliencyPlot(theme)
        self.response = ResponsePlot(theme)
        self.pictures = PicturePlot(theme)
        self.variance = VariancePlot(theme)
        self.folds = FoldPlot(theme)
        self.saliencies = DistributionPlot(
            theme,
            name="saliencyDistribution",
            tip="Ink saliency of the pictures with ink, by model",
            bottom="ink saliency",
        )
        self.confidences = DistributionPlot(
            theme,
            name="confidenceDistribution",
            tip="How sure each model is of its answers to the pictures with ink",
            bottom="confidence",
        )
        self.of_classes = Panel(
            "Global saliency by class, 95 % intervals", self.global_saliency, caption=_CLASSES
        )
        self.of_response = Panel("Accuracy against permitted ink saliency", self.response, caption=_LINES)
        self.of_pictures = Panel("Pictures with ink", self.pictures, caption=_PICTURES)
        self.of_variance = Panel("Variance between classes, 95 % intervals", self.variance, caption=_VARIANCE)
        self.of_folds = Panel("Accuracy over the folds of a cross-validation", self.folds, caption=_FOLDS)
        self.of_saliency = Panel("Ink saliency by model", self.saliencies)
        self.of_confidence = Panel("Confidence by model, pictures with ink", self.confidences)
        self.global_saliency.picked.connect(selection.toggle_class)
        self.pictures.picked.connect(selection.select_picture)

    def show(self, figures: Figures, *, models: Sequence[str], audit: AuditResult | None) -> None:
        """Draw.

        Args:
            figures: As they were computed: another scale may have been chosen since.
            models: All there are, for the colours.
            audit: The last one over these masks; None for none.
        """
        scale, group, shown = figures.choice.scale, self._selection.classes, figures.models
        self.global_saliency.show_figures(shown, models=models, scale=scale, group=group)
        self.response.show_figures(shown, models=models)
        self.pictures.show_figures(
            shown, models=models, scale=scale, group=group, image_id=self._selection.image_id
        )
        self.saliencies.show_distributions(figures.saliency, models=models)
        self.confidences.show_distributions(figures.confidence, models=models)
        of_choice = (str(figures.choice.method), str(scale.aggregator))
        associations = {
            entry.model: entry.association
            for entry in (audit.entries if audit else ())
            if (entry.method, entry.aggregator) == of_choice
        }
        self.variance.show_figures(shown, models=models, associations=associations)
        tested = [
            f"{f.model} {p_text(associations[f.model].p_value)}" for f in shown if f.model in associations
        ]
        self.of_variance.say(_VARIANCE + _tested(tested) + _levene(audit, of_choice))
        self.folds.show_folds(figures.folds)
        self.of_folds.say(f"{_FOLDS}    only {'+'.join(sorted(group))}" if group else _FOLDS)
        self.of_folds.want(bool(figures.folds))


def _tested(models: Sequence[str]) -> str:
    """Say what the permutation test of the last audit found, of a few models."""
    if not models or len(models) > _FEW_MODELS:
        return ""
    return f" Does saliency go with the class? By permutation, last audit: {', '.join(models)}."


def _levene(audit: AuditResult | None, of_choice: tuple[str, str]) -> str:
    """Say what Levene's test of the last audit found, of its one pair."""
    pairs = [p for p in audit.saliency_pairs if (p.method, p.aggregator) == of_choice] if audit else []
    if len(pairs) != 1 or pairs[0].levene.reason:
        return ""
    one = pairs[0]
    return (
        f" Levene's test as in the paper, {one.first} against {one.second}: {p_text(one.levene.p_value)}; "
        "descriptive, for classes share pictures and it finds little."
    )
