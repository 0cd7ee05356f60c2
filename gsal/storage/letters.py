"""Finding text however its letters were composed: some systems write "ä" as "a" and two dots."""

import unicodedata
from typing import Any

from sqlalchemy import ColumnElement, Text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

__all__ = ["holds"]


def holds(column: ColumnElement[str], text: str) -> ColumnElement[bool]:
    """Return whether a column contains text in either case; what is typed is no pattern."""
    return _composed(column).icontains(unicodedata.normalize("NFC", text), autoescape=True)


class _composed(FunctionElement[str]):  # noqa: N801 - a function of SQL
    """Text with its letters composed; in a file `lower` does that as well (`gsal.storage.sqlite`)."""

    type = Text()
    inherit_cache = True


@compiles(_composed)
def _as_it_is(element: _composed, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401
    return compiler.process(element.clauses, **options)


@compiles(_composed, "postgresql")
def _normalized(element: _composed, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401
    return f"normalize({compiler.process(element.clauses, **options)})"
