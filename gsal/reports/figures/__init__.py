"""The report's figures, each a matplotlib Figure that `svg` turns into text."""

from gsal.reports.figures.agreement import agreement
from gsal.reports.figures.drawing import NEUTRAL, colours, css_colour, equation, svg, themed
from gsal.reports.figures.folds import fold_curves
from gsal.reports.figures.forest import ForestMark, ForestPanel, ForestSeries, forest
from gsal.reports.figures.ink import co_occurrence
from gsal.reports.figures.masks import threshold_curves
from gsal.reports.figures.response import response_rate
from gsal.reports.figures.saliency import global_saliency
from gsal.reports.figures.training import training_curves

__all__ = [
    "NEUTRAL",
    "ForestMark",
    "ForestPanel",
    "ForestSeries",
    "agreement",
    "co_occurrence",
    "colours",
    "css_colour",
    "equation",
    "fold_curves",
    "forest",
    "global_saliency",
    "response_rate",
    "svg",
    "themed",
    "threshold_curves",
    "training_curves",
]
