"""Many rows as columns, for what is computed over all pictures at once."""

from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import Session

__all__ = ["read_columns"]

_PART = 500


def read_columns(session: Session, query: Select[*tuple[Any, ...]]) -> list[list[Any]]:
    """Return the columns of a query, in the order selected.

    It goes past the ORM, whose object for each row costs more than to read it. A few rows at a time, because
    Python looks through all rows that there are again and again while they become more.
    """
    columns: list[list[Any]] = [[] for _ in query.selected_columns]
    for part in session.connection().execute(query).partitions(_PART):
        for column, values in zip(columns, zip(*part, strict=True), strict=True):
            column.extend(values)
    return columns
