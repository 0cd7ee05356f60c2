"""The project, its pictures, and sets of them."""

from typing import Any

from sqlalchemy import BigInteger, Float, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from gsal.storage.schema.base import Base

__all__ = [
    "CohortMemberRow",
    "CohortRow",
    "ImageRow",
    "ProjectRow",
    "RootRow",
    "ValidationMemberRow",
    "ValidationSetRow",
]


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
    review: Mapped[dict[str, Any] | None]
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
    uncertainty: Mapped[float | None] = mapped_column(Float)
    added: Mapped[str] = mapped_column(String(32))
    __table_args__ = (
        Index("ix_image_path_id", "path", "id"),
        Index("ix_image_disagreement_id", "disagreement", "id"),
        Index("ix_image_uncertainty_id", "uncertainty", "id"),
    )


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


class ValidationSetRow(Base):
    """The project's validation set, the row numbered 1; once locked it is never changed."""

    __tablename__ = "validation_set"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    n_wanted: Mapped[int] = mapped_column(Integer)
    seed: Mapped[int] = mapped_column(BigInteger)
    created: Mapped[str] = mapped_column(String(32))
    locked: Mapped[str | None] = mapped_column(String(32))
    locked_by: Mapped[int | None] = mapped_column(ForeignKey("reader.id"))


class ValidationMemberRow(Base):
    """A picture of the validation set."""

    __tablename__ = "validation_member"
    image_id: Mapped[int] = mapped_column(ForeignKey("image.id"), primary_key=True)
    stratum: Mapped[str] = mapped_column(String(200))
    position: Mapped[int] = mapped_column(Integer)
