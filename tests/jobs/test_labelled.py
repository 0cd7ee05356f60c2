"""Which pictures cohorts see."""

from pathlib import Path

import numpy as np
import pytest

from gsal.errors import CohortError
from gsal.jobs.masks.making import new_mask
from gsal.jobs.pictures.labelled import labelled_pictures
from gsal.project import Project
from gsal.records import Decision, MaskSet, MaskSource, NewImage, Purpose, ReaderKind, Verdict


@pytest.fixture
def image_ids(project: Project) -> list[int]:
    """Three labelled pictures, each with a pick among the rules' masks."""
    new = [NewImage(f"{n}.png", f"{n}" * 64, 1, 1, 8, 8, label=project.classes[0]) for n in range(3)]
    ids = project.store.images.add(new, folder=Path("/pictures"))
    mask = np.ones((8, 8), np.bool_)
    project.store.masks.add_many([new_mask(i, mask, MaskSource.AUTOMATIC_PICK) for i in ids])
    return ids


def test_what_a_review_refused_is_left_out_and_stops_nobody(project: Project, image_ids: list[int]) -> None:
    reader = project.store.readers.add("AW", ReaderKind.EXPERT)
    decision = Decision(image_ids[0], reader.id, Purpose.REVIEW, Verdict.REJECTED, None, 1.0, "")
    project.store.decisions.add(decision).result()
    seen = [picture.image_id for picture in labelled_pictures(project, MaskSet.BEST)]
    assert seen == image_ids[1:]


def test_a_picture_nobody_and_nothing_masked_is_an_error(project: Project, image_ids: list[int]) -> None:
    more = NewImage("more.png", "f" * 64, 1, 1, 8, 8, label=project.classes[0])
    project.store.images.add([more], folder=Path("/pictures"))
    with pytest.raises(CohortError, match="1 of 4 labelled pictures have no mask"):
        labelled_pictures(project, MaskSet.BEST)
