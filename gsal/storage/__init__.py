"""Where a project is kept: SQLite through SQLAlchemy, one writer, plain records in and out."""

from gsal.storage.store import Store

__all__ = ["Store"]
