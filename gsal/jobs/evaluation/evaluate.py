"""Measure a segmenter, and the rules beside it, on patients it was not trained on."""

from dataclasses import dataclass
from typing import Any, ClassVar

from gsal.jobs.batches import map_ahead
from gsal.jobs.evaluation.choice import choose_evaluation
from gsal.jobs.evaluation.readers import read_beside_readers
from gsal.jobs.evaluation.result import evaluation_result
from gsal.jobs.evaluation.scores import ScoredPicture, score_picture
from gsal.jobs.masks.starts import starts_of
from gsal.jobs.models.files import ready_models
from gsal.masks.figures import DRAWS
from gsal.progress import JobContext
from gsal.project import Project
from gsal.records import ImageRecord, MaskSet, ModelKind

__all__ = ["EvaluateSegmenter"]

_SEED = 0


@dataclass(frozen=True, slots=True)
class EvaluateSegmenter:
    """Compares masks at the size of the reference, picture by picture (SPEC 4).

    Attributes:
        model: Name of the segmenter.
        against: Mask set that counts as true: exact, adjudicated or human.
        judgements: Column of the labels table whose yes or no says whether a picture is inked, in place of
            the masks; other entries are not judged. "" for none.
        locked_only: Whether only pictures of the locked validation set count.
    """

    kind: ClassVar[str] = "evaluate segmenter"
    model: str = "bisenet"
    against: str = MaskSet.EXACT
    judgements: str = ""
    locked_only: bool = False

    @property
    def title(self) -> str:
        """What it does, for people."""
        return f"Measuring {self.model}"

    def run(self, ctx: JobContext, project: Project) -> dict[str, Any]:
        """Measure; return the summary, figures, groups, curve, rules and readers beside, and all pictures.

        Raises:
            ModelError: Nothing can be measured; the text says what is missing.
            ProjectDamaged: A mask is damaged.
        """
        (model,) = ready_models(project, [self.model], ModelKind.SEGMENTER)
        choice = choose_evaluation(
            project,
            model,
            against=self.against,
            judgements=self.judgements,
            locked_only=self.locked_only,
        )
        starts = starts_of(project, (choice.truth[i.id] for i in choice.images if i.id in choice.truth))

        def scored(image: ImageRecord) -> ScoredPicture:
            return score_picture(project, choice, image, starts.get(image.id))

        pictures = list(
            ctx.track(map_ahead(scored, choice.images), "Measuring masks", total=len(choice.images))
        )
        readers = read_beside_readers(project, choice, ctx, draws=DRAWS, seed=_SEED)
        result = evaluation_result(
            pictures, choice, readers, min_ink_px=project.min_ink_px, draws=DRAWS, seed=_SEED
        )
        return {
            "model": self.model,
            "against": self.against,
            "judgements": self.judgements,
            "locked_only": self.locked_only,
            **result,
        }
