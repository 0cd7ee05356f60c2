"""What the training page shows of a project, read off the window's thread."""

from collections.abc import Sequence
from dataclasses import dataclass

from gsal.jobs.segmenters.retrain import reviews_since
from gsal.project import Project
from gsal.records import CohortRecord, ModelKind, ModelRecord, ModelStatus

__all__ = ["Known", "read_known"]


@dataclass(frozen=True, slots=True)
class Known:
    """Cohorts and networks.

    Attributes:
        is_split: Whether the project's one split is made.
        reviews: How many pictures people have reviewed since each ready ink network was trained.
    """

    cohorts: list[CohortRecord]
    models: list[ModelRecord]
    is_split: bool
    reviews: dict[str, int]

    @property
    def segmenters(self) -> Sequence[str]:
        """Names of the ready ink networks, the newest last."""
        return [m.name for m in self.models if _is_segmenter(m)]


def read_known(project: Project) -> Known:
    """Read it."""
    store = project.store
    models = store.models.all()
    return Known(
        store.cohorts.all(),
        models,
        any(image.side is not None for image in store.images.all()),
        {m.name: reviews_since(project, m) for m in models if _is_segmenter(m)},
    )


def _is_segmenter(model: ModelRecord) -> bool:
    return model.kind is ModelKind.SEGMENTER and model.status is ModelStatus.READY
