"""What people's masks began from, since a start can pull a reader towards it (SPEC 4)."""

from collections.abc import Iterable
from enum import StrEnum

from gsal.project import Project
from gsal.records import MaskRecord, MaskSource

__all__ = ["Start", "starts_of"]

_IMPORTED = "import"


class Start(StrEnum):
    """What a person's mask began from.

    OTHER: nothing that is known, as for imported masks, or other people's masks, as for adjudicated ones.
    """

    BLANK = "blank"
    RULE = "rule"
    NETWORK = "network"
    OTHER = "other"


_START_OF_SOURCE = {
    MaskSource.RULE: Start.RULE,
    MaskSource.AUTOMATIC_PICK: Start.RULE,
    MaskSource.MODEL: Start.NETWORK,
}


def starts_of(project: Project, masks: Iterable[MaskRecord]) -> dict[int, Start]:
    """Return by picture what each mask of a person began from; other masks are left out.

    A mask that goes on with a person's earlier one began where that began.
    """
    starts: dict[int, Start] = {}
    waiting = {m.image_id: m for m in masks if m.source in {MaskSource.HUMAN, MaskSource.ADJUDICATED}}
    while waiting:
        parents = project.store.masks.get_many(
            {m.parent_id for m in waiting.values() if m.parent_id is not None}
        )
        earlier: dict[int, MaskRecord] = {}
        for image_id, mask in waiting.items():
            parent = None if mask.parent_id is None else parents[mask.parent_id]
            if parent is not None and parent.source is MaskSource.HUMAN:
                earlier[image_id] = parent
            else:
                starts[image_id] = _start(mask, parent)
        waiting = earlier
    return starts


def _start(mask: MaskRecord, parent: MaskRecord | None) -> Start:
    if parent is not None:
        return _START_OF_SOURCE.get(parent.source, Start.OTHER)
    if mask.source is MaskSource.ADJUDICATED or mask.tool == _IMPORTED:
        return Start.OTHER
    return Start.BLANK
