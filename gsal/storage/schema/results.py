"""Networks and what was computed with them."""

from typing import Any

from sqlalchemy import BigInteger, Float, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from gsal.storage.schema.base import Base

__all__ = [
    "AuditRow",
    "JobRow",
    "MetricRow",
    "ModelRow",
    "PredictionRunRow",
    "PredictionValueRow",
    "SaliencyRunRow",
    "SaliencyValueRow",
]


class ModelRow(Base):
    """A network: trained here or brought along."""

    __tablename__ = "model"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    kind: Mapped[str] = mapped_column(String(20))
    status: Mapped[str] = mapped_column(String(20))
    architecture: Mapped[str] = mapped_column(String(100))
    classes: Mapped[list[str]]
    preprocessing: Mapped[dict[str, Any]]
    cohort_id: Mapped[int | None] = mapped_column(ForeignKey("cohort.id"))
    seed: Mapped[int | None] = mapped_column(BigInteger)
    fold: Mapped[int | None] = mapped_column(Integer)
    replicate_group: Mapped[str] = mapped_column(String(200))
    weights: Mapped[str] = mapped_column(Text)
    weights_sha256: Mapped[str] = mapped_column(String(64))
    run_card: Mapped[dict[str, Any]]
    created: Mapped[str] = mapped_column(String(32))


class MetricRow(Base):
    """A point of a model's training curves."""

    __tablename__ = "metric"
    model_id: Mapped[int] = mapped_column(ForeignKey("model.id"), primary_key=True)
    series: Mapped[str] = mapped_column(String(100), primary_key=True)
    step: Mapped[float] = mapped_column(Float, primary_key=True)
    value: Mapped[float | None] = mapped_column(Float)


class PredictionRunRow(Base):
    """One model's predictions on one variant of the pictures."""

    __tablename__ = "prediction_run"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    model_id: Mapped[int] = mapped_column(ForeignKey("model.id"))
    variant: Mapped[str] = mapped_column(String(40))
    mask_set: Mapped[str] = mapped_column(String(20))
    created: Mapped[str] = mapped_column(String(32))
    __table_args__ = (Index("uq_prediction_run", "model_id", "variant", "mask_set", unique=True),)


class PredictionValueRow(Base):
    """One picture's logits, packed float64."""

    __tablename__ = "prediction"
    run_id: Mapped[int] = mapped_column(ForeignKey("prediction_run.id"), primary_key=True)
    image_id: Mapped[int] = mapped_column(ForeignKey("image.id"), primary_key=True)
    logits: Mapped[bytes]
    sha256: Mapped[str] = mapped_column(String(64))


class SaliencyRunRow(Base):
    """What one pass of one saliency method over the pictures was computed with."""

    __tablename__ = "saliency_run"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    model_id: Mapped[int] = mapped_column(ForeignKey("model.id"), index=True)
    settings_key: Mapped[str] = mapped_column(String(64), unique=True)
    settings: Mapped[dict[str, Any]]
    created: Mapped[str] = mapped_column(String(32))


class SaliencyValueRow(Base):
    """One picture's aggregates in one run: float64 [classes, columns], packed."""

    __tablename__ = "saliency_value"
    run_id: Mapped[int] = mapped_column(ForeignKey("saliency_run.id"), primary_key=True)
    image_id: Mapped[int] = mapped_column(ForeignKey("image.id"), primary_key=True)
    ink_px: Mapped[float] = mapped_column(Float)
    mask_area: Mapped[float] = mapped_column(Float)
    map_pixels: Mapped[int] = mapped_column(Integer)
    mask_sha256: Mapped[str] = mapped_column(String(64))
    classes: Mapped[int] = mapped_column(Integer)
    data: Mapped[bytes]
    sha256: Mapped[str] = mapped_column(String(64))


class AuditRow(Base):
    """An audit and its whole result."""

    __tablename__ = "audit"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    settings: Mapped[dict[str, Any]]
    result: Mapped[dict[str, Any]]
    app_version: Mapped[str] = mapped_column(String(32))
    created: Mapped[str] = mapped_column(String(32))


class JobRow(Base):
    """A long task and how it ended."""

    __tablename__ = "job"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    kind: Mapped[str] = mapped_column(String(60))
    settings: Mapped[dict[str, Any]]
    status: Mapped[str] = mapped_column(String(20), index=True)
    message: Mapped[str] = mapped_column(Text)
    result: Mapped[dict[str, Any] | None]
    created: Mapped[str] = mapped_column(String(32))
    finished: Mapped[str | None] = mapped_column(String(32))
