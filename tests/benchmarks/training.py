"""Training of a classifier: ours against a plain torchvision loop in the same run, pictures per CPU second.

    python -m tests.benchmarks.training [--json]

Both see the same pictures, files of 768 x 768 px, with the same changes, architecture, optimiser and batches,
on one thread. The peer is what torchvision's own training script does: a loader that decodes each file in
every epoch. Ours decodes each once and for all trainings, outside of what is timed only after the warm-up.
"""

import tempfile
from dataclasses import replace
from functools import partial
from pathlib import Path
from statistics import median

import cv2
import torch
import torch.nn.functional as F
from PIL import Image
from torch import nn
from torch.optim import SGD
from torch.utils.data import DataLoader, Dataset
from typing_extensions import override

from gsal.jobs.classifiers.data import classifier_data
from gsal.jobs.cohorts.create import CreateCohort
from gsal.jobs.masks.import_masks import ImportMasks
from gsal.jobs.pictures.import_images import ImportImages
from gsal.jobs.runner import run_job
from gsal.models.registry import build_classifier
from gsal.progress import JobContext
from gsal.project import Project
from gsal.records import IMAGENET_MEAN, IMAGENET_STD, CohortKind, MaskSet, Side
from gsal.synthetic import SceneSettings
from gsal.synthetic.pool import write_pool
from gsal.training.classifier import train_classifier
from gsal.training.recipe import CLASSIFIER_RECIPES, Recipe
from gsal.training.transforms import build_transform
from tests.benchmarks.harness import Row, cpu_seconds, main, rows

EPOCHS, SCENES, ROUNDS = 3, 16, 3
CASES = (("densenet-small", "demo"), ("densenet121", "short"))


class _Files(Dataset[tuple[torch.Tensor, int]]):
    """Photographs decoded whenever they are asked for."""

    def __init__(self, paths: list[Path], labels: list[int], recipe: Recipe) -> None:
        from torchvision.transforms import v2  # after gsal.models, which mends its import

        self._paths, self._labels = paths, labels
        change = build_transform(recipe.augment, recipe.size)
        self._transform = v2.Compose(
            [
                v2.PILToTensor(),
                v2.Resize((recipe.size, recipe.size), antialias=True),
                *([change] if change is not None else []),
                v2.ToDtype(torch.float32, scale=True),
                v2.Normalize(IMAGENET_MEAN, IMAGENET_STD),
            ]
        )

    def __len__(self) -> int:
        return len(self._paths)

    @override
    def __getitem__(self, index: int) -> tuple[torch.Tensor, int]:
        with Image.open(self._paths[index]) as picture:
            return self._transform(picture.convert("RGB")), self._labels[index]


def _plain_loop(architecture: str, recipe: Recipe, files: _Files, classes: int) -> nn.Module:
    module = build_classifier(architecture, classes, seed=0).train()
    optimiser = SGD(
        module.parameters(), recipe.learning_rate, recipe.momentum, weight_decay=recipe.weight_decay
    )
    loader = DataLoader(files, batch_size=recipe.batch_size, shuffle=True)
    for _ in range(recipe.epochs):
        for pictures, labels in loader:
            loss = F.cross_entropy(module(pictures), labels)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
    return module


class _Ours:
    """A training as the job does it, from the decoded pictures on."""

    def __init__(self, project: Project, architecture: str, recipe: Recipe) -> None:
        self._project, self._architecture, self._recipe = project, architecture, recipe
        self.waiting: list[float] = []

    def __call__(self) -> None:
        project, recipe, seed = self._project, self._recipe, len(self.waiting)
        cohort = project.store.cohorts.get("all")
        data = classifier_data(project, cohort, JobContext(), size=recipe.size)
        module = build_classifier(self._architecture, len(data.classes), seed=seed)
        state = project.checkpoints / f"{self._architecture}-{seed}.pt"
        result = train_classifier(module, data, recipe, seed=seed, checkpoint=state, ctx=JobContext())
        self.waiting.append(result.waiting_share)


def measure() -> list[Row]:
    """Train small epochs of both, in turn."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    try:
        with tempfile.TemporaryDirectory() as folder:
            return _measured(Path(folder))
    finally:
        torch.set_num_threads(threads)


def _measured(folder: Path) -> list[Row]:
    photographs = folder / "photographs"
    write_pool(
        photographs, scenes=SCENES, settings=SceneSettings(size=768), seed=1, ctx=JobContext(), workers=1
    )
    measured: list[Row] = []
    with Project.create(folder / "project") as project:
        for job in (
            ImportImages(str(photographs), labels=str(photographs / "labels.csv")),
            ImportMasks(str(photographs / "masks")),
            CreateCohort(
                "all", cohort_kind=CohortKind.BASELINE, mask_set=MaskSet.EXACT, validation_share=0.2
            ),
        ):
            run_job(job, project, JobContext())
        images = project.store.images.all(side=Side.TRAINING)
        paths = [project.image_path(image) for image in images]
        labels = [project.classes.index(image.label or "") for image in images]
        for architecture, name in CASES:
            recipe = replace(CLASSIFIER_RECIPES[name], epochs=EPOCHS)
            ours = _Ours(project, architecture, recipe)
            files = _Files(paths, labels, recipe)
            plain = partial(_plain_loop, architecture, recipe, files, len(project.classes))
            seconds = cpu_seconds({"ours": ours, "plain loop": plain}, rounds=ROUNDS)
            case = f"{architecture} {recipe.size} px, {EPOCHS} epochs"
            measured += rows(case, seconds, metric="cpu_s_per_picture", per=EPOCHS * len(paths))
            measured.append(Row(case, "ours", "waiting_share", median(ours.waiting), "1"))
    return measured


if __name__ == "__main__":
    main(measure)
