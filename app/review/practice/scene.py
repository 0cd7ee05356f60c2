"""The picture one practises on: synthetic, with known ink and a proposal that is wrong in two places."""

from dataclasses import dataclass

import numpy as np

from gsal.arrays import Mask, RgbImage
from gsal.editing.box import Box
from gsal.synthetic import PenColour, PenKind, SceneSettings, render_twins

__all__ = ["PracticeScene", "box_of", "make_scene"]

_SIDE_PX = 512
_SCENE, _SEED = 3, 3
_SETTINGS = SceneSettings(
    size=_SIDE_PX,
    hair_share=0.0,
    kinds={PenKind.CIRCLE: 1.0},
    colours={PenColour.PURPLE: 1.0},
)
_GAP_DEGREES = 70.0
_BLOB_SHARE = 0.42


@dataclass(frozen=True, slots=True, eq=False)
class PracticeScene:
    """A picture, its ink, and a proposal that misses one part and has another too much.

    Attributes:
        picture: (H, W, 3) uint8.
        ink: (H, W) bool, the truth.
        missing: (H, W) bool, the ink that the proposal lacks.
        wrong: (H, W) bool, what the proposal takes for ink and is not.
    """

    picture: RgbImage
    ink: Mask
    missing: Mask
    wrong: Mask

    @property
    def proposal(self) -> Mask:
        """The mask to begin with."""
        proposal: Mask = self.ink & ~self.missing | self.wrong
        return proposal


def make_scene() -> PracticeScene:
    """Draw the picture; always the same one, nothing is read or written."""
    twins = render_twins(_SCENE, "NV", settings=_SETTINGS, seed=_SEED)
    rows, columns = np.indices(twins.ink.shape)
    centre = np.argwhere(twins.ink).mean(axis=0)
    angle = np.degrees(np.arctan2(rows - centre[0], columns - centre[1]))
    missing: Mask = twins.ink & (np.abs(angle) < _GAP_DEGREES / 2)
    return PracticeScene(twins.inked, twins.ink, missing, _blob(twins.lesion) & ~twins.ink)


def box_of(mask: Mask) -> Box:
    """Return the smallest box around the ink of a mask that has some."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return Box(int(rows[0]), int(columns[0]), int(rows[-1]) + 1, int(columns[-1]) + 1)


def _blob(lesion: Mask) -> Mask:
    """Return an ellipse within the lesion's bounds: what a rule takes a dark mole for."""
    box = box_of(lesion)
    rows, columns = np.indices(lesion.shape)
    y = (rows - (box.top + box.bottom) / 2) / (_BLOB_SHARE * (box.bottom - box.top))
    x = (columns - (box.left + box.right) / 2) / (_BLOB_SHARE * (box.right - box.left))
    return np.asarray(y**2 + x**2 < 1, np.bool_)
