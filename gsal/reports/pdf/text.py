"""Text broken into lines."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from gsal.reports.document import Run
from gsal.reports.pdf.paper import Paper, Type

__all__ = ["Line", "height_of", "lines_of", "longest_word", "write_lines"]

Line = tuple[Run, ...]
_LOWERED = 0.72
"""Size of a subscript beside that of its text."""
_ROUNDING = 0.01
"""Points by which words together may differ from what they measured as one."""


def lines_of(paper: Paper, text: str | Sequence[Run], kind: Type, width: float) -> list[Line]:
    """Break text at its spaces, or within a word that is wider than a line."""
    lines: list[list[Run]] = [[]]
    used = 0.0
    for word in _words([Run(text)] if isinstance(text, str) else text):
        for part in _broken(paper, word, kind, width):
            spaced = [replace(part[0], text=" " + part[0].text), *part[1:]] if lines[-1] else part
            needed = _width(paper, spaced, kind)
            if lines[-1] and used + needed > width + _ROUNDING:
                lines.append([])
                used, spaced = 0.0, part
                needed = _width(paper, part, kind)
            lines[-1] += spaced
            used += needed
    return [_joined(line) for line in lines]


def height_of(lines: Sequence[Line], kind: Type) -> float:
    """Return how high the lines are together."""
    return len(lines) * kind.line


def longest_word(paper: Paper, text: str, kind: Type) -> float:
    """Return the width of the widest word."""
    return max((paper.measure(word, kind) for word in _split(text)), default=0.0)


def write_lines(
    paper: Paper, lines: Iterable[Line], x: float, y: float, kind: Type, *, right: float | None = None
) -> float:
    """Write lines from the height `y` on, flush with `right` if given; return the height below them."""
    for line in lines:
        place = x if right is None else right - _width(paper, line, kind)
        baseline = y + kind.line / 2 + 0.36 * kind.size
        for run in line:
            set_as, lower = _kind(run, kind)
            paper.write(run.text, place, baseline + lower, set_as, style=_style(run, kind))
            place += _width(paper, [run], kind)
        y += kind.line
    return y


def _split(text: str) -> list[str]:
    """Return the words; a no-break space holds its neighbours together."""
    return [word for word in re.split(r"[ \t\r\n]+", text) if word]


def _words(runs: Sequence[Run]) -> list[list[Run]]:
    """Return the words, each of one or several styles."""
    words: list[list[Run]] = []
    is_open = False
    for run in runs:
        for piece in re.findall(r"[ \t\r\n]+|[^ \t\r\n]+", run.text):
            if piece.isspace() and piece[0] in " \t\r\n":
                is_open = False
            elif is_open:
                words[-1].append(replace(run, text=piece))
            else:
                words.append([replace(run, text=piece)])
                is_open = True
    return words


def _broken(paper: Paper, word: list[Run], kind: Type, width: float) -> list[list[Run]]:
    """Return the word, or its pieces where it is wider than a line."""
    if _width(paper, word, kind) <= width + _ROUNDING:
        return [word]
    parts: list[list[Run]] = [[]]
    used = 0.0
    for run in word:
        for character in run.text:
            one = replace(run, text=character)
            needed = _width(paper, [one], kind)
            if parts[-1] and used + needed > width:
                parts.append([])
                used = 0.0
            parts[-1].append(one)
            used += needed
    return [list(_joined(part)) for part in parts]


def _joined(runs: Iterable[Run]) -> Line:
    """Join neighbours of one style, so that they are written, found and copied as one."""
    joined: list[Run] = []
    for run in runs:
        if joined and replace(joined[-1], text=run.text) == run:
            joined[-1] = replace(run, text=joined[-1].text + run.text)
        else:
            joined.append(run)
    return tuple(joined)


def _style(run: Run, kind: Type) -> str:
    return ("B" if run.bold or kind.bold else "") + ("I" if run.italic else "")


def _kind(run: Run, kind: Type) -> tuple[Type, float]:
    """Return how a run is set and how far below the line."""
    return (replace(kind, size=_LOWERED * kind.size), 0.22 * kind.size) if run.lowered else (kind, 0.0)


def _width(paper: Paper, runs: Iterable[Run], kind: Type) -> float:
    return sum(paper.measure(run.text, _kind(run, kind)[0], style=_style(run, kind)) for run in runs)
