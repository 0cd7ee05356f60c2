"""What the review page does for each action of its keys and buttons."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from app.review.canvas.tools import SIZING, Tool
from app.review.panels.cleaning import CLEANING
from app.review.panels.looks import LOOKING
from gsal.records import Verdict

if TYPE_CHECKING:
    from app.review.page import ReviewPage

__all__ = ["commands_of"]

_ZOOM = 1.5
_VERDICTS = {
    "accept": Verdict.ACCEPTED,
    "reject": Verdict.REJECTED,
    "flag": Verdict.FLAGGED,
    "cannot-judge": Verdict.CANNOT_JUDGE,
}


def commands_of(page: "ReviewPage") -> dict[str, Callable[[], object]]:
    """Return what to call for each action of `app.review.keys.bindings` that is no held one."""
    return _going(page) | _changing(page) | _looking(page)


def _going(page: "ReviewPage") -> dict[str, Callable[[], object]]:
    queue = page.queue
    going: dict[str, Callable[[], object]] = {
        "next": lambda: queue.step(1),
        "previous": lambda: queue.step(-1),
        "next-unreviewed": queue.go_on,
        "help": page.keys.show_help,
        "keys": page.keys.edit,
    }
    return going | {action: partial(page.decide, verdict) for action, verdict in _VERDICTS.items()}


def _changing(page: "ReviewPage") -> dict[str, Callable[[], object]]:
    canvas, session, tools = page.canvas, page.session, page.tools
    changing: dict[str, Callable[[], object]] = {
        "last-tool": canvas.swap_tool,
        "smaller": partial(canvas.scale_brush, 1 / SIZING),
        "larger": partial(canvas.scale_brush, SIZING),
        "undo": session.undo,
        "redo": session.redo,
        "cancel-stroke": canvas.abandon_stroke,
        "cycle-proposals": lambda: page.begin_from(tools.proposals.next_key()),
    }
    changing |= {str(tool): partial(canvas.set_tool, tool) for tool in Tool}
    changing |= {action: partial(tools.cleaning.clean, action) for action in CLEANING}
    return changing | {f"proposal-{key}": partial(page.begin_from, key) for key in range(5)}


def _looking(page: "ReviewPage") -> dict[str, Callable[[], object]]:
    canvas, tools = page.canvas, page.tools
    looking: dict[str, Callable[[], object]] = {
        "fit": canvas.fit,
        "full-size": lambda: canvas.zoom_to(1.0),
        "zoom-in": lambda: canvas.zoom_by(_ZOOM),
        "zoom-out": lambda: canvas.zoom_by(1 / _ZOOM),
        "compare": page.centre.compare,
    }
    return looking | {action: partial(tools.looks.do, action) for action in LOOKING}
