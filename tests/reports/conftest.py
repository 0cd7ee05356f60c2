"""A made-up report, computed from random arrays."""

from dataclasses import replace

import numpy as np
import pytest

from gsal.audit import AuditData, audit
from gsal.reports.content import (
    Fact,
    GalleryItem,
    MaskQuality,
    MaskSummary,
    ModelSummary,
    PictureSet,
    ReportContent,
)

CLASSES = ("MEL", "NV", "BCC")


def made(seed: int, model: str, method: str) -> AuditData:
    n = 90
    rng = np.random.default_rng(seed)
    true_class = np.arange(n) % 3
    logits = rng.normal(size=(n, 3))
    logits[np.arange(n), true_class] += 1
    predicted = logits.argmax(axis=1)
    inked = np.arange(n) % 4 > 0
    return AuditData(
        model=model,
        seed=0,
        cohort=model,
        method=method,
        mask_set="exact",
        classes=CLASSES,
        images=tuple(f"S{row}.png" for row in range(n)),
        image_ids=np.arange(n),
        patient=np.array([f"p{row // 2}" for row in range(n)]),
        true_class=true_class,
        predicted=predicted,
        explained=predicted,
        logits=logits,
        inked=inked,
        ink_px=np.where(inked, 300.0, 0.0),
        mask_area=np.where(inked, 5.0, 0.0),
        mean=np.where(inked, rng.normal(size=n), np.nan),
        peak=np.where(inked, rng.choice([0.0, 0.0, 0.1, 0.2], size=n), np.nan),
        map_sum=rng.normal(size=n),
        map_sum_sq=64 + rng.random(n),
        map_pixels=np.full(n, 64),
    )


def pictures(name: str, rates: list[float | None]) -> PictureSet:
    counts = dict(zip(CLASSES, (30, 31, 0), strict=True))
    return PictureSet(name, 61, counts, dict(zip(CLASSES, rates, strict=True)), 0.3, 0.2, 50, ("A note.",))


@pytest.fixture(scope="session")
def content() -> ReportContent:
    rng = np.random.default_rng(0)
    methods = ("grad-cam", "competitive-gradient-input")
    data = [
        made(seed, model, method) for seed, model in enumerate(("biased", "unbiased")) for method in methods
    ]
    curves = {"loss/training": ((1.0, 1.2), (2.0, 0.8)), "accuracy/validation": ((1.0, 0.4), (2.0, 0.6))}
    mask = np.zeros((40, 60), dtype=np.bool_)
    mask[10:14, 5:50] = True
    picture = rng.integers(0, 255, size=(40, 60, 3), dtype=np.uint8)
    return ReportContent(
        project="Clinic A",
        created="1 May 2026",
        sets=(pictures("All pictures", [0.5, 0.4, None]),),
        cohorts=(pictures("biased", [0.95, 0.2, None]), pictures("unbiased", [0.3, 0.3, None])),
        masks=MaskSummary(
            "exact",
            (Fact("exact", "60 pictures"),),
            (MaskQuality("BiSeNet", "exact masks", "Dice", 0.7, 0.6, 0.8, 60),),
        ),
        models=tuple(
            ModelSummary(name, name, 0, "densenet-small", "demo", 61, curves)
            for name in ("biased", "unbiased")
        ),
        audit=audit(data),
        gallery=(GalleryItem(picture, mask, rng.normal(size=(7, 7)), "MEL, taken for NV (0.62)"),),
        provenance=(Fact("gsal", "0.1.0"),),
        notes=("Made up.",),
    )


@pytest.fixture(scope="session")
def undefined(content: ReportContent) -> ReportContent:
    """Nothing inked, nothing judged, nothing trained."""
    data = made(0, "outside", "grad-cam")
    blank = replace(data, seed=None, cohort="", inked=np.zeros(data.n, dtype=np.bool_))
    return replace(
        content,
        sets=(),
        cohorts=(),
        masks=MaskSummary("best"),
        models=(ModelSummary("outside", "", None, "resnet18", "brought along"),),
        audit=audit([blank]),
        gallery=(),
    )
