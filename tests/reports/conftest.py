"""A made-up report, computed from random arrays."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from gsal.audit import AuditData, Evidence, audit
from gsal.reports.content import (
    Fact,
    GalleryItem,
    MaskSummary,
    ModelSummary,
    PictureSet,
    ReportContent,
)
from gsal.reports.document import Document
from gsal.reports.mask_quality import CurveRow, MaskEvaluation, MaskFigure, MaskRow
from gsal.reports.sections import compose
from tests.evidence import full_evidence

CLASSES = ("MEL", "NV", "BCC")
METHODS = ("grad-cam", "competitive-gradient-input")
CREATED = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)


def made(
    seed: int, model: str, method: str, classes: Sequence[str] = CLASSES, *, per_class: int = 30
) -> AuditData:
    n = per_class * len(classes)
    rng = np.random.default_rng(seed)
    true_class = np.arange(n) % len(classes)
    logits = rng.normal(size=(n, len(classes)))
    logits[np.arange(n), true_class] += 1
    predicted = logits.argmax(axis=1)
    inked = np.arange(n) % 4 > 0
    return AuditData(
        model=model,
        seed=0,
        cohort=model,
        method=method,
        mask_set="exact",
        classes=tuple(classes),
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


def pictures(name: str, rates: Sequence[float | None], classes: Sequence[str] = CLASSES) -> PictureSet:
    """The last class has no pictures."""
    counts = {item: 30 + number for number, item in enumerate(classes[:-1])} | {classes[-1]: 0}
    rate = dict(zip(classes, rates, strict=True))
    return PictureSet(name, sum(counts.values()), counts, rate, 0.3, 0.2, 50, ("A note.",))


def figure(value: float, half: float = 0.07, n: int = 60) -> MaskFigure:
    return MaskFigure(value, max(0.0, value - half), min(1.0, value + half), n)


def mask_row(name: str, dice: float, specificity: float, lead: float | None = None) -> MaskRow:
    figures = {
        "dice": figure(dice),
        "nsd": figure(dice),
        "sensitivity": figure(dice + 0.1),
        "specificity": figure(specificity),
        "auc": figure(0.9, 0.03),
    }
    return MaskRow(name, 60, figures, {} if lead is None else {"dice": figure(lead, 0.03)})


def made_quality() -> MaskEvaluation:
    part = mask_row("violet", 0.7, 0.9)
    readers = MaskRow("Anna & <Bert>", 20, {"dice": figure(0.83)}, {"dice": figure(0.1)})
    return MaskEvaluation(
        model="BiSeNet",
        reference="human masks",
        n=60,
        n_patients=40,
        threshold=0.5,
        rows=(
            mask_row("BiSeNet", 0.75, 0.91),
            mask_row("hue", 0.6, 0.8, 0.15),
            mask_row("lab", 0.65, 0.93, 0.1),
            mask_row("dark", 0.5, 0.6, 0.25),
            mask_row("2 of 3", 0.62, 0.92, 0.13),
            readers,
        ),
        groups={
            "ink colour": (part, replace(part, name="no ink", n=3)),
            "start": (replace(part, name="blank"),),
        },
        human_level={"with ink": figure(0.5), "without ink": figure(0.9), "all": figure(0.7)},
        curve=tuple(
            CurveRow(step / 20, figure(1 - (step / 21) ** 3), figure(1 - float(np.exp(-step / 4))))
            for step in range(1, 20)
        ),
        verdicts=("BiSeNet beats the best single rule (lab) by .10 [.03, .13] in Dice.",),
        notes=("3 pictures are not judged.",),
    )


def made_content(
    models: Sequence[str],
    classes: Sequence[str],
    methods: Sequence[str] = METHODS,
    *,
    per_class: int = 30,
) -> ReportContent:
    rng = np.random.default_rng(0)
    data = [
        made(seed, model, method, classes, per_class=per_class)
        for seed, model in enumerate(models)
        for method in methods
    ]
    curves = {"loss/training": ((1.0, 1.2), (2.0, 0.8)), "accuracy/validation": ((1.0, 0.4), (2.0, 0.6))}
    mask = np.zeros((40, 60), dtype=np.bool_)
    mask[10:14, 5:50] = True
    picture = rng.integers(0, 255, size=(40, 60, 3), dtype=np.uint8)

    def rates(first: float, others: float) -> list[float | None]:
        return [first, *[others] * (len(classes) - 2), None]

    return ReportContent(
        project="Clinic A",
        created=CREATED,
        sets=(pictures("All pictures", rates(0.5, 0.4), classes),),
        cohorts=tuple(
            pictures(model, rates(0.95 if number == 0 else 0.3, 0.2 if number == 0 else 0.3), classes)
            for number, model in enumerate(models)
        ),
        masks=MaskSummary("exact", (Fact("exact", "60 pictures"),)),
        mask_quality=made_quality(),
        models=tuple(ModelSummary(name, name, 0, "densenet-small", "demo", 61, curves) for name in models),
        audit=audit(full_evidence(data)),
        gallery=(GalleryItem(picture, mask, rng.normal(size=(7, 7)), "MEL, taken for NV (0.62)"),),
        provenance=(Fact("gsal", "0.1.0"),),
        notes=("Made up.",),
    )


@pytest.fixture(scope="session")
def content() -> ReportContent:
    return made_content(("biased", "unbiased"), CLASSES)


@pytest.fixture(scope="session")
def crowded() -> ReportContent:
    """Six models and twenty classes, all with long names."""
    models = [f"densenet-121 of the second hospital, fold {number}" for number in range(6)]
    classes = [f"Solar lentigo or seborrhoeic-keratosis-like lesion, kind {number}" for number in range(20)]
    return made_content(models, classes, METHODS[:1], per_class=9)


@pytest.fixture(scope="session")
def plain() -> ReportContent:
    """One model and two classes."""
    return made_content(["baseline"], ("naevus", "melanoma"))


@pytest.fixture(scope="session")
def document(content: ReportContent) -> Document:
    return compose(content)


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
        mask_quality=None,
        models=(ModelSummary("outside", "", None, "resnet18", "brought along"),),
        audit=audit(Evidence(tables=(blank,))),
        gallery=(),
    )
