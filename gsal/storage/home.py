"""Where a project's database is at home: in a file of its own, or on a server."""

from collections.abc import Callable
from typing import Protocol

from sqlalchemy import Connection

from gsal.storage.database import Database

__all__ = ["Fill", "Home"]

Fill = Callable[[Connection], object]
"""Puts the first rows into new tables, in the transaction that makes them."""


class Home(Protocol):
    """An open database; what is made of it does not know which kind it is.

    Attributes:
        database: For the repositories.
    """

    database: Database

    def back_up(self, *, reason: str) -> None:
        """Copy the database if that is due and this program's to do; may take a while.

        Raises:
            ProjectDamaged: The copy does not hold what the database holds, or cannot be made.
        """
        ...

    def close(self) -> None:
        """Finish waiting writes and give the database back."""
        ...
