"""A model trained elsewhere comes in, is explained and audited; what does not fit is refused by name."""

from pathlib import Path

import pytest
import torch

from gsal.errors import GsalError, ModelError
from gsal.jobs.compute_saliency import ComputeSaliency
from gsal.jobs.import_model import ImportModel
from gsal.jobs.run_audit import RunAudit
from gsal.jobs.runner import run_job
from gsal.models.registry import build_classifier
from gsal.progress import JobContext
from gsal.project import Project
from gsal.records import MaskSet, ModelStatus


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    path = tmp_path / "resnet.pt"
    torch.save(build_classifier("resnet18", 7, seed=3).state_dict(), path)
    return path


def test_it_is_explained_and_audited(finished_copy: Path, weights: Path) -> None:
    job = ImportModel(str(weights), name="lab", architecture="resnet18", size=64)
    with Project.open(finished_copy) as project:
        result = run_job(job, project, JobContext())
        model = project.store.models.get("lab")
        assert (model.status, model.seed, model.classes) == (ModelStatus.READY, None, project.classes)
        assert len(result["file_sha256"]) == 64
        run_job(ComputeSaliency(models=("lab",), mask_set=MaskSet.EXACT), project, JobContext())
        rows = run_job(RunAudit(models=("lab",), mask_set=MaskSet.EXACT), project, JobContext())["rows"]
        assert [row["seed"] for row in rows] == [None] * 4
        with pytest.raises(ModelError, match="already a model named lab"):
            run_job(job, project, JobContext())


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"architecture": "densenet121"}, "conv"),
        ({"architecture": "resnet18", "classes": ("MEL", "NV")}, "fc"),
        ({"architecture": "resnet18", "classes": ("MEL", "Wart")}, "no class Wart"),
        ({"architecture": "nonsense"}, "nonsense"),
    ],
)
def test_what_does_not_fit_is_named(
    project: Project, weights: Path, settings: dict[str, object], reason: str
) -> None:
    with pytest.raises(GsalError, match=reason):
        run_job(ImportModel(str(weights), name="lab", size=64, **settings), project, JobContext())  # type: ignore[arg-type]
    assert project.store.models.all() == []
