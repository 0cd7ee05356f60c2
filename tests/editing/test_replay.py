"""Following what was done, undone and redone."""

import numpy as np
import pytest

from gsal.editing.painting import Painting
from gsal.editing.replay import replay, standing
from gsal.errors import ProjectDamaged
from gsal.records import EncodedDelta, Step, StepKind

SHAPE = (80, 90)


def step(
    number: int, kind: StepKind = StepKind.DO, *, proposal_id: int | None = None, is_begin: bool = False
) -> Step:
    return Step(number, kind, "brush", 0, 0, proposal_id, is_begin, 0.0, "")


UNDO, REDO, NOTE = StepKind.UNDO, StepKind.REDO, StepKind.NOTE


def test_a_new_step_forgets_what_was_undone() -> None:
    steps = [step(1), step(2), step(3), step(4, UNDO), step(5, UNDO), step(6, REDO), step(7)]
    stand = standing([*steps, step(8), step(9, UNDO)])
    assert stand.undo == (1, 2, 7)
    assert stand.redo == (8,)
    assert standing(steps).redo == ()


def test_the_beginning_is_the_last_that_stands() -> None:
    begun = [step(1), step(2, proposal_id=40, is_begin=True), step(3), step(4, proposal_id=41, is_begin=True)]
    assert standing(begun).proposal_id == 41
    assert standing([*begun, step(5, UNDO)]).proposal_id == 40
    emptied = standing([*begun, step(5, is_begin=True)])
    assert emptied.begin is not None
    assert emptied.proposal_id is None
    assert standing([step(1)]).begin is None


def test_a_note_comes_and_goes_with_the_step_it_was_made_on() -> None:
    noted = [
        step(1, NOTE, proposal_id=40, is_begin=True),
        step(2),
        step(3, NOTE, proposal_id=41, is_begin=True),
        step(4),
    ]
    stand = standing(noted)
    assert (stand.undo, stand.redo, stand.proposal_id) == ((2, 4), (), 41)
    undone = [*noted, step(5, UNDO), step(6, UNDO)]
    assert standing(undone[:-1]).proposal_id == 41
    assert (standing(undone).redo, standing(undone).proposal_id) == ((4, 2), 40)
    emptied = standing([*undone, step(7, NOTE, is_begin=True)])
    assert (emptied.redo, emptied.proposal_id) == ((4, 2), None)
    assert standing([*undone, step(7, REDO)]).proposal_id == 41
    with pytest.raises(ProjectDamaged, match="do not fit together"):
        standing([*undone, step(7, UNDO)])


def test_what_was_never_done_cannot_be_undone() -> None:
    with pytest.raises(ProjectDamaged, match=r"do not fit together \(step 3\)"):
        standing([step(1), step(2, UNDO), step(3, UNDO)])
    with pytest.raises(ProjectDamaged, match="do not fit together"):
        standing([step(1, REDO)])


def test_only_what_stands_is_applied_and_its_delta_needed() -> None:
    start = np.zeros(SHAPE, np.bool_)
    painting = Painting(start)
    deltas: dict[int, EncodedDelta] = {}
    for number in (1, 2):
        painting.extend((20.0 * number, 20), (20.0 * number, 60), radius=5, value=1)
        change = painting.end_stroke()
        assert change is not None
        deltas[number] = change.delta
    painting.undo()
    undone = deltas.pop(2)
    done = replay(start, [step(1), step(2), step(3, UNDO)], deltas)
    assert np.array_equal(done.mask, painting.mask)
    assert (done.undo, done.redo) == ((1,), (2,))
    assert not start.any(), "the start is left as it is"
    with pytest.raises(ProjectDamaged, match=r"step 1\) is missing"):
        replay(start, [step(1), step(2)], {2: undone})
