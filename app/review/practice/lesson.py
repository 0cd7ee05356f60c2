"""The six steps of the practice, and whether what was done is what was asked."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from PySide6.QtCore import QObject, Signal

from app.review.practice.scene import PracticeScene
from gsal.arrays import Mask
from gsal.editing.painting import Painting
from gsal.masks.agreement import dice

__all__ = ["STEPS", "Lesson", "Result", "Step", "StepName"]

_ENOUGH = 0.6
"""Share of a place that has to be painted or wiped: the point is the key, not the last pixel."""

_ZOOM_FACTOR = 1.2


class StepName(StrEnum):
    """What is practised."""

    ZOOM = "zoom"
    HIDE = "hide"
    BRUSH = "brush"
    ERASE = "erase"
    UNDO = "undo"
    ACCEPT = "accept"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do.

    Attributes:
        title: In a word or two.
        text: What to do, with the names of actions in braces where their keys go.
    """

    name: StepName
    title: str
    text: str


STEPS = (
    Step(
        StepName.ZOOM,
        "Zoom",
        "Turn the wheel over the picture: it zooms where you point. Hold {pan} and drag to move it.",
    ),
    Step(StepName.HIDE, "Hide the mask", "Hold {hide} to see the skin without the mask, then let go."),
    Step(
        StepName.BRUSH,
        "Paint",
        "The mask misses some ink in the dashed circle. Press {brush} and paint over it; "
        "{smaller}\N{NO-BREAK SPACE}and\N{NO-BREAK SPACE}{larger} change the size.",
    ),
    Step(
        StepName.ERASE,
        "Erase",
        "Now the circle marks a mole, not ink. Press {eraser} and wipe the mask off it. The right "
        "button erases with any tool.",
    ),
    Step(
        StepName.UNDO,
        "Undo and redo",
        "Press {undo} to take back your last stroke, and {redo} to bring it again. In your own pictures "
        "this works after a restart, too.",
    ),
    Step(
        StepName.ACCEPT,
        "Accept",
        "Press {accept} to accept the mask. In a review the next picture would open at once.",
    ),
)


@dataclass(frozen=True, slots=True)
class Result:
    """How well it went: Dice of the proposal and of the mask in the end, and how many steps were done."""

    before: float
    after: float
    n_done: int


class Lesson(QObject):
    """Goes through the steps; each is passed by doing it, or skipped.

    Signals:
        moved_on(): Another step is asked for.
        finished(): The last one is over.
    """

    moved_on = Signal()
    finished = Signal()

    def __init__(self, scene: PracticeScene, *, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.scene = scene
        self.begin()

    def begin(self) -> None:
        """Start from the first step with a fresh mask."""
        self.painting = Painting(self.scene.proposal)
        self.index = 0
        self.done: set[StepName] = set()
        self._scale: float | None = None
        self._has_undone = False
        self.moved_on.emit()

    @property
    def step(self) -> Step | None:
        """What is asked for; None when all is over."""
        return STEPS[self.index] if self.index < len(STEPS) else None

    @property
    def target(self) -> Mask | None:
        """Where it is to be done, (H, W) bool; None when anywhere."""
        name = self.step.name if self.step else None
        return {StepName.BRUSH: self.scene.missing, StepName.ERASE: self.scene.wrong}.get(
            name or StepName.ZOOM
        )

    @property
    def result(self) -> Result:
        """How it went so far."""
        ink = self.scene.ink
        return Result(dice(self.scene.proposal, ink), dice(self.painting.mask, ink), len(self.done))

    def skip(self) -> None:
        """Go on without having done it."""
        if self.step is not None:
            self._go_on()

    def viewed(self, scale: float, *, is_whole: bool) -> None:
        """Note the view's scale, and whether it shows the whole picture: that a window's size does, too."""
        if is_whole or self._scale is None:
            self._scale = scale
        factor = scale / self._scale
        if not 1 / _ZOOM_FACTOR < factor < _ZOOM_FACTOR:
            self._did(StepName.ZOOM)

    def hidden(self) -> None:
        """Note that the mask was hidden and is back."""
        self._did(StepName.HIDE)

    def painted(self) -> None:
        """Note that the mask changed by a stroke."""
        mask = self.painting.mask
        if _share(mask, self.scene.missing) >= _ENOUGH:
            self._did(StepName.BRUSH)
        if _share(~mask, self.scene.wrong) >= _ENOUGH:
            self._did(StepName.ERASE)

    def undone(self) -> None:
        """Note that a stroke was taken back."""
        self._has_undone = self.step is not None and self.step.name is StepName.UNDO

    def redone(self) -> None:
        """Note that it was brought again."""
        if self._has_undone:
            self._did(StepName.UNDO)

    def accepted(self) -> None:
        """Note that the mask was accepted."""
        self._did(StepName.ACCEPT)

    def _did(self, name: StepName) -> None:
        if self.step is not None and self.step.name is name:
            self.done.add(name)
            self._go_on()

    def _go_on(self) -> None:
        self.index += 1
        (self.moved_on if self.index < len(STEPS) else self.finished).emit()


def _share(mask: Mask, place: Mask) -> float:
    return float(np.count_nonzero(mask & place)) / max(1, int(np.count_nonzero(place)))
