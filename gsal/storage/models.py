"""The networks of a project, and their training curves."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from gsal.errors import ModelError, NotFoundError
from gsal.records import (
    BroughtModel,
    ModelFormat,
    ModelKind,
    ModelRecord,
    ModelStatus,
    Outputs,
    Preprocessing,
    SaliencyMethod,
)
from gsal.storage.database import Database, now
from gsal.storage.schema import CohortRow, MetricRow, ModelRow

__all__ = ["Models"]


class Models:
    """Repository of networks."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
        self,
        name: str,
        *,
        kind: ModelKind,
        architecture: str,
        classes: Iterable[str] = (),
        preprocessing: Preprocessing,
        cohort_id: int | None = None,
        seed: int | None = None,
        fold: int | None = None,
        replicate_group: str = "",
        run_card: dict[str, Any],
    ) -> ModelRecord:
        """Announce a network that is going to be trained or brought in.

        Raises:
            ModelError: The name is taken.
        """

        def change(session: Session) -> ModelRecord:
            if session.scalar(select(ModelRow.id).where(ModelRow.name == name)) is not None:
                raise ModelError(f"There is already a model named {name}; choose another name.")
            row = ModelRow(
                name=name,
                kind=str(kind),
                status=str(ModelStatus.TRAINING),
                architecture=architecture,
                classes=list(classes),
                preprocessing=asdict(preprocessing),
                cohort_id=cohort_id,
                seed=seed,
                fold=fold,
                replicate_group=replicate_group,
                weights="",
                weights_sha256="",
                run_card=run_card,
                created=now(),
            )
            session.add(row)
            session.flush()
            return _record(session, row)

        return self._database.write(change)

    def finish(
        self, model_id: int, *, weights: str, weights_sha256: str, run_card: dict[str, Any]
    ) -> ModelRecord:
        """Record that a network is ready, and where its weights lie."""

        def change(session: Session) -> ModelRecord:
            row = session.get_one(ModelRow, model_id)
            row.weights, row.weights_sha256, row.run_card = weights, weights_sha256, run_card
            row.status = str(ModelStatus.READY)
            session.flush()
            return _record(session, row)

        return self._database.write(change)

    def all(self, kind: ModelKind | None = None) -> list[ModelRecord]:
        """Return all networks in the order they were made."""
        query = select(ModelRow).order_by(ModelRow.id)
        if kind is not None:
            query = query.where(ModelRow.kind == str(kind))
        with self._database.read() as session:
            return [_record(session, row) for row in session.scalars(query)]

    def find(self, name: str) -> ModelRecord | None:
        """Return the network of that name, or None."""
        with self._database.read() as session:
            row = session.scalar(select(ModelRow).where(ModelRow.name == name))
            return None if row is None else _record(session, row)

    def get(self, name: str) -> ModelRecord:
        """Return the network of that name.

        Raises:
            NotFoundError: There is none; the text lists those there are.
        """
        found = self.find(name)
        if found is None:
            names = ", ".join(m.name for m in self.all()) or "none yet"
            raise NotFoundError(f"This project has no model named {name}. Models: {names}.")
        return found

    def set_metrics(self, model_id: int, points: Iterable[tuple[str, float, float]]) -> None:
        """Replace a network's training curves; each point is (series, step, value)."""
        rows = [MetricRow(model_id=model_id, series=s, step=step, value=value) for s, step, value in points]

        def change(session: Session) -> None:
            session.execute(delete(MetricRow).where(MetricRow.model_id == model_id))
            session.add_all(rows)

        self._database.write(change)

    def metrics(self, model_id: int) -> list[tuple[str, float, float]]:
        """Return a network's training curves as (series, step, value)."""
        query = (
            select(MetricRow).where(MetricRow.model_id == model_id).order_by(MetricRow.series, MetricRow.step)
        )
        with self._database.read() as session:
            return [
                (row.series, row.step, float("nan") if row.value is None else row.value)
                for row in session.scalars(query)
            ]


def _record(session: Session, row: ModelRow) -> ModelRecord:
    cohort = session.get(CohortRow, row.cohort_id) if row.cohort_id is not None else None
    return ModelRecord(
        id=row.id,
        name=row.name,
        kind=ModelKind(row.kind),
        status=ModelStatus(row.status),
        architecture=row.architecture,
        classes=tuple(row.classes),
        preprocessing=_preprocessing(row.preprocessing),
        cohort=cohort.name if cohort else "",
        seed=row.seed,
        fold=row.fold,
        replicate_group=row.replicate_group,
        weights=row.weights,
        weights_sha256=row.weights_sha256,
        run_card=row.run_card,
        brought=_brought(row.run_card.get("brought", {})),
    )


def _brought(stored: dict[str, Any]) -> BroughtModel:
    return BroughtModel(
        format=ModelFormat(stored.get("format", ModelFormat.STATE_DICT)),
        outputs=Outputs(stored.get("outputs", Outputs.LOGITS)),
        layer=stored.get("layer", ""),
        refused={SaliencyMethod(method): why for method, why in stored.get("refused", {}).items()},
        trusted=stored.get("trusted", ""),
    )


def _preprocessing(stored: dict[str, Any]) -> Preprocessing:
    r, g, b = stored["mean"]
    sr, sg, sb = stored["std"]
    return Preprocessing(size=stored["size"], mean=(r, g, b), std=(sr, sg, sb))
