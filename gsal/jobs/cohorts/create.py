"""Create a cohort: a saved choice of training pictures with a known co-occurrence of ink and label."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np

from gsal.cohorts import selection
from gsal.cohorts.filters import PictureFilter
from gsal.cohorts.picture import Picture
from gsal.cohorts.selection import Selection
from gsal.errors import CohortError
from gsal.jobs.cohorts.cross_validation import Folds, plan_folds
from gsal.jobs.cohorts.pool import Pool, read_pool
from gsal.jobs.job import from_settings, to_settings
from gsal.jobs.pictures.locked import left_out
from gsal.progress import JobContext
from gsal.project import Project
from gsal.records import CohortKind, CohortRecord, MaskSet

__all__ = ["CreateCohort", "made_again"]


@dataclass(frozen=True, slots=True)
class CreateCohort:
    """Draws from the training side of the project's one split, which it makes if there is none yet.

    Pictures of the locked validation set and of its patients are left out. Pictures are filtered first, then
    the kind's rule is applied to what is left.

    Attributes:
        name: Unique within the project.
        cohort_kind: How pictures are chosen (SPEC 5).
        seed: Of that choice.
        ratio: Uninked per inked picture, for "unbiased".
        target_rate: P(ink | class) to keep instead of the ratio, for "unbiased".
        rates: P(ink | class) for "rates"; the key "" stands for every class not named.
        exclude: Classes to leave out.
        minimum_inked: Inked pictures a class must have where the rule needs them.
        mask_set: The masks that decide which pictures are inked.
        validation_share: Of the split, when it is made; the paper's 0.1 if None.
        split_seed: Of the split, when it is made.
        classes: The only classes to take; all if empty.
        sources: The only folders to take pictures of, as `PictureFilter.sources`; all if empty.
        columns: Values that columns of the labels may have, as `PictureFilter.columns`.
        inked: True for inked pictures only, False for the others.
        patients: The only patients to take; all if empty.
        without_patients: Patients to leave out.
        folds: Choose also a part for each fold of a cross-validation, from the pictures outside the fold by
            the same rule; 0 for none.
    """

    kind: ClassVar[str] = "cohort create"
    name: str
    cohort_kind: str
    seed: int = 0
    ratio: float = 0.5
    target_rate: float | None = None
    rates: dict[str, float] | None = None
    exclude: tuple[str, ...] = ()
    minimum_inked: int = 10
    mask_set: str = MaskSet.BEST
    validation_share: float | None = None
    split_seed: int = 0
    classes: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    columns: dict[str, list[str]] | None = None
    inked: bool | None = None
    patients: tuple[str, ...] = ()
    without_patients: tuple[str, ...] = ()
    folds: int = 0

    @property
    def title(self) -> str:
        """What it does, for people."""
        return f"Creating cohort {self.name}"

    @property
    def filter(self) -> PictureFilter:
        """Which pictures may be chosen."""
        return PictureFilter(
            classes=self.classes,
            sources=self.sources,
            columns=self.columns or {},
            inked=self.inked,
            patients=self.patients,
            without_patients=self.without_patients,
        )

    def run(self, ctx: JobContext, project: Project) -> dict[str, Any]:
        """Create the cohort; return name, counts and ink rates.

        Raises:
            CohortError: It cannot be formed; the reason says why.
        """
        kind = _cohort_kind(self.cohort_kind)
        if not self.name.strip():
            raise CohortError("A cohort needs a name.")
        if any(cohort.name == self.name for cohort in project.store.cohorts.all()):
            raise CohortError(f"There is already a cohort named {self.name}; choose another name.")
        pool = self.read_pool(ctx, project)
        chosen = self.choose(pool)
        folds = plan_folds(project, pool, self.folds) if self.folds else None
        parts = self.choose_parts(pool, folds) if folds is not None else ()
        # Only a cohort that can be formed settles the project's one split, and its folds.
        pool.split.keep(project)
        if folds is not None:
            folds.keep(project)
        for note in chosen.notes:
            ctx.notice(note)
        record = project.store.cohorts.add(
            self.name,
            chosen.image_ids,
            kind=kind,
            seed=self.seed,
            mask_set=self.mask_set,
            settings=to_settings(self),
            achieved={
                **chosen.achieved,
                "folds": [{"image_ids": list(part.image_ids), **part.achieved} for part in parts],
            },
        )
        return {
            "name": record.name,
            "kind": str(record.kind),
            "n": record.n,
            "n_by_class": record.n_by_class,
            "ink_rate_by_class": record.ink_rate_by_class,
            "notes": list(chosen.notes),
        }

    def read_pool(self, ctx: JobContext, project: Project) -> Pool:
        """Read what the cohort is chosen from."""
        if self.seed < 0 or self.split_seed < 0:
            raise CohortError("A seed is a whole number, 0 or more.")
        return read_pool(
            project,
            self.mask_set,
            ctx,
            validation_share=self.validation_share,
            split_seed=self.split_seed,
        )

    def choose(self, pool: Pool) -> Selection:
        """Choose the members: equal settings, pictures and seed give equal members.

        Raises:
            CohortError: It cannot be formed; the reason says why.
        """
        self.filter.require_known(pool.pictures, pool.classes)
        chosen = self._select(pool.free, pool.classes)
        return replace(chosen, notes=(*self._filter_notes(pool), *chosen.notes))

    def choose_parts(self, pool: Pool, folds: Folds) -> tuple[Selection, ...]:
        """Choose for each fold among the pictures outside it.

        Raises:
            CohortError: A part cannot be formed; the reason says which and why.
        """
        parts = []
        for fold, members in enumerate(folds.members):
            try:
                parts.append(self._select(pool.without(set(members)), pool.classes))
            except CohortError as error:
                raise CohortError(
                    f"Without fold {fold + 1} of {folds.k} the cohort cannot be formed. {error} "
                    "Or create it without folds, or with other ones."
                ) from error
        return tuple(parts)

    def _filter_notes(self, pool: Pool) -> list[str]:
        notes = []
        if words := self.filter.words:
            taken = len(self.filter.choose(pool.free))
            notes.append(f"Only pictures {words}: {taken:,} of {len(pool.free):,} training pictures.")
        if pool.n_locked:
            notes.append(left_out(pool.n_locked))
        return notes

    def _select(self, free: Sequence[Picture], classes: Sequence[str]) -> Selection:
        kind = _cohort_kind(self.cohort_kind)
        rng = np.random.default_rng(self.seed)
        pictures = self.filter.choose(free)
        exclude = {*self.exclude, *(name for name in classes if self.classes and name not in self.classes)}
        match kind:
            case CohortKind.BASELINE:
                return selection.baseline(pictures, classes, exclude=exclude)
            case CohortKind.INK_ONLY:
                return selection.ink_only(
                    pictures, classes, exclude=exclude, minimum_inked=self.minimum_inked
                )
            case CohortKind.ABLATED:
                return selection.ablated(pictures, classes, exclude=exclude, minimum_inked=self.minimum_inked)
            case CohortKind.UNBIASED:
                return selection.unbiased(
                    pictures,
                    classes,
                    rng=rng,
                    ratio=self.ratio,
                    target_rate=self.target_rate,
                    exclude=exclude,
                    minimum_inked=self.minimum_inked,
                )
            case CohortKind.RATES:
                return selection.rates(
                    pictures, classes, ink_rates=self._rates(classes), rng=rng, exclude=exclude
                )

    def _rates(self, classes: Sequence[str]) -> dict[str, float]:
        given = self.rates or {}
        if unknown := sorted(set(given) - set(classes) - {""}):
            raise CohortError(
                f"There is no class {', '.join(unknown)}; the classes are {', '.join(classes)}."
            )
        return {c: given.get(c, given.get("", float("nan"))) for c in classes if c in given or "" in given}


def made_again(project: Project, cohort: CohortRecord) -> Selection:
    """Choose the members of a cohort again by its own rule and seed, from the pictures and masks of today.

    Raises:
        CohortError: It can no longer be formed.
        GsalError: Another version of the program made it by settings that this one does not know.
    """
    job = from_settings(CreateCohort, cohort.settings)
    return job.choose(job.read_pool(JobContext(), project))


def _cohort_kind(name: str) -> CohortKind:
    try:
        return CohortKind(name)
    except ValueError:
        kinds = ", ".join(CohortKind)
        raise CohortError(f"There is no cohort kind {name}; the kinds are {kinds}.") from None
