"""The placebo of an audit: the same pictures and masks without the ink, as far as it still holds."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from gsal.audit import AuditData
from gsal.jobs.audits.answers import stored_answers
from gsal.jobs.audits.basis import read_basis
from gsal.jobs.audits.placebo import placebo_of
from gsal.jobs.audits.rows import audit_data
from gsal.jobs.masks.making import new_mask
from gsal.jobs.runner import run_job
from gsal.jobs.saliency.compute import ComputeSaliency
from gsal.masks import codec
from gsal.progress import JobContext
from gsal.project import Project
from gsal.records import MaskSet, MaskSource, SaliencyMethod, Variant

CAM = SaliencyMethod.GRAD_CAM


@pytest.fixture
def project(finished_copy: Path) -> Iterator[Project]:
    with Project.open(finished_copy) as opened:
        yield opened


def placebo(project: Project, data: AuditData) -> AuditData | None:
    model = project.store.models.get("biased")
    basis = read_basis(project, [model], mask_set="exact")
    return placebo_of(
        project,
        data,
        runs=basis.audited("biased", Variant.INPAINTED),
        answers=stored_answers(project, model.id, [data], Variant.INPAINTED, basis.masks),
    )


def audited(project: Project) -> AuditData:
    (data,) = (one for one in audit_data(project, ("biased",), mask_set="exact") if one.method == CAM)
    return data


def compute(project: Project) -> None:
    job = ComputeSaliency(("biased",), (CAM,), ("exact",), variants=("ink-inpainted",))
    run_job(job, project, JobContext())


def test_it_is_of_the_inked_pictures_without_their_ink(project: Project) -> None:
    data = audited(project)
    assert placebo(project, data) is None
    compute(project)
    found = placebo(project, data)
    assert found is not None
    assert found.image_ids.tolist() == data.image_ids[data.inked].tolist()
    assert np.isfinite(found.mean).all()
    assert not np.array_equal(found.mean, data.mean[data.inked])
    assert np.array_equal(found.mask_area, data.mask_area[data.inked]), "over the same masks"
    assert np.array_equal(found.predicted, found.logits.argmax(axis=1)), "answers to what was shown"
    assert not np.array_equal(found.logits, data.logits[data.inked])


def test_a_picture_whose_mask_has_changed_is_left_out(project: Project) -> None:
    compute(project)
    data = audited(project)
    number = int(data.image_ids[data.inked][0])
    mask = project.store.masks.best([number], MaskSet.EXACT)[number]
    ink = codec.decode(project.store.masks.load(mask.id))
    ink[:4, :4] = ~ink[:4, :4]
    project.store.masks.add_many([new_mask(number, ink, MaskSource.EXACT)])
    found = placebo(project, data)
    assert found is not None
    assert set(data.image_ids[data.inked].tolist()) - set(found.image_ids.tolist()) == {number}
