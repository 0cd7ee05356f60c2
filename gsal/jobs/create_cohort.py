"""Create a cohort: a saved choice of training pictures with a known co-occurrence of ink and label."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np

from gsal.cohorts import selection
from gsal.cohorts.picture import Picture
from gsal.cohorts.selection import Selection
from gsal.errors import CohortError
from gsal.jobs.job import to_settings
from gsal.jobs.labelled import labelled_pictures, plan_split, side_of
from gsal.jobs.locked import left_out
from gsal.jobs.mask_making import mask_set_named
from gsal.progress import JobContext
from gsal.project import Project
from gsal.records import CohortKind, MaskSet, Side

__all__ = ["CreateCohort"]


@dataclass(frozen=True, slots=True)
class CreateCohort:
    """Draws from the training side of the project's one split, which it makes if there is none yet.

    Pictures of the locked validation set and of its patients are left out.

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

    @property
    def title(self) -> str:
        """What it does, for people."""
        return f"Creating cohort {self.name}"

    def run(self, ctx: JobContext, project: Project) -> dict[str, Any]:
        """Create the cohort; return name, counts and ink rates.

        Raises:
            CohortError: It cannot be formed; the reason says why.
        """
        kind = _cohort_kind(self.cohort_kind)
        if not self.name.strip():
            raise CohortError("A cohort needs a name.")
        if self.seed < 0 or self.split_seed < 0:
            raise CohortError("A seed is a whole number, 0 or more.")
        if any(cohort.name == self.name for cohort in project.store.cohorts.all()):
            raise CohortError(f"There is already a cohort named {self.name}; choose another name.")
        pictures = labelled_pictures(project, mask_set_named(self.mask_set))
        if not any(picture.inked for picture in pictures):
            ctx.notice(
                f"No labelled picture is inked by the masks of the set '{self.mask_set}'. "
                "Look at some of them before you go on."
            )
        split = plan_split(
            project, pictures, ctx, validation_share=self.validation_share, seed=self.split_seed
        )
        chosen = self._choose(project, kind, side_of(pictures, split.sides, Side.TRAINING))
        # Only a cohort that can be formed settles the project's one split.
        split.keep(project)
        for note in chosen.notes:
            ctx.notice(note)
        record = project.store.cohorts.add(
            self.name,
            chosen.image_ids,
            kind=kind,
            seed=self.seed,
            mask_set=self.mask_set,
            settings=to_settings(self),
            achieved=chosen.achieved,
        )
        return {
            "name": record.name,
            "kind": str(record.kind),
            "n": record.n,
            "n_by_class": record.n_by_class,
            "ink_rate_by_class": record.ink_rate_by_class,
            "notes": list(chosen.notes),
        }

    def _choose(self, project: Project, kind: CohortKind, training: Sequence[Picture]) -> Selection:
        """Choose among the pictures that may be learned from, and note how many may not."""
        locked = project.store.validation.locked_images()
        free = [picture for picture in training if picture.image_id not in locked]
        chosen = self._select(kind, free, project.classes)
        if len(free) == len(training):
            return chosen
        return replace(chosen, notes=(*chosen.notes, left_out(len(training) - len(free))))

    def _select(self, kind: CohortKind, pictures: Sequence[Picture], classes: Sequence[str]) -> Selection:
        rng = np.random.default_rng(self.seed)
        match kind:
            case CohortKind.BASELINE:
                return selection.baseline(pictures, classes, exclude=self.exclude)
            case CohortKind.INK_ONLY:
                return selection.ink_only(
                    pictures, classes, exclude=self.exclude, minimum_inked=self.minimum_inked
                )
            case CohortKind.ABLATED:
                return selection.ablated(
                    pictures, classes, exclude=self.exclude, minimum_inked=self.minimum_inked
                )
            case CohortKind.UNBIASED:
                return selection.unbiased(
                    pictures,
                    classes,
                    rng=rng,
                    ratio=self.ratio,
                    target_rate=self.target_rate,
                    exclude=self.exclude,
                    minimum_inked=self.minimum_inked,
                )
            case CohortKind.RATES:
                return selection.rates(
                    pictures, classes, ink_rates=self._rates(classes), rng=rng, exclude=self.exclude
                )

    def _rates(self, classes: Sequence[str]) -> dict[str, float]:
        given = self.rates or {}
        if unknown := sorted(set(given) - set(classes) - {""}):
            raise CohortError(
                f"There is no class {', '.join(unknown)}; the classes are {', '.join(classes)}."
            )
        return {c: given.get(c, given.get("", float("nan"))) for c in classes if c in given or "" in given}


def _cohort_kind(name: str) -> CohortKind:
    try:
        return CohortKind(name)
    except ValueError:
        kinds = ", ".join(CohortKind)
        raise CohortError(f"There is no cohort kind {name}; the kinds are {kinds}.") from None
