"""A stored measurement of a segmenter, from JSON to what the window shows."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

__all__ = [
    "MAJORITY",
    "METRICS",
    "PICKED",
    "RULES",
    "CurvePoint",
    "Figure",
    "Group",
    "Measured",
    "Picture",
    "Subject",
    "figure_of",
    "figures_of",
]

METRICS = ("dice", "nsd", "sensitivity", "specificity")
RULES, MAJORITY, PICKED = ("hue", "lab", "dark"), "2 of 3", "automatic pick"
"""Subjects beside a network: the single rules, what two of them agree on, and what is picked of them."""
DASH = "–"
_NAN = float("nan")


@dataclass(frozen=True, slots=True)
class Figure:
    """An estimate with its interval; NaN where undefined.

    Attributes:
        n: Pictures, or patients, that it rests on.
        method: Of the interval; "" when none was said.
    """

    estimate: float
    low: float
    high: float
    n: int
    method: str = ""

    @property
    def is_known(self) -> bool:
        """Whether there is anything to show."""
        return not math.isnan(self.estimate)

    @property
    def has_interval(self) -> bool:
        """Whether it is known how far it can be trusted."""
        return not (math.isnan(self.low) or math.isnan(self.high))


@dataclass(frozen=True, slots=True)
class Subject:
    """What was measured: the network, a rule, the majority, or a reader against another.

    Attributes:
        figures: By metric; those that were not measured are absent.
        difference: The network's figures minus these, by metric.
    """

    name: str
    figures: dict[str, Figure]
    difference: dict[str, Figure]


@dataclass(frozen=True, slots=True)
class Group:
    """The figures of a part of the pictures.

    Attributes:
        by: What the parts are formed by ("class", "ink colour" ...).
        name: Of this part.
    """

    by: str
    name: str
    n: int
    figures: dict[str, Figure]


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """Both shares at one threshold of the network's ink probability."""

    threshold: float
    sensitivity: Figure
    specificity: Figure


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture's figures; NaN where undefined.

    Attributes:
        image: Name of the picture.
        hd95: In pixels at a long side of 448.
        predicted_ink_px, truth_ink_px: At the reference size.
        is_inked: What people say; None where nobody judged it.
        stroke_width_px: Of the person's ink, in pixels at a long side of 448.
        start: What the person's mask began from; "" when there is none.
        predicted_mask, truth_mask: Numbers of the revisions; None where a judgement alone was known.
    """

    image: str
    image_id: int
    label: str
    dice: float
    nsd: float
    hd95: float
    predicted_ink_px: float
    truth_ink_px: float
    is_predicted_inked: bool
    is_inked: bool | None
    colour: str
    stroke_width_px: float
    start: str
    predicted_mask: int | None
    truth_mask: int | None

    @property
    def name(self) -> str:
        """The file's name without folders."""
        return self.image.rsplit("/", 1)[-1]

    @property
    def is_right(self) -> bool:
        """Whether the network decided as people did."""
        return self.is_inked is None or self.is_predicted_inked == self.is_inked

    @property
    def sign(self) -> str:
        """The decision against the truth, as a sign."""
        return DASH if self.is_inked is None else "✓" if self.is_right else "✗"

    @property
    def decision(self) -> str:
        """The decision against the truth, in words."""
        if self.is_inked is None:
            return "not judged"
        if self.is_inked:
            return "ink found" if self.is_predicted_inked else "ink missed"
        return "false ink" if self.is_predicted_inked else "no ink, rightly"

    @property
    def badness(self) -> tuple[bool, float, float, float]:
        """What to sort by for the worst first; pictures without an overlap to measure come last."""
        differs = abs(self.predicted_ink_px - self.truth_ink_px)
        is_undefined = math.isnan(self.dice) and self.is_right
        return is_undefined, _or(self.dice, 0.0), _or(self.nsd, 0.0), -_or(differs, 0.0)


