"""What several programs that write one database need: pictures held for a moment, rows in place of rows."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from gsal.storage.schema import Base, ImageRow

__all__ = ["hold_pictures", "put_rows"]

_CHUNK = 500


def hold_pictures(session: Session, image_ids: Iterable[int]) -> None:
    """Let no other program settle the masks of these pictures until this transaction ends.

    What is read of them afterwards is what is written upon. On SQLite the one writer needs none of it.
    """
    if session.get_bind().dialect.name == "sqlite":
        return
    # Always in one order: two programs that want the same pictures then wait, and never for each other.
    wanted = sorted(set(image_ids))
    for start in range(0, len(wanted), _CHUNK):
        part = select(ImageRow.id).where(ImageRow.id.in_(wanted[start : start + _CHUNK]))
        # key_share: rows that refer to a picture can still be added by others.
        session.execute(part.order_by(ImageRow.id).with_for_update(key_share=True)).all()


def put_rows(session: Session, table: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """Add rows, each in place of the one with the same primary key, whoever wrote that.

    Args:
        session: In a transaction of the writer.
        table: Whose rows.
        rows: Values by the columns' names, of all columns.
    """
    if not rows:
        return
    columns = table.__table__.columns
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    statement = insert(table)
    keys = [column.name for column in columns if column.primary_key]
    values = {c.name: statement.excluded[c.name] for c in columns if not c.primary_key}
    ordered = sorted(rows, key=lambda row: [row[key] for key in keys])
    session.connection().execute(
        statement.on_conflict_do_update(index_elements=keys, set_=values), [dict(row) for row in ordered]
    )
