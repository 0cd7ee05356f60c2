"""What a report is made of, as plain data: sections say it once, and each renderer shows it in its way."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from matplotlib.figure import Figure as Drawing

__all__ = [
    "Block",
    "Bullets",
    "Cell",
    "Column",
    "Document",
    "Entry",
    "Equation",
    "Facts",
    "Figure",
    "Group",
    "Heading",
    "Paragraph",
    "Picture",
    "Pictures",
    "Run",
    "Section",
    "Strip",
    "Table",
    "bold",
    "italic",
    "lowered",
    "note",
    "paragraph",
]

Role = Literal["text", "note"]
Align = Literal["left", "right"]


@dataclass(frozen=True, slots=True)
class Run:
    """Text in one style; `lowered` is a subscript."""

    text: str
    bold: bool = False
    italic: bool = False
    lowered: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text; a note is smaller and quieter."""

    runs: tuple[Run, ...]
    role: Role = "text"

    @property
    def text(self) -> str:
        """The words without their style."""
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class Heading:
    """Of a part of a section."""

    title: str


@dataclass(frozen=True, slots=True)
class Bullets:
    """Sentences that belong together but do not follow from each other."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A name and one or several texts about it.

    Attributes:
        marked: Places of those texts that have a line beside them, for they are to be seen first.
        colour: Of a dot before the name, that of a model in the figures; "" for none.
    """

    name: str
    texts: tuple[str, ...]
    marked: tuple[int, ...] = ()
    colour: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """Names and what they are, beside each other.

    Attributes:
        prominent: Set as running text with rules between them, not as small print.
    """

    entries: tuple[Entry, ...]
    prominent: bool = False


@dataclass(frozen=True, slots=True)
class Equation:
    """One line of mathematics.

    Attributes:
        tex: In the part of TeX that matplotlib draws, without dollar signs.
        text: The same in characters, for who cannot see it.
    """

    tex: str
    text: str


@dataclass(frozen=True, slots=True)
class Group:
    """A heading over `span` neighbouring columns, with a dot of its model's colour unless that is ""."""

    title: str
    span: int
    colour: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; one that `wraps` may break its text into lines."""

    title: str
    align: Align = "right"
    wraps: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a row under a column.

    Attributes:
        small: Beneath, smaller: an interval or a count.
        colour: Of a dot before the text, that of a model in the figures; "" for none.
        bold: Set so that it is seen first.
    """

    text: str = ""
    small: str = ""
    colour: str = ""
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under columns; the first column names the row.

    Attributes:
        groups: Spans that together cover all columns; empty for none.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    caption: str = ""
    groups: tuple[Group, ...] = ()

    def __post_init__(self) -> None:
        widths = {len(row) for row in self.rows} | (
            {sum(g.span for g in self.groups)} if self.groups else set()
        )
        if widths - {len(self.columns)}:
            raise ValueError(
                f"table “{self.caption}” has {len(self.columns)} columns, but parts of {sorted(widths)}"
            )


@dataclass(frozen=True, slots=True, eq=False)
class Figure:
    """A figure with what is said beneath it.

    Attributes:
        name: Of its file, unique in the document.
        title: What it shows, for who cannot see it.
        drawing: In the light colours; drawn by each renderer as it needs.
    """

    name: str
    title: str
    drawing: Drawing
    caption: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A photograph or what was drawn on one, as a JPEG file's bytes.

    Attributes:
        title: What it is, for who cannot see it.
    """

    jpeg: bytes
    title: str


@dataclass(frozen=True, slots=True)
class Strip:
    """Pictures of one size side by side, with what is said beneath them."""

    pictures: tuple[Picture, ...]
    caption: str


@dataclass(frozen=True, slots=True)
class Pictures:
    """Strips one below the other."""

    strips: tuple[Strip, ...]


Block = Paragraph | Heading | Bullets | Facts | Equation | Table | Figure | Pictures


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the report.

    Attributes:
        anchor: What links lead to, unique in the document.
    """

    anchor: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A report.

    Attributes:
        overline: What kind of report it is.
        subtitle: Beneath the title, after the date.
        created: With its time zone.
        lead: Sentences that the reader should know first.
        summary: What the report comes to, before its contents.
        footer: The last line.
    """

    overline: str
    title: str
    subtitle: str
    created: datetime
    sections: tuple[Section, ...]
    lead: tuple[str, ...] = ()
    summary: tuple[Block, ...] = ()
    footer: str = ""

    @property
    def date(self) -> str:
        """When it was made, as shown."""
        return self.created.strftime("%Y-%m-%d %H:%M %Z")

    @property
    def figures(self) -> tuple[Figure, ...]:
        """All figures in their order."""
        return tuple(block for part in self.sections for block in part.blocks if isinstance(block, Figure))


def italic(text: str) -> Run:
    """Return a run in italics."""
    return Run(text, italic=True)


def bold(text: str) -> Run:
    """Return a run in bold type."""
    return Run(text, bold=True)


def lowered(text: str) -> Run:
    """Return a subscript in italics, as those of formulae are."""
    return Run(text, italic=not text.isdigit(), lowered=True)


def paragraph(*parts: str | Run) -> Paragraph:
    """Return a paragraph of plain text and runs.

    >>> paragraph("With ", italic("w"), " the share").text
    'With w the share'
    """
    return Paragraph(_runs(parts))


def note(*parts: str | Run) -> Paragraph:
    """Return a smaller and quieter paragraph of plain text and runs."""
    return Paragraph(_runs(parts), role="note")


def _runs(parts: tuple[str | Run, ...]) -> tuple[Run, ...]:
    return tuple(Run(part) if isinstance(part, str) else part for part in parts)
