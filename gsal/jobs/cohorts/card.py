"""A cohort shown whole: its rule, how ink goes with the class in it, and its members."""

from dataclasses import dataclass
from typing import Any

from gsal.cohorts.association import Association, associate
from gsal.cohorts.association_words import Finding, finding
from gsal.cohorts.co_occurrence import CoOccurrence, counted
from gsal.jobs.cohorts.create import made_again
from gsal.project import Project
from gsal.records import CohortRecord

__all__ = ["Again", "CohortCard", "Member", "cohort_card", "compare_again"]


@dataclass(frozen=True, slots=True)
class Member:
    """A picture of a cohort.

    Attributes:
        patient: What it shares with those it must not be parted from.
        inked: When the cohort was made; None in cohorts of older versions, which did not keep it.
    """

    image_id: int
    path: str
    label: str
    patient: str
    inked: bool | None


@dataclass(frozen=True, slots=True)
class CohortCard:
    """A cohort with its counts, what they say, and who is in it.

    Attributes:
        folds: What the parts of a cross-validation came to, each as `CohortRecord.achieved`; may be empty.
    """

    record: CohortRecord
    table: CoOccurrence
    association: Association
    finding: Finding
    notes: tuple[str, ...]
    members: tuple[Member, ...]
    folds: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Again:
    """A cohort chosen again beside the one that is kept.

    Attributes:
        gone: Numbers of members that would not be chosen today.
        new: Numbers of pictures that would be chosen in their place, or besides.
    """

    gone: tuple[int, ...]
    new: tuple[int, ...]

    @property
    def is_same(self) -> bool:
        """Whether the same pictures come out."""
        return not self.gone and not self.new


def cohort_card(project: Project, name: str) -> CohortCard:
    """Read a cohort whole.

    Raises:
        NotFoundError: There is none of that name.
    """
    record = project.store.cohorts.get(name)
    counts = counted(record.n_by_class, record.achieved["inked_by_class"])
    association = associate(counts)
    return CohortCard(
        record,
        counts,
        association,
        finding(association),
        tuple(record.achieved.get("notes", ())),
        _members(project, record),
        tuple(record.achieved.get("folds", ())),
    )


def compare_again(project: Project, name: str) -> Again:
    """Choose a cohort again by its own rule and seed, and compare. Masks or pictures may have changed since.

    Raises:
        NotFoundError: There is none of that name.
        CohortError: It can no longer be formed.
    """
    before = set(project.store.cohorts.members(name))
    after = set(made_again(project, project.store.cohorts.get(name)).image_ids)
    return Again(tuple(sorted(before - after)), tuple(sorted(after - before)))


def _members(project: Project, record: CohortRecord) -> tuple[Member, ...]:
    kept: list[int] | None = record.achieved.get("inked_ids")
    inked = None if kept is None else set(kept)
    patients = project.store.images.patients()
    images = project.store.images.get_many(project.store.cohorts.members(record.name))
    return tuple(
        Member(
            image.id,
            image.path,
            image.label or "",
            patients[image.id],
            None if inked is None else image.id in inked,
        )
        for image in images
    )
