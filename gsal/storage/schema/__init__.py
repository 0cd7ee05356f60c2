"""The tables of a project: the only place that knows them (SQLAlchemy 2, typed)."""

from gsal.storage.schema.base import Base
from gsal.storage.schema.masks import MaskBlobRow, MaskHeadRow, MaskRevisionRow, ProbabilityRow
from gsal.storage.schema.pictures import (
    CohortMemberRow,
    CohortRow,
    ImageRow,
    ProjectRow,
    RootRow,
    ValidationMemberRow,
    ValidationSetRow,
)
from gsal.storage.schema.readings import DecisionRow, ReaderRow, ReadingRow, StepRow
from gsal.storage.schema.results import (
    AuditRow,
    JobRow,
    MetricRow,
    ModelRow,
    PredictionRunRow,
    PredictionValueRow,
    SaliencyRunRow,
    SaliencyValueRow,
)

__all__ = [
    "AuditRow",
    "Base",
    "CohortMemberRow",
    "CohortRow",
    "DecisionRow",
    "ImageRow",
    "JobRow",
    "MaskBlobRow",
    "MaskHeadRow",
    "MaskRevisionRow",
    "MetricRow",
    "ModelRow",
    "PredictionRunRow",
    "PredictionValueRow",
    "ProbabilityRow",
    "ProjectRow",
    "ReaderRow",
    "ReadingRow",
    "RootRow",
    "SaliencyRunRow",
    "SaliencyValueRow",
    "StepRow",
    "ValidationMemberRow",
    "ValidationSetRow",
]
