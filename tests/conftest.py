"""What all tests share: a home of their own, small projects, and one on which the main job has run."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from gsal.jobs.audits.audit import RunAudit
from gsal.jobs.classifiers.train import TrainClassifier
from gsal.jobs.cohorts.create import CreateCohort
from gsal.jobs.evaluation.evaluate import EvaluateSegmenter
from gsal.jobs.job import Job
from gsal.jobs.masks.import_masks import ImportMasks
from gsal.jobs.masks.propose import Propose
from gsal.jobs.pictures.import_images import ImportImages
from gsal.jobs.reports.write import WriteReport
from gsal.jobs.runner import run_job
from gsal.jobs.saliency.compute import ComputeSaliency
from gsal.jobs.segmenters.segment import Segment
from gsal.jobs.segmenters.train import TrainSegmenter
from gsal.progress import JobContext
from gsal.project import Project
from gsal.records import CohortKind, MaskSet
from gsal.synthetic import SceneSettings, write_pool

from .postgresql import Server, running_server

SCENES = 64

# How long an example takes says something of the machine only.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep settings, caches and servers of whoever runs the tests out of them."""
    home = tmp_path_factory.mktemp("home")
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "TORCH_HOME"):
        monkeypatch.setenv(name, str(home))
    for name in [name for name in os.environ if name.startswith("PG")]:
        monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """A PostgreSQL server; skips where the machine has none."""
    with running_server() as server:
        yield server


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """A new project with three classes."""
    with Project.create(tmp_path / "project", classes=("MEL", "NV", "BCC")) as made:
        yield made


@pytest.fixture
def reopened(project: Project) -> Callable[[], Project]:
    """Close the project and open it again, as after a restart."""

    def reopen() -> Project:
        project.close()
        return Project.open(project.folder)

    return reopen


@pytest.fixture(scope="session")
def pool(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Synthetic pictures with known ink, twins of each scene; the folder of labels.csv."""
    folder = tmp_path_factory.mktemp("pool")
    write_pool(folder, scenes=SCENES, settings=SceneSettings(size=96), seed=5, ctx=JobContext(), workers=1)
    return folder


def main_job(pool: Path) -> list[Job]:
    """Return the main job in miniature: every step real, everything short."""
    cohorts = {"biased": {"MEL": 0.95, "": 0.2}, "unbiased": {"": 0.305}}
    return [
        ImportImages(str(pool), labels=str(pool / "labels.csv")),
        ImportMasks(str(pool / "masks")),
        Propose(),
        TrainSegmenter("bisenet", recipe="demo", mask_set=MaskSet.RULE, max_pictures=24, epochs=1),
        Segment("bisenet"),
        EvaluateSegmenter("bisenet"),
        *(
            CreateCohort(
                name,
                cohort_kind=CohortKind.RATES,
                rates=rates,
                mask_set=MaskSet.EXACT,
                validation_share=0.4,
            )
            for name, rates in cohorts.items()
        ),
        *(TrainClassifier(name, cohort=name, recipe="demo", epochs=2) for name in cohorts),
        ComputeSaliency(mask_sets=(MaskSet.EXACT,)),
        RunAudit(mask_set=MaskSet.EXACT),
        WriteReport(pictures=2),
    ]


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory, pool: Path) -> Path:
    """The folder of a project on which the main job has run in miniature."""
    folder = tmp_path_factory.mktemp("finished") / "project"
    with Project.create(folder, name="Miniature") as made:
        for job in main_job(pool):
            run_job(job, made, JobContext())
    return folder


@pytest.fixture
def finished_copy(finished: Path, tmp_path: Path) -> Path:
    """A copy of the finished project, for tests that add to it."""
    return Path(shutil.copytree(finished, tmp_path / "copy"))
