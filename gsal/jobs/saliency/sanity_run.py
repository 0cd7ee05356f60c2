"""One network's sanity check, draw after draw of new parameters; what is compared is kept as it comes."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from gsal.jobs.models.files import load_classifier
from gsal.jobs.pictures.network_size import read_sized
from gsal.jobs.saliency.cost import check_cost_text, pictures_at_once
from gsal.jobs.saliency.sanity_parts import KeptParts, Similarity
from gsal.progress import JobContext
from gsal.project import Project
from gsal.records import ImageRecord, ModelRecord, SaliencyMethod
from gsal.saliency.options import Options

if TYPE_CHECKING:
    from torch import Tensor, nn

    from gsal.saliency.cascade import Compared

__all__ = ["Check"]

_BATCH = 4


@dataclass(frozen=True, slots=True)
class Check:
    """What of a network is checked, and on what.

    Attributes:
        model: The classifier.
        methods: Which of its methods.
        images: On these pictures.
        draws: How often new parameters are drawn.
        seed: Of the new parameters and the noise of methods.
    """

    model: ModelRecord
    methods: tuple[SaliencyMethod, ...]
    images: tuple[ImageRecord, ...]
    draws: int
    seed: int

    def run(self, project: Project, ctx: JobContext) -> list[Similarity]:
        """Compare what an earlier run has not, after saying what that costs; return all by method.

        Raises:
            ModelError: The model hides its layers, or cannot be explained by one of the methods.
            ImageError: A picture is gone or cannot be read.
        """
        from gsal.models.device import best_device
        from gsal.models.preprocessing import to_tensor
        from gsal.saliency.randomisation import stages

        module = load_classifier(project, self.model).to(best_device())
        sized = read_sized(project, self.images, size=self.model.preprocessing.size)
        pictures = np.stack([one.picture for one in sized])
        inputs = to_tensor(pictures, self.model.preprocessing).to(best_device())
        kept, looks = self.kept(project), 1 + len(stages(module, inputs[:1]))
        each = looks * -(-len(self.images) // self._batch)
        known, total = len(kept.known), self.draws * each
        if known < total:
            ctx.notice(self._cost(module, looks=looks, left=1 - known / total))
        coming = self._compared(module, inputs, each=each, known=known)
        tracked = ctx.track(coming, f"Randomising {self.model.name}", total=total, done=known)
        found = {method: Similarity(method) for method in self.methods}
        for part in chain(kept.known, map(kept.add, tracked)):
            for one in found.values():
                one.add(part)
        return list(found.values())

    def kept(self, project: Project) -> KeptParts:
        """Return where the comparisons are kept while the check is not finished."""
        from gsal.models.device import best_device

        basis = {
            "weights": self.model.weights_sha256,
            "preprocessing": repr(self.model.preprocessing),
            "layer": self.model.brought.layer,
            "methods": self.methods,
            "images": [image.sha256 for image in self.images],
            "draws": self.draws,
            "seed": self.seed,
            "device": str(best_device()),
        }
        return KeptParts(project.folder / "cache" / "sanity", basis)

    @property
    def _options(self) -> Options:
        return Options(layer=self.model.brought.layer or None, seed=self.seed)

    @property
    def _batch(self) -> int:
        """Pictures that are compared before they are kept: the dearer the methods, the fewer."""
        return min(_BATCH, pictures_at_once(self.methods, self._options, self.model, looks=1))

    def _cost(self, module: "nn.Module", *, looks: int, left: float) -> str:
        return check_cost_text(
            *(self.methods, self._options, self.model, module),
            pictures=len(self.images),
            draws=self.draws,
            looks=looks,
            left=left,
        )

    def _compared(
        self, module: "nn.Module", inputs: "Tensor", *, each: int, known: int
    ) -> Iterator["Compared"]:
        """Yield what is not known yet, of `each` comparisons in a draw."""
        from gsal.saliency.cascade import compare

        seeds = np.random.SeedSequence(self.seed).generate_state(self.draws)
        for number, seed in enumerate(seeds):
            if (skip := max(0, known - number * each)) < each:
                yield from compare(
                    *(module, inputs, self.methods),
                    options=self._options,
                    seed=int(seed),
                    batch=self._batch,
                    skip=skip,
                )
