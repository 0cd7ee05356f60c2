"""Everything a report says, as plain data: who fills it in needs to know no HTML."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from gsal.arrays import Mask, RgbImage, SaliencyMap
from gsal.audit import AuditResult
from gsal.reports.mask_quality import MaskEvaluation

__all__ = ["Fact", "GalleryItem", "MaskSummary", "ModelSummary", "PictureSet", "ReportContent"]

NAN = float("nan")


@dataclass(frozen=True, slots=True)
class Fact:
    """A name and what it is, both for people."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class PictureSet:
    """A set of pictures and how its ink and classes occur together.

    Attributes:
        name: For people: "All pictures", "Validation", or the cohort's name.
        n: Pictures.
        n_by_class: In the project's order of classes.
        ink_rate_by_class: P(ink | class); None for a class without pictures.
        ink_rate: P(ink); None without pictures.
        cramers_v: Association of ink with class; NaN where undefined.
        n_patients: Patients; None when the project knows none.
        notes: Sentences, e.g. what could not be met when it was sampled.
    """

    name: str
    n: int
    n_by_class: Mapping[str, int]
    ink_rate_by_class: Mapping[str, float | None]
    ink_rate: float | None = None
    cramers_v: float = NAN
    n_patients: int | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MaskSummary:
    """Where the ink masks come from.

    Attributes:
        mask_set: Which masks the audit rests on.
        sources: What made them, with counts, e.g. Fact("network", "280 pictures").
        notes: Sentences.
    """

    mask_set: str
    sources: tuple[Fact, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ModelSummary:
    """A model and how it was trained.

    Attributes:
        cohort: Name of its training set; "" for none.
        training_n: Pictures it was trained on; None when unknown.
        recipe: In words.
        curves: By series ("loss/training", "accuracy/validation"), points (step, value).
        fold: Of a cross-validation; None for the one split.
    """

    name: str
    cohort: str
    seed: int | None
    architecture: str
    recipe: str
    training_n: int | None = None
    curves: Mapping[str, tuple[tuple[float, float], ...]] = field(default_factory=dict)
    fold: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class GalleryItem:
    """A picture with its ink mask and a saliency map.

    Attributes:
        picture: (H, W, 3) uint8.
        mask: (H, W) bool, True = ink.
        saliency: (h, w) signed, of the whole picture, any size.
        caption: E.g. "MEL, taken for NV (0.62)".
        method: Name of the saliency method, for people.
    """

    picture: RgbImage
    mask: Mask
    saliency: SaliencyMap
    caption: str
    method: str = "Grad-CAM"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ReportContent:
    """One report.

    Attributes:
        project: Its name.
        created: Date and time, with its zone.
        sets: The project's pictures, and the validation part.
        cohorts: The training sets; an audited model's has its name in `ModelSummary.cohort`.
        masks: Where the masks come from.
        mask_quality: How good they are; None where nobody measured it, and then the report says so.
        models: Those audited, in the order of the audit.
        audit: All figures and findings.
        gallery: May be empty.
        provenance: Versions, seeds, hashes.
        notes: Sentences the reader should know first, e.g. that all pictures are synthetic.
    """

    project: str
    created: datetime
    sets: tuple[PictureSet, ...]
    cohorts: tuple[PictureSet, ...]
    masks: MaskSummary
    mask_quality: MaskEvaluation | None = None
    models: tuple[ModelSummary, ...]
    audit: AuditResult
    gallery: tuple[GalleryItem, ...] = ()
    provenance: tuple[Fact, ...] = ()
    notes: tuple[str, ...] = ()
