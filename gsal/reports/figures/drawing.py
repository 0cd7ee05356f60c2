"""How every figure is drawn: without pyplot's global state, to SVG that is the same each time."""

import io
import math
import re
import textwrap
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from html import escape
from itertools import cycle
from typing import Any

import matplotlib as mpl
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.offsetbox import AnchoredOffsetbox, HPacker, TextArea, VPacker

__all__ = [
    "INK",
    "MUTED",
    "NEUTRAL",
    "RULE",
    "colours",
    "equation",
    "folded",
    "header",
    "header_height",
    "new_figure",
    "quiet",
    "shortened",
    "spread",
    "style",
    "svg",
    "themed",
]

INK, MUTED, RULE = "#24212b", "#6f6a7b", "#dedbe5"
NEUTRAL = "#8a8594"
"""For what belongs to no model."""

_OKABE_ITO = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")
_THEME = {
    INK: "var(--ink)",
    MUTED: "var(--muted)",
    RULE: "var(--rule)",
    "#ffffff": "var(--paper)",
    **{colour: f"var(--series-{number})" for number, colour in enumerate(_OKABE_ITO, start=1)},
}

_HEADER_NAME = 40
_HEADER_LINE_IN = 0.21
_BOLD_IN = 0.088
"""Width of a character of bold 9 point DejaVu Sans, rather too wide."""

_SETTINGS: dict[Any, Any] = {
    "axes.edgecolor": RULE,
    "axes.labelcolor": MUTED,
    "axes.labelsize": 8.5,
    "axes.linewidth": 0.8,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlecolor": INK,
    "axes.titlelocation": "left",
    "axes.titlesize": 9.5,
    "axes.titleweight": "bold",
    "font.family": "DejaVu Sans",
    "font.size": 9.0,
    "grid.color": RULE,
    "grid.linewidth": 0.6,
    "svg.hashsalt": "gsal",
    "text.color": INK,
    "text.parse_math": False,
    "xtick.color": RULE,
    "xtick.labelcolor": MUTED,
    "xtick.labelsize": 8.5,
    "ytick.color": RULE,
    "ytick.labelcolor": MUTED,
    "ytick.labelsize": 8.5,
}


def css_colour(colour: str) -> str:
    """Return the page's variable for a colour of the figures, so that both change with the theme."""
    return _THEME.get(colour, colour)


@contextmanager
def style() -> Iterator[None]:
    """Draw inside with the house's settings; matplotlib's own are restored after."""
    with mpl.rc_context(_SETTINGS):
        yield


def colours(names: Sequence[str]) -> dict[str, str]:
    """Give each name its colour, colour-blind-safe (Okabe and Ito), in the order first seen."""
    return dict(zip(dict.fromkeys(names), cycle(_OKABE_ITO), strict=False))


def new_figure(*, width: float, height: float) -> Figure:
    """Return an empty transparent figure, sizes in inches, that belongs to no window."""
    figure = Figure(figsize=(width, height))
    figure.patch.set_alpha(0.0)
    FigureCanvasSVG(figure)
    return figure


def quiet(axes: Axes) -> None:
    """Take away what is not data: background, tick marks, the side spine."""
    axes.patch.set_alpha(0.0)
    axes.tick_params(length=0)
    axes.set_axisbelow(True)


def shortened(name: str, length: int) -> str:
    """Return the name, or its beginning and end where it is longer than `length` characters.

    >>> shortened("baseline-fold0", 20), shortened("baseline-of-the-clinic-fold0", 16)
    ('baseline-fold0', 'baselin…ic-fold0')
    """
    if len(name) <= length:
        return name
    tail = length // 2
    return f"{name[: length - tail - 1]}…{name[-tail:]}"


def folded(name: str, *, length: int, lines: int) -> str:
    """Return the name in at most so many lines of at most so many characters, shortened where it needs more.

    >>> folded("seborrhoeic keratosis, kind 11", length=12, lines=2).splitlines()
    ['seborrhoeic…', 'sis, kind 11']
    """
    for characters in range(length * lines, 0, -1):
        parts = textwrap.wrap(shortened(name, characters), length)
        if len(parts) <= lines:
            return "\n".join(parts)
    return name


def header_height(names: Sequence[str], *, width: float) -> float:
    """Return how high the header is, in inches, where it may be so wide."""
    return _HEADER_LINE_IN * len(_header_lines(names, width))


