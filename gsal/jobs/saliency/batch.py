"""How many pictures are explained before they are stored and the job may stop."""

from collections.abc import Collection

from gsal.records import ModelRecord, SaliencyMethod
from gsal.saliency.options import Options

__all__ = ["pictures_at_once"]

_MOST = 32


def pictures_at_once(
    methods: Collection[SaliencyMethod], options: Options, model: ModelRecord, *, variants: int
) -> int:
    """Return the size of a batch: the dearer a picture is, the fewer, down to one."""
    del options, model, variants
    return 1 if SaliencyMethod.OCCLUSION in methods else _MOST
