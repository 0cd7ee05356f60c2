"""Cross-validation: the project's folds of its training side, and each cohort's part in them (SPEC 5).

A project has one split, and for each number of folds one deal of the split's training side by patient. The
network of fold f learns from a cohort's part without fold f and is judged on all pictures of fold f, whatever
the cohort, so that networks of different cohorts can be compared by picture. No network of any fold learns
from the validation side.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from gsal.cohorts.folds import folds
from gsal.errors import CohortError
from gsal.jobs.cohorts.pool import Pool, read_pool
from gsal.progress import JobContext
from gsal.project import Project
from gsal.records import CohortKind, CohortRecord

__all__ = ["FoldPart", "Folds", "fold_parts", "plan_folds"]

_DRAWN = (CohortKind.UNBIASED, CohortKind.RATES)


@dataclass(frozen=True, slots=True)
class Folds:
    """The training side, dealt into folds as it would be with the pictures of today.

    Attributes:
        seed: They were dealt with, the split's.
        members: The pictures of each fold, ascending.
    """

    seed: int
    members: tuple[tuple[int, ...], ...]

    @property
    def k(self) -> int:
        """How many."""
        return len(self.members)

    def keep(self, project: Project) -> None:
        """Store them with the project's one split, which must be stored already."""
        split = project.split
        if split is None:
            raise CohortError("The project is not split yet. Create a cohort first (`gsal cohort create`).")
        kept = {"seed": self.seed, "members": [list(fold) for fold in self.members]}
        if split.get("folds", {}).get(str(self.k)) != kept:
            every = {**split.get("folds", {}), str(self.k): kept}
            project.store.images.assign_sides({}, split={**split, "folds": every}, before=split)


@dataclass(frozen=True, slots=True)
class FoldPart:
    """What the network of one fold learns from, and what judges it.

    Attributes:
        fold: From 0.
        training: The cohort's pictures outside the fold, chosen by the cohort's own rule; ascending.
        held_out: All pictures of the fold, of the cohort's classes; ascending. The locked ones are left out:
            what judges a network in training steers its learning rate.
    """

    fold: int
    training: tuple[int, ...]
    held_out: tuple[int, ...]


def plan_folds(project: Project, pool: Pool, k: int) -> Folds:
    """Return the project's k folds, extended to new pictures, or first ones; nothing is written.

    Raises:
        CohortError: There are too few patients, or a patient has come to be in two folds.
    """
    kept = _kept(project, k)
    seed = kept.seed if kept is not None else int(pool.split.settings["seed"])
    known = {i: fold for fold, members in enumerate(kept.members if kept else ()) for i in members}
    dealt = folds(pool.free, k=k, seed=seed, known=known)
    # Who was dealt and has lost its label or mask since, or was locked, stays where it was.
    places = known | dealt
    return Folds(seed, tuple(tuple(sorted(i for i, at in places.items() if at == f)) for f in range(k)))


def fold_parts(project: Project, cohort: str, *, k: int = 3) -> tuple[FoldPart, ...]:
    """Return what the networks of a k-fold cross-validation of a cohort learn from and are judged on.

    Equal calls give equal parts: folds are dealt and stored once, and the parts of a cohort that is drawn at
    random are stored with it.

    Args:
        project: Whose.
        cohort: Name of the cohort.
        k: Folds; 3 in the paper.

    Raises:
        NotFoundError: There is no such cohort.
        CohortError: It was drawn at random without this number of folds in mind, or k folds cannot be dealt.
    """
    record = project.store.cohorts.get(cohort)
    stored = _stored_parts(record, k)
    if stored is None and record.kind in _DRAWN:
        raise CohortError(
            f"Cohort {cohort} was drawn as a whole; without one fold in {k} its ink rates would not hold. "
            f"Create it anew with `--folds {k}`."
        )
    dealt = _kept(project, k) or _deal(project, record, k)
    members = project.store.cohorts.members(cohort)
    locked = project.store.validation.locked_images()
    labels = {image.id: image.label for image in project.store.images.all()}
    judges = {i for i, label in labels.items() if record.n_by_class.get(label or "") and i not in locked}
    return tuple(
        FoldPart(
            fold,
            tuple(stored[fold]) if stored is not None else _outside(members, inside),
            tuple(i for i in inside if i in judges),
        )
        for fold, inside in enumerate(dealt.members)
    )


def _kept(project: Project, k: int) -> Folds | None:
    found: dict[str, Any] | None = (project.split or {}).get("folds", {}).get(str(k))
    return None if found is None else Folds(found["seed"], tuple(tuple(fold) for fold in found["members"]))


def _deal(project: Project, cohort: CohortRecord, k: int) -> Folds:
    pool = read_pool(project, cohort.mask_set, JobContext(), validation_share=None, split_seed=0)
    dealt = plan_folds(project, pool, k)
    pool.split.keep(project)
    dealt.keep(project)
    return dealt


def _stored_parts(cohort: CohortRecord, k: int) -> list[list[int]] | None:
    parts: list[dict[str, Any]] = cohort.achieved.get("folds", [])
    return [part["image_ids"] for part in parts] if len(parts) == k else None


def _outside(members: Collection[int], inside: Collection[int]) -> tuple[int, ...]:
    fold = set(inside)
    return tuple(i for i in members if i not in fold)
