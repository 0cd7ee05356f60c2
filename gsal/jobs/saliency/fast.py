"""Fast mode is held against float32 on the project's own pictures before a first run is begun with it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from gsal.jobs.cohorts.judged import judged_images
from gsal.jobs.pictures.variants import PictureVariant
from gsal.jobs.saliency.plan import Look, Waiting
from gsal.jobs.saliency.reading import Seen, read_waiting
from gsal.project import Project
from gsal.records import MaskSet, ModelRecord, SaliencyRunSettings
from gsal.saliency.options import Options, Precision

if TYPE_CHECKING:
    import torch

__all__ = ["check_fast_mode"]

_PICTURES = 16


def check_fast_mode(
    project: Project,
    model: ModelRecord,
    module: "torch.nn.Module",
    options: Options,
    wanted: Sequence[SaliencyRunSettings],
) -> str:
    """Check the network on some pictures with ink; return what came out, "" where it need not be checked.

    Runs that have rows were checked when they were begun.

    Args:
        project: Whose pictures.
        model: The classifier.
        module: Its network.
        options: Of the runs.
        wanted: The runs, begun or not.

    Raises:
        ModelError: Fast mode may not be used for this network, or not on this machine.
    """
    begun = {run.settings for run in project.store.saliency.runs(model.id) if run.rows}
    fast = [one for one in wanted if one.precision == Precision.FAST and one not in begun]
    if not fast:
        return ""
    from gsal.models.device import best_device
    from gsal.models.preprocessing import to_tensor
    from gsal.saliency.fast import check_fast

    size, device = model.preprocessing.size, best_device()
    seen = _with_ink(project, model, MaskSet(fast[0].mask_set))
    pictures = [one.picture for one in seen] or [np.zeros((size, size, 3), np.uint8)]
    coverage = [next(iter(one.coverage.values())) for one in seen] or [np.zeros((size, size), np.float32)]
    inputs = to_tensor(np.stack(pictures), model.preprocessing).to(device)
    methods = sorted({one.method for one in fast})
    check = check_fast(module.to(device), inputs, np.stack(coverage).astype(np.float64), options, methods)
    return (
        f"{model.name}: fast mode was checked on {check.pictures} pictures with ink: m differs "
        f"from float32 by {check.mean:.3f} and n by {check.peak:.3f} of their spread."
    )


def _with_ink(project: Project, model: ModelRecord, mask_set: MaskSet) -> list[Seen]:
    """Return some of the pictures with ink that judge a model, from all over the list."""
    images = judged_images(project, model)
    masks = project.store.masks.best([image.id for image in images], mask_set)
    inked = [one for one in images if one.id in masks and masks[one.id].ink_px > project.min_ink_px]
    some = inked[:: max(1, len(inked) // _PICTURES)][:_PICTURES]
    waiting = [Waiting(one, (Look(PictureVariant(one), {0: masks[one.id]}),)) for one in some]
    return [looks[0] for looks in read_waiting(project, waiting, size=model.preprocessing.size)]
