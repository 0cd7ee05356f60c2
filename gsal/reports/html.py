"""A report as one self-contained HTML file: figures and pictures inside, nothing fetched."""

import base64
from functools import partial
from typing import get_args

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from gsal.files import sha256_of_bytes
from gsal.reports import figures
from gsal.reports.document import Block, Document, Equation, Figure, Picture, Table
from gsal.reports.splitting import in_parts

__all__ = ["render"]

_COLUMNS = 10
"""After the first, in a table or a part of one."""


def render(document: Document) -> str:
    """Return the document as one HTML page."""
    return _environment().get_template("report.html").render(document=document)


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("gsal.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        css_colour=figures.css_colour, data_uri=_data_uri, drawing=_drawing, equation=_equation, parts=_parts
    )
    environment.tests.update({kind.__name__.lower(): partial(_is, kind) for kind in get_args(Block)})
    return environment


def _is(kind: type, block: Block) -> bool:
    return isinstance(block, kind)


def _parts(table: Table) -> list[Table]:
    """Return the table in parts that fit a sheet, and a screen without much scrolling."""
    return in_parts(table, most=_COLUMNS)


def _data_uri(picture: Picture) -> str:
    return "data:image/jpeg;base64," + base64.b64encode(picture.jpeg).decode("ascii")


def _drawing(figure: Figure) -> Markup:
    text = figures.svg(figure.drawing)
    return Markup(figures.themed(text, name=figure.name, title=figure.title))  # noqa: S704 - drawn by us


def _equation(equation: Equation) -> Markup:
    text = figures.svg(figures.equation(equation.tex), as_paths=True)
    # Two equations on a page may have the same ids only if they are the same.
    name = f"equation-{sha256_of_bytes(equation.tex.encode())[:12]}"
    return Markup(figures.themed(text, name=name, title=equation.text, stretches=False))  # noqa: S704 - drawn by us
