"""Masks: pixels, revisions, and which one is current."""

from typing import Any

from sqlalchemy import BigInteger, Float, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from gsal.storage.schema.base import Base

__all__ = ["MaskBlobRow", "MaskHeadRow", "MaskRevisionRow", "ProbabilityRow"]


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
    settings: Mapped[dict[str, Any] | None]
    # A reading begins on a revision and ends in one: use_alter tells SQLAlchemy that this circle is meant.
    reading_id: Mapped[int | None] = mapped_column(ForeignKey("reading.id", use_alter=True))
    step_id: Mapped[int | None] = mapped_column(ForeignKey("step.id", use_alter=True))


class ProbabilityRow(Base):
    """The probabilities that a network's mask was cut from, packed."""

    __tablename__ = "probability"
    revision_id: Mapped[int] = mapped_column(ForeignKey("mask_revision.id"), primary_key=True)
    height: Mapped[int] = mapped_column(Integer)
    width: Mapped[int] = mapped_column(Integer)
    levels: Mapped[int] = mapped_column(Integer)
    sha256: Mapped[str] = mapped_column(String(64))
    data: Mapped[bytes]


class MaskHeadRow(Base):
    """The current revision per picture and channel: a mask set, or one reader's work for one purpose."""

    __tablename__ = "mask_head"
    image_id: Mapped[int] = mapped_column(ForeignKey("image.id"), primary_key=True)
    channel: Mapped[str] = mapped_column(String(60), primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("mask_revision.id"))
    version: Mapped[int] = mapped_column(Integer)
    __table_args__ = (Index("ix_mask_head_channel", "channel"),)
