"""Saliency aggregates per picture; maps themselves are computed on demand."""

import json
from collections.abc import Sequence
from dataclasses import asdict

import numpy as np
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gsal.files import sha256_of_bytes
from gsal.records import (
    COLUMNS,
    SaliencyMethod,
    SaliencyRow,
    SaliencyRun,
    SaliencyRunSettings,
    SaliencyTable,
    Variant,
)
from gsal.storage.columns import read_packed
from gsal.storage.database import Database, now
from gsal.storage.packed import pack
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
        rows = select(func.count()).select_from(SaliencyValueRow).where(SaliencyValueRow.run_id == run_id)
        with self._database.read() as session:
            return SaliencyRun(run_id, settings, session.scalar(rows) or 0)

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

    def table(self, run_id: int) -> SaliencyTable:
        """Return a run's rows as columns, which takes a tenth of the time of an object for each.

        Raises:
            ProjectDamaged: A row is damaged.
        """
        row = SaliencyValueRow
        query = (
            select(
                *(row.image_id, row.ink_px, row.mask_area, row.map_pixels, row.mask_sha256),
                *(row.data, row.sha256),
            )
            .where(row.run_id == run_id)
            .order_by(row.image_id)
        )
        with self._database.read() as session:
            plain, values = read_packed(session, query, what="saliency")
        ids, ink_px, mask_area, map_pixels, masks = plain
        return SaliencyTable(
            image_ids=np.array(ids, dtype=np.int64),
            ink_px=np.array(ink_px, dtype=np.float64),
            mask_area=np.array(mask_area, dtype=np.float64),
            map_pixels=np.array(map_pixels, dtype=np.int64),
            mask_sha256=tuple(masks),
            values=values.reshape(len(ids), values.shape[1] // len(COLUMNS), len(COLUMNS)),
        )

    def rows(self, run_id: int) -> dict[int, SaliencyRow]:
        """Return a run's rows by picture."""
        table = self.table(run_id)
        columns = (table.image_ids, table.ink_px, table.mask_area, table.map_pixels)
        rows = zip(*(column.tolist() for column in columns), table.mask_sha256, table.values, strict=True)
        return {row[0]: SaliencyRow(*row) for row in rows}

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
