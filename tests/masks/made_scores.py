"""Scores of pictures made up for tests."""

import math

from gsal.masks.evaluation import PictureScore, agreed

__all__ = ["made_score"]


def made_score(
    image: str = "",
    *,
    dice: float = math.nan,
    nsd: float = math.nan,
    ink: float = 0.0,
    is_inked: bool | None = None,
    truth_px: float = math.nan,
) -> PictureScore:
    """Return a score with a decision cut at 100 px."""
    found = agreed(image, dice=dice, nsd=nsd)
    return PictureScore(
        image=found.image,
        dice=dice,
        iou=math.nan,
        precision=math.nan,
        recall=math.nan,
        nsd=nsd,
        hd95=math.nan,
        predicted_ink_px=ink,
        truth_ink_px=truth_px,
        is_predicted_inked=ink > 100,
        is_inked=is_inked,
        decision_px=ink,
    )
