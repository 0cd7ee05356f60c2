"""What can be done on the review page, and the keys it is delivered with."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

__all__ = ["BINDINGS", "DEFAULT", "LEFT_HANDED", "MOUSE", "Binding", "Group", "Preset"]


class Group(StrEnum):
    """Which actions belong together, in the words of the help."""

    PICTURES = "Pictures"
    VERDICTS = "Deciding"
    PROPOSALS = "Proposals"
    TOOLS = "Tools"
    CLEANING = "Cleaning up"
    MASK = "Look of the mask"
    VIEW = "View"
    HISTORY = "History and help"


@dataclass(frozen=True, slots=True)
class Binding:
    """An action and its keys as delivered, in Qt's portable spelling.

    Attributes:
        text: What it does, for tooltips, help and editor.
        keys: The first is the one that tooltips name.
        is_held: Whether it lasts as long as its key is held down.
    """

    action: str
    group: Group
    text: str
    keys: tuple[str, ...]
    is_held: bool = False


BINDINGS = (
    Binding("next", Group.PICTURES, "Next picture", ("D", "PgDown")),
    Binding("previous", Group.PICTURES, "Previous picture", ("A", "PgUp")),
    Binding("next-unreviewed", Group.PICTURES, "Next picture to review", ("Shift+D",)),
    Binding("accept", Group.VERDICTS, "Accept and go to the next picture", ("Return", "Enter")),
    Binding("reject", Group.VERDICTS, "Reject all masks of this picture", ("Backspace",)),
    Binding("flag", Group.VERDICTS, "Flag for a second reader", ("F",)),
    Binding("cannot-judge", Group.VERDICTS, "Cannot judge this picture", ("K",)),
    Binding("proposal-1", Group.PROPOSALS, "Begin from proposal 1", ("1",)),
    Binding("proposal-2", Group.PROPOSALS, "Begin from proposal 2", ("2",)),
    Binding("proposal-3", Group.PROPOSALS, "Begin from proposal 3", ("3",)),
    Binding("proposal-4", Group.PROPOSALS, "Begin from proposal 4", ("4",)),
    Binding("proposal-0", Group.PROPOSALS, "Begin from an empty mask", ("0",)),
    Binding("cycle-proposals", Group.PROPOSALS, "Begin from the next proposal", ("`",)),
    Binding("compare", Group.PROPOSALS, "Compare the proposals side by side", ("C",)),
    Binding("blink", Group.PROPOSALS, "See the mask from before (hold)", ("X",), is_held=True),
    Binding("brush", Group.TOOLS, "Brush: paint ink", ("B",)),
    Binding("eraser", Group.TOOLS, "Eraser: take ink away", ("E",)),
    Binding("ink-brush", Group.TOOLS, "Ink brush: paint only ink of one colour", ("I",)),
    Binding("wand", Group.TOOLS, "Wand: press on ink, drag for more of it", ("W",)),
    Binding("fill", Group.TOOLS, "Fill: click inside a closed outline", ("G",)),
    Binding("last-tool", Group.TOOLS, "Back to the tool before", ("Q",)),
    Binding("smaller", Group.TOOLS, "Smaller brush", ("[",)),
    Binding("larger", Group.TOOLS, "Larger brush", ("]",)),
    Binding("remove-specks", Group.CLEANING, "Remove small specks", ("R",)),
    Binding("fill-holes", Group.CLEANING, "Fill the holes in the mask", ("Shift+G",)),
    Binding("grow", Group.CLEANING, "Make the mask thicker by one step", ("Shift+Up",)),
    Binding("shrink", Group.CLEANING, "Make the mask thinner by one step", ("Shift+Down",)),
    Binding("hide", Group.MASK, "Hide the mask (hold)", ("H",), is_held=True),
    Binding("toggle-overlay", Group.MASK, "Show or hide the mask", ("S",)),
    Binding("fainter", Group.MASK, "Fainter mask", (",",)),
    Binding("stronger", Group.MASK, "Stronger mask", (".",)),
    Binding("outline", Group.MASK, "Outline only", ("O",)),
    Binding("soft-edge", Group.MASK, "Show the edge as networks see it", ("Shift+O",)),
    Binding("palette", Group.MASK, "Next colours of the mask", ("P",)),
    Binding("fit", Group.VIEW, "Show the whole picture", ("Ctrl+0",)),
    Binding("full-size", Group.VIEW, "One picture pixel per screen pixel", ("Z",)),
    Binding("zoom-in", Group.VIEW, "Zoom in", ("+", "=")),
    Binding("zoom-out", Group.VIEW, "Zoom out", ("-",)),
    Binding("pan", Group.VIEW, "Move the picture (hold and drag)", ("Space",), is_held=True),
    Binding("brighter", Group.VIEW, "Brighter view", ("Alt+Up",)),
    Binding("darker", Group.VIEW, "Darker view", ("Alt+Down",)),
    Binding("more-contrast", Group.VIEW, "More contrast in the view", ("Alt+Right",)),
    Binding("less-contrast", Group.VIEW, "Less contrast in the view", ("Alt+Left",)),
    Binding("reset-view", Group.VIEW, "View as photographed", ("Alt+0",)),
    Binding("undo", Group.HISTORY, "Undo", ("Ctrl+Z",)),
    Binding("redo", Group.HISTORY, "Redo", ("Ctrl+Shift+Z", "Ctrl+Y")),
    Binding("cancel-stroke", Group.HISTORY, "Take back the stroke in hand", ("Esc",)),
    Binding("help", Group.HISTORY, "Show these keys", ("?", "F1")),
    Binding("keys", Group.HISTORY, "Change the keys", ("Ctrl+K",)),
)

MOUSE = (
    ("Left button", "Use the tool; a plain click paints too"),
    ("Right button, Ctrl", "Erase with any brush"),
    ("Click, Shift+click", "Straight line between the two"),
    ("Shift+wheel", "Size of the brush"),
    ("Wheel", "Zoom at the cursor"),
    ("Middle button", "Move the picture"),
)
"""What mouse and pen do; it cannot be changed."""

Preset = Mapping[str, tuple[str, ...]]
"""The keys of every action."""

DEFAULT: Preset = MappingProxyType({binding.action: binding.keys for binding in BINDINGS})
"""The mouse is in the right hand."""

LEFT_HANDED: Preset = MappingProxyType(
    {
        **DEFAULT,
        "next": ("L", "PgDown"),
        "previous": ("J", "PgUp"),
        "next-unreviewed": ("Shift+L",),
        "flag": ("P",),
        "cannot-judge": ("Y",),
        "proposal-1": ("1", "6"),
        "proposal-2": ("2", "7"),
        "proposal-3": ("3", "8"),
        "proposal-4": ("4", "9"),
        "cycle-proposals": ("5",),
        "blink": ("B",),
        "brush": ("N",),
        "eraser": ("M",),
        "wand": ("U",),
        "fill": ("K",),
        "last-tool": ("O",),
        "fill-holes": ("Shift+K",),
        "outline": ("Shift+H",),
        "palette": ("Shift+P",),
        "undo": ("Ctrl+Z", "Ctrl+U"),
    }
)
"""The mouse is in the left hand, the right hand lies on J, K and L."""
