"""Tables 1 and 2 of the paper on real photographs: cohorts, cross-validated networks, predictions.

    GSAL_PHOTOS=FOLDER python -m tests.benchmarks.real_cohorts [--folder KEPT]

FOLDER is as in `tests.benchmarks.photographs`; which pictures are inked is what a person saw. Three cohorts:
"baseline" with every class, and of the classes with enough inked pictures "unbiased" with two inked pictures
for each uninked one, and "baseline-few" as they are. For each, three networks by the short recipe, each
judged on the third of the patients that it never saw. Hours on a laptop; with --folder it is gone on with.
"""

import argparse
import os
import tempfile
import time
from pathlib import Path

from gsal.cli.cohort_text import show_card
from gsal.cli.prediction_text import show_predictions
from gsal.jobs.classifiers.train import TrainClassifier
from gsal.jobs.cohorts.card import cohort_card
from gsal.jobs.cohorts.create import CreateCohort
from gsal.jobs.predictions.predict import Predict
from gsal.jobs.runner import run_job
from gsal.progress import JobContext
from gsal.project import DATABASE_NAME, Project
from gsal.records import CohortKind
from tests.benchmarks.photographs import judge, new_project, run

FOLDS = 3
_ASSESSABLE = ("NV", "BCC", "AK")
COHORTS = (
    CreateCohort("baseline", CohortKind.BASELINE, folds=FOLDS),
    CreateCohort("unbiased", CohortKind.UNBIASED, classes=_ASSESSABLE, folds=FOLDS),
    CreateCohort("baseline-few", CohortKind.BASELINE, classes=_ASSESSABLE, folds=FOLDS),
)


def measure(photos: Path, folder: Path) -> None:
    """Do what is not done yet, and print the tables."""
    if not (folder / DATABASE_NAME).exists():
        new_project(folder, photos, name="Real cohorts")
        with Project.open(folder) as project:
            judge(project, project.store.images.all())
    with Project.open(folder) as project:
        there = {cohort.name for cohort in project.store.cohorts.all()}
        for cohort in COHORTS:
            if cohort.name not in there:
                run(cohort, project)
            show_card(cohort_card(project, cohort.name), None, with_members=False)
        for cohort in COHORTS:
            started = time.process_time()
            run(TrainClassifier(cohort.name, cohort.name, recipe="short", folds=FOLDS), project)
            minutes = (time.process_time() - started) / 60
            print(f"{cohort.name}: {minutes:.1f} CPU minutes of training", flush=True)
        show_predictions(run_job(Predict(), project, JobContext(lambda _event: None)))


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--folder", type=Path, help="where the project is kept and gone on with")
    arguments = parser.parse_args()
    photos = Path(os.environ["GSAL_PHOTOS"])
    with tempfile.TemporaryDirectory() as temporary:
        measure(photos, arguments.folder or Path(temporary) / "project")


if __name__ == "__main__":
    main()
