"""Plain data that crosses package boundaries: frozen dataclasses and StrEnums, no behaviour, no storage."""

from gsal.records.audits import AuditRecord
from gsal.records.cohorts import CohortKind, CohortRecord
from gsal.records.jobs import JobRecord, JobStatus
from gsal.records.library import LibraryColumn, LibraryRequest, LibraryRow
from gsal.records.masks import (
    Decision,
    EncodedMask,
    EncodedProbabilities,
    InkRule,
    MaskRecord,
    MaskSet,
    MaskSource,
    MaskTable,
    NewMask,
    Purpose,
    Reader,
    ReaderKind,
    Verdict,
)
from gsal.records.models import (
    IMAGENET_MEAN,
    IMAGENET_STD,
    BroughtModel,
    ModelFormat,
    ModelKind,
    ModelRecord,
    ModelStatus,
    Outputs,
    Preprocessing,
)
from gsal.records.patients import known_patient, patient_groups
from gsal.records.pictures import ImageRecord, ImageTable, NewImage, Side
from gsal.records.queue import QueueItem, QueueKind, QueueOrder, QueueRequest, ReviewSettings
from gsal.records.readings import EncodedDelta, NewReading, NewStep, Reading, Step, StepKind
from gsal.records.saliency import (
    COLUMNS,
    PAPER_METHODS,
    Ability,
    Aggregator,
    PredictionRow,
    PredictionTable,
    SaliencyMethod,
    SaliencyRow,
    SaliencyRun,
    SaliencyRunSettings,
    SaliencyTable,
    Variant,
)
from gsal.records.validation import ValidationMember, ValidationSet

DEFAULT_CLASSES = ("MEL", "NV", "BCC", "SCC", "AK", "SK", "Other")
"""The paper's classes, in its order; a project may define its own."""

__all__ = [
    "COLUMNS",
    "DEFAULT_CLASSES",
    "IMAGENET_MEAN",
    "IMAGENET_STD",
    "PAPER_METHODS",
    "Ability",
    "Aggregator",
    "AuditRecord",
    "BroughtModel",
    "CohortKind",
    "CohortRecord",
    "Decision",
    "EncodedDelta",
    "EncodedMask",
    "EncodedProbabilities",
    "ImageRecord",
    "ImageTable",
    "InkRule",
    "JobRecord",
    "JobStatus",
    "LibraryColumn",
    "LibraryRequest",
    "LibraryRow",
    "MaskRecord",
    "MaskSet",
    "MaskSource",
    "MaskTable",
    "ModelFormat",
    "ModelKind",
    "ModelRecord",
    "ModelStatus",
    "NewImage",
    "NewMask",
    "NewReading",
    "NewStep",
    "Outputs",
    "PredictionRow",
    "PredictionTable",
    "Preprocessing",
    "Purpose",
    "QueueItem",
    "QueueKind",
    "QueueOrder",
    "QueueRequest",
    "Reader",
    "ReaderKind",
    "Reading",
    "ReviewSettings",
    "SaliencyMethod",
    "SaliencyRow",
    "SaliencyRun",
    "SaliencyRunSettings",
    "SaliencyTable",
    "Side",
    "Step",
    "StepKind",
    "ValidationMember",
    "ValidationSet",
    "Variant",
    "Verdict",
    "known_patient",
    "patient_groups",
]
