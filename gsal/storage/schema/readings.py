"""Who read what, step by step, and decided what."""

from sqlalchemy import BigInteger, Boolean, Float, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from gsal.storage.schema.base import Base

__all__ = ["DecisionRow", "ReaderRow", "ReadingRow", "StepRow"]


class ReaderRow(Base):
    """A person who judges masks."""

    __tablename__ = "reader"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    kind: Mapped[str] = mapped_column(String(20))
    added: Mapped[str] = mapped_column(String(32))


class ReadingRow(Base):
    """One sitting of one reader with one picture; rows are only ever added."""

    __tablename__ = "reading"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    uuid: Mapped[str] = mapped_column(String(36), unique=True)
    image_id: Mapped[int] = mapped_column(ForeignKey("image.id"))
    reader_id: Mapped[int] = mapped_column(ForeignKey("reader.id"))
    purpose: Mapped[str] = mapped_column(String(20))
    start_id: Mapped[int | None] = mapped_column(ForeignKey("mask_revision.id"))
    height: Mapped[int] = mapped_column(Integer)
    width: Mapped[int] = mapped_column(Integer)
    is_blank_start: Mapped[bool] = mapped_column(Boolean)
    app_version: Mapped[str] = mapped_column(String(32))
    created: Mapped[str] = mapped_column(String(32))
    __table_args__ = (Index("ix_reading_image_reader_purpose", "image_id", "reader_id", "purpose"),)


class StepRow(Base):
    """One change of a reading's mask; rows are only ever added."""

    __tablename__ = "step"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    uuid: Mapped[str] = mapped_column(String(36), unique=True)
    reading_id: Mapped[int] = mapped_column(ForeignKey("reading.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    tool: Mapped[str] = mapped_column(String(40))
    pixels_added: Mapped[int] = mapped_column(BigInteger)
    pixels_removed: Mapped[int] = mapped_column(BigInteger)
    proposal_id: Mapped[int | None] = mapped_column(ForeignKey("mask_revision.id"))
    is_begin: Mapped[bool] = mapped_column(Boolean)
    active_s: Mapped[float] = mapped_column(Float)
    created: Mapped[str] = mapped_column(String(32))
    delta_sha256: Mapped[str] = mapped_column(String(64))
    # Last: a step without its delta is then read without touching the delta's pages.
    delta: Mapped[bytes]


class DecisionRow(Base):
    """A reader's verdict on a picture; rows are only ever added, the last one counts."""

    __tablename__ = "decision"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    image_id: Mapped[int] = mapped_column(ForeignKey("image.id"))
    reader_id: Mapped[int] = mapped_column(ForeignKey("reader.id"))
    purpose: Mapped[str] = mapped_column(String(20))
    verdict: Mapped[str] = mapped_column(String(20))
    revision_id: Mapped[int | None] = mapped_column(ForeignKey("mask_revision.id"))
    active_s: Mapped[float] = mapped_column(Float)
    created: Mapped[str] = mapped_column(String(32))
    uuid: Mapped[str | None] = mapped_column(String(36))
    reading_id: Mapped[int | None] = mapped_column(ForeignKey("reading.id"))
    __table_args__ = (
        Index("ix_decision_reader_purpose_image", "reader_id", "purpose", "image_id"),
        Index("ix_decision_image_id", "image_id"),
        Index("uq_decision_uuid", "uuid", unique=True),
    )
