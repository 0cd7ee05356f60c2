"""The validation set: choosing its pictures, how far it is read, and locking it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from gsal.cohorts.validation import Candidate, choose
from gsal.errors import GsalError, NotFoundError
from gsal.jobs.classifiers.train import TrainClassifier
from gsal.jobs.masks.making import inked_by_image
from gsal.jobs.masks.matching import PicturesByName
from gsal.jobs.segmenters.retrain import RetrainSegmenter
from gsal.jobs.segmenters.train import TrainSegmenter
from gsal.progress import JobContext
from gsal.project import Project
from gsal.records import (
    ImageRecord,
    JobStatus,
    MaskSet,
    ModelKind,
    ModelRecord,
    Reader,
    ReaderKind,
    ValidationMember,
)

__all__ = [
    "ChooseValidationSet",
    "LockValidationSet",
    "ReaderProgress",
    "ValidationStatus",
    "pictures_named",
    "status",
]

_LEARNING = (TrainSegmenter.kind, TrainClassifier.kind, RetrainSegmenter.kind)


@dataclass(frozen=True, slots=True)
class ChooseValidationSet:
    """Chooses pictures that stand for the project; one that is not locked is chosen anew.

    Attributes:
        n: How many.
        seed: Of the choice.
        inked_share: Of the pictures, those with ink by their best mask so far.
    """

    kind: ClassVar[str] = "validation choose"
    n: int
    seed: int = 0
    inked_share: float = 0.5

    @property
    def title(self) -> str:
        """What it does, for people."""
        return "Choosing the validation set"

    def run(self, ctx: JobContext, project: Project) -> dict[str, Any]:
        """Choose; return counts, in all and per stratum.

        Raises:
            LockedError: The set is locked.
            CohortError: n or the share is impossible, or no picture has a mask yet.
        """
        # A picture whose masks a reader refused is none to leave out: the rules say what stratum it is of.
        inked = inked_by_image(project, MaskSet.RULE) | inked_by_image(project, MaskSet.BEST)
        images = project.store.images.all()
        patients = project.store.images.patients()
        candidates = [
            _candidate(image, patients[image.id], is_inked=inked[image.id])
            for image in images
            if image.id in inked
        ]
        if len(candidates) < len(images):
            ctx.notice(
                f"{len(images) - len(candidates)} pictures have no mask yet, so nobody knows whether they "
                "are inked; they are not chosen from. `gsal propose` makes masks."
            )
        chosen = choose(candidates, n=self.n, seed=self.seed, inked_share=self.inked_share)
        members = [ValidationMember(one.image_id, one.stratum, one.position) for one in chosen]
        project.store.validation.choose(n_wanted=self.n, seed=self.seed, members=members)
        if len(chosen) < self.n:
            ctx.notice(f"There are only {len(chosen)} pictures to choose from.")
        return {
            "n_wanted": self.n,
            "n_members": len(chosen),
            "patients": len({patients[one.image_id] for one in chosen}),
            "strata": dict(sorted(Counter(one.stratum for one in chosen).items())),
        }


@dataclass(frozen=True, slots=True)
class LockValidationSet:
    """Locks the set for good: from then on no network learns from it or from its patients' other pictures.

    Attributes:
        reader: Name of who locks it.
    """

    kind: ClassVar[str] = "validation lock"
    reader: str

    @property
    def title(self) -> str:
        """What it does, for people."""
        return "Locking the validation set"

    def run(self, ctx: JobContext, project: Project) -> dict[str, Any]:
        """Lock; return the number of pictures, and of all pictures of their patients.

        Raises:
            NotFoundError: There is no such reader, or no set.
            LockedError: It is locked already.
            GsalError: It has no pictures, or a network is learning at this moment.
        """
        if any(job.status is JobStatus.RUNNING and job.kind in _LEARNING for job in project.store.jobs.all()):
            raise GsalError("A network is learning now, perhaps from these pictures. Stop it, or lock later.")
        reader = next((one for one in project.store.readers.all() if one.name == self.reader.strip()), None)
        if reader is None:
            raise NotFoundError(f"This project has no reader named {self.reader}. Say who reads first.")
        project.store.validation.lock(reader.id)
        for name, count in _learned_by(project).items():
            ctx.notice(
                f"{name} learned from {count} pictures of these patients before, so it is not judged on "
                "them; train another network to judge it on all."
            )
        return {
            "n_members": len(project.store.validation.members()),
            "locked_out": len(project.store.validation.locked_images()),
        }


@dataclass(frozen=True, slots=True)
class ReaderProgress:
    """How many pictures of the set somebody has read."""

    name: str
    kind: ReaderKind
    n: int


@dataclass(frozen=True, slots=True)
class ValidationStatus:
    """The set and how far it is read.

    Attributes:
        n_wanted: Pictures it should have.
        n_members: Pictures it has.
        n_read: Of those, pictures that somebody has decided.
        read_by: By reader, those who read most first.
        strata: Pictures per stratum; "" for those added by hand.
        locked: When; None while it can change.
        locked_by: Name of who locked it; "" before.
        locked_out: Pictures no network may learn from: those of all its patients; 0 before.
        learned_by: How many pictures of these patients each segmenter or classifier has learned from.
        n_unknown: Pictures of it whose patient and lesion are unknown: others of that patient are not found.
    """

    n_wanted: int
    n_members: int
    n_read: int
    seed: int
    read_by: tuple[ReaderProgress, ...]
    strata: dict[str, int]
    locked: str | None
    locked_by: str
    locked_out: int
    learned_by: dict[str, int]
    n_unknown: int


def status(project: Project) -> ValidationStatus | None:
    """Return how the validation set stands; None before it was chosen."""
    found = project.store.validation.get()
    if found is None:
        return None
    members = project.store.validation.members()
    numbers = {member.image_id for member in members}
    readers = project.store.readers.all()
    read = {reader: _read_by(project, reader) & numbers for reader in readers}
    progress = [ReaderProgress(reader.name, reader.kind, len(done)) for reader, done in read.items() if done]
    return ValidationStatus(
        n_wanted=found.n_wanted,
        n_members=len(members),
        n_read=len(set().union(*read.values())),
        seed=found.seed,
        read_by=tuple(sorted(progress, key=lambda one: (-one.n, one.name))),
        strata=dict(sorted(Counter(member.stratum for member in members).items())),
        locked=found.locked,
        locked_by=next((one.name for one in readers if one.id == found.locked_by), ""),
        locked_out=len(project.store.validation.locked_images()),
        learned_by=_learned_by(project),
        n_unknown=sum(
            not image.patient_id and not image.lesion_id for image in project.store.images.get_many(numbers)
        ),
    )


def pictures_named(project: Project, names: Sequence[str]) -> list[int]:
    """Return the numbers of pictures by their names, to add them to the set or take them out.

    Raises:
        NotFoundError: A picture is not there, or several have the name.
    """
    pictures = PicturesByName(project.store.images.all())
    numbers = []
    for name in names:
        found = pictures.named(name)
        if len(found) != 1:
            how_many = f"{len(found)} pictures are" if found else "No picture is"
            raise NotFoundError(f"{how_many} named {name}. Name a picture by its path, like MEL/a.jpg.")
        numbers.append(found[0].id)
    return numbers


def _candidate(image: ImageRecord, patient: str, *, is_inked: bool) -> Candidate:
    return Candidate(image.id, patient, image.label or "", is_inked, image.disagreement)


def _read_by(project: Project, reader: Reader) -> set[int]:
    return project.store.decisions.read_blind(reader.id)


def _learned_by(project: Project) -> dict[str, int]:
    """Return how many pictures of the set's patients each network has learned from, if any."""
    patients = project.store.images.patients()
    judged = {patients[member.image_id] for member in project.store.validation.members()}
    learned = {}
    for model in project.store.models.all():
        if count := sum(patients[i] in judged for i in _seen(project, model)):
            learned[model.name] = count
    return learned


def _seen(project: Project, model: ModelRecord) -> list[int]:
    """Return the pictures a network has learned from; a classifier, those of its cohort."""
    if model.kind is ModelKind.CLASSIFIER:
        return project.store.cohorts.members(model.cohort) if model.cohort else []
    return [*model.run_card.get("training_images", ()), *model.run_card.get("validation_images", ())]
