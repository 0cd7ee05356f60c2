"""Deal the training side into folds by patient."""

from dataclasses import dataclass
from typing import Any, ClassVar

from gsal.cohorts.co_occurrence import table
from gsal.jobs.cohorts.cross_validation import plan_folds
from gsal.jobs.cohorts.pool import read_pool
from gsal.progress import JobContext
from gsal.project import Project
from gsal.records import MaskSet

__all__ = ["DealFolds"]


@dataclass(frozen=True, slots=True)
class DealFolds:
    """Deals the project's one set of k folds, or adds what was imported since; patients keep their fold.

    Attributes:
        k: How many; 3 in the paper.
        mask_set: The masks that decide which pictures are inked, so that ink is spread evenly.
    """

    kind: ClassVar[str] = "cohort folds"
    k: int = 3
    mask_set: str = MaskSet.BEST

    @property
    def title(self) -> str:
        """What it does, for people."""
        return f"Dealing {self.k} folds"

    def run(self, ctx: JobContext, project: Project) -> dict[str, Any]:
        """Deal; return for each fold its counts and ink rates.

        Raises:
            CohortError: There are too few patients, or the project cannot be split.
        """
        pool = read_pool(project, self.mask_set, ctx, validation_share=None, split_seed=0)
        dealt = plan_folds(project, pool, self.k)
        pool.split.keep(project)
        dealt.keep(project)
        free = {picture.image_id: picture for picture in pool.free}
        by_fold = [table((free[i] for i in fold if i in free), pool.classes) for fold in dealt.members]
        return {
            "k": dealt.k,
            "seed": dealt.seed,
            "folds": [
                {
                    "fold": fold,
                    "n": counts.n,
                    "n_by_class": counts.n_by_class,
                    "ink_rate_by_class": counts.ink_rate_by_class,
                }
                for fold, counts in enumerate(by_fold)
            ],
        }
