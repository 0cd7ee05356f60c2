"""Whatever a reader does, and whenever the program ends: the mask is that of plain copies."""

from itertools import count

import numpy as np
import numpy.typing as npt
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from gsal.arrays import Mask
from gsal.editing.box import Box
from gsal.editing.brush import Point
from gsal.editing.history import Change
from gsal.editing.painting import Painting
from gsal.editing.replay import replay
from gsal.records import EncodedDelta, Step, StepKind

SHAPE = (130, 600)
points = st.tuples(st.floats(-30, 630), st.floats(-30, 160))
seeds = st.integers(0, 1000)


class Walk(RuleBasedStateMachine):
    """Each step goes into a log like the database's; a restart has nothing but the log and the start."""

    def __init__(self) -> None:
        super().__init__()
        self.ids = count(1)
        self.log: list[Step] = []
        self.deltas: dict[int, EncodedDelta] = {}

    @initialize(seed=seeds)
    def open(self, seed: int) -> None:
        self.start: Mask = np.random.default_rng(seed).random(SHAPE) < 0.2
        self.painting = Painting(self.start)
        self.states: list[npt.NDArray[np.bool_]] = [self.start]
        self.begins: list[int | None] = [None]
        self.now = 0

    def wrote(self, kind: StepKind, change: Change | None = None, proposal_id: int | None = None) -> None:
        step_id = next(self.ids)
        self.log.append(Step(step_id, kind, "brush", 0, 0, proposal_id, proposal_id is not None, 0.0, ""))
        if change is not None:
            self.deltas[step_id] = change.delta

    def did(self, change: Change | None, proposal_id: int | None = None) -> None:
        before, after = self.states[self.now], self.painting.mask
        assert (change is None) == bool((before == after).all())
        if change is None:
            if proposal_id is not None:
                self.begins[self.now] = proposal_id
                self.wrote(StepKind.NOTE, None, proposal_id)
            return
        assert change.pixels_added == (after & ~before).sum()
        assert change.pixels_removed == (before & ~after).sum()
        outside = before != after
        outside[change.box.slices] = False
        assert not outside.any()
        begin = self.begins[self.now] if proposal_id is None else proposal_id
        del self.states[self.now + 1 :], self.begins[self.now + 1 :]
        self.states.append(after)
        self.begins.append(begin)
        self.now += 1
        self.wrote(StepKind.DO, change, proposal_id)

    @rule(start=points, end=points, radius=st.floats(0.5, 60), value=st.integers(0, 1))
    def draw(self, start: Point, end: Point, radius: float, value: int) -> None:
        self.painting.extend(start, end, radius=radius, value=value)
        self.painting.extend(end, start, radius=radius / 2, value=value)
        self.did(self.painting.end_stroke())

    @rule(start=points, end=points, radius=st.floats(0.5, 60), value=st.integers(0, 1))
    def abandon(
        self, start: tuple[float, float], end: tuple[float, float], radius: float, value: int
    ) -> None:
        self.painting.extend(start, end, radius=radius, value=value)
        self.painting.abandon_stroke()

    @rule(top=st.integers(0, 100), left=st.integers(0, 500), seed=seeds, value=st.integers(0, 1))
    def lay_down(self, top: int, left: int, seed: int, value: int) -> None:
        rng = np.random.default_rng(seed)
        box = Box(top, left, top + int(rng.integers(1, 30)), left + int(rng.integers(1, 100)))
        pixels = rng.random((box.bottom - box.top, box.right - box.left)) < 0.5
        if seed % 2:
            self.painting.set_region(box, pixels)
        else:
            self.painting.paint_region(box, pixels, value=value)
        self.did(self.painting.end_stroke())

    @rule(seed=seeds, share=st.sampled_from([0.0, 0.001, 0.5, 1.0]))
    def take_proposal(self, seed: int, share: float) -> None:
        mask = np.random.default_rng(seed).random(SHAPE) < share
        self.did(self.painting.replace(mask), proposal_id=seed)

    @rule()
    def undo(self) -> None:
        assert (self.painting.undo() is None) == (self.now == 0)
        if self.now:
            self.now -= 1
            self.wrote(StepKind.UNDO)

    @rule()
    def redo(self) -> None:
        is_last = self.now == len(self.states) - 1
        assert (self.painting.redo() is None) == is_last
        if not is_last:
            self.now += 1
            self.wrote(StepKind.REDO)

    @precondition(lambda self: self.log)
    @rule()
    def restart(self) -> None:
        done = replay(self.start, self.log, self.deltas)
        assert done.proposal_id == self.begins[self.now]
        self.painting = Painting(done.mask)
        self.painting.restore(
            undo=[self.deltas[step] for step in done.undo], redo=[self.deltas[step] for step in done.redo]
        )

    @invariant()
    def is_as_the_copies(self) -> None:
        assert np.array_equal(self.painting.mask, self.states[self.now])
        assert self.painting.undo_count == self.now
        assert self.painting.redo_count == len(self.states) - 1 - self.now
        fine, coarse = self.painting.levels[:2]
        assert np.array_equal(coarse, fine.reshape(65, 2, 300, 2).max((1, 3)))


Walk.TestCase.settings = settings(max_examples=30, stateful_step_count=25, deadline=None)
TestWalk = Walk.TestCase
