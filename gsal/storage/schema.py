"""The tables of a project: the only place that knows them (SQLAlchemy 2, typed)."""

from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

# Names for every constraint, so that a migration can address it on any database.
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

Json = JSON(none_as_null=True)


class Base(DeclarativeBase):
    """Base of all tables."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {dict[str, Any]: Json, list[str]: Json, bytes: LargeBinary}  # noqa: RUF012


class ProjectRow(Base):
    """The one row that describes the project."""

    __tablename__ = "project"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    uuid: Mapped[str] = mapped_column(String(36))
    name: Mapped[str] = mapped_column(Text)
    classes: Mapped[list[str]]
    min_ink_px: Mapped[float] = mapped_column(Float)
    reference_px: Mapped[int] = mapped_column(Integer)
    split: Mapped[dict[str, Any] | None]
    created: Mapped[str] = mapped_column(String(32))
    app_version: Mapped[str] = mapped_column(String(32))


class RootRow(Base):
    """A folder that image paths are relative to; each machine may map it elsewhere."""

    __tablename__ = "root"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    folder: Mapped[str] = mapped_column(Text)


class ImageRow(Base):
    """A picture, known by its content."""

    __tablename__ = "image"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    root_id: Mapped[int] = mapped_column(ForeignKey("root.id"))
    path: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    mtime_ns: Mapped[int] = mapped_column(BigInteger)
    width: Mapped[int] = mapped_column(Integer)
    height: Mapped[int] = mapped_column(Integer)
    label: Mapped[str | None] = mapped_column(String(200), index=True)
    patient_id: Mapped[str] = mapped_column(String(200), index=True)
    lesion_id: Mapped[str] = mapped_column(String(200))
    extra: Mapped[dict[str, Any]]
    side: Mapped[str | None] = mapped_column(String(20), index=True)
    disagreement: Mapped[float | None] = mapped_column(Float)
    added: Mapped[str] = mapped_column(String(32))
    __table_args__ = (
        Index("ix_image_path_id", "path", "id"),
        Index("ix_image_disagreement_id", "disagreement", "id"),
    )


class ReaderRow(Base):
    """A person who judges masks."""

    __tablename__ = "reader"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    kind: Mapped[str] = mapped_column(String(20))
    added: Mapped[str] = mapped_column(String(32))


class MaskBlobRow(Base):
    """The pixels of a mask, kept once however many revisions share them."""

    __tablename__ = "mask_blob"
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    height: Mapped[int] = mapped_column(Integer)
    width: Mapped[int] = mapped_column(Integer)
    top: Mapped[int] = mapped_column(Integer)
    left: Mapped[int] = mapped_column(Integer)
    box_height: Mapped[int] = mapped_column(Integer)
    box_width: Mapped[int] = mapped_column(Integer)
    data: Mapped[bytes]


class MaskRevisionRow(Base):
    """One state of one mask; rows are only ever added (triggers refuse anything else)."""

    __tablename__ = "mask_revision"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    uuid: Mapped[str] = mapped_column(String(36), unique=True)
    image_id: Mapped[int] = mapped_column(ForeignKey("image.id"), index=True)
    blob_sha256: Mapped[str] = mapped_column(ForeignKey("mask_blob.sha256"))
    source: Mapped[str] = mapped_column(String(20))
    rule: Mapped[str] = mapped_column(String(20))
    model_id: Mapped[int | None] = mapped_column(ForeignKey("model.id"))
    reader_id: Mapped[int | None] = mapped_column(ForeignKey("reader.id"))
    purpose: Mapped[str] = mapped_column(String(20))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("mask_revision.id"))
    ink_px: Mapped[float] = mapped_column(Float)
    tool: Mapped[str] = mapped_column(String(40))
    pixels_added: Mapped[int] = mapped_column(BigInteger)
    pixels_removed: Mapped[int] = mapped_column(BigInteger)
    active_s: Mapped[float] = mapped_column(Float)
    threshold: Mapped[float | None] = mapped_column(Float)
    app_version: Mapped[str] = mapped_column(String(32))
    created: Mapped[str] = mapped_column(String(32))


class MaskHeadRow(Base):
    """The current revision per picture and channel: a mask set, or one reader's work for one purpose."""

    __tablename__ = "mask_head"
    image_id: Mapped[int] = mapped_column(ForeignKey("image.id"), primary_key=True)
    channel: Mapped[str] = mapped_column(String(60), primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("mask_revision.id"))
    version: Mapped[int] = mapped_column(Integer)
    __table_args__ = (Index("ix_mask_head_channel", "channel"),)


class DecisionRow(Base):
    """A reader's verdict on a picture; never thinned, the last one counts."""

    __tablename__ = "decision"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    image_id: Mapped[int] = mapped_column(ForeignKey("image.id"))
    reader_id: Mapped[int] = mapped_column(ForeignKey("reader.id"))
    purpose: Mapped[str] = mapped_column(String(20))
    verdict: Mapped[str] = mapped_column(String(20))
    revision_id: Mapped[int | None] = mapped_column(ForeignKey("mask_revision.id"))
    active_s: Mapped[float] = mapped_column(Float)
    created: Mapped[str] = mapped_column(String(32))
    __table_args__ = (Index("ix_decision_reader_purpose_image", "reader_id", "purpose", "image_id"),)


class CohortRow(Base):
    """A named, reproducible choice of training pictures."""

    __tablename__ = "cohort"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    kind: Mapped[str] = mapped_column(String(20))
    seed: Mapped[int] = mapped_column(BigInteger)
    mask_set: Mapped[str] = mapped_column(String(20))
    settings: Mapped[dict[str, Any]]
    achieved: Mapped[dict[str, Any]]
    created: Mapped[str] = mapped_column(String(32))


class CohortMemberRow(Base):
    """A picture of a cohort."""

    __tablename__ = "cohort_member"
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id"), primary_key=True)
    image_id: Mapped[int] = mapped_column(ForeignKey("image.id"), primary_key=True)


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
