"""Auditing 100,000 pictures x 2 models x 2 methods x 7 classes that are read already.

"panels" computes all that the window shows of both models under one method, with one draw of each bootstrap
in place of bands; "panels with bands" with as many draws as an audit; "audit" everything that `gsal audit`
keeps: both methods, both aggregators, permutation tests, trends and pairs of models. What reading takes is
measured by `tests.benchmarks.reaudit`.
"""

import statistics

import numpy as np

from app.audit.choosers import Choice
from app.audit.figures import Request, compute
from app.audit.scales import Scale
from gsal.audit import AuditData, Evidence, audit
from gsal.records import MaskSet, SaliencyMethod
from tests.benchmarks.harness import Row, cpu_seconds, main

PICTURES, CLASSES, ROUNDS = 100_000, 7, 3
MODELS, METHODS = ("baseline", "unbiased"), ("grad-cam", "competitive-gradient-input")
DRAWS = 2000

_PICTURE_SEED, _PER_PATIENT, _PIXELS = 0, 3, 50_176


def _table(model: str, method: str, seed: int) -> AuditData:
    """Return one model under one method; all have the same pictures."""
    pictures, rng = np.random.default_rng(_PICTURE_SEED), np.random.default_rng(seed)
    true_class = pictures.integers(0, CLASSES, PICTURES)
    inked = pictures.random(PICTURES) < 0.66
    logits = rng.normal(size=(PICTURES, CLASSES)) + np.eye(CLASSES)[true_class]
    predicted = logits.argmax(axis=1)
    peaks = rng.random(PICTURES) * (rng.random(PICTURES) < 0.5)
    return AuditData(
        model=model,
        seed=0,
        cohort=model,
        method=method,
        mask_set="exact",
        classes=tuple(f"class {number}" for number in range(CLASSES)),
        images=tuple(map(str, range(PICTURES))),
        image_ids=np.arange(PICTURES),
        patient=np.array([f"P{number // _PER_PATIENT}" for number in range(PICTURES)]),
        true_class=true_class,
        predicted=predicted,
        explained=predicted,
        logits=logits,
        inked=inked,
        ink_px=np.where(inked, 100.0, 0.0),
        mask_area=np.where(inked, 100.0, 0.0),
        mean=np.where(inked, rng.normal(size=PICTURES), np.nan),
        peak=np.where(inked, peaks, np.nan),
        map_sum=np.zeros(PICTURES),
        map_sum_sq=np.full(PICTURES, float(_PIXELS)),
        map_pixels=np.full(PICTURES, _PIXELS),
    )


def measure() -> list[Row]:
    """Measure the three."""
    tables = [
        _table(model, method, seed=1 + 2 * m + n)
        for m, model in enumerate(MODELS)
        for n, method in enumerate(METHODS)
    ]
    parts = {one.model: (one,) for one in tables if one.method == METHODS[0]}

    def panels(scale: Scale, draws: int) -> None:
        choice = Choice(None, SaliencyMethod(METHODS[0]), scale, MaskSet.EXACT)
        compute(Request(choice, parts, {}, frozenset(), draws))

    subjects = {
        "panels, mean": lambda: panels(Scale.Z, 1),
        "panels, peak": lambda: panels(Scale.PEAK, 1),
        "panels with bands, mean": lambda: panels(Scale.Z, DRAWS),
        "panels with bands, peak": lambda: panels(Scale.PEAK, DRAWS),
        "audit": lambda: audit(Evidence(tables=tuple(tables))),
    }
    return [
        Row(f"{case}, {PICTURES:,} pictures", "ours", metric, value, "s")
        for case, seconds in cpu_seconds(subjects, rounds=ROUNDS).items()
        for metric, value in (("cpu_median_s", statistics.median(seconds)), ("cpu_least_s", min(seconds)))
    ]


if __name__ == "__main__":
    main(measure)
