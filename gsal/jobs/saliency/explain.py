"""A batch of pictures through the network: its answers and the aggregates of all methods, as rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from gsal.errors import ModelError
from gsal.jobs.saliency.plan import basis_of, rests_on
from gsal.jobs.saliency.reading import Seen
from gsal.records import (
    MaskRecord,
    ModelRecord,
    PredictionRow,
    SaliencyMethod,
    SaliencyRow,
    SaliencyRun,
    Variant,
)
from gsal.saliency.options import Options

if TYPE_CHECKING:
    import torch

    from gsal.saliency.engine import Explained

__all__ = ["Answers", "Explainer"]


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """What is kept of a batch, ready to be stored, or sent to the process that stores it.

    Attributes:
        predictions: By picture; by variant and the mask set it rests on, "" for the pictures as they are.
        rows: By the number of the run.
    """

    predictions: dict[tuple[Variant, str], dict[int, PredictionRow]] = field(default_factory=dict)
    rows: dict[int, list[SaliencyRow]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Explainer:
    """A network and how it is explained.

    Attributes:
        model: What is known of it.
        module: The network itself, on its device.
        options: Of the methods.
        percentile: Of the peak aggregation.
        runs: By number.
    """

    model: ModelRecord
    module: "torch.nn.Module"
    options: Options
    percentile: float
    runs: Mapping[int, SaliencyRun]

    def answers(self, batch: Sequence[Seen]) -> Answers:
        """Return predictions and aggregates for the runs that lack these pictures.

        A map is computed once for all mask sets. In a batch of pictures that lack different methods, all get
        those that any of them lacks; what they have is not written again.

        Raises:
            ModelError: The network cannot be explained like this, or its answers are not numbers.
        """
        from gsal.models.device import device_of
        from gsal.models.preprocessing import to_tensor
        from gsal.saliency.engine import explain

        lacking = [run_id for run_id in self.runs if any(run_id in one.look.masks for one in batch)]
        if not lacking:
            return Answers()
        wanted = {self.runs[run_id].settings.method for run_id in lacking}
        methods = [method for method in SaliencyMethod if method in wanted]
        inputs = to_tensor(np.stack([one.picture for one in batch]), self.model.preprocessing)
        explained = explain(self.module, inputs.to(device_of(self.module)), methods, self.options)
        logits = explained[methods[0]].logits
        if not np.isfinite(logits).all():
            raise ModelError(f"{self.model.name} gives undefined answers (not a number). Train it again.")
        answers = Answers()
        for run_id in lacking:
            settings = self.runs[run_id].settings
            rows = [row for row, one in enumerate(batch) if run_id in one.look.masks]
            seen = [batch[row] for row in rows]
            masks = [one.look.masks[run_id] for one in seen]
            answers.rows[run_id] = self._rows(_only(explained[settings.method], rows), seen, masks)
            predicted = answers.predictions.setdefault((settings.variant, rests_on(settings)), {})
            for row, one in zip(rows, seen, strict=True):
                number = one.look.picture.image.id
                predicted[number] = PredictionRow(number, logits[row], one.look.picture.basis)
        return answers

    def _rows(
        self, explained: "Explained", seen: Sequence[Seen], masks: Sequence[MaskRecord]
    ) -> list[SaliencyRow]:
        from gsal.saliency.engine import aggregate_batch

        coverage = np.stack([one.coverage[mask.sha256] for one, mask in zip(seen, masks, strict=True)])
        found = aggregate_batch(explained, coverage, percentile=self.percentile)
        return [
            SaliencyRow(
                image_id=one.look.picture.image.id,
                ink_px=mask.ink_px,
                mask_area=float(area),
                map_pixels=found.map_pixels,
                mask_sha256=basis_of(one.look.picture, mask),
                values=values,
            )
            for one, mask, area, values in zip(seen, masks, found.mask_area, found.values, strict=True)
        ]


def _only(explained: "Explained", rows: list[int]) -> "Explained":
    if len(rows) == len(explained.maps):
        return explained
    return replace(
        explained, maps=explained.maps[rows], logits=explained.logits[rows], gap=explained.gap[rows]
    )
