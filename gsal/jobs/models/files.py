"""Where a network's weights and training state lie, and the book-keeping around training."""

import platform
from collections.abc import Iterable, Mapping
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gsal.errors import ModelError
from gsal.project import Project
from gsal.records import ModelFormat, ModelKind, ModelRecord, ModelStatus
from gsal.version import __version__

if TYPE_CHECKING:
    import torch

    from gsal.training.result import TrainingResult

__all__ = ["find_same", "finish", "load_classifier", "load_segmenter", "ready_models", "state_path"]

_PACKAGES = ("torch", "torchvision", "numpy", "opencv-python-headless")
"""Whose versions a run card keeps: another one may change the last bits."""


def find_same(
    project: Project, name: str, *, kind: ModelKind, architecture: str, seed: int, asked: Mapping[str, Any]
) -> ModelRecord | None:
    """Return the network of that name, ready or to go on with; None if there is none.

    Args:
        project: Whose.
        name: Of the network.
        kind: What it has to answer.
        architecture: What it has to be.
        seed: Of its training.
        asked: What its run card has to say.

    Raises:
        ModelError: It was made with other settings; the text names them.
    """
    found = project.store.models.find(name)
    if found is None:
        return None
    wanted = {"kind": kind, "architecture": architecture, "seed": seed, **asked}
    has = {"kind": found.kind, "architecture": found.architecture, "seed": found.seed, **found.run_card}
    if other := [key for key, value in wanted.items() if has.get(key) != value]:
        raise ModelError(
            f"There is already a model named {name}, made with another {' and '.join(other)}; "
            "choose another name."
        )
    return found


def state_path(project: Project, model: ModelRecord) -> Path:
    """Return where the state to resume a training from is kept."""
    return project.checkpoints / f"model-{model.id}.pt"


def finish(
    project: Project,
    model: ModelRecord,
    module: "torch.nn.Module",
    result: "TrainingResult",
    *,
    more: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Keep a trained network's weights, curves and run card, with what more it says; return the summary."""
    from gsal.models.checkpoints import save_weights

    path = project.checkpoints / f"model-{model.id}.safetensors"
    sha256 = save_weights(path, module)
    curves = [
        (series, float(epoch), value)
        for epoch, values in enumerate(result.history, start=1)
        for series, value in values.items()
    ]
    project.store.models.set_metrics(model.id, curves)
    card = model.run_card | {
        "epochs": result.epochs,
        "seconds": result.seconds,
        "waiting_share": result.waiting_share,
        "processes": result.processes,
        "threads": result.threads,
        "precision": str(result.precision),
        "device": result.device,
        "final": result.final,
        "kept_epoch": result.kept_epoch,
        "stopped_early": result.stopped_early,
        "data_sha256": result.data_sha256,
        "gsal": __version__,
        "python": platform.python_version(),
        **{name: metadata.version(name) for name in _PACKAGES},
        **(more or {}),
    }
    relative = path.relative_to(project.folder).as_posix()
    project.store.models.finish(model.id, weights=relative, weights_sha256=sha256, run_card=card)
    state_path(project, model).unlink(missing_ok=True)
    return {
        "name": model.name,
        "status": "trained",
        "epochs": result.epochs,
        "stopped_early": result.stopped_early,
        **result.final,
    }


def ready_models(project: Project, names: Iterable[str], kind: ModelKind) -> list[ModelRecord]:
    """Return the networks of these names, or all that are ready.

    Raises:
        ModelError: One is not ready or of another kind, or there is none at all.
    """
    named = [project.store.models.get(name) for name in names]
    for model in named:
        if model.kind is not kind or model.status is not ModelStatus.READY:
            raise ModelError(
                f"{model.name} is no {kind} that is ready: it is a {model.kind}, {model.status}."
            )
    models = named or [m for m in project.store.models.all(kind) if m.status is ModelStatus.READY]
    if not models:
        raise ModelError(f"The project has no trained {kind} yet. Train one with `gsal train {kind}`.")
    return models


def load_classifier(project: Project, model: ModelRecord) -> "torch.nn.Module":
    """Return a classifier with its stored weights, in evaluation mode, its hash verified.

    Raises:
        ModelError: Its file is missing, damaged or changed, or holds code that nobody agreed to run.
    """
    from gsal.models.checkpoints import load_weights
    from gsal.models.registry import build_classifier

    if model.brought.format is not ModelFormat.STATE_DICT:
        return _load_program(project, model)
    module = build_classifier(model.architecture, len(model.classes), seed=0, size=model.preprocessing.size)
    load_weights(project.folder / model.weights, module, model.weights_sha256)
    return module.eval()


def _load_program(project: Project, model: ModelRecord) -> "torch.nn.Module":
    from gsal.models.checkpoints import check_hash, read_file
    from gsal.models.outside import OutsideModel, open_outside

    brought, path = model.brought, project.folder / model.weights
    if brought.format.runs_code and brought.trusted != model.weights_sha256:
        raise ModelError(
            f"{model.name} would run code that nobody agreed to run. Import it again, with --trust."
        )
    data = read_file(path)
    check_hash(path, data, model.weights_sha256)
    described = OutsideModel("", model.classes, model.preprocessing, brought.format, brought.outputs)
    return open_outside(path, data, described)


def load_segmenter(project: Project, model: ModelRecord) -> "torch.nn.Module":
    """Return a segmenter with its stored weights, deployed: in evaluation mode, without auxiliary heads.

    The file's hash is verified.
    """
    from gsal.models.checkpoints import load_weights
    from gsal.models.registry import build_segmenter

    module = build_segmenter(model.architecture, seed=0)
    load_weights(project.folder / model.weights, module, model.weights_sha256)
    return module.deploy()
