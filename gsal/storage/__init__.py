"""Where a project is kept: SQLite or PostgreSQL through SQLAlchemy, plain records in and out."""

from gsal.storage.store import Store

__all__ = ["Store"]
