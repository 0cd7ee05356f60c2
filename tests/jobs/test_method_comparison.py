"""What ink does and which saliency shows it, on a project: what is computed, what is said to be missing."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats
from scipy.special import softmax

from gsal.audit import AuditData
from gsal.errors import GsalError
from gsal.jobs.audits.counterfactual import InkEffect, MeasureInkEffect, effects_in
from gsal.jobs.audits.effect_words import effect_rows, effect_words, gain_rows, waiting_words
from gsal.jobs.audits.method_words import COLUMNS, Cell, method_rows, todo_words
from gsal.jobs.audits.methods import CompareMethods, ModelMethods, methods_in
from gsal.jobs.audits.pairs import COUNTERFACTUALS
from gsal.jobs.audits.rows import audit_data
from gsal.jobs.masks.making import new_mask
from gsal.jobs.runner import run_job
from gsal.jobs.saliency.compute import ComputeSaliency
from gsal.progress import Event, JobContext, Progress
from gsal.project import Project
from gsal.records import PAPER_METHODS, Aggregator, MaskSet, MaskSource, SaliencyMethod, Variant

MEASURE = MeasureInkEffect(("biased",), MaskSet.EXACT)
COMPARE = CompareMethods(("biased",), MaskSet.EXACT)


@pytest.fixture
def opened(finished_copy: Path) -> Iterator[Project]:
    with Project.open(finished_copy) as project:
        yield project


def measured(project: Project, said: list[Event] | None = None) -> tuple[InkEffect, ...]:
    result = run_job(MEASURE, project, JobContext(([] if said is None else said).append))
    assert json.dumps(result, allow_nan=False)
    (model,) = result["models"]
    return effects_in(model)


def compared(project: Project, **changes: Any) -> ModelMethods:
    result = run_job(replace(COMPARE, **changes), project, JobContext())
    assert json.dumps(result, allow_nan=False)
    (model,) = result["models"]
    return methods_in(model)


def by_title(methods: ModelMethods, method: SaliencyMethod) -> dict[str, Cell]:
    number = [entry.method for entry in methods.entries].index(method)
    titles = [column.title for column in COLUMNS]
    return dict(zip(titles, method_rows(methods)[number], strict=True))


def saliency_of(project: Project, method: SaliencyMethod) -> AuditData:
    tables = audit_data(project, ("biased",), mask_set=MaskSet.EXACT)
    return next(data for data in tables if data.method == method)


def logits(project: Project, variant: Variant) -> dict[int, np.ndarray]:
    """What is stored, whatever it rests on."""
    model = project.store.models.get("biased")
    if variant is Variant.ORIGINAL:
        return {i: row.logits for i, row in project.store.predictions.all(model.id, variant=variant).items()}
    from gsal.jobs.predictions.plan import plan_variant

    plan = plan_variant(project, model, variant, JobContext(), mask_set=MaskSet.EXACT)
    rows = project.store.predictions.all(model.id, variant=variant, mask_set="exact", bases=plan.bases)
    return {i: row.logits for i, row in rows.items()}


def test_the_effect_of_ink_is_that_of_the_stored_answers(opened: Project) -> None:
    said: list[Event] = []
    effects = measured(opened, said)
    assert [one.figures.variant for one in effects] == list(COUNTERFACTUALS)
    asked = {e.stage for e in said if isinstance(e, Progress) and e.done and "Predicting" in e.stage}
    assert "Predicting biased, ink inpainted" in asked
    before = logits(opened, Variant.ORIGINAL)
    for effect in effects:
        after = logits(opened, Variant(effect.figures.variant))
        first, second = (np.array([rows[i] for i in after]) for rows in (before, after))
        overall = effect.figures.overall
        assert (overall.flips.n, effect.waiting) == (len(after), 0)
        assert overall.flips.estimate == (first.argmax(1) != second.argmax(1)).mean()
        at = np.arange(len(after)), first.argmax(1)
        change = softmax(second, axis=1) - softmax(first, axis=1)
        assert overall.confidence.mean == pytest.approx(change[at].mean())
        assert overall.logit.mean == pytest.approx((second - first)[at].mean())
        assert [shift.mean for shift in overall.probabilities] == pytest.approx(change.mean(axis=0))
        assert sum(part.flips.n for part in effect.figures.by_class) == overall.flips.n
    again: list[Event] = []
    assert measured(opened, again) == effects
    assert not [e for e in again if isinstance(e, Progress) and e.stage == "Reading pictures"]


def test_effects_are_told_in_tables_and_sentences(opened: Project) -> None:
    for effect in measured(opened):
        titles, rows = effect_rows(effect.figures)
        assert [row[0] for row in rows] == ["all classes", *opened.store.models.get("biased").classes]
        assert all(len(row) == len(titles) for row in rows)
        titles, gains = gain_rows(effect.figures)
        assert len(gains) == len(rows) - 1
        assert f"of {effect.figures.overall.flips.n} pictures get another answer" in effect_words(
            effect.figures
        )
        (left_out,) = waiting_words([effect])
        assert "left out" in left_out


def test_faithfulness_is_the_rank_correlation_with_the_stored_effect(opened: Project) -> None:
    measured(opened)
    methods = compared(opened)
    before, after = logits(opened, Variant.ORIGINAL), logits(opened, Variant.INPAINTED)
    for entry in methods.entries[:2]:
        data = saliency_of(opened, SaliencyMethod(entry.method))
        figures = entry.figures
        assert figures is not None
        assert (figures.n, figures.n_inked) == (data.n, int(data.inked.sum()))
        rows = np.flatnonzero(data.inked)
        effect = [
            before[i][c] - after[i][c]
            for i, c in zip(data.image_ids[rows], data.explained[rows], strict=True)
        ]
        for aggregator, found in zip(Aggregator, figures.faithfulness[::2], strict=True):
            saliency = data.aggregate(aggregator)[rows]
            expected = stats.spearmanr(saliency, effect).statistic
            assert (found.aggregator, found.scale) == (aggregator, "logit")
            assert found.correlation.spearman == pytest.approx(expected)
            assert found.left_out == 0
    grad_cam = methods.entries[0].figures
    assert grad_cam is not None
    assert grad_cam.completeness.relative_gap < 1e-3, "complete, as in Eq. 1"
    assert methods.unanswered == 0


def test_what_is_missing_is_said_with_what_to_run(opened: Project) -> None:
    methods = compared(opened)
    assert methods.missing == tuple(m for m in SaliencyMethod if m not in PAPER_METHODS)
    assert methods.unanswered == methods.entries[0].figures.n_inked  # type: ignore[union-attr]
    known = by_title(methods, SaliencyMethod.GRAD_CAM)
    assert known["Faithful (m)"].text == "not measured"
    assert "gsal counterfactual --mask-set exact" in known["Faithful (m)"].tip
    unknown = by_title(methods, SaliencyMethod.SMOOTHGRAD)
    assert unknown["Gap"].text == "not computed"
    assert "gsal saliency --method smoothgrad --mask-set exact" in unknown["Gap"].tip
    assert unknown["Cost"].order > known["Cost"].order
    saliency, answers, sanity = todo_words(methods)
    assert "--method smoothgrad" in saliency
    assert "gsal counterfactual" in answers
    assert sanity.endswith("run `gsal sanity --model biased`.")
    assert "gsal sanity --model biased --method smoothgrad" in unknown["Sanity"].tip


def test_controls_are_computed_like_methods_and_then_compared(opened: Project) -> None:
    controls = (SaliencyMethod.RANDOM, SaliencyMethod.SOBEL)
    run_job(ComputeSaliency(("biased",), controls, (MaskSet.EXACT,)), opened, JobContext())
    measured(opened)
    methods = compared(opened)
    assert not set(controls) & set(methods.missing)
    for control in controls:
        cells = by_title(methods, control)
        assert np.isfinite(cells["Faithful (m)"].order)
        assert "25 inked pictures" in cells["Faithful (m)"].tip
    assert todo_words(methods)[0].count("--method") == len(SaliencyMethod) - 4


def test_a_changed_mask_makes_figures_old(opened: Project) -> None:
    measured(opened)
    data = saliency_of(opened, SaliencyMethod.GRAD_CAM)
    image = opened.store.images.get(int(data.image_ids[0]))
    mask = np.zeros((image.height, image.width), dtype=np.bool_)
    mask[:20, :20] = True
    opened.store.masks.add_many([new_mask(image.id, mask, MaskSource.EXACT)])
    methods = compared(opened)
    entry = methods.entries[0]
    assert (entry.explained, entry.figures) == (methods.pictures - 1, None)
    assert methods.unanswered == 1
    cells = by_title(methods, SaliencyMethod.GRAD_CAM)
    assert f"{methods.pictures - 1} of {methods.pictures} pictures so far" in cells["Gap"].tip


def test_figures_come_out_again_and_other_names_are_refused(opened: Project) -> None:
    assert compared(opened) == compared(opened)
    with pytest.raises(GsalError, match="mask set"):
        compared(opened, mask_set="good")
    with pytest.raises(GsalError, match="nobody"):
        compared(opened, models=("nobody",))
