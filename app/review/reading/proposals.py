"""What a reader may begin from: the rules' masks in fixed places, and the network's."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gsal.arrays import Mask
from gsal.errors import ProjectDamaged
from gsal.masks import codec, probabilities
from gsal.project import Project
from gsal.records import MaskRecord, MaskSource

__all__ = ["Proposal", "read_proposals"]

_NETWORK_KEY = 4


@dataclass(frozen=True, slots=True, eq=False)
class Proposal:
    """A mask a reader may begin from.

    Attributes:
        key: 1-3 for the rules in their fixed order, 4 for the network.
        mask: At the size it is kept in.
        steps: For a network whose threshold can be moved, its probabilities (`gsal.masks.probabilities`).
    """

    key: int
    record: MaskRecord
    mask: Mask
    steps: npt.NDArray[np.uint8] | None = None

    @property
    def ink_share(self) -> float:
        """Share of the picture that is ink."""
        return float(self.mask.mean()) if self.mask.size else 0.0

    def at_threshold(self, share: float) -> Mask | None:
        """Return the network's mask at another threshold; None where it cannot be moved."""
        return None if self.steps is None else probabilities.at_threshold(self.steps, share)


def read_proposals(
    project: Project, image_id: int, *, has_network: bool
) -> tuple[tuple[Proposal, ...], tuple[str, ...]]:
    """Read the proposals of a picture; a damaged one is left out.

    Args:
        project: The project.
        image_id: The picture.
        has_network: Whether the network's mask may be seen.

    Returns:
        The proposals, and what is to be said about those left out.
    """
    found, notices = [], []
    for key, record in _keyed(project.store.masks.proposals(image_id), has_network=has_network):
        try:
            mask = codec.decode(project.store.masks.load(record.id))
            found.append(Proposal(key, record, mask, _steps(project, record)))
        except ProjectDamaged:
            notices.append(f"Proposal {key} is damaged and left out.")
    return tuple(found), tuple(notices)


def _keyed(records: list[MaskRecord], *, has_network: bool) -> Iterator[tuple[int, MaskRecord]]:
    yield from enumerate((r for r in records if r.source is MaskSource.RULE), start=1)
    network = next((r for r in records if r.source is MaskSource.MODEL), None)
    if has_network and network is not None:
        yield _NETWORK_KEY, network


def _steps(project: Project, record: MaskRecord) -> npt.NDArray[np.uint8] | None:
    if record.source is not MaskSource.MODEL:
        return None
    encoded = project.store.masks.probabilities(record.id)
    return None if encoded is None else probabilities.decode(encoded)
