"""Logits per picture."""

from collections.abc import Mapping, Sequence

import numpy as np
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from gsal.records import PredictionRow, PredictionTable, Variant
from gsal.storage.columns import read_packed
from gsal.storage.database import Database, now
from gsal.storage.packed import is_whole, pack, unpack
from gsal.storage.schema import PredictionRunRow, PredictionValueRow
from gsal.storage.sharing import put_rows

__all__ = ["Predictions"]


class Predictions:
    """Repository of predictions, by model, variant of the picture and the mask set the variant rests on."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
        self, model_id: int, rows: Sequence[PredictionRow], *, variant: Variant, mask_set: str = ""
    ) -> None:
        """Keep one batch; pictures that are already there are replaced."""

        def change(session: Session) -> None:
            run = session.scalar(_find(model_id, variant, mask_set))
            if run is None:
                run = PredictionRunRow(
                    model_id=model_id, variant=str(variant), mask_set=mask_set, created=now()
                )
                session.add(run)
                session.flush()
            packed = ((row.image_id, *pack(row.logits, basis=row.basis)) for row in rows)
            put_rows(
                session,
                PredictionValueRow,
                [
                    {"run_id": run.id, "image_id": image_id, "logits": data, "sha256": sha256}
                    for image_id, data, sha256 in packed
                ],
            )

        self._database.write(change)

    def all(
        self,
        model_id: int,
        *,
        variant: Variant,
        mask_set: str = "",
        bases: Mapping[int, str] | None = None,
    ) -> dict[int, PredictionRow]:
        """Return what is stored, by picture.

        Args:
            model_id: Of the classifier.
            variant: Of the pictures.
            mask_set: That it rests on.
            bases: What each row has to rest on, by picture; rows that rest on anything else, or are damaged,
                are left out, to be made again. None for the pictures as they are.

        Raises:
            ProjectDamaged: Without `bases`: a row is damaged.
        """
        with self._database.read() as session:
            run = session.scalar(_find(model_id, variant, mask_set))
            if run is None:
                return {}
            rows = session.scalars(select(PredictionValueRow).where(PredictionValueRow.run_id == run.id))
            if bases is None:
                return {row.image_id: _record(row, "") for row in rows}
            known = ((row, bases.get(row.image_id)) for row in rows)
            return {
                row.image_id: _record(row, basis)
                for row, basis in known
                if basis is not None and is_whole(row.logits, row.sha256, basis=basis)
            }

    def table(self, model_id: int) -> PredictionTable:
        """Return the answers to pictures as they are, as columns, by ascending number of the picture.

        Raises:
            ProjectDamaged: A row is damaged.
        """
        query = (
            select(PredictionValueRow.image_id, PredictionValueRow.logits, PredictionValueRow.sha256)
            .join(PredictionRunRow, PredictionRunRow.id == PredictionValueRow.run_id)
            .where(PredictionRunRow.model_id == model_id, PredictionRunRow.variant == str(Variant.ORIGINAL))
            .order_by(PredictionValueRow.image_id)
        )
        with self._database.read() as session:
            (ids,), logits = read_packed(session, query, what="prediction")
        return PredictionTable(np.array(ids, dtype=np.int64), logits)


def _record(row: PredictionValueRow, basis: str) -> PredictionRow:
    what = f"prediction of picture {row.image_id}"
    return PredictionRow(row.image_id, unpack(row.logits, row.sha256, what=what, basis=basis), basis)


def _find(model_id: int, variant: Variant, mask_set: str) -> Select[PredictionRunRow]:
    return select(PredictionRunRow).where(
        PredictionRunRow.model_id == model_id,
        PredictionRunRow.variant == str(variant),
        PredictionRunRow.mask_set == mask_set,
    )
