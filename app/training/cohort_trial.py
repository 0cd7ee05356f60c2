"""What a cohort would come to, worked out off the window's thread while its settings change."""

from dataclasses import dataclass

from gsal.cohorts.association import Association, associate
from gsal.cohorts.association_words import Finding, finding
from gsal.cohorts.co_occurrence import CoOccurrence, table
from gsal.errors import GsalError
from gsal.jobs.cohorts.create import CreateCohort
from gsal.jobs.cohorts.cross_validation import plan_folds
from gsal.jobs.cohorts.pool import Pool
from gsal.progress import JobContext
from gsal.project import Project

__all__ = ["Offer", "Trial", "Trials"]

_MOST_VALUES = 12
"""A column with more values than this is no group of pictures."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What pictures can be filtered by.

    Attributes:
        sources: The folders pictures lie in.
        columns: Columns of the labels that group pictures, with their values.
        missing: Classes of which there is no picture to learn from.
    """

    sources: tuple[str, ...]
    columns: dict[str, tuple[str, ...]]
    missing: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Trial:
    """A cohort as it would be.

    Attributes:
        offer: None where not even the pictures could be read.
        counts: Of its pictures; where it cannot be formed, of those it would be chosen from.
        association: In these counts.
        finding: What that means; None where it cannot be formed.
        notes: What had to give way.
        problem: Why it cannot be formed; "" where it can.
    """

    offer: Offer | None = None
    counts: CoOccurrence | None = None
    association: Association | None = None
    finding: Finding | None = None
    notes: tuple[str, ...] = ()
    problem: str = ""


class Trials:
    """Tries cohorts of a project; its pictures are read once, and again for other masks or another split.

    To be used by one thread at a time.
    """

    def __init__(self, project: Project) -> None:
        self._project = project
        self._read: tuple[tuple[object, ...], Pool, Offer] | None = None

    def try_out(self, job: CreateCohort) -> Trial:
        """Return what the cohort would come to; nothing is written."""
        try:
            pool, offer = self._pool(job)
        except GsalError as error:
            return Trial(problem=str(error))
        try:
            selection = job.choose(pool)
            if job.folds:
                job.choose_parts(pool, plan_folds(self._project, pool, job.folds))
        except GsalError as error:
            taken = [name for name in pool.classes if name not in job.exclude]
            counts = table(job.filter.choose(pool.free), taken)
            return Trial(offer, counts, associate(counts), problem=str(error))
        association = associate(selection.table)
        return Trial(offer, selection.table, association, finding(association), selection.notes)

    def _pool(self, job: CreateCohort) -> tuple[Pool, Offer]:
        key = (job.mask_set, job.validation_share, job.split_seed)
        if self._read is None or self._read[0] != key:
            pool = job.read_pool(JobContext(), self._project)
            self._read = key, pool, _offer(pool)
        return self._read[1:]


def _offer(pool: Pool) -> Offer:
    values: dict[str, set[str]] = {}
    for picture in pool.pictures:
        for name, value in picture.columns.items():
            values.setdefault(name, set()).add(value)
    return Offer(
        tuple(sorted({picture.source for picture in pool.pictures})),
        {name: tuple(sorted(of)) for name, of in sorted(values.items()) if 1 < len(of) <= _MOST_VALUES},
        frozenset(pool.classes) - {picture.label for picture in pool.free},
    )
