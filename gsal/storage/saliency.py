"""Saliency aggregates per picture; maps themselves are computed on demand."""

import json
from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gsal.files import sha256_of_bytes
from gsal.records import COLUMNS, SaliencyMethod, SaliencyRow, SaliencyRun, SaliencyRunSettings, Variant
from gsal.storage.database import Database, now
from gsal.storage.packed import pack, unpack
from gsal.storage.schema import SaliencyRunRow, SaliencyValueRow
from gsal.storage.sharing import put_rows

__all__ = ["Saliency"]


class Saliency:
    """Repository of saliency runs; equal settings are one run, which can be filled in several sittings."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def run(self, settings: SaliencyRunSettings) -> SaliencyRun:
        """Return the run with these settings, made if it is not there yet."""
        key = _key(settings)

        def change(session: Session) -> int:
            row = session.scalar(select(SaliencyRunRow).where(SaliencyRunRow.settings_key == key))
            if row is None:
                row = SaliencyRunRow(
                    model_id=settings.model_id, settings_key=key, settings=asdict(settings), created=now()
                )
                session.add(row)
                session.flush()
            return row.id

        run_id = self._database.write(change)
        return next(run for run in self.runs(settings.model_id) if run.id == run_id)

    def runs(self, model_id: int | None = None) -> list[SaliencyRun]:
        """Return the runs in the order they were begun."""
        counts = (
            select(SaliencyValueRow.run_id, func.count().label("n"))
            .group_by(SaliencyValueRow.run_id)
            .subquery()
        )
        query = select(SaliencyRunRow, func.coalesce(counts.c.n, 0)).outerjoin(
            counts, counts.c.run_id == SaliencyRunRow.id
        )
        if model_id is not None:
            query = query.where(SaliencyRunRow.model_id == model_id)
        with self._database.read() as session:
            return [
                SaliencyRun(row.id, _settings(row), n) for row, n in session.execute(query.order_by("id"))
            ]

    def add(self, run_id: int, rows: Sequence[SaliencyRow]) -> None:
        """Keep one batch; pictures that are already there are replaced."""
        packed = [_values(run_id, row) for row in rows]
        self._database.write(lambda session: put_rows(session, SaliencyValueRow, packed))

    def rows(self, run_id: int) -> dict[int, SaliencyRow]:
        """Return a run's rows by picture."""
        query = (
            select(SaliencyValueRow)
            .where(SaliencyValueRow.run_id == run_id)
            .order_by(SaliencyValueRow.image_id)
        )
        with self._database.read() as session:
            return {row.image_id: _row(row) for row in session.scalars(query)}

    def mask_hashes(self, run_id: int) -> dict[int, str]:
        """Return the mask each picture was aggregated over; another mask now means computing again."""
        query = select(SaliencyValueRow.image_id, SaliencyValueRow.mask_sha256)
        with self._database.read() as session:
            rows = session.execute(query.where(SaliencyValueRow.run_id == run_id)).all()
            return dict(rows)


def _key(settings: SaliencyRunSettings) -> str:
    return sha256_of_bytes(json.dumps(asdict(settings), sort_keys=True).encode())


def _settings(row: SaliencyRunRow) -> SaliencyRunSettings:
    stored = dict(row.settings)
    stored["method"] = SaliencyMethod(stored["method"])
    stored["variant"] = Variant(stored["variant"])
    return SaliencyRunSettings(**stored)


def _values(run_id: int, row: SaliencyRow) -> dict[str, object]:
    data, sha256 = pack(row.values)
    return {
        "run_id": run_id,
        "image_id": row.image_id,
        "ink_px": row.ink_px,
        "mask_area": row.mask_area,
        "map_pixels": row.map_pixels,
        "mask_sha256": row.mask_sha256,
        "classes": row.values.shape[0],
        "data": data,
        "sha256": sha256,
    }


def _row(row: SaliencyValueRow) -> SaliencyRow:
    values = unpack(row.data, row.sha256, what=f"saliency of picture {row.image_id}")
    return SaliencyRow(
        image_id=row.image_id,
        ink_px=row.ink_px,
        mask_area=row.mask_area,
        map_pixels=row.map_pixels,
        mask_sha256=row.mask_sha256,
        values=values.reshape(row.classes, len(COLUMNS)),
    )
