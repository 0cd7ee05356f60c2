"""Ink networks against the rules they learned from, on real patients they never saw.

    GSAL_PHOTOS=FOLDER python -m tests.benchmarks.unseen_patients [--picks automatic|judged] [--json]

The patients are dealt into two halves by a fixed hash. For each half a project is made whose validation side
it is; a network is trained on the rules' masks of the other half by the short recipe and masks this one, so
every picture is masked by a network that never saw its patient. FOLDER has labels*.csv (columns file, label,
patient_id, ink_seen: whether a person saw ink) and ink_masks.csv (columns file, mask) with masks drawn by a
person, which are imported only after training.

Picks: "automatic" learns from what the program picks of the rules' masks. With "judged" a person has said of
each training picture only whether it has ink (ink_seen): an empty mask where not, else the automatic pick;
pictures whose pick misses the ink are left out. These are stored as a developer's. Neither sees a drawn mask.
"""

import argparse
import csv
import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from gsal.jobs.evaluation.choice import choose_evaluation
from gsal.jobs.evaluation.scores import ScoredPicture, score_picture
from gsal.jobs.masks.import_masks import ImportMasks
from gsal.jobs.models.files import ready_models
from gsal.jobs.segmenters.segment import Segment
from gsal.jobs.segmenters.train import TrainSegmenter
from gsal.masks.figures import resample
from gsal.masks.paired import difference
from gsal.project import DATABASE_NAME, Project
from gsal.records import MaskSet, ModelKind, ReaderKind, Side
from tests.benchmarks.harness import Row, show
from tests.benchmarks.photographs import INK_SEEN, judge, new_project, run

HALVES = (0, 1)
SEED = 1
SHOWN = ("dice_inked", "nsd", "sensitivity", "specificity", "balanced_accuracy", "auc")


def half_of(patient: str) -> int:
    """Return the half that a patient is dealt into."""
    return int(hashlib.sha256(("s" + patient).encode()).hexdigest(), 16) % len(HALVES)


def prepare(folder: Path, photos: Path, *, half: int, picks: str) -> None:
    """Make the project of a half: pictures, rules' masks, sides, and what a person judged."""
    new_project(folder, photos, name="Unseen patients")
    with Project.open(folder) as project:
        images = project.store.images.all()
        sides = {i.id: Side.VALIDATION if half_of(i.patient_id) == half else Side.TRAINING for i in images}
        project.store.images.assign_sides(sides, split={"validation_share": 0.5, "seed": half}, before=None)
        if picks == "judged":
            judge(project, project.store.images.all(side=Side.TRAINING))


def drawn_masks(photos: Path, folder: Path) -> Path:
    """Copy the drawn masks to where their pictures' relative paths say."""
    with (photos / "ink_masks.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            to = folder / Path(row["file"]).with_suffix(".png")
            to.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(photos / row["mask"], to)
    return folder


def scores_of(folder: Path, masks: Path) -> list[ScoredPicture]:
    """Mask the unseen half and compare."""
    with Project.open(folder) as project:
        run(Segment(), project)
        run(ImportMasks(str(masks), reader="Drawn masks", reader_kind=ReaderKind.DEVELOPER), project)
        (model,) = ready_models(project, ["bisenet"], ModelKind.SEGMENTER)
        choice = choose_evaluation(
            project, model, against=MaskSet.HUMAN, judgements=INK_SEEN, locked_only=False
        )
        unseen = [i for i in choice.images if i.side is Side.VALIDATION]
        return [score_picture(project, choice, image, None) for image in unseen]


def compared(pictures: Sequence[ScoredPicture], case: str) -> list[Row]:
    """Return the figures of network and rules on all pictures, and the network's lead, with intervals."""
    patients = [one.patient for one in pictures]
    own = resample([one.network for one in pictures], patients)
    rows = [
        Row(case, "ours", f"{name} {bound}", value, "1")
        for name in SHOWN
        for bound, value in _interval(asdict(own.estimate(name)))
    ]
    for subject in pictures[0].beside:
        other = resample([one.beside[subject] for one in pictures], patients)
        rows += [Row(case, subject, name, other.values[name], "1") for name in SHOWN]
        lead = difference(own, other)
        rows += [
            Row(case, subject, f"lead in {name} {bound}", value, "1")
            for name in SHOWN
            for bound, value in _interval(asdict(lead[name]))
        ]
    return rows


def _interval(estimate: dict[str, float]) -> list[tuple[str, float]]:
    return [(bound, estimate[bound]) for bound in ("estimate", "low", "high", "n")]


def measure(photos: Path, folder: Path, picks: str) -> list[Row]:
    """Train on each half, mask the other, compare on all."""
    case = f"unseen patients, {picks} picks"
    pictures: list[ScoredPicture] = []
    masks = drawn_masks(photos, folder / "drawn")
    for half in HALVES:
        train(photos, folder, picks, half=half)
        pictures += scores_of(folder / f"{picks}-{half}", masks)
    return compared(pictures, case)


def train(photos: Path, folder: Path, picks: str, *, half: int) -> None:
    """Train the network of a half, or go on training it; say what it cost."""
    project_folder = folder / f"{picks}-{half}"
    if not (project_folder / DATABASE_NAME).exists():
        prepare(project_folder, photos, half=half, picks=picks)
    mask_set = MaskSet.RULE if picks == "automatic" else MaskSet.BEST
    with Project.open(project_folder) as project:
        started = time.process_time()
        run(TrainSegmenter(mask_set=mask_set, seed=SEED), project)
        print(f"half {half}: {(time.process_time() - started) / 60:.1f} CPU minutes of training", flush=True)


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--picks", choices=("automatic", "judged"), default="automatic")
    parser.add_argument("--half", type=int, choices=HALVES, help="train for this half only, and stop")
    parser.add_argument("--folder", type=Path, help="where the projects are kept and gone on with")
    parser.add_argument("--json", action="store_true", help="print the rows as JSON")
    arguments = parser.parse_args()
    photos = Path(os.environ["GSAL_PHOTOS"])
    with tempfile.TemporaryDirectory() as temporary:
        folder = arguments.folder or Path(temporary)
        if arguments.half is not None:
            train(photos, folder, arguments.picks, half=arguments.half)
            return
        rows = measure(photos, folder, arguments.picks)
    if arguments.json:
        print(json.dumps([asdict(row) for row in rows], indent=2))
    else:
        show(rows)


if __name__ == "__main__":
    main()
