"""Under which settings saliency is kept, and which of the stored runs an audit rests on."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from gsal.project import Project
from gsal.records import (
    Ability,
    MaskSet,
    ModelRecord,
    SaliencyMethod,
    SaliencyRun,
    SaliencyRunSettings,
    Variant,
)
from gsal.saliency.cost import ONE_PASS
from gsal.saliency.options import Options, Precision, preset_of

if TYPE_CHECKING:
    import torch

__all__ = ["USUAL_PERCENTILE", "audited_runs", "is_usual", "latest_mask_set", "run_settings", "unusual_text"]

USUAL_PERCENTILE = 98.0
"""Of the peak aggregation, the paper's."""


def run_settings(
    model: ModelRecord,
    module: "torch.nn.Module",
    method: SaliencyMethod,
    options: Options,
    *,
    mask_set: MaskSet,
    variant: Variant,
    percentile: float,
) -> SaliencyRunSettings:
    """Return what a run is known by; what does not change a method's numbers is left out of it.

    A layer that is not the network's own choice is told by the preset too, so that stored settings show by
    themselves whether they are the usual ones.

    Raises:
        ModelError: The network has no such layer.
    """
    size = model.preprocessing.size
    preset, layer = preset_of(method, options, size), ""
    if method.needs is Ability.ACTIVATIONS:
        from gsal.saliency.layers import find_layer

        own = find_layer(module, model.brought.layer or None).name
        layer = find_layer(module, options.layer).name if options.layer else own
        if layer != own:
            preset = f"{preset}-{layer}" if preset else layer
    return SaliencyRunSettings(
        model_id=model.id,
        method=method,
        preset=preset,
        layer=layer,
        precision=str(options.precision if method in ONE_PASS else Precision.FLOAT32),
        input_size=size,
        variant=variant,
        mask_set=str(mask_set),
        peak_percentile=percentile,
    )


def unusual_text(settings: SaliencyRunSettings) -> str:
    """Return in which settings a run differs from the usual ones; "" if in none.

    Which picture variant and which masks it is of are no settings.
    """
    parts = []
    if settings.preset != preset_of(settings.method, Options(), settings.input_size):
        parts.append(settings.preset)
    if settings.precision != Precision.FLOAT32:
        parts.append(settings.precision)
    if settings.peak_percentile != USUAL_PERCENTILE:
        parts.append(f"percentile {settings.peak_percentile:g}")
    return ", ".join(parts)


def is_usual(settings: SaliencyRunSettings, variant: Variant = Variant.ORIGINAL) -> bool:
    """Return whether a run has the settings that audits rest on, and is of this variant of the pictures."""
    return settings.variant is variant and not unusual_text(settings)


def audited_runs(
    runs: Sequence[SaliencyRun], mask_set: str, variant: Variant = Variant.ORIGINAL
) -> list[SaliencyRun]:
    """Return what audits, reports and the window rest on over a mask set: the newest usual run per method.

    Args:
        runs: Of one model.
        mask_set: That they aggregate over.
        variant: Of the pictures: as they are, or the placebo, whose ink is painted over.
    """
    newest = {
        run.settings.method: run
        for run in sorted(runs, key=lambda run: run.id)
        if run.settings.mask_set == mask_set and is_usual(run.settings, variant)
    }
    return [newest[method] for method in SaliencyMethod if method in newest]


def latest_mask_set(project: Project) -> str | None:
    """Return the mask set that saliency was last computed over with the usual settings; None if never.

    Of several mask sets at once it is the first that was named.
    """
    runs = project.store.saliency.runs()
    there = {run.settings.mask_set: run.id for run in runs if run.rows and is_usual(run.settings)}
    for record in reversed(project.store.jobs.done("saliency")):
        named = [mask_set for mask_set in (record.result or {}).get("mask_sets", ()) if mask_set in there]
        if named:
            return str(named[0])
    return max(there, key=lambda mask_set: there[mask_set]) if there else None
