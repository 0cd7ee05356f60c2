"""Sheets of A4 that are filled from top to bottom, with a running header and page numbers."""

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import matplotlib as mpl
from fpdf import FPDF
from fpdf.fonts import TTFFont

from gsal.reports.document import Document
from gsal.reports.figures.drawing import INK, MUTED, RULE

__all__ = ["ACCENT", "Contents", "Paper", "Type"]

ACCENT = "#43298f"
_FAMILY = "DejaVu"
_FACES = {"": "DejaVuSans", "B": "DejaVuSans-Bold", "I": "DejaVuSans-Oblique", "BI": "DejaVuSans-BoldOblique"}
_SIDE, _TOP, _BOTTOM = 46.0, 62.0, 54.0
"""Margins in points."""


@dataclass(frozen=True, slots=True)
class Type:
    """How text is set: size in points, colour, and the distance of lines in sizes."""

    size: float
    colour: str = INK
    bold: bool = False
    leading: float = 1.45

    @property
    def line(self) -> float:
        """Distance of two lines in points."""
        return self.size * self.leading


_RUNNING = Type(7.0, MUTED)


@dataclass(frozen=True, slots=True)
class Contents:
    """Where the sections came to stand: page and height by anchor, and the number of pages."""

    places: dict[str, tuple[int, float]]
    pages: int


class Paper:
    """A document's sheets; lengths in points, from the upper left corner.

    A draft has the same pages, but the pictures are left out: it tells where everything comes to stand.

    Args:
        document: Names and dates the sheets.
        contents: From a draft; None for the draft.

    Attributes:
        y: Where the next thing goes.
        places: Of the sections so far.
    """

    def __init__(self, document: Document, contents: Contents | None) -> None:
        self._document = document
        self.contents = contents
        self.places: dict[str, tuple[int, float]] = {}
        self.y = 0.0
        self._widths: dict[tuple[str, str, float], float] = {}
        self._pdf = FPDF(unit="pt", format="A4")
        self._pdf.set_auto_page_break(auto=False)
        self._pdf.set_margin(0)
        self._pdf.set_title(document.title)
        self._pdf.set_subject(document.overline)
        self._pdf.set_creator("gsal")
        self._pdf.set_producer("gsal")
        self._pdf.set_lang("en")
        self._pdf.set_creation_date(document.created)
        folder = Path(mpl.get_data_path()) / "fonts" / "ttf"
        for style, name in _FACES.items():
            self._pdf.add_font(_FAMILY, style, folder / f"{name}.ttf")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        # fpdf2 reads fonts as it needs them and leaves their files open.
        for font in self._pdf.fonts.values():
            if isinstance(font, TTFFont):
                font.ttfont.close()

    @property
    def is_landscape(self) -> bool:
        """Whether the sheet lies on its side."""
        return bool(self._pdf.w > self._pdf.h)

    @property
    def page(self) -> int:
        """The sheet's number, from 1."""
        return int(self._pdf.page)

    @property
    def left(self) -> float:
        """Where text begins."""
        return _SIDE

    @property
    def width(self) -> float:
        """How wide text is."""
        return self.width_of(landscape=self.is_landscape)

    @property
    def height(self) -> float:
        """How much an empty sheet holds."""
        return float(self._pdf.h) - _TOP - _BOTTOM

    @property
    def room(self) -> float:
        """How much is left on this sheet."""
        return float(self._pdf.h) - _BOTTOM - self.y

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands on this sheet yet."""
        return self.y <= _TOP

    @property
    def is_draft(self) -> bool:
        """Whether pictures are left out."""
        return self.contents is None

    def width_of(self, *, landscape: bool) -> float:
        """Return how wide text is on a sheet of this kind."""
        long, short = max(self._pdf.w, self._pdf.h), min(self._pdf.w, self._pdf.h)
        return float(long if landscape else short) - 2 * _SIDE

    def turn(self, *, landscape: bool = False) -> None:
        """Begin another sheet."""
        self._pdf.add_page(orientation="landscape" if landscape else "portrait")
        total = self.contents.pages if self.contents is not None else 0
        width, height = float(self._pdf.w), float(self._pdf.h)
        number = f"{self.page} / {total}"
        self.write(number, width - _SIDE - self.measure(number, _RUNNING), height - 26, _RUNNING)
        self.write(self._document.footer, _SIDE, height - 26, _RUNNING)
        if self.page > 1:
            date = self._document.date
            date_at = width - _SIDE - self.measure(date, _RUNNING)
            self.write(self._clipped(self._document.title, date_at - _SIDE - 20), _SIDE, 36, _RUNNING)
            self.write(date, date_at, 36, _RUNNING)
            self.rule(_SIDE, 43, width - 2 * _SIDE)
        self.y = _TOP if self.page > 1 else 48.0

    def need(self, height: float) -> None:
        """Begin another sheet like this one unless so much fits, or the sheet is still empty."""
        if height > self.room and not self.is_empty:
            self.turn(landscape=self.is_landscape)

    def begin_section(self, anchor: str, title: str) -> None:
        """Note where a section begins, for links and the reader's outline."""
        self.places[anchor] = (self.page, self.y)
        self._pdf.set_y(self.y)
        self._pdf.start_section(title)

    def link(self, anchor: str, x: float, y: float, width: float, height: float) -> None:
        """Lead from a part of this sheet to a section."""
        if self.contents is not None:
            page, place = self.contents.places[anchor]
            self._pdf.link(x, y, width, height, self._pdf.add_link(page=page, y=place))

    def measure(self, text: str, kind: Type, *, style: str = "") -> float:
        """Return how wide a text is; `style` is "", "B", "I" or "BI"."""
        style = style or ("B" if kind.bold else "")
        key = (text, style, kind.size)
        if key not in self._widths:
            self._pdf.set_font(_FAMILY, style, kind.size)
            self._widths[key] = float(self._pdf.get_string_width(text))
        return self._widths[key]

    def write(self, text: str, x: float, baseline: float, kind: Type, *, style: str = "") -> None:
        """Write a text without breaking it."""
        if text:
            self._pdf.set_font(_FAMILY, style or ("B" if kind.bold else ""), kind.size)
            self._pdf.set_text_color(kind.colour)
            self._pdf.text(x, baseline, text)

    def rule(self, x: float, y: float, width: float) -> None:
        """Draw a thin line."""
        self._pdf.set_draw_color(RULE)
        self._pdf.set_line_width(0.6)
        self._pdf.line(x, y, x + width, y)

    def dot(self, x: float, y: float, diameter: float, colour: str) -> None:
        """Draw a filled circle whose upper left corner is given."""
        self._pdf.set_fill_color(colour)
        self._pdf.circle(x + diameter / 2, y + diameter / 2, diameter / 2, style="F")

    def box(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        """Fill a rectangle."""
        self._pdf.set_fill_color(colour)
        self._pdf.rect(x, y, width, height, style="F")

    def place(self, image: bytes, x: float, y: float, width: float, height: float, *, title: str) -> None:
        """Put a picture, JPEG or SVG, into a rectangle of its proportions."""
        if not self.is_draft:
            self._pdf.image(io.BytesIO(image), x=x, y=y, w=width, h=height, alt_text=title)

    def output(self) -> bytes:
        """Return the file."""
        return bytes(self._pdf.output())

    def _clipped(self, text: str, width: float) -> str:
        """Return the beginning of a text that fits."""
        if self.measure(text, _RUNNING) <= width:
            return text
        while text and self.measure(text + "…", _RUNNING) > width:
            text = text[:-1]
        return text + "…"
