"""Made-up validation sets: random answers and saliency with a known effect of class."""

from collections.abc import Callable

import numpy as np
import pytest

from gsal.audit import AuditData

CLASSES = ("MEL", "NV", "BCC")


def make(
    seed: int = 0, *, model: str = "biased", cohort: str = "biased", method: str = "grad-cam", n: int = 120
) -> AuditData:
    shared = np.random.default_rng(123)
    true_class = shared.integers(len(CLASSES), size=n)
    patients = [f"p{number}" if number else "" for number in shared.integers(n // 3, size=n)]
    inked = shared.random(n) < 0.7
    rng = np.random.default_rng(seed)
    logits = rng.normal(size=(n, len(CLASSES)))
    logits[np.arange(n), true_class] += 0.8
    predicted = logits.argmax(axis=1)
    pixels = 64
    maps = rng.normal(0.2, 1.3, size=(n, pixels))
    mean = rng.normal(0.3 * (true_class == 0), 0.5)
    peak = np.maximum(0, np.round(rng.normal(0.02, 0.1, size=n), 2))
    return AuditData(
        model=model,
        seed=seed,
        cohort=cohort,
        method=method,
        mask_set="exact",
        classes=CLASSES,
        images=tuple(f"pictures/S{row:04}.png" for row in range(n)),
        image_ids=np.arange(n) + 1,
        patient=np.array(patients),
        true_class=true_class,
        predicted=predicted,
        explained=predicted,
        logits=logits,
        inked=inked,
        ink_px=np.where(inked, 100 + 900 * rng.random(n), 0.0),
        mask_area=np.where(inked, 6.5, 0.0),
        mean=np.where(inked, mean, np.nan),
        peak=np.where(inked, peak, np.nan),
        map_sum=maps.sum(axis=1),
        map_sum_sq=(maps**2).sum(axis=1),
        map_pixels=np.full(n, pixels),
    )


@pytest.fixture
def make_data() -> Callable[..., AuditData]:
    return make


@pytest.fixture
def data() -> AuditData:
    return make()
