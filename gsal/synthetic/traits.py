"""What the lesions of each class look like: a table of traits, and lesions drawn from it."""

from dataclasses import astuple, dataclass, fields

import numpy as np

from gsal.arrays import FloatArray
from gsal.errors import GsalError
from gsal.synthetic.settings import SceneSettings

__all__ = ["PREVALENCE", "Traits", "draw_traits"]

PREVALENCE = {"MEL": 0.14, "NV": 0.28, "BCC": 0.18, "SCC": 0.10, "AK": 0.09, "SK": 0.13, "Other": 0.08}
"""Share of each class in a benchmark unless the caller says otherwise."""


@dataclass(frozen=True, slots=True)
class Traits:
    """Appearance of one lesion; densities as in `Skin`, lengths in picture widths, the rest 0 to about 1.

    Attributes:
        melanin: Pigment above the skin's; below 0 it is paler.
        blood: Redness above the skin's.
        keratin: A yellow-white horny core.
        veil: Blue-grey pigment.
        variegation: Unevenness of the pigment.
        irregularity: Of the outline.
        softness: Of the edge, in radii.
        radius: Mean radius.
        gloss: Pearly shine and rolled rim.
        vessels: Branching vessels.
        openings: Comedo-like openings and milia-like cysts.
        scale: Dry flakes.
        elongation: 0 is round.
    """

    melanin: float
    blood: float
    keratin: float
    veil: float
    variegation: float
    irregularity: float
    softness: float
    radius: float
    gloss: float
    vessels: float
    openings: float
    scale: float
    elongation: float


# In the order of the fields:
# melanin blood keratin veil varieg. irreg. soft. radius gloss vessels openings scale elong.
_TYPICAL = {
    "MEL": Traits(1.45, 0.15, 0.00, 0.55, 0.85, 0.20, 0.06, 0.215, 0.10, 0.0, 0.0, 0.00, 0.30),
    "NV": Traits(0.95, 0.12, 0.00, 0.00, 0.15, 0.05, 0.09, 0.135, 0.12, 0.0, 0.0, 0.00, 0.12),
    "BCC": Traits(0.06, 0.50, 0.05, 0.12, 0.25, 0.09, 0.10, 0.175, 0.85, 0.9, 0.0, 0.05, 0.15),
    "SCC": Traits(0.12, 0.95, 0.75, 0.00, 0.45, 0.15, 0.12, 0.200, 0.15, 0.1, 0.0, 0.25, 0.20),
    "AK": Traits(0.12, 0.45, 0.10, 0.00, 0.35, 0.25, 0.38, 0.225, 0.00, 0.1, 0.0, 0.85, 0.35),
    "SK": Traits(0.75, 0.05, 0.20, 0.00, 0.35, 0.10, 0.03, 0.185, 0.25, 0.0, 0.9, 0.10, 0.20),
}
_OTHER = (
    Traits(0.40, 0.30, 0.00, 0.00, 0.20, 0.08, 0.30, 0.140, 0.05, 0.0, 0.0, 0.05, 0.15),  # dermatofibroma
    Traits(0.10, 1.60, 0.00, 0.10, 0.15, 0.05, 0.04, 0.110, 0.35, 0.0, 0.0, 0.00, 0.10),  # angioma
    Traits(0.20, 0.20, 0.55, 0.00, 0.30, 0.12, 0.06, 0.130, 0.05, 0.0, 0.5, 0.20, 0.15),  # wart
    Traits(0.40, 0.05, 0.00, 0.00, 0.10, 0.12, 0.05, 0.150, 0.00, 0.0, 0.0, 0.00, 0.30),  # lentigo
    Traits(0.05, 0.32, 0.00, 0.00, 0.30, 0.20, 0.50, 0.270, 0.00, 0.0, 0.0, 0.30, 0.30),  # eczema
    Traits(-0.10, 0.12, 0.05, 0.00, 0.10, 0.10, 0.30, 0.150, 0.10, 0.0, 0.0, 0.00, 0.40),  # scar
    Traits(-0.05, 0.10, 0.00, 0.00, 0.05, 0.05, 0.40, 0.160, 0.00, 0.0, 0.0, 0.00, 0.20),  # hardly visible
)
_SPREAD = Traits(0.30, 0.15, 0.12, 0.15, 0.15, 0.05, 0.04, 0.035, 0.15, 0.25, 0.25, 0.15, 0.10)

_ANY = np.inf
_LEAST = Traits(-_ANY, 0, 0, 0, 0, 0, 0.02, 0.08, 0, 0, 0, 0, 0)
_MOST = Traits(_ANY, _ANY, _ANY, _ANY, _ANY, _ANY, _ANY, 0.30, _ANY, _ANY, _ANY, _ANY, 0.8)


def _row(traits: Traits) -> FloatArray:
    return np.array(astuple(traits), np.float64)


_COMMON = np.mean([*map(_row, _TYPICAL.values()), np.mean([*map(_row, _OTHER)], axis=0)], axis=0)


def draw_traits(rng: np.random.Generator, label: str, *, settings: SceneSettings) -> Traits:
    """Draw the traits of one lesion of a class.

    Args:
        rng: Source of randomness.
        label: One of the classes of PREVALENCE.
        settings: `difficulty`, `confusion` and `spread` count here.

    Raises:
        GsalError: The generator does not know the class.
    """
    classes = list(PREVALENCE)
    if label not in classes:
        raise GsalError(
            f"No synthetic lesion of class {label!r} can be drawn. Use one of {', '.join(classes)}."
        )
    if rng.random() < settings.confusion:
        label = str(rng.choice([other for other in classes if other != label]))
    own = _variant(rng, label)
    variation = _row(_SPREAD) * rng.standard_normal(len(fields(Traits)))
    values = _COMMON + (1 - settings.difficulty) * (own - _COMMON) + settings.spread * variation
    return Traits(*(float(value) for value in np.clip(values, _row(_LEAST), _row(_MOST))))


def _variant(rng: np.random.Generator, label: str) -> FloatArray:
    if label == "Other":
        return _row(_OTHER[int(rng.integers(len(_OTHER)))])
    row = _row(_TYPICAL[label])
    unusual = rng.random()
    if label == "BCC" and unusual < 0.15:  # pigmented
        row[0] = 0.8
    elif label == "MEL" and unusual < 0.12:  # amelanotic
        row[:2] = 0.2, 0.5
    return row
