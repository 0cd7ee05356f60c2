"""Whether ink saliency goes with what the ink does: the faithfulness of a saliency method (SPEC 11)."""

from dataclasses import dataclass

import numpy as np

from gsal.arrays import FloatArray
from gsal.audit.common import common_pictures
from gsal.audit.counterfactual import Pairs, Scale
from gsal.audit.data import AuditData
from gsal.audit.patients import renumbered
from gsal.audit.rank_correlation import LEAST_PICTURES, RankCorrelation, rank_correlation
from gsal.records import Aggregator

__all__ = ["Faithfulness", "faithfulness_of"]

_NAN = float("nan")


@dataclass(frozen=True, slots=True)
class Faithfulness:
    """How the order of the pictures by ink saliency agrees with their order by the effect of the ink.

    More ink does more, and takes more of the peaks of any map, a random one too: compare with the controls,
    or look at the correlation with the area of the ink held fixed.

    Towards 1: the more a map puts on the ink, the more the ink raises the class that the map explains. 0: the
    map says nothing of it. Towards -1: the map has most on the ink where the ink lowers the class most.

    Attributes:
        aggregator: Of the saliency: m or n.
        scale: Of the effect: logit or probability of the class explained, with ink minus inpainted.
        correlation: Over the inked pictures, with its interval.
        given_area: The same with the area of the ink held fixed (partial rank correlation).
        left_out: Inked pictures without a defined saliency or without an answer.
    """

    model: str
    method: str
    aggregator: str
    scale: str
    correlation: RankCorrelation
    given_area: RankCorrelation
    left_out: int


def faithfulness_of(
    data: AuditData,
    pairs: Pairs,
    aggregator: Aggregator,
    scale: Scale,
    *,
    rng: np.random.Generator,
    draws: int = 1000,
) -> Faithfulness:
    """Compare a method's ink saliency with the measured effect of the ink, picture by picture.

    Args:
        data: Saliency of one method, of the class it explains.
        pairs: Answers of the same model with the ink and without it.
        aggregator: MEAN for m, PEAK for n.
        scale: Of the effect.
        rng: Draws the patients of the bootstrap.
        draws: Of the bootstrap.

    Raises:
        ValueError: They are of different models.
    """
    if (data.model, data.classes) != (pairs.model, pairs.classes):
        raise ValueError(f"saliency of {data.model} cannot be compared with answers of {pairs.model}")
    rows, places = common_pictures(data.image_ids, pairs.image_ids)
    saliency = data.aggregate(aggregator)[rows]
    effect = pairs.ink_effect(scale)[places, data.explained[rows]]
    kept = np.isfinite(saliency) & np.isfinite(effect)
    codes = data.codes[rows][kept]
    saliency, effect = saliency[kept], effect[kept]
    reason = _constant(saliency, effect)
    area = data.mask_area[rows][kept]

    def correlated(given: FloatArray | None) -> RankCorrelation:
        if reason:
            patients = renumbered(codes)[1]
            return RankCorrelation(_NAN, _NAN, _NAN, _NAN, len(saliency), patients, reason)
        return rank_correlation(saliency, effect, codes, rng=rng, given=given, draws=draws)

    return Faithfulness(
        model=data.model,
        method=data.method,
        aggregator=str(aggregator),
        scale=str(scale),
        correlation=correlated(None),
        given_area=correlated(area),
        left_out=int(data.inked.sum()) - len(saliency),
    )


def _constant(saliency: FloatArray, effect: FloatArray) -> str:
    """Say which of both is the same on all pictures; "" if neither is, or if they are too few to tell."""
    if len(saliency) < LEAST_PICTURES:
        return ""
    if len(np.unique(effect)) == 1:
        return "taking the ink away changes all pictures alike"
    if len(np.unique(saliency)) == 1:
        return "all pictures have the same ink saliency"
    return ""
