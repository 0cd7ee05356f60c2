"""How a PostgreSQL server is connected to: addresses without passwords, engines, and its errors in words."""

from sqlalchemy import URL, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import ExceptionContext, IsolationLevel
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from gsal.errors import GsalError, ProjectError, ServerError
from gsal.storage.plain_json import dumps, loads

__all__ = [
    "address_of",
    "may_repeat",
    "name_of",
    "reading_engine",
    "without_secrets",
    "writing_engine",
]

_DRIVER = "postgresql+psycopg"
_SECRETS = ("password", "sslpassword", "passfile")
_KEEPALIVE = {
    "connect_timeout": "10",
    "keepalives_idle": "30",
    "keepalives_interval": "10",
    "keepalives_count": "3",
    "application_name": "gsal",
}
# A program that lost its network in the middle of a change must not hold up all others.
_OPTIONS = "-c lock_timeout=20s -c idle_in_transaction_session_timeout=60s"

_CONFLICTS = frozenset({"40001", "40P01", "23505"})
"""Serialization failure, deadlock, and a row that another program added first: done anew, it succeeds."""

_DOWN = frozenset({"08", "53", "57"})
"""Classes of errors: the connection broke, the server is full, an administrator stopped something."""

_PASSWORD = "Put the password into ~/.pgpass, or into PGPASSWORD."  # noqa: S105 - says where it belongs
_NETWORK = "Look at the network, or ask who runs the server."


def address_of(url: str) -> URL:
    """Return the address of a database.

    Raises:
        ProjectError: It is not one of PostgreSQL's.
    """
    example = "postgresql://user@server/database"
    try:
        found = make_url(url)
    except ArgumentError:
        raise ProjectError(f"This is no address of a database. Give one like {example}.") from None
    if found.drivername not in {"postgres", "postgresql", _DRIVER}:
        raise ProjectError(
            f"{found.drivername}: only PostgreSQL can be shared. Give an address like {example}."
        )
    return found.set(drivername=_DRIVER)


def without_secrets(address: URL) -> str:
    """Return an address as it may be written into a file: libpq's own ways bring the password."""
    # Made anew: `set` takes a password of None for one that stays.
    plain = URL.create(
        address.drivername,
        username=address.username,
        host=address.host,
        port=address.port,
        database=address.database,
        query=address.query,
    )
    return plain.difference_update_query(_SECRETS).render_as_string()


def name_of(address: URL) -> str:
    """Return what a database is called in texts: server and database, and nobody's name."""
    if service := address.query.get("service"):
        return f"service {service}"
    host = address.host or address.query.get("host") or "this computer"
    port = f":{address.port}" if address.port else ""
    return f"{host}{port}/{address.database or ''}"


def reading_engine(address: URL) -> Engine:
    """Return an engine whose connections cannot write; what one session reads is of one moment."""
    engine = _engine(address, isolation_level="REPEATABLE READ")
    return engine.execution_options(postgresql_readonly=True)


def writing_engine(address: URL) -> Engine:
    """Return an engine with the one connection of this program's writer."""
    return _engine(address, isolation_level="READ COMMITTED", pool_size=1, max_overflow=0)


def may_repeat(error: BaseException, *, is_committing: bool) -> bool:
    """Return whether a change that failed may be made once more, at once.

    A connection that broke while COMMIT was under way may or may not have made it: then only whoever knows
    how to make the change twice without harm may.
    """
    cause = error.__cause__ if isinstance(error, ServerError) else getattr(error, "orig", None)
    if getattr(cause, "sqlstate", None) in _CONFLICTS:
        return True
    # The driver gives the connection with the error when it could not be made in the first place.
    was_open = getattr(cause, "pgconn", None) is None
    return isinstance(error, ServerError) and error.is_lost and was_open and not is_committing


def _engine(address: URL, *, isolation_level: IsolationLevel, **pool: int) -> Engine:
    given = address.query.get("options", "")
    arguments = {key: value for key, value in _KEEPALIVE.items() if key not in address.query}
    arguments["options"] = f"{given if isinstance(given, str) else ' '.join(given)} {_OPTIONS}".strip()
    try:
        engine = create_engine(
            address,
            connect_args=arguments,
            # A server that was restarted meanwhile is then not noticed at all.
            pool_pre_ping=True,
            json_serializer=dumps,
            json_deserializer=loads,
            isolation_level=isolation_level,
            **pool,
        )
    except (ImportError, NoSuchModuleError):
        raise ProjectError(
            f"{name_of(address)}: this project is kept on a PostgreSQL server, and this installation cannot "
            "speak to one. Run: pip install 'gsal[postgresql]'"
        ) from None

    @event.listens_for(engine, "handle_error")
    def put_in_words(context: ExceptionContext) -> None:
        if not context.is_pre_ping and (error := _in_words(name_of(address), context)) is not None:
            raise error from context.original_exception

    return engine


def _in_words(name: str, context: ExceptionContext) -> GsalError | None:
    """Return what the user is told; None for what only this program can solve."""
    cause = context.original_exception
    reason = _first_line(cause)
    state = getattr(cause, "sqlstate", None) or ""
    if state in _CONFLICTS:
        return None
    if state == "42501":
        return ProjectError(f"{name}: {reason}. Ask who runs the server to let you read and write.")
    if state == "25006":
        return ProjectError(f"{name}: the server takes no changes now ({reason}). Ask who runs it.")
    if state == "55P03":
        return ServerError(
            f"{name}: another program holds the same pictures. Wait until it is done, and try again."
        )
    if state.startswith("22"):
        return GsalError(f"{name}: the database cannot hold this: {reason}. Nothing of it was written.")
    if "password" in reason or state.startswith("28"):
        return ServerError(f"{name}: the server does not let you in ({reason}). {_PASSWORD}")
    if state == "3D000":
        return ServerError(f"{name}: {reason}. Ask who runs the server to make it.")
    if context.is_disconnect or type(cause).__name__ == "OperationalError" or state[:2] in _DOWN:
        return ServerError(
            f"{name}: the server does not answer ({reason}). {_NETWORK}", is_lost=context.is_disconnect
        )
    return None


def _first_line(error: BaseException) -> str:
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return lines[0].removeprefix("connection failed: ").removeprefix("FATAL: ").strip().rstrip(".")