def header(figure: Figure, palette: Mapping[str, str], *, x: float, y: float, width: float) -> None:
    """Write the models' names in their colours above the panels, instead of a legend.

    Args:
        figure: To write on.
        palette: Colour by name.
        x: Of its left edge, in parts of the figure.
        y: Of its upper edge, in parts of the figure.
        width: In inches; names that do not fit go on further lines.
    """
    lines = [
        HPacker(
            children=[
                TextArea(
                    f"● {shortened(name, _HEADER_NAME)}",
                    textprops={"color": palette[name], "fontweight": "bold", "fontsize": 9},
                )
                for name in line
            ],
            align="baseline", pad=0, sep=14,
        )
        for line in _header_lines(list(palette), width)
    ]  # fmt: skip
    box = AnchoredOffsetbox(
        "upper left", child=VPacker(children=list[Artist](lines), align="left", pad=0, sep=4), frameon=False,
        pad=0, borderpad=0, bbox_to_anchor=(x, y), bbox_transform=figure.transFigure,
    )  # fmt: skip
    figure.add_artist(box)


def _header_lines(names: Sequence[str], width: float) -> list[list[str]]:
    lines: list[list[str]] = [[]]
    used = 0.0
    for name in names:
        needed = _BOLD_IN * (len(shortened(name, _HEADER_NAME)) + 2) + 0.2
        if lines[-1] and used + needed > width:
            lines.append([])
            used = 0.0
        lines[-1].append(name)
        used += needed
    return lines


def spread(positions: Sequence[float], *, gap: float, low: float, high: float) -> list[float]:
    """Move label positions apart to at least `gap`, in their order and as little as pushing upward needs.

    >>> spread([0.5, 0.52, 0.1], gap=0.1, low=0.0, high=1.0)
    [0.5, 0.6, 0.1]
    """
    order = sorted(range(len(positions)), key=lambda index: positions[index])
    placed = [0.0] * len(positions)
    floor = low
    for index in order:
        placed[index] = max(positions[index], floor)
        floor = placed[index] + gap
    ceiling = high
    for index in reversed(order):
        placed[index] = min(placed[index], ceiling)
        ceiling = placed[index] - gap
    return placed


def equation(tex: str) -> Figure:
    """Draw a line of mathematics in 12 point type; the figure is as large as it.

    Args:
        tex: In the part of TeX that matplotlib draws, without dollar signs.
    """
    with style(), mpl.rc_context({"mathtext.fontset": "stix"}):
        figure = new_figure(width=6.0, height=1.0)
        text = figure.text(0.0, 0.5, f"${tex}$", fontsize=12.0, parse_math=True)
        box = text.get_window_extent(dpi=72)
        width, height = (math.ceil(side) + 2.0 for side in (box.width, box.height))
        figure.set_size_inches(width / 72, height / 72)
        text.set_position((1.0 / width, 0.5))
        text.set_verticalalignment("center")
    return figure


def svg(figure: Figure, *, as_paths: bool = False) -> str:
    """Return the figure as SVG text, byte for byte the same for the same figure.

    Args:
        figure: To write.
        as_paths: Draw letters as outlines, for a reader that has no fonts.
    """
    # Text that stays text takes the page's font and can be searched. DejaVu, which sets the layout, is wide.
    settings: dict[Any, Any] = {"svg.fonttype": "path" if as_paths else "none", "mathtext.fontset": "stix"}
    stream = io.StringIO()
    with style(), mpl.rc_context(settings), warnings.catch_warnings():
        # The page's font draws the text; that DejaVu lacks a glyph matters to its width only.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font", category=UserWarning)
        figure.savefig(
            stream, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None}
        )
    return stream.getvalue()


def themed(text: str, *, name: str, title: str, stretches: bool = True) -> str:
    """Fit SVG text into an HTML page: its neutral colours follow the page's theme, its ids are its own.

    Args:
        text: From `svg`.
        name: A prefix for the ids, unique on the page.
        title: What the figure shows, for people who cannot see it.
        stretches: Be as wide as the page; otherwise of its own size.
    """
    body = text[text.index("<svg") :]
    body = re.sub(r'\b(id|xlink:href|href)="(#?)', rf'\1="\2{name}-', body)
    body = body.replace("url(#", f"url(#{name}-")
    for colour, variable in _THEME.items():
        body = body.replace(colour, variable)
    if stretches:
        body = re.sub(r'(<svg[^>]*?) width="[^"]*"', r"\1", body, count=1)
        body = re.sub(r'(<svg[^>]*?) height="[^"]*"', r"\1", body, count=1)
    return body.replace("<svg ", f'<svg role="img" aria-label="{escape(title)}" ', 1)
