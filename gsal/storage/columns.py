"""Many rows as columns, for what is computed over all pictures at once."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import Select
from sqlalchemy.orm import Session

from gsal.storage.packed import unpack_all

__all__ = ["read_columns", "read_packed"]

_PART = 250


def read_columns(session: Session, query: Select[*tuple[Any, ...]]) -> list[list[Any]]:
    """Return the columns of a query, in the order selected.

    It goes past the ORM, whose object for each row costs more than to read it.
    """
    columns: list[list[Any]] = [[] for _ in query.selected_columns]
    for part in _parts(session, query):
        for column, values in zip(columns, part, strict=True):
            column.extend(values)
    return columns


def read_packed(
    session: Session, query: Select[*tuple[Any, ...]], *, what: str
) -> tuple[list[list[Any]], npt.NDArray[np.float64]]:
    """Return the columns of a query that ends with packed arrays of one length and their hashes.

    Args:
        session: Where.
        query: Its first column is the number of a picture; its last two are what `packed.pack` gave.
        what: The arrays are, for the error.

    Returns:
        All columns but the last two, and the arrays as the rows of one, (N, length).

    Raises:
        ProjectDamaged: A row is damaged.
    """
    columns: list[list[Any]] = [[] for _ in query.selected_columns][:-2]
    arrays = []
    for *plain, data, sha256 in _parts(session, query):
        arrays.append(unpack_all(data, sha256, ids=plain[0], what=what))
        for column, values in zip(columns, plain, strict=True):
            column.extend(values)
    return columns, np.concatenate(arrays) if arrays else np.empty((0, 0))


def _parts(session: Session, query: Select[*tuple[Any, ...]]) -> Iterator[tuple[tuple[Any, ...], ...]]:
    """Yield the columns of a few rows at a time, which stay in the processor's cache.

    More at once would also be looked through by Python's collector again and again while they become more.
    """
    for part in session.connection().execute(query).partitions(_PART):
        yield tuple(zip(*part, strict=True))
