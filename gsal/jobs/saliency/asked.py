"""What a saliency job was asked for, from names to values; what cannot be done is refused in a sentence."""

from collections.abc import Collection, Sequence

from gsal.errors import GsalError, ModelError
from gsal.jobs.masks.making import mask_set_named
from gsal.jobs.pictures.variants import variants_named
from gsal.progress import JobContext
from gsal.records import PAPER_METHODS, MaskSet, ModelRecord, SaliencyMethod, Variant
from gsal.saliency.options import Competition, Precision

__all__ = [
    "EXPLAINED_VARIANTS",
    "competition_named",
    "mask_sets_named",
    "methods_named",
    "methods_of",
    "precision_named",
    "variants_asked",
]

EXPLAINED_VARIANTS = (Variant.ORIGINAL, Variant.ABLATED, Variant.INPAINTED, Variant.BLURRED)
"""Those in which the place of the ink stays where its mask has it, so that maps can be aggregated over it."""


def methods_named(names: Collection[str]) -> tuple[SaliencyMethod, ...]:
    """Return the saliency methods of these names.

    Raises:
        GsalError: There is none of a name.
    """
    if unknown := sorted(set(names) - set(SaliencyMethod)):
        raise GsalError(
            f"There is no saliency method {', '.join(unknown)}; the methods are {', '.join(SaliencyMethod)}."
        )
    return tuple(method for method in SaliencyMethod if method in set(names))


def methods_of(names: Sequence[str], model: ModelRecord, ctx: JobContext) -> tuple[SaliencyMethod, ...]:
    """Return the methods for a model: those that were asked for, or what it can be explained by.

    Raises:
        GsalError: There is no such method.
        ModelError: The model cannot be explained by one that was asked for.
    """
    asked = methods_named(names)
    refused = model.brought.refused
    for method in (m for m in asked if m in refused):
        raise ModelError(f"{model.name} cannot be explained by {method}. {refused[method]}")
    if asked:
        return asked
    possible = [m for m in PAPER_METHODS if m not in refused] or [SaliencyMethod.OCCLUSION]
    for method in (m for m in PAPER_METHODS if m in refused):
        ctx.notice(f"{model.name} is explained by {', '.join(possible)}, not by {method}. {refused[method]}")
    return tuple(possible)


def variants_asked(names: Sequence[str]) -> tuple[Variant, ...]:
    """Return the variants of these names, the pictures as they are always among them.

    Raises:
        GsalError: There is no such variant, or its maps cannot be aggregated over the mask.
    """
    variants = variants_named(names, possible=EXPLAINED_VARIANTS)
    for variant in (v for v in variants if v not in EXPLAINED_VARIANTS):
        raise GsalError(
            f"Saliency cannot be aggregated over the ink of pictures that are {variant}; "
            f"the variants are {', '.join(EXPLAINED_VARIANTS)}."
        )
    return variants


def mask_sets_named(names: Sequence[str]) -> tuple[MaskSet, ...]:
    """Return the mask sets of these names, each once.

    Raises:
        GsalError: There is none of a name, or no name.
    """
    if not names:
        raise GsalError(f"Saliency is aggregated over a mask set; name one of {', '.join(MaskSet)}.")
    return tuple(dict.fromkeys(mask_set_named(name) for name in names))


def competition_named(name: str) -> Competition:
    """Return the rule of competitive gradient x input of this name.

    Raises:
        GsalError: There is none.
    """
    if name not in set(Competition):
        raise GsalError(f"There is no competition {name}; there are {', '.join(Competition)}.")
    return Competition(name)


def precision_named(name: str) -> Precision:
    """Return the precision of this name.

    Raises:
        GsalError: There is none.
    """
    if name not in set(Precision):
        raise GsalError(f"There is no precision {name}; there are {', '.join(Precision)}.")
    return Precision(name)
