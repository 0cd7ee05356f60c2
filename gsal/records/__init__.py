"""Plain data that crosses package boundaries: frozen dataclasses and StrEnums, no behaviour, no storage."""

from gsal.records.cohorts import CohortKind, CohortRecord
from gsal.records.jobs import JobRecord, JobStatus
from gsal.records.masks import (
    Decision,
    EncodedMask,
    InkRule,
    MaskRecord,
    MaskSet,
    MaskSource,
    NewMask,
    Purpose,
    Reader,
    ReaderKind,
    Verdict,
)
from gsal.records.models import (
    IMAGENET_MEAN,
    IMAGENET_STD,
    ModelKind,
    ModelRecord,
    ModelStatus,
    Preprocessing,
)
from gsal.records.pictures import ImageRecord, NewImage, Side
from gsal.records.saliency import (
    COLUMNS,
    Aggregator,
    PredictionRow,
    SaliencyMethod,
    SaliencyRow,
    SaliencyRun,
    SaliencyRunSettings,
    Variant,
)

DEFAULT_CLASSES = ("MEL", "NV", "BCC", "SCC", "AK", "SK", "Other")
"""The paper's classes, in its order; a project may define its own."""

__all__ = [
    "COLUMNS",
    "DEFAULT_CLASSES",
    "IMAGENET_MEAN",
    "IMAGENET_STD",
    "Aggregator",
    "CohortKind",
    "CohortRecord",
    "Decision",
    "EncodedMask",
    "ImageRecord",
    "InkRule",
    "JobRecord",
    "JobStatus",
    "MaskRecord",
    "MaskSet",
    "MaskSource",
    "ModelKind",
    "ModelRecord",
    "ModelStatus",
    "NewImage",
    "NewMask",
    "PredictionRow",
    "Preprocessing",
    "Purpose",
    "Reader",
    "ReaderKind",
    "SaliencyMethod",
    "SaliencyRow",
    "SaliencyRun",
    "SaliencyRunSettings",
    "Side",
    "Variant",
    "Verdict",
]
