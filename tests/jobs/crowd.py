"""A project of many labelled pictures with masks, without a file on the disk."""

from pathlib import Path

import numpy as np

from gsal.jobs.masks.making import new_mask
from gsal.project import Project
from gsal.records import MaskSource, NewImage

__all__ = ["fill"]

_INK = {"MEL": 0.6, "NV": 0.4, "BCC": 0.3}


def fill(project: Project, *, n: int = 240, per_patient: int = 2, seed: int = 0) -> list[int]:
    """Add n pictures of three classes in two folders, inked as often as their class is; return their ids."""
    rng = np.random.default_rng(seed)
    names = list(_INK)
    new = [
        NewImage(
            f"{('clinical', 'dermoscopic')[i % 2]}/{i}.png",
            f"{seed:02d}{i:062d}",
            1,
            1,
            448,
            448,
            label=names[i % 3],
            patient_id=f"p{seed}-{i // per_patient}",
            extra={"site": ("arm", "leg", "")[i % 3]},
        )
        for i in range(n)
    ]
    ids = project.store.images.add(new, folder=Path("/photos"))
    ink, bare = np.ones((32, 32), np.bool_), np.zeros((32, 32), np.bool_)
    masks = [
        new_mask(number, ink if rng.random() < _INK[str(image.label)] else bare, MaskSource.AUTOMATIC_PICK)
        for number, image in zip(ids, new, strict=True)
    ]
    project.store.masks.add_many(masks)
    return ids
