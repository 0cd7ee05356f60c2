"""How every figure is drawn: without pyplot's global state, to SVG that is the same each time."""

import io
import re
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
from matplotlib.offsetbox import AnchoredOffsetbox, HPacker, TextArea

__all__ = [
    "INK",
    "MUTED",
    "NEUTRAL",
    "RULE",
    "colours",
    "header",
    "new_figure",
    "quiet",
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
    **{colour: f"var(--series-{number})" for number, colour in enumerate(_OKABE_ITO, start=1)},
}

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
    # Text stays text: it takes the page's font and can be searched. DejaVu, which sets the layout, is wide.
    "svg.fonttype": "none",
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


def header(figure: Figure, palette: Mapping[str, str], *, x: float, y: float) -> None:
    """Write the models' names in their colours above the panels, instead of a legend."""
    texts: list[Artist] = [
        TextArea(f"● {name}", textprops={"color": colour, "fontweight": "bold", "fontsize": 9})
        for name, colour in palette.items()
    ]
    row = HPacker(children=texts, align="baseline", pad=0, sep=14)
    box = AnchoredOffsetbox(
        "upper left", child=row, frameon=False, pad=0, borderpad=0, bbox_to_anchor=(x, y),
        bbox_transform=figure.transFigure,
    )  # fmt: skip
    figure.add_artist(box)


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


def svg(figure: Figure) -> str:
    """Return the figure as SVG text, byte for byte the same for the same figure."""
    stream = io.StringIO()
    with style(), warnings.catch_warnings():
        # The page's font draws the text; that DejaVu lacks a glyph matters to its width only.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font", category=UserWarning)
        figure.savefig(
            stream, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None}
        )
    return stream.getvalue()


def themed(text: str, *, name: str, title: str) -> str:
    """Fit SVG text into an HTML page: its neutral colours follow the page's theme, its ids are its own.

    Args:
        text: From `svg`.
        name: A prefix for the ids, unique on the page.
        title: What the figure shows, for people who cannot see it.
    """
    body = text[text.index("<svg") :]
    body = re.sub(r'\b(id|xlink:href|href)="(#?)', rf'\1="\2{name}-', body)
    body = body.replace("url(#", f"url(#{name}-")
    for colour, variable in _THEME.items():
        body = body.replace(colour, variable)
    body = re.sub(r'(<svg[^>]*?) width="[^"]*"', r"\1", body, count=1)
    body = re.sub(r'(<svg[^>]*?) height="[^"]*"', r"\1", body, count=1)
    return body.replace("<svg ", f'<svg role="img" aria-label="{escape(title)}" ', 1)
