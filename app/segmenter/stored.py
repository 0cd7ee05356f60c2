"""What the project knows about how good its ink networks are, read off the window's thread."""

from dataclasses import dataclass
from typing import Any

from app.segmenter.measured import Measured
from app.segmenter.retrained import Retrained
from gsal.jobs.evaluation.evaluate import EvaluateSegmenter
from gsal.jobs.segmenters.retrain import RetrainSegmenter
from gsal.project import Project
from gsal.records import JobRecord, MaskSet, ModelKind, ModelStatus

__all__ = ["REFERENCES", "StoredMeasurement", "StoredMeasurements", "read_measurements"]

REFERENCES = (MaskSet.HUMAN, MaskSet.ADJUDICATED, MaskSet.EXACT)
"""Mask sets that can judge a network."""


@dataclass(frozen=True, slots=True)
class StoredMeasurement:
    """The last measurement of a network.

    Attributes:
        settings: Of the job that measured it.
        finished: When.
    """

    measured: Measured
    settings: dict[str, Any]
    finished: str


@dataclass(frozen=True, slots=True)
class StoredMeasurements:
    """All that the view chooses from.

    Attributes:
        networks: Names of the ready ones, the newest last.
        masked: How many pictures each of them has masked.
        measurements: The last one of each network that was measured.
        retrained: What training again brought, by the name of the network it made.
        references: How many pictures have a mask of each set that can judge.
        columns: Of the tables of labels, which may hold judgements on ink.
        n_locked: Pictures of the locked validation set; 0 before it is locked.
        unread: Pictures that the reader has still to read without knowing what others found.
    """

    networks: tuple[str, ...]
    masked: dict[str, int]
    measurements: dict[str, StoredMeasurement]
    retrained: dict[str, Retrained]
    references: dict[MaskSet, int]
    columns: tuple[str, ...]
    n_locked: int
    unread: frozenset[int]


def read_measurements(project: Project, reader_id: int | None) -> StoredMeasurements:
    """Read it; results of networks that are gone are left out."""
    store = project.store
    networks = [m for m in store.models.all(ModelKind.SEGMENTER) if m.status is ModelStatus.READY]
    validation = store.validation.get()
    is_locked = validation is not None and validation.locked is not None
    ended = sorted(store.jobs.done(EvaluateSegmenter.kind), key=lambda r: r.finished or r.created)
    records = {str(r.settings["model"]): r for r in ended}
    return StoredMeasurements(
        networks=tuple(m.name for m in networks),
        masked={m.name: len(store.masks.by_model(m.id)) for m in networks},
        measurements={m.name: _stored(records[m.name]) for m in networks if m.name in records},
        retrained={
            one.new: one
            for record in store.jobs.done(RetrainSegmenter.kind)
            if (one := Retrained.from_json(record.result or {})).new in {m.name for m in networks}
        },
        references={one: len(store.masks.best(None, one)) for one in REFERENCES},
        columns=_columns(project),
        n_locked=len(store.validation.members()) if is_locked else 0,
        unread=frozenset(store.decisions.to_read_blind(reader_id)),
    )


def _stored(record: JobRecord) -> StoredMeasurement:
    return StoredMeasurement(
        Measured.from_json(record.result or {}), record.settings, record.finished or record.created
    )


def _columns(project: Project) -> tuple[str, ...]:
    return tuple(sorted({name for image in project.store.images.all() for name in image.extra}))
