"""All rows of one project into new tables elsewhere, and proof that they are the same."""

import hashlib
import json
import math
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from sqlalchemy import Connection, Row, Select, Table, func, insert, select, text

from gsal.errors import ProjectDamaged
from gsal.storage.schema import Base

__all__ = ["Watch", "copy_rows"]

Watch = Callable[[Iterator[None], str, int], Iterable[None]]
"""Goes through so many items (the last argument) of a stage, and may stop in between."""

_BATCH = 200


def copy_rows(source: Connection, target: Connection, watch: Watch) -> None:
    """Copy every row of every table, read all of them back, and compare.

    Args:
        source: Of one moment: nothing that others write meanwhile may be seen.
        target: In the transaction that made its tables, which are empty.
        watch: Goes through the rows, once as they are copied and once as they are compared.

    Raises:
        ProjectDamaged: What is read back is not what was written.
    """
    tables = _tables()
    total = sum(source.execute(select(func.count()).select_from(t)).scalar_one() for t in tables)
    before, after = ({table.name: _Digest() for table in tables} for _ in range(2))
    if is_server := target.dialect.name == "postgresql":
        # Readings begin on masks, and masks end readings: one of them comes too early.
        _set_circular(target, "DEFERRABLE INITIALLY DEFERRED")
    for _ in watch(_copied(source, target, before), "Copying", total):
        pass
    if is_server:
        target.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
        _set_circular(target, "NOT DEFERRABLE")
        _number_on(target)
    for _ in watch(_read(target, after), "Comparing", total):
        pass
    for table in tables:
        if before[table.name].state != after[table.name].state:
            raise ProjectDamaged(
                f"The copy of the table {table.name} does not hold what was copied, and was not kept. "
                "Look at the disk it should lie on, and try again."
            )


class _Digest:
    """Number of rows, and SHA-256 of all their values in their order."""

    def __init__(self) -> None:
        self._n = 0
        self._hash = hashlib.sha256()

    @property
    def state(self) -> tuple[int, str]:
        return self._n, self._hash.hexdigest()

    def add(self, row: Row[Any]) -> None:
        self._n += 1
        for value in row:
            data = value if isinstance(value, bytes) else json.dumps(_plain(value), sort_keys=True).encode()
            self._hash.update(f"{len(data)}:".encode() + data)


def _plain(value: object) -> object:
    # A file keeps NaN in a column of numbers as no number at all.
    return None if isinstance(value, float) and math.isnan(value) else value


def _tables() -> list[Table]:
    """Return all tables, each after those that its rows refer to."""
    # A locked validation set lets nothing more into it.
    return sorted(Base.metadata.sorted_tables, key=lambda table: table.name == "validation_set")


def _parts(connection: Connection, table: Table) -> Iterable[Any]:
    query: Select[Any] = select(table).order_by(*table.primary_key.columns)
    return connection.execute(query, execution_options={"yield_per": _BATCH}).partitions()


def _copied(source: Connection, target: Connection, digests: dict[str, _Digest]) -> Iterator[None]:
    for table in _tables():
        for part in _parts(source, table):
            target.execute(insert(table), [row._asdict() for row in part])
            for row in part:
                digests[table.name].add(row)
                yield


def _read(connection: Connection, digests: dict[str, _Digest]) -> Iterator[None]:
    for table in _tables():
        for part in _parts(connection, table):
            for row in part:
                digests[table.name].add(row)
                yield


def _set_circular(target: Connection, when: str) -> None:
    """Say when the references that close a circle are checked."""
    for table in _tables():
        for key in table.foreign_key_constraints:
            if key.use_alter:
                target.execute(text(f"ALTER TABLE {table.name} ALTER CONSTRAINT {key.name} {when}"))


def _number_on(target: Connection) -> None:
    """Let new rows have the numbers after those that were copied."""
    for table in _tables():
        key = table.autoincrement_column
        if key is not None:
            following = select(func.coalesce(func.max(key), 0) + 1).scalar_subquery()
            sequence = func.pg_get_serial_sequence(table.name, key.name)
            target.execute(select(func.setval(sequence, following, False)))
