"""Fast mode is held against float32 on the project's own pictures before a first row is computed with it."""

import numpy as np

from gsal.jobs.saliency.explain import Explainer
from gsal.jobs.saliency.plan import Plan
from gsal.jobs.saliency.reading import read_waiting
from gsal.project import Project
from gsal.saliency.options import Precision

__all__ = ["check_fast_mode"]

_PICTURES = 16


def check_fast_mode(project: Project, explainer: Explainer, plan: Plan) -> str:
    """Check the network on some pictures with ink; return what came out, "" where it need not be checked.

    Runs that have rows were checked when they were begun.

    Raises:
        ModelError: Fast mode may not be used for this network, or not on this machine.
    """
    fast = {run.id for run in plan.runs.values() if run.settings.precision == Precision.FAST}
    if not plan.waiting or not any(not plan.runs[run_id].rows for run_id in fast):
        return ""
    from gsal.models.device import device_of
    from gsal.models.preprocessing import to_tensor
    from gsal.saliency.fast import check_fast

    inked = [
        one
        for one in plan.waiting
        if any(mask.ink_px > project.min_ink_px for mask in one.looks[0].masks.values())
    ]
    some = inked[:: max(1, len(inked) // _PICTURES)][:_PICTURES]
    size = explainer.model.preprocessing.size
    seen = [looks[0] for looks in read_waiting(project, some, size=size)]
    pictures = [one.picture for one in seen] or [np.zeros((size, size, 3), np.uint8)]
    coverage = [np.max(list(one.coverage.values()), axis=0) for one in seen] or [np.zeros((size, size))]
    inputs = to_tensor(np.stack(pictures), explainer.model.preprocessing).to(device_of(explainer.module))
    methods = sorted({plan.runs[run_id].settings.method for run_id in fast})
    covered = np.stack(coverage).astype(np.float64)
    check = check_fast(explainer.module, inputs, covered, explainer.options, methods)
    return (
        f"{explainer.model.name}: fast mode was checked on {check.pictures} pictures with ink: m differs "
        f"from float32 by {check.mean:.3f} and n by {check.peak:.3f} of their spread."
    )
