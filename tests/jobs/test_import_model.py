"""A model trained elsewhere comes in, is explained and audited; what does not fit is refused by name."""

import importlib.util
import pickle
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from typing_extensions import override

from gsal.errors import GsalError, ModelError
from gsal.jobs.audits.audit import RunAudit
from gsal.jobs.models.files import load_classifier
from gsal.jobs.models.import_model import ImportModel
from gsal.jobs.predictions.predict import Predict
from gsal.jobs.reports.write import WriteReport
from gsal.jobs.runner import run_job
from gsal.jobs.saliency.compute import ComputeSaliency
from gsal.models.registry import build_classifier
from gsal.progress import JobContext, Notice
from gsal.project import Project
from gsal.records import Ability, MaskSet, ModelFormat, ModelStatus, SaliencyMethod
from tests.models.made_files import Classes, write_exported, write_onnx, write_script

SIZE = 64
CAM, CGI, OCCLUSION = SaliencyMethod.GRAD_CAM, SaliencyMethod.COMPETITIVE, SaliencyMethod.OCCLUSION
needs_onnx = pytest.mark.skipif(
    not all(importlib.util.find_spec(name) for name in ("onnx", "onnxruntime")),
    reason="onnx or onnxruntime is not installed (pip install onnx onnxruntime)",
)


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    path = tmp_path / "resnet.pt"
    torch.save(build_classifier("resnet18", 7, seed=3).state_dict(), path)
    return path


def topics(result: dict[str, Any], fit: str) -> dict[str, str]:
    return {line["topic"]: line["text"] for line in result["report"] if line["fit"] == fit}


def test_it_is_explained_and_audited(finished_copy: Path, weights: Path) -> None:
    job = ImportModel(str(weights), name="lab", architecture="resnet18", size=64)
    with Project.open(finished_copy) as project:
        result = run_job(job, project, JobContext())
        model = project.store.models.get("lab")
        assert (model.status, model.seed, model.classes) == (ModelStatus.READY, None, project.classes)
        assert len(result["file_sha256"]) == 64
        run_job(ComputeSaliency(models=("lab",), mask_sets=(MaskSet.EXACT,)), project, JobContext())
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
        ({"architecture": "resnet18", "mean": (1.0, 2.0, 3.0)}, "settings of the import: mean: expected"),
        ({"architecture": "resnet18", "outputs": "probabilities"}, "answer with logits, not probabilities"),
        ({"architecture": "resnet18", "card": "/nowhere/card.toml"}, "card.toml: cannot be read"),
    ],
)
def test_what_does_not_fit_is_named(
    project: Project, weights: Path, settings: dict[str, Any], reason: str
) -> None:
    with pytest.raises(GsalError, match=reason):
        run_job(ImportModel(str(weights), name="lab", size=64, **settings), project, JobContext())
    assert project.store.models.all() == []


def test_the_card_beside_the_file_is_read_and_settings_go_before_it(project: Project, weights: Path) -> None:
    card = weights.with_suffix(".toml")
    card.write_text(
        'architecture = "resnet18"\nclasses = ["BCC", "MEL", "NV", "A", "B", "C", "D"]\nsize = 96\n'
        'mean = [0.5, 0.5, 0.5]\nlayer = "layer3"\n'
    )
    with pytest.raises(ModelError, match="no class A, B, C, D; it has MEL, NV, BCC"):
        run_job(ImportModel(str(weights), name="lab"), project, JobContext())
    card.write_text(card.read_text().replace(', "A", "B", "C", "D"', ""))
    torch.save(build_classifier("resnet18", 3, seed=3).state_dict(), weights)
    result = run_job(ImportModel(str(weights), name="lab", size=64), project, JobContext())
    model = project.store.models.get("lab")
    assert model.classes == ("BCC", "MEL", "NV")
    assert (model.preprocessing.size, model.preprocessing.mean) == (64, (0.5, 0.5, 0.5))
    assert model.brought.layer == "layer3"
    assert "layer layer3, whose maps are 4 x 4" in topics(result, "fits")["Grad-CAM"]
    assert "standard deviation (ImageNet's)" in topics(result, "note")["Card"]
    assert "classes" not in topics(result, "note")["Card"]


def test_a_dry_run_reports_and_keeps_nothing(finished_copy: Path, weights: Path) -> None:
    job = ImportModel(str(weights), name="lab", architecture="resnet18", size=64, dry_run=True)
    with Project.open(finished_copy) as project:
        before = project.store.models.all()
        result = run_job(job, project, JobContext())
        assert result["fits"]
        assert result["refused"] == {}
        fitting = topics(result, "fits")
        assert "122 tensors fit resnet18; 7 classes: MEL, NV" in fitting["Network"]
        assert "whose label is" in fitting["Answers"], "it is tried on a picture of the project"
        assert "layer4, whose maps are 2 x 2" in fitting["Grad-CAM"]
        misfit = run_job(replace(job, classes=("MEL", "NV")), project, JobContext())
        assert not misfit["fits"]
        assert list(topics(misfit, "does not fit")) == ["Network"]
        assert "Grad-CAM" not in {line["topic"] for line in misfit["report"]}
        alex = weights.with_name("alexnet.pt")
        torch.save(build_classifier("alexnet", 7, seed=3).state_dict(), alex)
        small = run_job(
            ImportModel(str(alex), name="x", architecture="alexnet", size=64, dry_run=True),
            project,
            JobContext(),
        )
        assert "maps of layer 'features' are 1 x 1" in small["refused"][CAM]
        assert project.store.models.all() == before