@dataclass(frozen=True, slots=True)
class Measured:
    """What `EvaluateSegmenter` found.

    Attributes:
        network: The network's own figures.
        beside: Rules, their majority and pairs of readers on the same pictures.
        human_level: Share of pictures at it by "all", "inked" and "ink_free"; empty without two readers.
        notes: What was left out and why, in words.
        threshold: Of the ink probability that the masks are cut at.
    """

    model: str
    against: str
    network: Subject
    beside: tuple[Subject, ...]
    human_level: dict[str, Figure]
    groups: tuple[Group, ...]
    curve: tuple[CurvePoint, ...]
    pictures: tuple[Picture, ...]
    notes: tuple[str, ...] = ()
    threshold: float = 0.5

    @classmethod
    def from_json(cls, result: Mapping[str, Any]) -> Self:
        """Return what a job's result says; parts that an older version did not know are left empty."""
        model = str(result["model"])
        return cls(
            model=model,
            against=str(result["against"]),
            network=Subject(model, _own(result), {}),
            beside=tuple(_subject(one) for one in result.get("beside") or ()),
            human_level=figures_of(result.get("human_level") or {}),
            groups=tuple(
                Group(by, str(one["group"]), int(one["n"]), figures_of(one))
                for by, parts in (result.get("by") or {}).items()
                for one in parts
            ),
            curve=tuple(
                CurvePoint(one["threshold"], figure_of(one["sensitivity"]), figure_of(one["specificity"]))
                for one in result.get("curve") or ()
            ),
            pictures=tuple(_picture(one) for one in result["pictures"] if "image_id" in one),
            notes=_notes(result),
            threshold=float((result.get("summary") or {}).get("threshold") or 0.5),
        )

    @property
    def best_rule(self) -> Subject | None:
        """The single rule with the highest Dice; None when no rule was measured."""
        rules = [one for one in self.beside if one.name in RULES]
        known = [one for one in rules if "dice" in one.figures and one.figures["dice"].is_known]
        return max(known or rules, key=lambda one: _dice(one), default=None)

    def subject(self, name: str) -> Subject | None:
        """What stands beside the network under a name; None where it was not measured."""
        return next((one for one in self.beside if one.name == name), None)

    @property
    def readers(self) -> tuple[Subject, ...]:
        """Readers against each other."""
        return tuple(one for one in self.beside if one.name not in {*RULES, MAJORITY, PICKED})


_OLD = "This was measured by an older version of the program: measure again to see the pictures."


def _notes(result: Mapping[str, Any]) -> tuple[str, ...]:
    is_old = any("image_id" not in one for one in result["pictures"])
    return (*(result.get("notes") or ()), *([_OLD] if is_old else []))


def figure_of(value: Mapping[str, Any]) -> Figure:
    """Return an estimate with its interval."""
    return Figure(
        estimate=_number(value.get("estimate", value.get("mean", value.get("value")))),
        low=_number(value.get("low")),
        high=_number(value.get("high")),
        n=int(value.get("n") or 0),
        method=str(value.get("method") or ""),
    )


def figures_of(values: Mapping[str, Any]) -> dict[str, Figure]:
    """Return those of the values that are estimates."""
    return {name: figure_of(value) for name, value in values.items() if isinstance(value, Mapping)}


_WORDS = {
    "dice": "Dice, mean",
    "nsd": "NSD at 2 px of 448, mean",
    "sensitivity": "Inked pictures found",
    "specificity": "Ink-free pictures left alone",
}
"""How the list of figures named the metrics before it had keys."""


def _own(result: Mapping[str, Any]) -> dict[str, Figure]:
    found = {}
    rows: Sequence[Mapping[str, Any]] = result.get("figures") or ()
    for metric, words in _WORDS.items():
        row = next((one for one in rows if one.get("key", one["metric"]) in {metric, words}), None)
        if row is not None:
            found[metric] = figure_of(row)
    return found


def _subject(one: Mapping[str, Any]) -> Subject:
    return Subject(
        str(one["subject"]),
        figures_of({name: one.get(name) for name in METRICS}),
        figures_of(one.get("difference") or {}),
    )


def _picture(one: Mapping[str, Any]) -> Picture:
    return Picture(
        image=str(one["image"]),
        image_id=int(one["image_id"]),
        label=str(one.get("label") or ""),
        dice=_number(one.get("dice")),
        nsd=_number(one.get("nsd")),
        hd95=_number(one.get("hd95")),
        predicted_ink_px=_number(one.get("predicted_ink_px")),
        truth_ink_px=_number(one.get("truth_ink_px")),
        is_predicted_inked=bool(one.get("is_predicted_inked")),
        is_inked=one.get("is_inked"),
        colour=str(one.get("colour") or ""),
        stroke_width_px=_number(one.get("stroke_width_px")),
        start=str(one.get("start") or ""),
        predicted_mask=one.get("predicted_mask"),
        truth_mask=one.get("truth_mask"),
    )


def _dice(subject: Subject) -> float:
    return _or(subject.figures["dice"].estimate, -1.0) if "dice" in subject.figures else -1.0


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else _NAN


def _or(value: float, instead: float) -> float:
    return instead if math.isnan(value) else value
