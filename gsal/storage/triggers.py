"""What the database itself refuses, whichever program asks: in SQLite's words and in PostgreSQL's.

Migrations make these; what they made must never change, so a new rule is a new function here.
"""

from alembic import op

__all__ = ["refuse_changes", "refuse_when_locked"]

_REFUSAL = (
    "CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {condition}"
    "RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation'; {otherwise}END $$"
)
_LOCKED = "EXISTS (SELECT 1 FROM validation_set WHERE locked IS NOT NULL)"


def refuse_changes(table: str, message: str) -> None:
    """Let rows be added to a table, and never changed or removed."""
    if _is_sqlite():
        for action in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{action.lower()} BEFORE {action} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
            )
        return
    name = f"{table}_is_kept"
    op.execute(_REFUSAL.format(name=name, condition="", message=message, otherwise=""))
    for action in ("UPDATE", "DELETE", "TRUNCATE"):
        _call(f"{table}_no_{action.lower()}", action, table, name)


def refuse_when_locked(table: str) -> None:
    """Refuse every change of a table once the validation set is locked."""
    message = "the validation set is locked"
    if _is_sqlite():
        for action in ("INSERT", "UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_locked_{action.lower()} BEFORE {action} ON {table} WHEN {_LOCKED} "
                f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
            )
        return
    name = f"{table}_is_locked"
    otherwise = "END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; "
    op.execute(
        _REFUSAL.format(name=name, condition=f"IF {_LOCKED} THEN ", message=message, otherwise=otherwise)
    )
    for action in ("INSERT", "UPDATE", "DELETE", "TRUNCATE"):
        _call(f"{table}_locked_{action.lower()}", action, table, name)


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _call(trigger: str, action: str, table: str, function: str) -> None:
    # Rows are not looked at one by one when a table is emptied at once.
    each = "STATEMENT" if action == "TRUNCATE" else "ROW"
    op.execute(
        f"CREATE TRIGGER {trigger} BEFORE {action} ON {table} FOR EACH {each} EXECUTE FUNCTION {function}()"
    )