def test_a_program_is_asked_trust_for_and_then_explained(
    finished_copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[object] = []
    owner = build_classifier("mobilenet_v3_small", 7, seed=1).eval()
    path = write_script(tmp_path / "lab.pt", owner)
    job = ImportModel(str(path), name="lab", size=SIZE)
    with Project.open(finished_copy) as project:
        with pytest.raises(ModelError, match=r"TorchScript program: opening it runs code.*--trust"):
            run_job(job, project, JobContext())
        assert project.store.models.find("lab") is None
        other = replace(job, trust=True, sha256="0" * 64)
        with monkeypatch.context() as patched:
            patched.setattr("gsal.models.outside.open_outside", lambda *args: opened.append(args))
            with pytest.raises(ModelError, match="changed after it was checked"):
                run_job(other, project, JobContext())
        assert not opened, "what nobody agreed to is not opened to find that out"
        result = run_job(replace(job, trust=True), project, JobContext())
        model = project.store.models.get("lab")
        assert model.brought.format is ModelFormat.TORCHSCRIPT
        assert model.brought.trusted == model.weights_sha256 == result["file_sha256"]
        assert (project.folder / model.weights).read_bytes() == path.read_bytes()
        assert list(model.brought.refused) == [CAM, SaliencyMethod.GUIDED_GRAD_CAM]
        with pytest.raises(ModelError, match=r"lab cannot be explained by grad-cam\. Inner layers"):
            run_job(ComputeSaliency(("lab",), methods=(CAM,), mask_sets=("exact",)), project, JobContext())
        assert project.store.saliency.runs(model.id) == []
        events: list[object] = []
        done = run_job(ComputeSaliency(("lab",), mask_sets=("exact",)), project, JobContext(events.append))
        assert done["methods"] == [CGI]
        assert any("not by grad-cam" in e.text for e in events if isinstance(e, Notice))
        run_job(RunAudit(mask_set="exact"), project, JobContext())
        run_job(WriteReport(pictures=1), project, JobContext())


def test_a_program_that_was_changed_or_never_agreed_to_is_not_opened(
    project: Project, tmp_path: Path
) -> None:
    owner = Classes(3).eval()
    path = write_exported(tmp_path / "lab.pt2", owner, torch.zeros(2, 3, SIZE, SIZE))
    result = run_job(ImportModel(str(path), name="lab", size=SIZE, trust=True), project, JobContext())
    assert topics(result, "note")["Answers"].startswith("The project has no picture")
    model = project.store.models.get("lab")
    path.unlink()
    images = torch.randn(3, 3, SIZE, SIZE, generator=torch.Generator().manual_seed(0))
    torch.testing.assert_close(load_classifier(project, model)(images), owner(images))
    with pytest.raises(ModelError, match="nobody agreed to run"):
        load_classifier(project, replace(model, brought=replace(model.brought, trusted="")))
    stored = project.folder / model.weights
    stored.write_bytes(pickle.dumps(Spy(), protocol=2))
    with pytest.raises(ModelError, match=r"model-1\.pt2: the file was changed or damaged"):
        load_classifier(project, model)
    stored.unlink()
    with pytest.raises(ModelError, match="cannot be read"):
        load_classifier(project, model)


class Spy:
    """Runs code when it is unpickled."""

    @override
    def __reduce__(self) -> Any:
        return (exec, ("raise SystemExit('code was run')",))


def test_a_pickle_with_code_is_refused_and_not_run(project: Project, tmp_path: Path) -> None:
    path = tmp_path / "lab.pt"
    path.write_bytes(pickle.dumps({"fc.weight": Spy()}, protocol=2))
    with pytest.raises(ModelError, match=r"would run code when read\. Save the network's state_dict\(\)"):
        run_job(ImportModel(str(path), name="lab", architecture="resnet18"), project, JobContext())


@needs_onnx
def test_an_onnx_network_is_predicted_occluded_and_audited(finished_copy: Path, tmp_path: Path) -> None:
    owner = Classes(7).eval()
    path = write_onnx(tmp_path / "lab.onnx", owner, size=32)
    with Project.open(finished_copy) as project:
        result = run_job(ImportModel(str(path), name="lab", size=32), project, JobContext())
        assert set(result["refused"]) == {m for m in SaliencyMethod if m.needs is not Ability.LOGITS}
        run_job(Predict(("lab",)), project, JobContext())
        with pytest.raises(ModelError, match="ONNX file gives answers only"):
            run_job(ComputeSaliency(("lab",), methods=(CGI,), mask_sets=("exact",)), project, JobContext())
        done = run_job(ComputeSaliency(("lab",), mask_sets=("exact",)), project, JobContext())
        assert done["methods"] == [OCCLUSION]
        (run,) = project.store.saliency.runs(project.store.models.get("lab").id)
        assert run.settings.preset == "window4-step2"
        rows = run_job(RunAudit(("lab",), mask_set="exact"), project, JobContext())["rows"]
        assert {row["method"] for row in rows} == {OCCLUSION}
        assert all(np.isfinite(row["accuracy"]) for row in rows)


def test_a_missing_file_is_named(project: Project, tmp_path: Path) -> None:
    for name in ("lab.pt", "lab.onnx", "lab.pt2"):
        with pytest.raises(ModelError, match=rf"{name}: cannot be read"):
            run_job(ImportModel(str(tmp_path / name), name="lab"), project, JobContext())
