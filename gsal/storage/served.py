"""A database on a PostgreSQL server: several programs read and write it at once, and the server keeps it."""

from pathlib import Path
from typing import Self

from sqlalchemy import URL, Connection, Engine, inspect, text

from gsal.errors import ProjectDamaged, ProjectError, ProjectLocked
from gsal.storage.claims import ServerClaims
from gsal.storage.database import Database
from gsal.storage.dump import dump
from gsal.storage.home import Fill
from gsal.storage.migrate import known_revisions, newer_tables, newest_revision, upgrade
from gsal.storage.schema import Base
from gsal.storage.server import address_of, may_repeat, name_of, reading_engine, writing_engine

__all__ = ["ServedDatabase", "upgrade_served"]


class ServedDatabase:
    """A database on a server that is open.

    Args:
        database: For the repositories.
        claims: What this program works on.
    """

    def __init__(self, database: Database, claims: ServerClaims) -> None:
        self.database = database
        self._claims = claims

    @classmethod
    def create(cls, url: str, fill: Fill) -> Self:
        """Make the project's tables in an empty database, all of them or none.

        Raises:
            ProjectError: There are tables in it already, or it cannot hold every letter.
            ServerError: The server does not answer.
        """
        address = address_of(url)
        engine = writing_engine(address)
        try:
            with engine.connect() as connection:
                _require_empty(connection, name_of(address))
            upgrade(engine, fill)
        finally:
            engine.dispose()
        return cls.open(url, read_only=False)

    @classmethod
    def open(cls, url: str, *, read_only: bool) -> Self:
        """Open the project; see `gsal.storage.Store.open`."""
        address = address_of(url)
        reading = reading_engine(address)
        try:
            claims = _enter(reading, address)
            writing = None if read_only else writing_engine(address)
            return cls(Database(reading, writing, claims=claims, may_repeat=may_repeat), claims)
        except BaseException:
            reading.dispose()
            raise

    def back_up(self, *, reason: str) -> None:
        """Do nothing: copies are made on the server, by whoever runs it (docs/postgresql.md)."""

    def close(self) -> None:
        """Finish waiting writes and hang up."""
        self._claims.close()
        self.database.close()


def upgrade_served(url: str, backups: Path | None) -> None:
    """Bring a project's tables to this version, all of them or none.

    Args:
        url: Its address.
        backups: Folder of the copy that is made first; None for none.

    Raises:
        ProjectLocked: Somebody has the project open.
        ProjectNewer: A newer version of this program made it.
        ProjectError: No copy could be made, or who asks may not change tables.
        ServerError: The server does not answer.
    """
    address = address_of(url)
    engine = writing_engine(address)
    try:
        if _known_revision(engine, address) == newest_revision():
            return
        claims = ServerClaims(reading := reading_engine(address), _uuid(engine))
        try:
            if not claims.enter_alone():
                raise ProjectLocked(
                    f"{name_of(address)}: the project is open somewhere. Close it on every workstation, "
                    "then try again."
                )
            if backups is not None:
                dump(url, backups)
            upgrade(engine)
        finally:
            claims.close()
            reading.dispose()
    finally:
        engine.dispose()


def _enter(engine: Engine, address: URL) -> ServerClaims:
    if (revision := _known_revision(engine, address)) != newest_revision():
        raise ProjectError(
            f"{name_of(address)}: an older version made this project (its tables are {revision}). Whoever "
            "looks after it brings it to this version with `gsal upgrade`; until then, use the older one."
        )
    claims = ServerClaims(engine, _uuid(engine))
    if not claims.enter():
        raise ProjectLocked(
            f"{name_of(address)}: somebody brings this project to a newer version. Try again in a minute."
        )
    return claims


def _require_empty(connection: Connection, name: str) -> None:
    if (encoding := connection.execute(text("SHOW server_encoding")).scalar_one()) != "UTF8":
        raise ProjectError(
            f"{name}: this database is in {encoding} and cannot hold every letter. Make another with "
            "`createdb --encoding=UTF8 --template=template0`."
        )
    there = set(inspect(connection).get_table_names())
    if "alembic_version" in there:
        raise ProjectError(
            f"{name}: there is a project already. Join it with `gsal join`, or choose another database."
        )
    if taken := sorted(there & set(Base.metadata.tables)):
        raise ProjectError(
            f"{name}: another program has tables here ({', '.join(taken[:3])}). Choose an empty database."
        )


def _known_revision(engine: Engine, address: URL) -> str:
    with engine.connect() as connection:
        is_there = "alembic_version" in inspect(connection).get_table_names()
        found = connection.execute(text("SELECT version_num FROM alembic_version")) if is_there else None
        revision = found.scalar() if found is not None else None
    if revision is None:
        raise ProjectDamaged(
            f"{name_of(address)}: there is no project in this database. "
            "Make one with `gsal new FOLDER --database URL`."
        )
    if revision not in known_revisions():
        raise newer_tables(name_of(address), str(revision))
    return str(revision)


def _uuid(engine: Engine) -> str:
    with engine.connect() as connection:
        return str(connection.execute(text("SELECT uuid FROM project")).scalar_one())
